/* SPDX-License-Identifier: MIT */
/* metric_test: a recording of two metrics, opened by a permalink to the second; in the page before its scripts. */
(function () {
'use strict';

var lines = [];

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}

function one(selector) { return document.querySelector(selector); }

function root() { return one('.cf-frame[aria-level="1"]').getAttribute('aria-label'); }

function choose(name) {
	one('select[aria-label=Metric]').value = name;
	one('select[aria-label=Metric]').dispatchEvent(new Event('change', { bubbles: true }));
}

function escape() {
	document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
}

function test() {
	var select = one('select[aria-label=Metric]');

	expect('a permalink opens the metric', select.value, 'samples before');
	expect('with its sums', root(), 'all: 40 samples, 100.00 %');
	expect('and the search in it', one('.cf-found').textContent, 'matched 75.00 %, 30');
	expect('its notes', one('.cf-notes:not(:empty)').textContent, 'samples before: 40 samples');
	expect('no threads, nothing to choose', one('select[aria-label=Thread]').getClientRects().length, 0);
	choose('samples');
	expect('the other metric', root(), 'all: 100 samples, 100.00 %');
	expect('the search stays', one('.cf-found').textContent, 'matched 10.00 %, 10');
	expect('the first metric has no name in the address', location.hash, '#g=flame&s=read');
	document.querySelectorAll('.cf-tools button')[1].click();
	choose('samples before');
	expect('it stays bottom-up', location.hash, '#g=flame&m=samples%20before&v=up&s=read');
	expect('bottom-up, the widest costs most itself', Math.max.apply(null, Array.prototype.map.call(
		document.querySelectorAll('.cf-frame[aria-level="2"] rect'), function (r) { return r.getAttribute('width') / 1; })) / 0.75 /
		one('.cf-frame[aria-level="1"] rect').getAttribute('width') > 0.98, true);
	expect('names are text', document.querySelectorAll('b').length, 0);
	one('.cf-frame').focus();
	escape();
	expect('escape ends the search', location.hash, '#g=flame&m=samples%20before&v=up');
	escape();
	expect('and then all else', location.hash, '');
	choose('samples before');
	document.querySelectorAll('.cf-tools button')[2].click();
	expect('reset goes back to the first', select.value + ' ' + root(), 'samples all: 100 samples, 100.00 %');
	expect('and leaves no address', location.hash, '');
}

window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
window.addEventListener('load', function () {
	var results = document.createElement('pre');

	try {
		test();
	} catch (e) {
		lines.push('FAIL exception: ' + e.message + ' ' + e.stack);
	}
	results.id = 'results';
	results.textContent = '\n' + lines.join('\n') + '\n';
	document.body.appendChild(results);
});
})();
