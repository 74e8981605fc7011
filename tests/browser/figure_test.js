/* SPDX-License-Identifier: MIT */
/* figure_test: graphs, sequences, timelines and charts as readers see them; in the page before its scripts, reports PASS and FAIL lines. */
(function () {
'use strict';

var lines = [], alerts = 0, violations = [], root = document.documentElement;
var hostile = [
	'\u003c/svg>\u003cscript>alert(1)\u003c/script>', 'a"]; click n1 "javascript:alert(1)"; n2["b',
	'%%{init: {\'theme\':\'dark\'}}%% `code`; end', 'x -->|y| z\\x0asubgraph s; style n1 fill:#f00;',
	'#quot; #35; &lt; \\x1b[31m \\xff \\u202e =cmd()'
];

window.alert = window.prompt = window.confirm = function () { alerts++; };
window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
document.addEventListener('securitypolicyviolation', function (event) { violations.push(event.violatedDirective); });

function expect(what, got, wanted) {
	var fine = got === wanted;

	lines.push((fine ? 'PASS ' : 'FAIL ') + what + (fine ? '' : ': ' + JSON.stringify(got) + ', expected ' +
		JSON.stringify(wanted)));
}

function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
function one(selector, within) { return (within || document).querySelector(selector); }
/* A chart is there twice, for wide and for narrow windows. */
function shown() { return all('svg.cf-fig').filter(function (svg) { return getComputedStyle(svg).display !== 'none'; }); }
function describe(e) { return e.localName + '.' + e.getAttribute('class') + ' "' + e.textContent.slice(0, 30) + '"'; }

function testStructure() {
	var ids = all('[id]').map(function (e) { return e.id; });

	expect('ids are unique', ids.filter(function (id, i) { return ids.indexOf(id) !== i; }).join(), '');
	expect('pictures that are seen', shown().length, 6);
	expect('of each chart one', all('svg.cf-chart').length, 4);
	expect('the one for this width', shown().every(function (svg) {
		return !svg.classList.contains(innerWidth > 640 ? 'cf-slim' : 'cf-wide');
	}), true);
	all('svg.cf-fig').forEach(function (svg) {
		var named = svg.getAttribute('aria-labelledby').split(' ').map(function (id) {
			return document.getElementById(id);
		});

		expect('role of ' + named[0].textContent, svg.getAttribute('role'), 'img');
		expect('its title is its first child', named[0] === svg.firstElementChild, true);
		expect('described', named[1].textContent.length > 20, true);
		expect('its region takes focus', svg.closest('[role=region]').tabIndex, 0);
		expect('and has a name', svg.closest('[role=region]').getAttribute('aria-label').length > 3, true);
		expect('the same in words is below it', all('details table', svg.closest('figure')).length > 0, true);
	});
	expect('no sideways scrolling at ' + innerWidth + ' px', root.scrollWidth <= innerWidth, true);
}

function testInert() {
	var odd = [];

	all('*').forEach(function (e) {
		Array.prototype.forEach.call(e.attributes, function (a) {
			if (/^on/i.test(a.name) || (a.name === 'style' && !/^--[wd]:[0-9.]+$/.test(a.value)))
				odd.push(describe(e));
		});
	});
	expect('no handlers, no styles but lengths', odd.join(), '');
	expect('names ran no script', alerts, 0);
	expect('scripts', all('script:not(.test):not([type])').length, 2);
	expect('no embedded things', all('img,iframe,object,embed,form,use,image,foreignObject,animate,a[href^="java"]').length, 0);
	expect('requests', performance.getEntriesByType('resource').length, 0);
	expect('the policy refused nothing', violations.join(), '');
}

/* A name is there in full: as a label, or as the tooltip of one that was cut. */
function testNames() {
	var said = all('.cf-chart text, .cf-chart title').map(function (t) { return t.textContent; });

	hostile.forEach(function (name, i) {
		/* The third is what the chart remarks, below it. */
		expect('in a chart, as it is: ' + name, (i === 2 ? all('.remark').map(function (p) { return p.textContent; }) : said)
			.some(function (t) { return t.indexOf(name) >= 0; }), true);
	});
	['graph', 'sequence', 'timeline'].forEach(function (kind) {
		var texts = all('.cf-' + kind + ' text, .cf-' + kind + ' title').map(function (t) { return t.textContent; });

		hostile.forEach(function (name) {
			expect('in a ' + kind + ', as it is: ' + name, texts.some(function (t) { return t.indexOf(name) >= 0; }), true);
		});
	});
}

/* Words stay within the picture, and those in a node within the node. */
function testRoom() {
	var out = [], over = [];

	shown().forEach(function (svg) {
		var frame = svg.getBoundingClientRect();

		all('text', svg).forEach(function (t) {
			var box = t.getBoundingClientRect();
			var node = all('rect.cf-node, rect.cf-note, rect.cf-tab', svg).filter(function (s) { return isInside(t, s); }).pop();

			if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
				out.push(describe(t));
			if (node && (box.left < node.getBoundingClientRect().left || box.right > node.getBoundingClientRect().right))
				over.push(describe(t));
		});
	});
	expect('words that leave the picture', out.join('; '), '');
	expect('words that leave their node', over.join('; '), '');
	expect('no words are too small', shown().every(function (svg) {
		return svg.getBoundingClientRect().width >= svg.viewBox.baseVal.width * 0.74;
	}), true);
}

/* --- contrast ---------------------------------------------------------------------------------------------------- */

function color(text) {
	var part = /^rgba?\(([^)]+)\)$/.exec(text);

	return part ? part[1].split(/[ ,/]+/).map(Number) : null;
}

function luminance(rgb) {
	var c = rgb.slice(0, 3).map(function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });

	return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

function contrast(a, b) {
	var x = luminance(a), y = luminance(b);

	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function isInside(text, shape) {
	var t = text.getBoundingClientRect(), s = shape.getBoundingClientRect(), x = (t.left + t.right) / 2;

	return x > s.left && x < s.right && (t.top + t.bottom) / 2 > s.top && (t.top + t.bottom) / 2 < s.bottom;
}

function testContrast(theme) {
	var bad = [], faint = [], page = color(getComputedStyle(document.body).backgroundColor), pairs = 0, marks = 0;

	root.setAttribute('data-theme', theme);
	page = color(getComputedStyle(root).backgroundColor);
	shown().forEach(function (svg) {
		var shapes = all('rect.cf-node, rect.cf-bar, rect.cf-note, rect.cf-tab', svg);

		all('text', svg).forEach(function (t) {
			var behind = shapes.filter(function (s) { return isInside(t, s); }).pop();
			var ground = behind ? color(getComputedStyle(behind).fill) : page;

			pairs++;
			if (contrast(color(getComputedStyle(t).fill), ground) < 4.5)
				bad.push(describe(t));
		});
		/* Lines and outlines that carry meaning: WCAG 1.4.11. */
		all('.cf-edge, .cf-message, .cf-node, .cf-loop, .cf-bar.cf-high, .cf-bar.cf-failed, .cf-line, .cf-dot, .cf-rule', svg).forEach(function (e) {
			if (contrast(color(getComputedStyle(e).stroke), page) < 3)
				faint.push(describe(e));
		});
	});
	all('.cf-block').forEach(function (e) {
		var ink = color(getComputedStyle(e).fill), opacity = Number(getComputedStyle(e).fillOpacity);

		marks++;
		if (contrast(ink.map(function (v, i) { return v * opacity + page[i] * (1 - opacity); }), page) < 3)
			faint.push(describe(e));
	});
	expect('there are bars, ' + theme, marks > 10, true);
	expect('text that can\'t be read, ' + theme, bad.slice(0, 5).join('; '), '');
	expect('lines that can\'t be seen, ' + theme, faint.slice(0, 5).join('; '), '');
	expect('there is text, ' + theme, pairs > 60, true);
	root.removeAttribute('data-theme');
}

function testFolding() {
	all('figure.picture > details').forEach(function (details) {
		expect('folded at first', details.open, false);
		one('summary', details).click();
		expect('opens', details.open && one('table', details).getClientRects().length > 0, true);
	});
	expect('no sideways scrolling with all of it open', root.scrollWidth <= innerWidth, true);
}

window.addEventListener('load', function () {
	var pre = document.createElement('pre');

	try {
		testStructure();
		testInert();
		testNames();
		testRoom();
		testContrast('light');
		testContrast('dark');
		testFolding();
	} catch (e) {
		lines.push('FAIL ' + e.message + ' ' + e.stack);
	}
	pre.id = 'results';
	pre.textContent = '\n' + lines.join('\n') + '\n';
	if (window.parent !== window)
		window.parent.postMessage(pre.textContent, '*');
	else
		document.body.appendChild(pre);
});
})();
