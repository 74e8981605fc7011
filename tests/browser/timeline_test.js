/* SPDX-License-Identifier: MIT */
/* timeline_test: zoom, cursor and hotspots of timelines; in the page before its scripts, reports PASS and FAIL lines. */
(function () {
'use strict';

var lines = [], violations = [];

window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
document.addEventListener('securitypolicyviolation', function (event) { violations.push(event.violatedDirective); });

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}
function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
function one(selector, within) { return (within || document).querySelector(selector); }
function picture(figure) { return one('.scroll svg', figure); }
function range(figure) { return one('.cf-range', figure).textContent; }
function key(figure, name, shift) {
	picture(figure).dispatchEvent(new KeyboardEvent('keydown', { key: name, shiftKey: !!shift, bubbles: true, cancelable: true }));
}
function press(figure, label) { one('.cf-timeline-bar button[aria-label="' + label + '"]', figure).click(); }
function pointer(figure, type, share, y) {
	var svg = picture(figure), box = svg.getBoundingClientRect();

	svg.dispatchEvent(new PointerEvent(type, { clientX: box.left + share * box.width, clientY: box.top + y, button: 0, pointerId: 1,
		pointerType: 'mouse', bubbles: true }));
}
/* The pointer of a test isn't one that can be captured. */
SVGElement.prototype.setPointerCapture = function () {};

function testZoom(figure) {
	var bars = all('rect.cf-bar', picture(figure)).length;

	expect('the script draws the picture', picture(figure).classList.contains('cf-live'), true);
	expect('all is shown', /^all /.test(range(figure)), true);
	expect('there are bars', bars > 5, true);
	press(figure, 'Zoom in');
	expect('zoomed in', / to .* of /.test(range(figure)), true);
	expect('not more bars than before', all('rect.cf-bar', picture(figure)).length <= bars, true);
	press(figure, 'Show all');
	expect('all again', all('rect.cf-bar', picture(figure)).length, bars);
	key(figure, '+');
	expect('plus zooms', / of /.test(range(figure)), true);
	var before = range(figure);
	key(figure, 'ArrowRight', true);
	expect('shift and arrow move the part', range(figure) !== before, true);
	key(figure, '0');
	expect('0 shows all', /^all /.test(range(figure)), true);
	pointer(figure, 'pointerdown', 0.5, 40);
	pointer(figure, 'pointermove', 0.7, 40);
	pointer(figure, 'pointerup', 0.7, 40);
	expect('dragging zooms', / of /.test(range(figure)), true);
	picture(figure).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
	expect('double-click shows all', /^all /.test(range(figure)), true);
}

function testCursor(figure) {
	var panel = one('.cf-timeline-about [aria-live]', figure);

	pointer(figure, 'pointermove', 0.4, 60);
	expect('the cursor says its time', /^at [0-9]/.test(panel.textContent), true);
	expect('and the stack', all('li code', panel).length > 0 || /: nothing$/.test(panel.textContent), true);
	var first = panel.textContent;
	key(figure, 'ArrowRight');
	expect('the arrow moves it', panel.textContent !== first, true);
	expect('hotspots', all('.cf-timeline-about section:last-child li', figure).length > 0, true);
}

function testAccess(figure) {
	expect('buttons are named', all('.cf-timeline-bar button', figure).every(function (b) { return b.getAttribute('aria-label'); }), true);
	expect('the picture takes focus', picture(figure).tabIndex, 0);
	expect('and is named', picture(figure).getAttribute('aria-labelledby').split(' ').every(function (id) {
		return document.getElementById(id).textContent.length > 5;
	}), true);
	expect('the same in words is there', all('details table', figure).length > 0, true);
}

document.addEventListener('DOMContentLoaded', function () {
	var figures = all('figure.picture');

	expect('timelines', figures.length > 0, true);
	figures.forEach(function (figure) { testZoom(figure); testCursor(figure); testAccess(figure); });
	expect('no sideways scrolling at ' + innerWidth + ' px', document.documentElement.scrollWidth <= innerWidth, true);
	expect('no requests', performance.getEntriesByType('resource').length, 0);
	expect('nothing against the policy', violations.join(), '');
	all('.test').forEach(function (e) { e.remove(); });
	var pre = document.createElement('pre');
	pre.id = 'results';
	pre.textContent = lines.join('\n');
	document.body.appendChild(pre);
	if (window.parent !== window) window.parent.postMessage(lines.join('\n'), '*');
});
}());
