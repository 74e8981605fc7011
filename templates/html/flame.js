/* SPDX-License-Identifier: MIT */
/* flame: zoom, search, keyboard and permalinks for flame graphs; one instance per svg.cf-flame. */
(function () {
'use strict';

var SVG = 'http://www.w3.org/2000/svg', HTML = 'http://www.w3.org/1999/xhtml';
var MARGIN = 10, ROW = 18, BOX = 17, CHAR = 6.63; /* as in the static picture */
var THIN = 0.5;      /* px; narrower boxes share one path per colour */
var DURATION = 220;  /* ms of a zoom */
var STILL = 20000;   /* boxes, from which on zooming isn't animated */
var HASH_LIMIT = 200;

function node(ns, name, attributes, text) {
	var element = document.createElementNS(ns, name), key;

	for (key in attributes)
		element.setAttribute(key, attributes[key]);
	if (text !== undefined)
		element.textContent = text;
	return element;
}

/* Numbers as the static picture and the tables write them. */
var STEPS = {
	ns: [[1, 'ns', -1], [1e3, '\u00b5s', -1], [1e6, 'ms', -1], [1e9, 's', 2]],
	bytes: [[1, 'B', 0], [1024, 'KiB', 1], [1048576, 'MiB', 1], [1073741824, 'GiB', 1], [1099511627776, 'TiB', 1]]
};

function significant(a) {
	if (a === 0 || (a === Math.floor(a) && a < 10))
		return 0;
	return a >= 99.95 ? 0 : a >= 9.995 ? 1 : a >= 0.9995 ? 2 : a >= 0.09995 ? 3 : 6;
}

function valueText(unit, value) {
	var steps = STEPS[unit], i, shown, number, size = Math.abs(value);

	if (!steps)
		return String(value);
	for (i = steps.length - 1; i > 0 && size < steps[i][0]; i--)
		;
	for (;; i++) {
		shown = value / steps[i][0];
		number = shown.toFixed(steps[i][0] === 1 && shown === Math.floor(shown) ? 0 :
			steps[i][2] < 0 ? significant(Math.abs(shown)) : steps[i][2]);
		if (i + 1 === steps.length || Math.abs(number) * steps[i][0] < steps[i + 1][0])
			return number + ' ' + steps[i][1];
	}
}

function shareText(part, whole) {
	return (whole > 0 ? part / whole * 100 : 0).toFixed(2) + ' %';
}

function isWide(c) {
	return c >= 0x1100 && (c <= 0x115f || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
		(c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
		(c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd));
}

function columnsOf(text) {
	var used = 0, i, c;

	for (i = 0; i < text.length; i += c > 0xffff ? 2 : 1) {
		c = text.codePointAt(i);
		used += isWide(c) ? 2 : 1;
	}
	return used;
}

function cut(name, columns) {
	var used = 0, i = 0, c;

	for (; i < name.length; i += c > 0xffff ? 2 : 1) {
		c = name.codePointAt(i);
		used += isWide(c) ? 2 : 1;
		if (used > columns - 1)
			break;
	}
	return name.slice(0, i) + '\u2026';
}

/* A long name loses its outer scopes ("a::", "a/") first, as in the static picture. */
function fit(name, columns) {
	var depth = 0, last = 0, i;

	if (columns < 2)
		return '';
	if (name.length * 2 <= columns || columnsOf(name) <= columns)
		return name;
	if (columns < 3)
		return '';
	for (i = 0; i < name.length; i++) {
		if ('<([{'.indexOf(name[i]) >= 0)
			depth++;
		else if ('>)]}'.indexOf(name[i]) >= 0)
			depth = Math.max(depth - 1, 0);
		else if (depth === 0 && i + 1 < name.length &&
			 (name[i] === '/' || (name[i] === ':' && name[i - 1] === ':'))) {
			last = i + 1;
			if (columnsOf(name.slice(last)) <= columns - 1)
				return '\u2026' + name.slice(last);
		}
	}
	return cut(name.slice(last), columns);
}

/* "text" finds that text in names and modules, "/expression/" is a regular expression; upper case matters
   only where it is used. */
function matcher(query) {
	var regex = /^\/(.+)\/$/.exec(query), fold;

	if (regex) {
		regex = new RegExp(regex[1], /[A-Z]/.test(regex[1].replace(/\\./g, '')) ? '' : 'i');
		return function (name) { return regex.test(name); };
	}
	fold = query === query.toLowerCase();
	return function (name) { return (fold ? name.toLowerCase() : name).indexOf(query) >= 0; };
}

function Flame(svg) {
	var data = JSON.parse(svg.querySelector('metadata').textContent);
	var alone = svg.classList.contains('cf-alone');
	var count = data.boxes.length / 4;
	var parent = new Uint32Array(count), level = new Uint32Array(count), face = new Int32Array(count);
	var total = new Float64Array(count), samples = new Float64Array(count), size = total;
	var diffs = data.diffs, before = null, after = null, both = null, widths = data.widths, absolute = data.absolute;
	var x = new Float64Array(count), w = new Float64Array(count);
	var rows = 1, icicle = data.icicle, plot = 0, width = 0, top = 0, drawn = 0;
	var focus = 0, current = 0, view = [0, 1], animation = 0, stop = nothing, query = '', hits = null, hovering = false;
	var elements = new Array(count), thin = [], shown = [];
	var ui = {}, boxes = node(SVG, 'g', { role: 'group' }), holder = null;
	var calm = window.matchMedia ? window.matchMedia('(prefers-reduced-motion: reduce)') : { matches: false };

	function nothing() {}

	/* Of a comparison: what boxes cost on both sides. */
	function placeDiffs() {
		before = new Float64Array(count);
		after = new Float64Array(count);
		both = new Float64Array(count);
		for (var i = 0; i < count; i++) {
			before[i] = diffs[i * 4];
			after[i] = diffs[i * 4 + 1];
			both[i] = diffs[i * 4 + 2];
		}
		size = widths === 'before' ? before : widths === 'both' ? both : after;
	}

	/* Children fill their parent from the left, so positions follow from the totals. */
	function place() {
		var cursor = new Float64Array(count), i, at;

		if (diffs)
			placeDiffs();

		for (i = 0; i < count; i++) {
			at = i * 4;
			parent[i] = i - data.boxes[at];
			face[i] = data.boxes[at + 1];
			total[i] = data.boxes[at + 2] * data.factor;
			samples[i] = data.boxes[at + 3];
			level[i] = i ? level[parent[i]] + 1 : 0;
			if (data.extents) {
				x[i] = data.extents[2 * i];
				w[i] = data.extents[2 * i + 1];
			} else if (i) {
				x[i] = cursor[parent[i]];
				w[i] = size[0] > 0 ? size[i] / size[0] : 0;
				cursor[parent[i]] += w[i];
			} else {
				w[0] = 1;
			}
			cursor[i] = x[i];
		}
	}

	function isOther(i) { return face[i] < 0; }
	/* As in the static picture: grey, then the palest, less, more and most of more and of less. */
	function diffColor(i) {
		var mark = diffs[i * 4 + 3], change = after[i] - before[i], far, step = 0;

		if (!mark || !change)
			return data.colors;
		if (mark === 1) {
			far = absolute ? (after[0] > 0 ? Math.abs(change) / after[0] : 0) :
				before[i] > 0 && after[i] > 0 ? Math.max(after[i] / before[i], before[i] / after[i]) : Infinity;
			step = far >= (absolute ? 0.1 : 2) ? 3 : far >= (absolute ? 0.02 : 1.33) ? 2 : 1;
		}
		return data.colors + (change > 0 ? 1 : 5) + step;
	}

	function isOnOneSide(i) { return diffs && i && (before[i] > 0) !== (after[i] > 0); }
	function color(i) { return diffs ? diffColor(i) : isOther(i) ? 0 : data.faces[face[i] * 3 + 2]; }
	function moduleOf(i) { return isOther(i) ? '' : data.names[data.faces[face[i] * 3 + 1]]; }

	function nameOf(i) {
		if (!isOther(i))
			return data.names[data.faces[face[i] * 3]];
		return '(' + (level[i] >= data.levels ? 'deeper' : 'other') + ', ' + -face[i] +
			(face[i] === -1 ? ' frame)' : ' frames)');
	}

	function diffTitle(i) {
		var now = valueText(data.unit, after[i]), was = valueText(data.unit, before[i]), change = after[i] - before[i];

		if (!before[i])
			return now + ', new';
		if (!after[i])
			return 'gone, was ' + was;
		return now + ', was ' + was + ': ' + (change > 0 ? '+' : '') + valueText(data.unit, change) + ', \u00d7' +
			(after[i] / before[i]).toFixed(2) + (diffs[i * 4 + 3] ? '' : ', within noise');
	}

	/* Where the metric counts samples, its value says it all. */
	function titleOf(i) {
		var module = moduleOf(i), count = samples[i] + (samples[i] === 1 ? ' sample' : ' samples');
		var same = data.unit === 'count' && samples[i] === total[i];

		if (diffs)
			return nameOf(i) + (module ? ' (' + module + ')' : '') + ': ' + diffTitle(i);
		return nameOf(i) + (module ? ' (' + module + ')' : '') + ': ' +
			(same && samples[i] ? count : valueText(data.unit, total[i])) + ', ' + shareText(total[i], total[0]) +
			(samples[i] && !same ? ', ' + count : '');
	}

	function rowY(i) {
		return top + (icicle ? level[i] : rows - 1 - level[i]) * ROW;
	}

	function isAncestor(above, i) {
		while (level[i] > level[above])
			i = parent[i];
		return i === above;
	}

	function makeFrame(i) {
		var group = node(SVG, 'g', {
			'class': 'cf-frame cf-c' + color(i), role: 'treeitem', tabindex: '-1', 'aria-level': level[i] + 1,
			'aria-label': titleOf(i), 'data-i': i
		});
		var frame = { group: group, box: node(SVG, 'rect', { 'class': 'cf-box', height: BOX, rx: 1.5 }), text: null,
			columns: -1, seen: false };

		group.appendChild(frame.box);
		if (isOnOneSide(i))
			frame.hatch = group.appendChild(node(SVG, 'rect', { height: BOX, rx: 1.5, 'pointer-events': 'none',
				fill: 'url(#' + svg.id + '-hatch)' }));
		elements[i] = frame;
		return frame;
	}

	function label(i, frame, px) {
		var columns = Math.floor((px - 6) / CHAR), text;

		if (columns === frame.columns)
			return;
		frame.columns = columns;
		text = fit(nameOf(i), columns);
		if (!frame.text) {
			if (!text)
				return;
			frame.text = node(SVG, 'text', { x: 3, y: 12.5 });
			frame.group.appendChild(frame.text);
		}
		frame.text.textContent = text;
	}

	/* Draws what lies in view, a range of fractions of the root. */
	function draw() {
		var scale = plot / (view[1] - view[0]), paths = {}, before = shown, i, left, right, px, frame, key;

		shown = [];
		for (i = 0; i < count; i++) {
			left = Math.max((x[i] - view[0]) * scale, 0);
			right = Math.min((x[i] + w[i] - view[0]) * scale, plot);
			px = right - left;
			if (px < THIN && i !== current) {
				if (px <= 0)
					continue;
				key = color(i) + (hits && hits[i] ? ' cf-hit' : '');
				paths[key] = (paths[key] || '') + 'M' + (MARGIN + left).toFixed(1) + ' ' + rowY(i) + 'h' +
					Math.max(px, 0.1).toFixed(1) + 'v' + BOX + 'h-' + Math.max(px, 0.1).toFixed(1) + 'z';
				continue;
			}
			if (px < 0)
				continue;
			frame = elements[i] || makeFrame(i);
			frame.seen = true;
			shown.push(i);
			frame.group.setAttribute('transform', 'translate(' + (MARGIN + left).toFixed(2) + ',' + rowY(i) + ')');
			frame.box.setAttribute('width', Math.max(px > 3 ? px - 0.7 : px, 0.1).toFixed(2));
			if (frame.hatch)
				frame.hatch.setAttribute('width', frame.box.getAttribute('width'));
			frame.group.classList.toggle('cf-above', i !== focus && isAncestor(i, focus));
			frame.group.classList.toggle('cf-hit', !!(hits && hits[i]));
			label(i, frame, px);
			if (!frame.group.parentNode)
				boxes.appendChild(frame.group);
		}
		before.forEach(function (k) {
			if (!elements[k].seen)
				boxes.removeChild(elements[k].group);
		});
		shown.forEach(function (k) { elements[k].seen = false; });
		thin.forEach(function (path) { boxes.removeChild(path); });
		thin = Object.keys(paths).map(function (k) {
			return boxes.insertBefore(node(SVG, 'path', { 'class': 'cf-thin cf-c' + k, d: paths[k] }), boxes.firstChild);
		});
		boxes.classList.toggle('cf-searching', !!hits);
	}

	/* Rows that hold something of a view. */
	function rowsOf(range) {
		var most = 0, i;

		for (i = 0; i < count; i++)
			if (level[i] > most && x[i] < range[1] && x[i] + w[i] > range[0])
				most = level[i];
		return most + 1;
	}

	/* Shows a range and no more rows than it has. */
	function show(range) {
		view = range;
		rows = rowsOf(range);
		resize();
		draw();
	}

	/* follow: this is brought into the window. Where no frames are painted, a timer ends it. */
	function move(to, follow) {
		var from = view.slice(), begin = null, timer = 0;

		function step(now) {
			var t, ease;

			if (begin === null)
				begin = now;
			t = Math.min((now - begin) / DURATION, 1);
			ease = 1 - Math.pow(1 - t, 3);
			if (t < 1) {
				view = [from[0] + (to[0] - from[0]) * ease, from[1] + (to[1] - from[1]) * ease];
				animation = window.requestAnimationFrame(step);
				draw();
			} else {
				finish();
			}
		}

		function finish() {
			stop();
			show(to);
			if (follow === ui.root)
				follow.scrollIntoView({ block: 'start', behavior: 'instant' });
			else if (follow && elements[focus])
				elements[focus].group.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		}

		stop();
		if (calm.matches || count > STILL || document.hidden) {
			finish();
		} else {
			rows = Math.max(rows, rowsOf(to));
			resize();
			timer = window.setTimeout(finish, DURATION * 2);
			animation = window.requestAnimationFrame(step);
			stop = function () {
				window.clearTimeout(timer);
				window.cancelAnimationFrame(animation);
				stop = nothing;
			};
		}
	}

	function crumbs() {
		var path = [], i = focus;

		for (;; i = parent[i]) {
			path.unshift(i);
			if (!i)
				break;
		}
		ui.crumbs.textContent = '';
		if (focus === 0)
			ui.crumbs.appendChild(node(HTML, 'span', {}, 'Click a frame to zoom. Keys: arrows, Enter, Home, c to copy the stack, ' +
				'/ to search, Esc to reset.'));
		else
			path.forEach(function (k, n) {
				var button;

				if (n > 0 && n < path.length - 3) {
					if (n === 1)
						ui.crumbs.appendChild(node(HTML, 'span', {}, '\u203a \u2026'));
					return;
				}
				if (n)
					ui.crumbs.appendChild(node(HTML, 'span', { 'aria-hidden': 'true' }, '\u203a'));
				button = ui.crumbs.appendChild(node(HTML, 'button', { type: 'button', title: nameOf(k) }, nameOf(k)));
				button.addEventListener('click', function () { zoom(k, true); });
			});
		resize();
	}

	function select(i, grab) {
		if (elements[current])
			elements[current].group.setAttribute('tabindex', '-1');
		current = i;
		if (!elements[i] || !elements[i].group.parentNode)
			draw();
		elements[i].group.setAttribute('tabindex', '0');
		if (grab)
			elements[i].group.focus();
	}

	function detail(i) {
		ui.detail.textContent = i < 0 ? '\u00a0' : titleOf(i);
	}

	/* link: it becomes part of the address. A permalink shows the tools as well; there zooming stays put. */
	function zoom(i, link) {
		focus = i;
		crumbs();
		if (!isAncestor(focus, current) && !isAncestor(current, focus))
			select(focus, false);
		move(w[i] > 0 ? [x[i], x[i] + w[i]] : [0, 1], link ? i > 0 : ui.root);
		if (link)
			setHash();
	}

	/* Marks what matches; a match inside a match is counted with the outer one. */
	function search(text, link) {
		var test, sum = 0, inside, i, known = [];

		query = text;
		hits = null;
		ui.found.textContent = '';
		ui.input.removeAttribute('aria-invalid');
		if (ui.input.value !== text)
			ui.input.value = text;
		if (text) {
			try {
				test = matcher(text);
			} catch (e) {
				ui.input.setAttribute('aria-invalid', 'true');
				ui.found.textContent = 'not a regular expression';
			}
		}
		if (test) {
			hits = new Uint8Array(count);
			inside = new Uint8Array(count);
			for (i = 0; i < count; i++) {
				if (!isOther(i)) {
					if (known[face[i]] === undefined)
						known[face[i]] = test(nameOf(i)) || test(moduleOf(i));
					hits[i] = known[face[i]] ? 1 : 0;
				}
				if (i && inside[parent[i]])
					inside[i] = 1;
				else if (hits[i])
					sum += size[i];
				inside[i] |= hits[i];
			}
			ui.found.textContent = 'matched ' + shareText(sum, size[0]) + ', ' + valueText(data.unit, sum);
		}
		draw();
		resize();
		if (link)
			setHash();
	}

	function setHash() {
		var parts = [];

		if (focus)
			parts.push('z=' + focus);
		if (query)
			parts.push('s=' + encodeURIComponent(query));
		if (parts.length && !alone)
			parts.unshift('g=' + encodeURIComponent(svg.id));
		try {
			window.history.replaceState(null, '', parts.length ? '#' + parts.join('&') :
				window.location.pathname + window.location.search);
		} catch (e) {
			/* some viewers have no history: no permalink there */
		}
	}

	function applyHash() {
		var hash = new URLSearchParams(window.location.hash.slice(1)), z = Number(hash.get('z') || 0);

		if (!hash.has('z') && !hash.has('s'))
			return false;
		if (hash.has('g') ? hash.get('g') !== svg.id : document.querySelectorAll('svg.cf-flame').length > 1)
			return false;
		search((hash.get('s') || '').slice(0, HASH_LIMIT), false);
		zoom(z > 0 && z < count && Math.floor(z) === z ? z : 0, false);
		return true;
	}

	/* "main;parse;read", callers first, as in collapsed stacks. */
	function copyStack(i) {
		var path = [], area = node(HTML, 'textarea', { 'aria-hidden': 'true', 'class': 'cf-copy' });

		function done(ok) {
			ui.detail.textContent = ok ? 'copied ' + area.value : 'the browser refused to copy';
		}

		function byHand() {
			var before = document.activeElement, ok = false;

			ui.root.appendChild(area);
			area.select();
			try {
				ok = document.execCommand('copy');
			} catch (e) {
				/* said by done() */
			}
			ui.root.removeChild(area);
			if (before && before.focus)
				before.focus();
			done(ok);
		}

		for (; i; i = parent[i])
			path.unshift(nameOf(i).replace(/;/g, ':'));
		area.value = path.join(';');
		if (navigator.clipboard && window.isSecureContext)
			navigator.clipboard.writeText(area.value).then(function () { done(true); }, byHand);
		else
			byHand();
	}

	function reset() {
		search('', false);
		zoom(0, true);
	}

	/* Legend and caption say what is shown: the words of nine colours, then a sentence for each kind of widths. */
	function diffWords() {
		var words = absolute ? data.differenceWords : data.ratioWords, at = { after: 9, before: 10, both: 11 };
		var spans = ui.legend.querySelectorAll('span > span'), i;

		for (i = 0; i < 9; i++)
			spans[i].textContent = words[i];
		ui.notes.textContent = data.notes.map(function (note) {
			return data.ratioWords.indexOf(note) >= 9 || data.differenceWords.indexOf(note) >= 9 ? words[at[widths]] : note;
		}).join(' \u00b7 ');
	}

	/* Everything is drawn anew: widths and colours are of something else. */
	function repaint() {
		diffWords();
		shown = [];
		thin = [];
		elements = new Array(count);
		boxes.textContent = '';
		place();
		search(query, false);
		select(current, false);
		zoom(w[focus] > 0 ? focus : 0, false);
	}

	function nextWidths() {
		widths = { after: 'before', before: 'both', both: 'after' }[widths];
		ui.widths.textContent = 'Widths: ' + widths;
		repaint();
	}

	function nextColors() {
		absolute = !absolute;
		ui.colors.textContent = 'Colours: ' + (absolute ? 'difference' : 'ratio');
		repaint();
	}

	function diffTools(tools) {
		ui.widths = tools.appendChild(node(HTML, 'button', { type: 'button',
			title: 'What widths are of: the cost after, before, or the greater of both, with what has gone' },
			'Widths: ' + widths));
		ui.colors = tools.appendChild(node(HTML, 'button', { type: 'button',
			title: 'What colours are of: the ratio after : before, or the difference as a share of all' },
			'Colours: ' + (absolute ? 'difference' : 'ratio')));
		ui.widths.addEventListener('click', nextWidths);
		ui.colors.addEventListener('click', nextColors);
	}

	/* Slanted lines for what is on one side only. */
	function hatch() {
		var defs = node(SVG, 'defs'), pattern = defs.appendChild(node(SVG, 'pattern', { id: svg.id + '-hatch',
			patternUnits: 'userSpaceOnUse', width: 5, height: 5, patternTransform: 'rotate(45)' }));

		pattern.appendChild(node(SVG, 'path', { d: 'M0 0v5', 'class': 'cf-hatch', 'stroke-width': 1.4 }));
		svg.appendChild(defs);
	}

	function flip() {
		icicle = !icicle;
		ui.flip.textContent = icicle ? 'Flame' : 'Icicle';
		draw();
	}

	function nextInRow(i, step) {
		var best = -1;

		shown.forEach(function (k) {
			if (level[k] === level[i] && (step > 0 ? x[k] > x[i] && (best < 0 || x[k] < x[best]) :
				x[k] < x[i] && (best < 0 || x[k] > x[best])))
				best = k;
		});
		return best;
	}

	function widestChild(i) {
		var best = -1;

		shown.forEach(function (k) {
			if (k && parent[k] === i && (best < 0 || w[k] > w[best]))
				best = k;
		});
		return best;
	}

	function onKey(event) {
		var to = -1;

		if (event.ctrlKey || event.metaKey || event.altKey)
			return;
		switch (event.key) {
		case 'ArrowLeft':
		case 'ArrowRight':
			to = nextInRow(current, event.key === 'ArrowRight' ? 1 : -1);
			break;
		case 'ArrowUp':
		case 'ArrowDown':
			to = (event.key === 'ArrowDown') === icicle ? widestChild(current) : current ? parent[current] : -1;
			break;
		case 'Home':
			to = 0;
			break;
		case 'Enter':
		case ' ':
			zoom(current, true);
			break;
		case 'c':
			copyStack(current);
			break;
		default:
			return;
		}
		event.preventDefault();
		if (to >= 0)
			select(to, true);
	}

	/* "/" and Esc work anywhere in a picture of its own; in a page, where the graph has focus or pointer. */
	function onPageKey(event) {
		var active = document.activeElement;
		var typing = active && /^(input|textarea|select)$/i.test(active.localName);
		var mine = alone || hovering || svg.contains(active) || ui.root.contains(active);

		if (!mine || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
			return;
		if (event.key === '/' && !typing) {
			event.preventDefault();
			ui.input.focus();
			ui.input.select();
		} else if (event.key === 'Escape' && (!typing || active === ui.input)) {
			event.preventDefault();
			if (active === ui.input)
				select(current, true);
			reset();
		}
	}

	function frameAt(event) {
		var group = event.target.closest ? event.target.closest('.cf-frame') : null;

		return group && boxes.contains(group) ? Number(group.getAttribute('data-i')) : -1;
	}

	function onOver(event) {
		var i = frameAt(event), group;

		if (i < 0)
			return;
		if (event.type === 'focusin' && i !== current)
			select(i, false);
		group = elements[i].group;
		if (!group.querySelector('title'))
			group.insertBefore(node(SVG, 'title', {}, titleOf(i)), group.firstChild);
		detail(i);
	}

	function legend() {
		data.legend.forEach(function (entry) {
			var item = node(HTML, entry[1] ? 'button' : 'span', entry[1] ?
				{ type: 'button', title: 'search ' + entry[1] } : {});
			var swatch;

			if (entry[2] >= 0) {
				swatch = node(SVG, 'svg', { 'aria-hidden': 'true', viewBox: '0 0 12 12' });
				swatch.appendChild(node(SVG, 'rect', { 'class': 'cf-c' + entry[2], width: 12, height: 12, rx: 2 }));
				item.appendChild(swatch);
			}
			item.appendChild(node(HTML, 'span', {}, entry[0]));
			if (entry[1])
				item.addEventListener('click', function () { search(query === entry[1] ? '' : entry[1], true); });
			ui.legend.appendChild(item);
		});
	}

	function build() {
		var tools;

		ui.root = node(HTML, 'div', { 'class': 'cf-ui' });
		if (data.title)
			ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-name' }, data.title));
		data.runs.forEach(function (run) { ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-notes' }, run)); });
		ui.notes = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-notes' }, data.notes.join(' \u00b7 ')));
		ui.legend = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-row cf-legend' }));
		legend();
		tools = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-row cf-tools' }));
		ui.input = tools.appendChild(node(HTML, 'input', {
			type: 'search', placeholder: 'Search: text or /regex/', 'aria-label': 'Search functions and modules',
			title: 'Text or /regular expression/. Key: /', spellcheck: 'false', autocomplete: 'off'
		}));
		ui.flip = tools.appendChild(node(HTML, 'button', { type: 'button', title: 'Grow the other way' },
			icicle ? 'Flame' : 'Icicle'));
		ui.reset = tools.appendChild(node(HTML, 'button', { type: 'button', title: 'Whole picture, no search. Key: Esc' },
			'Reset'));
		if (diffs)
			diffTools(tools);
		ui.found = tools.appendChild(node(HTML, 'span', { 'class': 'cf-found', role: 'status' }));
		ui.crumbs = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-row cf-crumbs', role: 'group',
			'aria-label': 'Zoom path' }));
		ui.detail = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-detail' }));
		detail(-1);

		ui.input.addEventListener('input', function () { search(ui.input.value, true); });
		ui.input.addEventListener('keydown', function (event) {
			var first = hits ? shown.filter(function (k) { return hits[k]; })[0] : undefined;

			if (event.key === 'Enter' && first !== undefined)
				select(first, true);
		});
		ui.flip.addEventListener('click', flip);
		ui.reset.addEventListener('click', reset);
		boxes.addEventListener('click', function (event) {
			var i = frameAt(event);

			if (i >= 0) {
				select(i, false);
				zoom(i, true);
			}
		});
		boxes.addEventListener('mouseover', onOver);
		boxes.addEventListener('focusin', onOver);
		boxes.addEventListener('mouseleave', function () { detail(-1); });
		boxes.addEventListener('keydown', onKey);
		[svg, ui.root].forEach(function (area) {
			area.addEventListener('mouseenter', function () { hovering = true; });
			area.addEventListener('mouseleave', function () { hovering = false; });
		});
		document.addEventListener('keydown', onPageKey);
		window.addEventListener('resize', resize);
		window.addEventListener('hashchange', function () {
			if (!applyHash() && alone && !window.location.hash)
				reset();
		});
	}

	/* The words take the place of the drawn ones: above the graph in a page, inside it in a picture. */
	function takeOver() {
		['.cf-head', '.cf-boxes', 'title', 'desc'].forEach(function (selector) {
			var old = svg.querySelector(selector);

			if (old)
				svg.removeChild(old);
		});
		svg.classList.add('cf-live');
		svg.removeAttribute('aria-labelledby');
		svg.setAttribute('role', 'tree');
		svg.setAttribute('aria-label', 'Flame graph' + (data.title ? ': ' + data.title : ''));
		if (alone) {
			holder = svg.appendChild(node(SVG, 'foreignObject', { x: 0, y: 0, width: 1, height: 1 }));
			holder.appendChild(ui.root);
		} else {
			svg.parentNode.insertBefore(ui.root, svg);
		}
		if (diffs)
			hatch();
		svg.appendChild(boxes);
	}

	function resize() {
		var space = alone ? document.documentElement.clientWidth || window.innerWidth : svg.parentNode.clientWidth;
		var height, above = 0;

		space = Math.max(space || width || 1200, 200);
		if (alone) {
			holder.setAttribute('width', space);
			holder.setAttribute('height', 10);
			above = Math.ceil(ui.root.scrollHeight);
			holder.setAttribute('height', above);
		}
		if (space === width && above === top && rows === drawn)
			return;
		drawn = rows;
		width = space;
		plot = width - 2 * MARGIN;
		top = above;
		height = top + rows * ROW + (alone ? MARGIN : 0);
		svg.setAttribute('width', width);
		svg.setAttribute('height', height);
		svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
		draw();
	}

	place();
	build();
	takeOver();
	rows = rowsOf(view);
	crumbs();
	select(0, false);
	applyHash();
}

function startAll() {
	Array.prototype.forEach.call(document.querySelectorAll('svg.cf-flame'), function (svg) {
		if (!svg.classList.contains('cf-live'))
			Flame(svg);
	});
}

if (document.readyState === 'loading')
	document.addEventListener('DOMContentLoaded', startAll);
else
	startAll();
})();
