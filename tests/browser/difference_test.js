/* SPDX-License-Identifier: MIT */
/* difference_test: a graph of two sides, whose buttons change what widths and colours are of; in the page before its scripts. */
(function () {
'use strict';

var lines = [];

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}

function one(selector) { return document.querySelector(selector); }

function frame(name) {
	return Array.prototype.filter.call(document.querySelectorAll('.cf-frame'), function (f) {
		return f.getAttribute('aria-label').indexOf(name + ':') === 0;
	})[0];
}

function share(name) {
	var f = frame(name);

	return f ? Math.round(f.querySelector('rect').getAttribute('width') / frame('all').querySelector('rect').getAttribute('width') * 100) : 0;
}

function press(text) {
	Array.prototype.filter.call(document.querySelectorAll('.cf-tools button'), function (b) {
		return b.textContent.indexOf(text) === 0;
	})[0].click();
}

function step(name) { return Number(/cf-c(\d+)/.exec(frame(name).getAttribute('class'))[1]) - 51; }

/* Before 1400, of which 300 slow and 100 past; after 1900, of which 600 slow and 300 fresh. */
function test() {
	expect('widths of the cost after', share('slow'), 32);
	expect('what has gone has none', frame('past'), undefined);
	expect('words of a frame', frame('slow').getAttribute('aria-label').replace(/^slow: /, ''), '600, was 300: +300, \u00d72.00');
	expect('more by twice', step('slow'), 4);
	expect('noise is grey', step('steady'), 0);
	expect('new is hatched', frame('fresh').querySelectorAll('rect').length, 2);
	expect('steady is not', frame('steady').querySelectorAll('rect').length, 1);
	press('Widths');
	expect('widths of the cost before', share('slow'), 21);
	expect('what is new has none', frame('fresh'), undefined);
	expect('what has gone is there', share('past'), 7);
	expect('and says so', frame('past').getAttribute('aria-label'), 'past: gone, was 100');
	expect('the caption as well', document.body.textContent.indexOf('widths are the cost before') > 0, true);
	press('Widths');
	expect('widths of both', share('slow') + ' ' + share('past') + ' ' + share('fresh'), '30 5 15');
	press('Colours');
	expect('colours of the difference', step('fresh'), 4);
	expect('the legend says so', document.body.textContent.indexOf('+10 % of all') > 0, true);
	press('Widths');
	press('Colours');
	expect('as it was', share('slow') + ' ' + step('fresh'), '32 4');
	expect('no turning over', Array.prototype.filter.call(document.querySelectorAll('.cf-tools button'), function (b) {
		return /Bottom-up/.test(b.textContent) && b.getClientRects().length;
	}).length, 0);
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
