/* SPDX-License-Identifier: MIT */
/* flame_test: drives flame.js in a real browser; loaded before it, reports PASS and FAIL lines in #results. */
(function () {
'use strict';

var lines = [], alerts = 0, titles = {};
var alone = document.documentElement.localName === 'svg';

window.alert = function () { alerts++; };
Array.prototype.forEach.call(document.querySelectorAll('#flame .cf-boxes title'), function (title) {
	titles[title.textContent] = true;
});

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}

/* Goes on as soon as ready() holds; after 15 s as well, where the expectations that follow say what was missing. */
function until(ready) {
	return new Promise(function (resolve) {
		var tries = 750;

		(function look() {
			if (ready() || !tries--)
				resolve();
			else
				setTimeout(look, 20);
		})();
	});
}

var svg = document.getElementById('flame'), ui, input;

function frames(selector) {
	return Array.prototype.slice.call(svg.querySelectorAll('.cf-frame' + (selector || '')));
}

function frame(name) {
	return frames().filter(function (f) { return f.getAttribute('aria-label').indexOf(name) === 0; })[0];
}

function names(list) {
	return list.map(function (f) { return f.getAttribute('aria-label').split(/ \(|:/)[0]; }).sort().join(',');
}

function width(f) { return Number(f.querySelector('rect').getAttribute('width')); }
function left(f) { return Number(/translate\(([\d.]+)/.exec(f.getAttribute('transform'))[1]); }
function y(f) { return Number(/,([\d.]+)\)/.exec(f.getAttribute('transform'))[1]); }
function plot() { return Number(svg.getAttribute('width')) - 20; }
/* The ends of movements: one frame fills the picture and only it and its callers are drawn, or all frames are. */
function fills(name) {
	return function () {
		var f = frame(name);

		return f && Math.abs(width(f) - plot()) < 1 && frames().length === Number(f.getAttribute('aria-level'));
	};
}

function isWhole() { return frames().length === 8 && Math.abs(width(frame('_raw')) - plot() / 4) < 1; }
function found() { return ui.querySelector('.cf-found').textContent; }
function current() { return names([document.activeElement]); }

function key(name, target) {
	(target || document.activeElement || document.documentElement).dispatchEvent(
		new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
}

function type(text) {
	input.value = text;
	input.dispatchEvent(new Event('input', { bubbles: true }));
}

function click(element) {
	element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
}

function testTakeOver() {
	expect('the script took over', svg.classList.contains('cf-live'), true);
	expect('role', svg.getAttribute('role'), 'tree');
	expect('static boxes are gone', svg.querySelectorAll('.cf-boxes').length, 0);
	expect('frames', names(frames()), '[unresolved],__memcpy_avx_unaligned_erms,_raw_spin_unlock_irqrestore,' +
		'all,main,redis-server,std,std');
	expect('narrow boxes are drawn as a path', svg.querySelectorAll('path.cf-thin').length, 1);
	frames().forEach(function (f) {
		expect('script and markup agree on ' + f.getAttribute('aria-label'), titles[f.getAttribute('aria-label')], true);
	});
	expect('caption', ui.querySelector('.cf-notes').textContent, 'cpu-clock: 1.00 s, 1002 samples \u00b7 ' +
		'12 of 1013 samples hidden by --focus \u00b7 2 frames narrower than 0.1 px summed in 1 box named other');
	expect('legend', ui.querySelector('.cf-legend').textContent,
		'redis-server 60.10 %kernel 25.00 %libc.so.6 10.00 %unresolved 4.90 %');
	expect('one frame takes part in tabbing', frames('[tabindex="0"]').length, 1);
	expect('root fills the width', Math.abs(width(frame('all')) - plot()) < 1, true);
	expect('a child has its share', Math.abs(width(frame('_raw')) - plot() / 4) < 1, true);
	expect('a child stands on its parent', y(frame('main')) + 18, y(frame('redis-server')));
}

function testSearch() {
	type('map');
	expect('a match inside a match counts once', found(), 'matched 70.00 %, 700 ms');
	expect('marked frames', names(frames('.cf-hit')), 'std,std');
	type('MAP');
	expect('upper case is looked for as such', found(), 'matched 0.00 %, 0 ns');
	type('/^_raw|memcpy/');
	expect('regular expression', found(), 'matched 35.00 %, 350 ms');
	type('/(/');
	expect('a bad expression is said', found(), 'not a regular expression');
	expect('and marked', input.getAttribute('aria-invalid'), 'true');
	type('libc.so');
	expect('modules are searched', found(), 'matched 10.00 %, 100 ms');
	expect('permalink of a search', location.hash, alone ? '#s=libc.so' : '#g=flame&s=libc.so');
	type('');
	expect('no search', found() + frames('.cf-hit').length, '0');
	click(ui.querySelector('.cf-legend button'));
	expect('the legend searches', found(), 'matched 100.00 %, 1.00 s');
	click(ui.querySelector('.cf-legend button'));
	expect('and stops', input.value, '');
}

function testZoom() {
	click(frame('_raw'));
	return until(fills('_raw')).then(function () {
		expect('zoomed frame fills the width', Math.abs(width(frame('_raw')) - plot()) < 1, true);
		expect('only it and its callers are left', names(frames()),
			'_raw_spin_unlock_irqrestore,all,main,redis-server');
		expect('callers are dimmed', names(frames('.cf-above')), 'all,main,redis-server');
		expect('rows without boxes are gone', y(frame('all')) - y(frame('_raw')), 3 * 18);
		expect('breadcrumb', ui.querySelector('.cf-crumbs').textContent,
			'all\u203aredis-server\u203amain\u203a_raw_spin_unlock_irqrestore');
		expect('permalink of a zoom', location.hash, alone ? '#z=4' : '#g=flame&z=4');
		click(ui.querySelectorAll('.cf-crumbs button')[0]);
		return until(isWhole);
	}).then(function () {
		expect('breadcrumb leads back', frames().length, 8);
		expect('no permalink for the whole', location.hash, '');
	});
}

function testKeys() {
	frame('all').focus();
	key('ArrowUp');
	expect('up to the callee', current(), 'redis-server');
	key('ArrowUp');
	key('ArrowUp');
	expect('up to the widest callee', current(), 'std');
	key('ArrowLeft');
	expect('left', current(), '_raw_spin_unlock_irqrestore');
	key('ArrowRight');
	expect('right', current(), 'std');
	key('ArrowDown');
	expect('down to the caller', current(), 'main');
	key('Home');
	expect('home', current(), 'all');
	expect('still one frame takes part in tabbing', frames('[tabindex="0"]').length, 1);
	key('/');
	expect('slash goes to the search', document.activeElement === input, true);
	type('memcpy');
	key('Enter');
	expect('enter goes to the first match', current(), '__memcpy_avx_unaligned_erms');
	expect('the focused frame is told', ui.querySelector('.cf-detail').textContent,
		'__memcpy_avx_unaligned_erms (libc.so.6): 100 ms, 10.00 %, 100 samples');
	key('Enter');
	return until(fills('__memcpy')).then(function () {
		expect('enter zooms', Math.abs(width(frame('__memcpy')) - plot()) < 1, true);
		key('Escape');
		return until(isWhole);
	}).then(function () {
		expect('escape resets', frames().length + input.value + location.hash, '8');
		click(ui.querySelectorAll('.cf-tools button')[0]);
		expect('icicle', y(frame('redis-server')) - y(frame('all')), 18);
		frame('all').focus();
		key('ArrowDown');
		expect('down to the callee in an icicle', current(), 'redis-server');
		click(ui.querySelectorAll('.cf-tools button')[0]);
		expect('flame again', y(frame('redis-server')) - y(frame('all')), -18);
	});
}

function testPermalink() {
	location.hash = alone ? '#z=4&s=map' : '#g=flame&z=4&s=map';
	return until(fills('_raw')).then(function () {
		expect('permalink zooms', names(frames()), '_raw_spin_unlock_irqrestore,all,main,redis-server');
		expect('permalink searches', found(), 'matched 70.00 %, 700 ms');
		if (!alone)
			expect('another graph is left alone', document.querySelectorAll('#hostile .cf-frame').length, 16);
		location.hash = alone ? '#z=99999&s=' : '#g=flame&z=1e9&s=';
		return until(isWhole);
	}).then(function () {
		expect('a permalink of another graph shows the whole', frames().length, 8);
		key('Escape', frame('all'));
		return until(function () { return isWhole() && !location.hash; });
	});
}

function testColors() {
	var box = frame('_raw').querySelector('rect'), root = document.documentElement.style;

	root.colorScheme = 'light';
	expect('light', getComputedStyle(box).fill, 'rgb(244, 167, 97)');
	root.colorScheme = 'dark';
	expect('dark is another', getComputedStyle(box).fill !== 'rgb(244, 167, 97)', true);
	root.colorScheme = '';
}

function testPage() {
	var hostile = document.getElementById('hostile');

	expect('names ran no script', alerts, 0);
	if (alone)
		return;
	expect('names made no elements', document.querySelectorAll('#hostile script, #hostile img, img, #hostile a').length, 0);
	expect('hostile names are shown as they are', Array.prototype.some.call(hostile.querySelectorAll('text'), function (t) {
		return t.textContent === '__proto__';
	}), true);
	svg.parentNode.style.width = '375px';
	window.dispatchEvent(new Event('resize'));
	expect('follows the width of the page', svg.getAttribute('width'), '375');
	document.documentElement.style.fontSize = '24px';
	window.dispatchEvent(new Event('resize'));
	expect('boxes grow with the letters of the page', svg.getAttribute('width') + ' ' + svg.viewBox.baseVal.width, '375 250');
	document.documentElement.style.fontSize = '';
	window.dispatchEvent(new Event('resize'));
	expect('labels follow', frame('_raw').querySelector('text').textContent, '_raw_spin_u\u2026');
}

function report() {
	var results = alone ? document.createElementNS('http://www.w3.org/2000/svg', 'text') : document.createElement('pre');

	results.id = 'results';
	results.textContent = '\n' + lines.join('\n') + '\n';
	document.documentElement.appendChild(results);
}

window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
window.addEventListener('load', function () {
	ui = alone ? svg.querySelector('.cf-ui') : svg.previousElementSibling;
	input = ui.querySelector('input');
	Promise.resolve().then(testTakeOver).then(testSearch).then(testZoom).then(testKeys).then(testPermalink)
		.then(testColors).then(testPage).catch(function (e) { lines.push('FAIL exception: ' + e.message); }).then(report);
});
})();
