/* SPDX-License-Identifier: MIT */
/* report_test: drives report pages as readers see them; in the page before its scripts, reports PASS and FAIL lines. */
(function () {
'use strict';

var lines = [], alerts = 0, violations = [], copied = null;
var alone = document.documentElement.localName === 'svg';
var hostile = location.pathname.indexOf('hostile') >= 0;
var root = document.documentElement;

window.alert = window.prompt = window.confirm = function () { alerts++; };
window.addEventListener('error', function (event) { lines.push('FAIL error: ' + event.message); });
document.addEventListener('securitypolicyviolation', function (event) { violations.push(event.violatedDirective); });
/* A page that nobody touched may not copy: what it asks for is caught here. */
document.execCommand = function () {
	copied = document.activeElement.value;
	return true;
};
Object.defineProperty(navigator, 'clipboard', { value: { writeText: function (text) {
	copied = text;
	return Promise.resolve();
} } });

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

function all(selector, within) {
	return Array.prototype.slice.call((within || document).querySelectorAll(selector));
}

function one(selector, within) { return (within || document).querySelector(selector); }
function isSeen(element) { return element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible'; }

function key(name) {
	document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
}

function type(input, text) {
	input.value = text;
	input.dispatchEvent(new Event('input', { bubbles: true }));
}

function describe(element) {
	return element.localName + (element.id ? '#' + element.id : '') + (element.getAttribute('class') ? '.' +
		element.getAttribute('class') : '') + ' "' + element.textContent.slice(0, 30) + '"';
}

/* --- what must hold at any time ---------------------------------------------------------------------------------- */

function testStructure() {
	var ids = all('[id]').map(function (e) { return e.id; });

	expect('ids are unique', ids.filter(function (id, i) { return ids.indexOf(id) !== i; }).join(), '');
	all('a[href^="#"]').forEach(function (a) {
		expect('target of ' + a.getAttribute('href'), !!document.getElementById(a.getAttribute('href').slice(1)), true);
	});
	expect('controls without a name', all('button,input,select,a,summary,[tabindex="0"],[role=region],[role=tree],[role=treegrid]')
		.filter(function (e) { return !(e.getAttribute('aria-label') || e.textContent || '').trim(); })
		.map(describe).join(), '');
	expect('one heading of the first rank', all('h1').length, 1);
	expect('language', root.lang, 'en');
	expect('no sideways scrolling at ' + innerWidth + ' px', root.scrollWidth <= innerWidth, true);
}

/* What accessibility checkers ask of a page, by the names of axe's rules. */
function testAccessibility() {
	var level = 0, skipped = [], names = [];

	function bad(rule, selector, isFine) {
		expect(rule, all(selector).filter(function (e) { return !isFine(e); }).slice(0, 4).map(describe).join('; '), '');
	}

	function isOnlyOf(tags) {
		return function (e) {
			return Array.prototype.every.call(e.children, function (c) { return tags.indexOf(c.localName) >= 0; });
		};
	}

	function refersTo(attribute) {
		return function (e) {
			return e.getAttribute(attribute).split(/\s+/).every(function (id) { return !!document.getElementById(id); });
		};
	}

	expect('document-title', document.title.trim() !== '', true);
	expect('meta-viewport', /user-scalable=no|maximum-scale/.test(one('meta[name=viewport]').content), false);
	expect('landmark-one-main', all('main').length, 1);
	all('h1,h2,h3,h4,h5,h6').forEach(function (h) {
		var rank = Number(h.localName[1]);

		if (rank > level + 1)
			skipped.push(describe(h));
		level = rank;
	});
	expect('heading-order', skipped.join('; '), '');
	bad('empty-heading', 'h1,h2,h3,h4,h5,h6', function (h) { return h.textContent.trim() !== ''; });
	bad('list', 'ul,ol', isOnlyOf(['li', 'script', 'template']));
	bad('definition-list', 'dl', isOnlyOf(['div', 'dt', 'dd']));
	bad('definition-list groups', 'dl > div', function (d) { return !!one('dt', d) && !!one('dd', d); });
	bad('scope-attr-valid', 'th', function (th) { return ['col', 'row'].indexOf(th.getAttribute('scope')) >= 0; });
	bad('tabindex', '[tabindex]', function (e) { return e.tabIndex <= 0; });
	bad('svg-img-alt', 'svg', function (svg) {
		return svg.getAttribute('aria-hidden') === 'true' || ['img', 'tree'].indexOf(svg.getAttribute('role')) >= 0;
	});
	bad('svg-img-alt names', 'svg:not([aria-hidden])', function (svg) {
		return svg.hasAttribute('aria-label') || svg.hasAttribute('aria-labelledby');
	});
	bad('aria-labelledby', '[aria-labelledby]', refersTo('aria-labelledby'));
	bad('aria-describedby', '[aria-describedby]', refersTo('aria-describedby'));
	bad('aria-required-parent of tree items', '[role=treeitem]', function (e) { return !!e.closest('[role=tree]'); });
	bad('tree items have a name and a level', '[role=treeitem]', function (e) {
		return e.getAttribute('aria-label') !== '' && Number(e.getAttribute('aria-level')) > 0;
	});
	bad('rows of a treegrid have a level', '[role=treegrid] tbody tr', function (r) {
		return Number(r.getAttribute('aria-level')) > 0;
	});
	bad('nested-interactive', 'button,a,summary', function (e) { return !e.querySelector('button,a,input,select'); });
	bad('scrollable-region-focusable', '.scroll', function (e) { return e.tabIndex === 0; });
	bad('target-size', 'button,select,input', function (e) {
		var box = e.getBoundingClientRect();

		return !isSeen(e) || e.closest('th') || (box.width >= 24 && box.height >= 24);
	});
	all('[role=region],nav,main').filter(isSeen).forEach(function (e) { names.push(e.getAttribute('aria-label') || e.localName); });
	expect('landmark-unique', names.filter(function (n, i) { return names.indexOf(n) !== i; }).join(), '');
}

/* Numbers can be computed again: under each table, or the last of neighbours of one command, stands how. */
function testRecompute() {
	function says(figure) {
		return !!figure && figure.localName === 'figure' && (!!one('.recompute code', figure) || says(figure.nextElementSibling));
	}

	expect('tables that don\'t say how they were made', all('table.data,figure.flame').filter(function (t) {
		return !t.closest('figure.picture') && !says(t.closest('figure'));
	}).map(describe).join('; '), '');
	expect('hashes of what it was made from', all('table.inputs tbody tr').every(function (r) {
		return /[0-9a-f]{16,}/.test(r.textContent);
	}), true);
	expect('the version that made it', /callflow [0-9]+\.[0-9]+/.test(one('footer').textContent), true);
}

/* Names are data: they made no element, attribute, address or style. */
function testInert() {
	var handlers = [], styles = [];

	all('*').forEach(function (e) {
		Array.prototype.forEach.call(e.attributes, function (a) {
			if (/^on/i.test(a.name))
				handlers.push(describe(e));
			if (a.name === 'style' && !/^--[wd]:[0-9.]+$/.test(a.value))
				styles.push(a.value);
		});
	});
	expect('names ran no script', alerts, 0);
	expect('no handlers in markup', handlers.join(), '');
	expect('no styles but lengths of bars and depths', styles.join(), '');
	expect('no embedded things', all('img,iframe,object,embed,form,base,link,video,audio,use,image').length, 0);
	expect('scripts', all('script:not(.test)').length, alone ? 1 : 2);
	expect('links lead into the page', all('a').every(function (a) { return a.getAttribute('href')[0] === '#'; }), true);
	expect('no control characters, nothing that turns text around',
		/[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(root.textContent), false);
	expect('requests', performance.getEntriesByType('resource').length, 0);
	expect('the policy refused nothing', violations.join(), '');
}

function testHostileNames() {
	var shown = all('#functions tbody code').map(function (c) { return c.textContent; });

	/* As this stands in markup itself, no name may be spelled out that ends a script. */
	['\u003c/script>\u003cscript>alert(1)\u003c/script>', 'a|b', '$(x)', '"><img src=x onerror=alert(2)>',
		'=cmd|\'/C calc\'!A0', '\\x1b[31mred\\x1b[0m', 'bad\ufffd\ufffdutf', '__proto__', '-- \u003c!--',
		']]\u003e<svg onload=alert(4)>'
	].forEach(function (name) {
		expect('shown as it is: ' + name, shown.indexOf(name) >= 0, true);
	});
}

/* --- contrast ---------------------------------------------------------------------------------------------------- */

function color(text) {
	var part = /^rgba?\(([^)]+)\)$/.exec(text), numbers = part ? part[1].split(/[ ,/]+/).map(Number) : [0, 0, 0, 0];

	return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1, known: !!part };
}

function over(front, back) {
	return back.map(function (b, i) { return front.rgb[i] * front.alpha + b * (1 - front.alpha); });
}

function ground(element) {
	var layers = [], result = [255, 255, 255];

	for (; element && element.nodeType === 1; element = element.parentNode)
		layers.push(color(getComputedStyle(element).backgroundColor));
	for (; layers.length;)
		result = over(layers.pop(), result);
	return result;
}

function luminance(rgb) {
	var c = rgb.map(function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });

	return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

function contrast(front, back) {
	var a = luminance(over(front, back)), b = luminance(back);

	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function hasText(element) {
	return Array.prototype.some.call(element.childNodes, function (n) { return n.nodeType === 3 && n.data.trim(); });
}

function testContrast(theme) {
	var pairs = 0, bad = [];

	function check(element, front, back) {
		pairs++;
		if (!front.known || contrast(front, back) < 4.5)
			bad.push(describe(element) + ' ' + contrast(front, back).toFixed(2));
	}

	all('body *').filter(isSeen).forEach(function (e) {
		var style = getComputedStyle(e), box;

		if (e.localName === 'text') {
			box = one('.cf-box', e.parentNode);
			check(e, color(style.fill), over(color(getComputedStyle(box).fill), ground(e)));
		} else if (hasText(e) && !e.closest('svg')) {
			check(e, color(style.color), ground(e));
		} else if (e.localName === 'input') {
			check(e, color(style.color), ground(e));
			check(e, color(getComputedStyle(e, '::placeholder').color), ground(e));
		}
	});
	expect('pairs of text and background below 4.5, ' + theme, bad.slice(0, 8).join('; '), '');
	expect('there is text, ' + theme, pairs > 80, true);
}

function testTheme() {
	var button = one('.theme'), before = button.getAttribute('aria-label'), dark, light;

	root.setAttribute('data-theme', 'dark');
	dark = getComputedStyle(document.body).color;
	root.setAttribute('data-theme', 'light');
	light = getComputedStyle(document.body).color;
	root.removeAttribute('data-theme');
	expect('the button names the other theme', before, matchMedia('(prefers-color-scheme: dark)').matches ?
		'Light theme' : 'Dark theme');
	button.click();
	expect('theme after a click', root.getAttribute('data-theme'), before.split(' ')[0].toLowerCase());
	expect('its name follows', button.getAttribute('aria-label') !== before, true);
	button.click();
	expect('and back', button.getAttribute('aria-label'), before);
	expect('themes differ', light !== dark, true);
	['light', 'dark'].forEach(function (theme) {
		root.setAttribute('data-theme', theme);
		testContrast(theme);
	});
	root.setAttribute('data-theme', 'light');
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

var table;

function head(id) { return one('th[data-id="' + id + '"]', table); }
function rows() { return all('tbody tr', table).filter(function (r) { return !r.hidden; }); }

function column(id) {
	var index = all('thead th', table).indexOf(head(id));

	return rows().map(function (r) {
		var cell = r.cells[index];

		return cell.hasAttribute('data-v') ? Number(cell.getAttribute('data-v')) : cell.textContent;
	});
}

function isOrdered(list, sign) {
	return list.every(function (v, i) { return !i || (sign > 0 ? list[i - 1] <= v : list[i - 1] >= v); });
}

function sorts() {
	return all('th[aria-sort]', table).map(function (h) { return h.dataset.id + ' ' + h.getAttribute('aria-sort'); }).join();
}

function testSorting() {
	var first = column('function').join(), button = one('button', head('total_share'));

	expect('not sorted at first', sorts(), '');
	button.focus();
	expect('headings take focus', document.activeElement === button, true);
	button.click();
	expect('largest first', sorts(), 'total_share descending');
	expect('rows follow', isOrdered(column('total_share'), -1), true);
	button.click();
	expect('smallest first', sorts(), 'total_share ascending');
	expect('rows follow again', isOrdered(column('total_share'), 1), true);
	expect('focus stays', document.activeElement === button, true);
	one('button', head('function')).click();
	expect('names from the start', sorts(), 'function ascending');
	expect('rows by name', isOrdered(column('function'), 1), true);
	one('button', head('self')).click();
	expect('as written, equal rows in their old order', column('function').join(), first);
}

function testFilter() {
	var input = one('input', table.closest('figure')), status = one('[role=status]', table.closest('figure'));
	var names = column('function'), wanted = names[1], count = rows().length;

	expect('slash is a word like others here', input.type, 'search');
	type(input, wanted.toUpperCase());
	expect('rows that have the words', column('function').indexOf(wanted) >= 0 && rows().length < count, true);
	expect('and how many', status.textContent, rows().length + ' of ' + count + ' rows');
	type(input, 'no such name anywhere');
	expect('nothing', rows().length + ' ' + status.textContent, '0 0 of ' + count + ' rows');
	type(input, '');
	expect('all again', rows().length + status.textContent, String(count));
}

function parseCsv(text) {
	var list = [[]], cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|$)/g, match;

	while (cell.lastIndex < text.length && (match = cell.exec(text))) {
		list[list.length - 1].push(match[1][0] === '"' ? match[1].slice(1, -1).replace(/""/g, '"') : match[1]);
		if (match[2] !== ',')
			list.push([]);
	}
	list.pop();
	return list;
}

function testCopy() {
	var button = all('button', table.closest('figure')).filter(function (b) { return b.textContent === 'Copy as CSV'; })[0];
	var shown = rows().length, expected = document.getElementById('expected-csv');

	button.click();
	return until(function () { return one('[role=status]', table.closest('figure')).textContent; }).then(function () {
		var mine = parseCsv(copied), other = expected ? parseCsv(expected.textContent.replace(/^\n/, '')) : null;

		expect('said', one('[role=status]', table.closest('figure')).textContent, 'Copied');
		expect('lines of CSV', mine.length, shown + 1);
		expect('lines end as CSV wants it', /\r\n$/.test(copied), true);
		expect('no cell is a formula', mine.every(function (line) {
			return line.every(function (c) { return !/^[=+@\t\r]/.test(c) && (c[0] !== '-' || !isNaN(c)); });
		}), true);
		if (hostile) {
			expect('a formula is disarmed', copied.indexOf('\n\'=cmd|\'/C calc\'!A0,') > 0, true);
			expect('commas and quotes are quoted', copied.indexOf('\n"""><img src=x onerror=alert(2)>",') > 0, true);
		}
		if (!other)
			return;
		mine[0].forEach(function (id, at) {
			var its = other[0].indexOf(id);

			expect('the page and the command line agree on ' + id, mine.slice(1).map(function (l) { return l[at]; }).join('|'),
				other.slice(1, shown + 1).map(function (l) { return l[its]; }).join('|'));
		});
	});
}

/* Names are what tables are read for; a marker stands at its item's first line, however long the name there is. */
function testRoom() {
	expect('functions have more room than their bars', one('th[data-id=function]', table).offsetWidth >
		one('th[data-id=self_share]', table).offsetWidth, true);
	expect('code in lists wraps as text', all('li code').every(function (e) {
		return getComputedStyle(e).display === 'inline';
	}), true);
}

function testQuietTables() {
	all('table.data').forEach(function (t) {
		var figure = t.closest('figure'), n = t.tBodies[0].rows.length;

		expect('tools of a table of ' + n, !!one('.tools', figure), n >= 8);
	});
	expect('facts are no table', all('dl.facts').length > 0 && all('dl.facts button').length === 0, true);
}

/* --- the tree below the flame graph ------------------------------------------------------------------------------ */

function testTree() {
	var details = one('.flame details'), tree = one('table.tree', details), list, open;

	function seen() { return all('tbody tr', tree).filter(function (r) { return !r.hidden; }); }
	function at() { return seen().indexOf(document.activeElement); }

	expect('folded at first', details.open, false);
	one('summary', details).click();
	expect('opens', details.open, true);
	expect('role', tree.getAttribute('role'), 'treegrid');
	list = seen();
	list[0].focus();
	key('ArrowDown');
	expect('down', at(), 1);
	key('ArrowUp');
	expect('up', at(), 0);
	key('End');
	expect('end', at(), list.length - 1);
	key('Home');
	expect('home', at(), 0);
	expect('open', list[0].getAttribute('aria-expanded'), 'true');
	key('ArrowLeft');
	expect('left closes', list[0].getAttribute('aria-expanded') + seen().length, 'false1');
	key('ArrowRight');
	expect('right opens', list[0].getAttribute('aria-expanded') + seen().length, 'true' + list.length);
	key('ArrowRight');
	expect('right again goes in', at(), 1);
	open = document.activeElement.getAttribute('aria-expanded');
	key('ArrowLeft');
	expect('left closes that first', document.activeElement.getAttribute('aria-expanded'), open ? 'false' : null);
	key('ArrowLeft');
	expect('then goes out', at(), 0);
	expect('one row takes part in tabbing', all('tr[tabindex="0"]', tree).length, 1);
	one('th', list[0]).click();
	expect('a click closes', list[0].getAttribute('aria-expanded'), 'false');
	one('th', list[0]).click();
	one('summary', details).click();
}

/* --- the flame graph in the page --------------------------------------------------------------------------------- */

function testFlame() {
	var svg = one('svg.cf-flame'), ui = alone ? one('.cf-ui') : svg.previousElementSibling, frames = all('.cf-frame', svg);
	var deepest = frames.sort(function (a, b) { return b.getAttribute('aria-level') - a.getAttribute('aria-level'); })[0];

	function toolsAreSeen() {
		var box = ui.getBoundingClientRect();

		return box.top >= -1 && box.top < innerHeight / 2;
	}

	expect('frames', frames.length > 5, true);
	deepest.focus();
	copied = null;
	/* A window that comes to the front late tells the frame of its focus only then, over what c has said. */
	return until(function () {
		if (/^copied/.test(one('.cf-detail', ui).textContent))
			return true;
		key('c');
		return false;
	}).then(function () {
		var path = copied.split(';');

		expect('c copies the callers of a frame, and it', path.length, deepest.getAttribute('aria-level') - 1);
		expect('it stands last', deepest.getAttribute('aria-label').replace(/;/g, ':').indexOf(path[path.length - 1]), 0);
		expect('and says so', one('.cf-detail', ui).textContent, 'copied ' + copied);
		if (alone || hostile)
			return undefined;
		window.scrollTo({ top: 0, behavior: 'instant' });
		location.hash = '#z=' + frames[1].getAttribute('data-i');
		return until(toolsAreSeen).then(function () {
			expect('a permalink shows the tools', toolsAreSeen(), true);
			one('.cf-tools', ui).lastElementChild.previousElementSibling.click();
			return until(function () { return all('.cf-frame', svg).length === frames.length; });
		});
	});
}

/* The other ways to look at the same boxes. Bottom-up, the page's own sums are those of the program's bottom-up picture. */
function testViews() {
	var svg = one('svg.cf-flame'), ui = alone ? one('.cf-ui') : svg.previousElementSibling;
	var turn = all('.cf-tools button', ui)[1], threads = one('.cf-tools select', ui), before;
	var expected = document.getElementById('expected-inverted');

	function labels() { return all('.cf-frame', svg).map(function (f) { return f.getAttribute('aria-label'); }).sort(); }
	function root() { return one('.cf-frame[aria-level="1"]', svg); }

	if (alone || hostile)
		return undefined;
	before = labels().join('\n');
	turn.click();
	expect('the button says the way back', turn.textContent, 'Top-down');
	expect('permalink of bottom-up', location.hash, '#g=flame&v=up');
	if (expected) {
		expected = expected.textContent.replace(/&lt;/g, '\u003c').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&')
			.trim().split('\n');
		expect('there is something to compare with', expected.length > 10, true);
		expect('bottom-up sums are the program\'s', expected.filter(function (title) { return labels().indexOf(title) < 0; })
			.slice(0, 3).join('; '), '');
	}
	expect('threads to choose from', all('option', threads).map(function (o) { return o.textContent.replace(/ [0-9.]+ %/, ''); })
		.join(), 'all threads,order-worker-#,orders');
	threads.selectedIndex = 2;
	threads.dispatchEvent(new Event('change', { bubbles: true }));
	expect('a thread\'s own functions', root().getAttribute('aria-label').indexOf('orders: ') === 0 &&
		labels().join().indexOf('find_customer') < 0 && labels().join().indexOf('checksum') >= 0, true);
	turn.click();
	expect('a thread from its roots', labels().some(function (l) { return l.indexOf('_start') === 0; }), true);
	expect('permalink of a thread', /^#g=flame&t=[0-9]+$/.test(location.hash), true);
	before = { all: before, thread: labels().join('\n'), hash: location.hash };
	all('.cf-tools button', ui)[2].click();
	expect('reset shows all of it', labels().join('\n'), before.all);
	expect('and no address', location.hash, '');
	location.hash = before.hash + '&d=down&s=checksum';
	return until(function () { return labels().join('\n') === before.thread; }).then(function () {
		expect('a permalink leads to a thread', labels().join('\n'), before.thread);
		expect('and says so', threads.value, before.hash.replace(/.*=/, ''));
		expect('the search comes with it', one('input', ui).value, 'checksum');
		expect('and the direction', all('.cf-tools button', ui)[0].textContent, 'Flame');
		location.hash = '#t=4000000000&v=sideways&z=x';
		return until(function () { return labels().join('\n') === before.all; });
	}).then(function () {
		expect('a permalink that makes no sense shows all of it', labels().join('\n'), before.all);
		all('.cf-tools button', ui)[2].click();
	});
}

/* --- paper ------------------------------------------------------------------------------------------------------- */

function testPrint() {
	var details = one('.flame details'), sheet, i;

	root.setAttribute('data-theme', 'dark');
	window.dispatchEvent(new Event('beforeprint'));
	expect('paper repeats no picture as pages of numbers', details.open, false);
	for (i = 0; i < document.styleSheets.length; i++) {
		sheet = document.styleSheets[i];
		Array.prototype.forEach.call(sheet.cssRules, function (rule) {
			if (rule instanceof CSSMediaRule && rule.media.mediaText === 'print')
				rule.media.mediaText = 'all';
		});
	}
	expect('paper is white', getComputedStyle(root).backgroundColor, 'rgb(255, 255, 255)');
	expect('ink is black', getComputedStyle(document.body).color, 'rgb(0, 0, 0)');
	expect('nor offers to', isSeen(one('summary', details)), false);
	details.open = true;
	expect('unless the reader opened them', isSeen(one('summary', details)), true);
	details.open = false;
	expect('a graph stays on one page', getComputedStyle(one('.flame')).breakInside, 'avoid');
	expect('no controls on paper', all('button,input').filter(isSeen).filter(function (e) { return !e.closest('th,.cf-legend'); })
		.map(describe).join(), '');
	expect('nothing scrolls on paper', all('.scroll').every(function (e) {
		return getComputedStyle(e).overflowY === 'visible' && getComputedStyle(e).maxHeight === 'none';
	}), true);
	testContrast('print');
}

function report() {
	var results = document.createElementNS(alone ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml',
		alone ? 'text' : 'pre');

	results.id = 'results';
	results.textContent = '\n' + lines.join('\n') + '\n';
	if (window.parent !== window)
		window.parent.postMessage(results.textContent, '*');
	else
		(document.body || root).appendChild(results);
}

window.addEventListener('load', function () {
	var steps = Promise.resolve().then(testInert);

	table = one('#functions table');
	if (!alone) {
		steps = steps.then(testStructure).then(testAccessibility).then(testRecompute).then(testTheme).then(testSorting).then(testFilter).then(testCopy)
			.then(testRoom).then(testQuietTables).then(testTree);
		if (hostile)
			steps = steps.then(testHostileNames);
	}
	steps = steps.then(testFlame).then(testViews);
	if (!alone)
		steps = steps.then(testPrint);
	steps.then(testInert).catch(function (e) { lines.push('FAIL exception: ' + e.message + ' ' + e.stack); }).then(report);
});
})();
