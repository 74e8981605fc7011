/* SPDX-License-Identifier: MIT */
/* copy: text to the clipboard, by hand where a page may not write to it, as from a file. */

/* place: an element that the text may stand in for a moment, unseen; done(true) when the browser took it. */
function copyText(text, place, done) {
	var area = document.createElementNS('http://www.w3.org/1999/xhtml', 'textarea');

	function byHand() {
		var before = document.activeElement, ok = false;

		place.appendChild(area);
		area.select();
		try {
			ok = document.execCommand('copy');
		} catch (e) {
			/* said by done() */
		}
		place.removeChild(area);
		if (before && before.focus)
			before.focus();
		done(ok);
	}

	area.setAttribute('aria-hidden', 'true');
	area.setAttribute('class', 'cf-copy unseen');
	area.value = text;
	if (navigator.clipboard && window.isSecureContext)
		navigator.clipboard.writeText(text).then(function () { done(true); }, byHand);
	else
		byHand();
}
