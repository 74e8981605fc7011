/* SPDX-License-Identifier: MIT */
/* map_test: a graph that is much taller than the window has a map of itself; in the page before its scripts. */
(function () {
'use strict';

var lines = [], alone = document.documentElement.localName === 'svg';

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}

function one(selector) { return document.querySelector(selector); }

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

function isInWindow(element) {
	var box = element.getBoundingClientRect();

	return box.top >= -1 && box.bottom <= innerHeight + 1 && box.left >= 0 && box.right <= innerWidth;
}

function frame(name) {
	return Array.prototype.filter.call(document.querySelectorAll('.cf-frame'), function (f) {
		return f.getAttribute('aria-label').indexOf(name) === 0;
	})[0];
}

function press(share) {
	var box = one('.cf-map-ground').getBoundingClientRect();

	['pointerdown', 'pointerup'].forEach(function (kind) {
		one('.cf-map').dispatchEvent(new PointerEvent(kind, { bubbles: true, cancelable: true, pointerId: 1,
			clientX: box.left + 20, clientY: box.top + 4 + share * (box.height - 8) }));
	});
}

function testMap() {
	var svg = one('svg.cf-flame'), part = one('.cf-map-frame');

	expect('a deep graph has a map', !!one('.cf-map'), true);
	expect('which shows all of it', document.querySelectorAll('.cf-map path').length > 0, true);
	expect('and no reader is bothered with', one('.cf-map').getAttribute('aria-hidden'), 'true');
	press(0.5);
	return until(function () { return isInWindow(one('.cf-map')); }).then(function () {
		var rect = svg.getBoundingClientRect();

		expect('it stays in the window', isInWindow(one('.cf-map')), true);
		expect('a press in its middle goes to the middle', Math.abs(rect.top + rect.height / 2 - innerHeight / 2) < 150, true);
		expect('what is in the window is marked', part.getAttribute('height') * 1 > 3 &&
			part.getAttribute('height') / one('.cf-map-ground').getAttribute('height') < 0.6, true);
		press(1);
		return until(function () { return isInWindow(frame('all')); });
	}).then(function () {
		expect('a press at its foot goes to the root', isInWindow(frame('all')), true);
		frame('shallow').dispatchEvent(new MouseEvent('click', { bubbles: true }));
		return until(function () { return !one('.cf-map-frame'); });
	}).then(function () {
		expect('what fits into the window needs none', !!one('.cf-map-frame'), false);
	});
}

window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
window.addEventListener('load', function () {
	Promise.resolve().then(testMap).catch(function (e) { lines.push('FAIL exception: ' + e.message + ' ' + e.stack); })
		.then(function () {
			var results = document.createElementNS(alone ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml',
				alone ? 'text' : 'pre');

			results.id = 'results';
			results.textContent = '\n' + lines.join('\n') + '\n';
			(document.body || document.documentElement).appendChild(results);
		});
});
})();
