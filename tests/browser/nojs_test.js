/* SPDX-License-Identifier: MIT */
/* nojs_test: looks from outside at a report in a frame that runs no script. */
(function () {
'use strict';

window.addEventListener('load', function () {
	var frame = document.querySelector('iframe'), page = frame.contentDocument, results = document.createElement('pre');
	var lines = [];

	function expect(what, fine) { lines.push((fine ? 'PASS ' : 'FAIL ') + what); }
	function all(selector) { return Array.prototype.slice.call(page.querySelectorAll(selector)); }
	function isSeen(e) { return e.getClientRects().length > 0; }

	expect('no script ran', !page.documentElement.classList.contains('js') && all('.tools,.theme,.cf-ui').length === 0);
	['h1', '.headline', '.tile', '#functions tbody tr', '#threads tbody tr', '.facts', '.flame svg', 'summary', 'footer']
		.forEach(function (selector) {
			expect('without scripts: ' + selector, all(selector).length > 0 && all(selector).every(isSeen));
		});
	expect('sorted sensibly', all('#functions tbody tr').every(function (row, i, rows) {
		var before = i ? rows[i - 1].querySelector('[data-v]') : null;

		return !before || Number(before.dataset.v) >= Number(row.querySelector('[data-v]').dataset.v);
	}));
	expect('the flame graph is drawn', all('.cf-boxes path').length > 5 && all('.cf-boxes text').length > 3);
	expect('and told', all('.flame svg title').length > 5 && all('.flame svg desc').length === 1);
	expect('it fits', all('.flame svg')[0].getBoundingClientRect().width <= frame.clientWidth);
	all('summary')[0].click();
	expect('the table below it opens', all('.flame details table').every(isSeen));
	expect('no sideways scrolling', page.documentElement.scrollWidth <= frame.clientWidth);
	results.id = 'results';
	results.textContent = '\n' + lines.join('\n') + '\n';
	document.body.appendChild(results);
});
})();
