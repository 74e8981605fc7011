/* SPDX-License-Identifier: MIT */
/* flame: zoom, search, keyboard and permalinks for flame graphs; one instance per svg.cf-flame. The files copy,
   flame_text, flame_model, flame_difference and flame_map stand before it, all within one function. */
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

function Flame(svg) {
	var metrics = JSON.parse(svg.querySelector('metadata').textContent), data = null;
	var alone = svg.classList.contains('cf-alone');
	var whole = null, model = null;
	var count, parent, level, face, total, samples, x, w; /* of the boxes that are looked at: a model's */
	var rows = 1, icicle = false, unit = 1, plot = 0, width = 0, top = 0, drawn = 0;
	var focus = 0, current = 0, view = [0, 1], animation = 0, stop = nothing, query = '', hits = null, hovering = false;
	var elements = [], thin = [], shown = [];
	var threads = [], map = null, difference = null;
	var ui = {}, boxes = node(SVG, 'g', { role: 'group' }), holder = null;
	var calm = window.matchMedia ? window.matchMedia('(prefers-reduced-motion: reduce)') : { matches: false };

	function nothing() {}

	/* Everything else is of this metric from here on. */
	function take(metric) {
		data = metric;
		whole = readBoxes(data);
		difference = data.diffs ? Difference(data, whole) : null;
		model = null;
		threads = data.threads && !difference ? threadsOf(whole) : [];
	}

	function metricNamed(name) {
		return metrics.filter(function (metric) { return metric.metric === name; })[0] || metrics[0];
	}

	/* What is looked at: all threads or one, from their roots or from where the cost is. */
	function use(thread, up) {
		model = thread ? subtree(whole, thread) : whole;
		if (up)
			model = invert(model, data, data.threads && !thread ? 1 : 0);
		model.thread = thread;
		count = model.count;
		parent = model.parent;
		level = model.level;
		face = model.face;
		total = model.total;
		samples = model.samples;
		x = model.x;
		w = model.w;
		focus = current = 0;
		view = [0, 1];
		hits = null;
		elements = new Array(count);
		shown = [];
		thin = [];
		boxes.textContent = '';
	}

	function isOther(i) { return face[i] < 0; }
	function color(i) { return difference ? difference.color(i) : isOther(i) ? 0 : data.faces[face[i] * 3 + 2]; }
	function moduleOf(i) { return isOther(i) ? '' : data.names[data.faces[face[i] * 3 + 1]]; }

	function nameOf(i) {
		if (!isOther(i))
			return data.names[data.faces[face[i] * 3]];
		return '(' + (level[i] >= model.levels ? 'deeper' : 'other') + ', ' + -face[i] +
			(face[i] === -1 ? ' frame)' : ' frames)');
	}

	/* Where the metric counts samples, its value says it all. */
	function titleOf(i) {
		var module = moduleOf(i), count = samples[i] + (samples[i] === 1 ? ' sample' : ' samples');
		var same = data.unit === 'count' && samples[i] === total[i];

		if (difference)
			return nameOf(i) + (module ? ' (' + module + ')' : '') + ': ' + difference.text(i);
		return nameOf(i) + (module ? ' (' + module + ')' : '') + ': ' +
			(same && samples[i] ? count : valueText(data.unit, total[i])) + ', ' + shareText(total[i], whole.total[0]) +
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
		if (difference && difference.isOnOneSide(i))
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
		map.draw();
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
		if (grab) {
			elements[i].group.focus();
			detail(i); /* a window that isn't in front tells of no focus */
		}
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
					sum += total[i];
				inside[i] |= hits[i];
			}
			ui.found.textContent = 'matched ' + shareText(sum, whole.total[0]) + ', ' + valueText(data.unit, sum);
		}
		draw();
		resize();
		if (link)
			setHash();
	}

	function setHash() {
		var parts = [];

		if (data !== metrics[0])
			parts.push('m=' + encodeURIComponent(data.metric));
		if (model.thread)
			parts.push('t=' + model.thread);
		if (model.up)
			parts.push('v=up');
		if (icicle !== data.icicle)
			parts.push('d=' + (icicle ? 'down' : 'up'));
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

	/* What a permalink of another graph asks for and this one doesn't have is left out. */
	function applyHash() {
		var hash = new URLSearchParams(window.location.hash.slice(1)), z = Number(hash.get('z') || 0);
		var thread = Number(hash.get('t') || 0);

		if (!['m', 't', 'v', 'd', 'z', 's'].some(function (key) { return hash.has(key); }))
			return false;
		if (hash.has('g') ? hash.get('g') !== svg.id : document.querySelectorAll('svg.cf-flame').length > 1)
			return false;
		icicle = hash.has('d') ? hash.get('d') === 'down' : data.icicle;
		change(metricNamed(hash.get('m')));
		lookAt(threads.indexOf(thread) >= 0 ? thread : 0, canInvert(data) && hash.get('v') === 'up');
		search((hash.get('s') || '').slice(0, HASH_LIMIT), false);
		zoom(z > 0 && z < count && Math.floor(z) === z ? z : 0, false);
		return true;
	}

	/* "main;parse;read", callers first, as in collapsed stacks. */
	function copyStack(i) {
		var path = [], text;

		for (; i; i = parent[i])
			path[model.up ? 'push' : 'unshift'](nameOf(i).replace(/;/g, ':'));
		text = path.join(';');
		copyText(text, ui.root, function (ok) {
			ui.detail.textContent = ok ? 'copied ' + text : 'the browser refused to copy';
		});
	}

	function reset() {
		icicle = data.icicle;
		change(metrics[0]);
		lookAt(0, false);
		search('', false);
		zoom(0, true);
	}

	/* First out of zoom and search, then to what the picture opened with. */
	function back() {
		if (!focus && !query) {
			reset();
			return;
		}
		search('', false);
		zoom(0, true);
	}

	function change(metric) {
		if (metric === data)
			return;
		take(metric);
		tell();
	}

	/* Shows other boxes of the same data, whole; what was searched for stays. */
	function lookAt(thread, up) {
		var grabbed = boxes.contains(document.activeElement);

		if (!model || thread !== model.thread || up !== model.up) {
			stop();
			use(thread, up);
			rows = rowsOf(view);
			crumbs();
			resize();
			select(0, grabbed);
			if (query)
				search(query, false);
		}
		names();
	}

	/* Buttons say what they do next. */
	function names() {
		ui.flip.textContent = icicle ? 'Flame' : 'Icicle';
		ui.turn.textContent = model.up ? 'Top-down' : 'Bottom-up';
		ui.threads.value = String(model.thread);
		if (ui.metrics)
			ui.metrics.value = data.metric;
		if (ui.widths) {
			ui.widths.textContent = 'Widths: ' + difference.widths;
			ui.colors.textContent = 'Colours: ' + (difference.absolute ? 'difference' : 'ratio');
		}
	}

	/* Widths or colours are of something else: all is drawn anew, zoomed as it was where that still has width. */
	function repaint() {
		var at = focus;

		stop();
		use(0, false);
		tell();
		select(0, false);
		if (query)
			search(query, false);
		names();
		zoom(w[at] > 0 ? at : 0, false);
	}

	function differenceTools(tools) {
		ui.widths = tools.appendChild(node(HTML, 'button', { type: 'button',
			title: 'What widths are of: the cost after, before, or the greater of both, with what has gone' }));
		ui.colors = tools.appendChild(node(HTML, 'button', { type: 'button',
			title: 'What colours are of: the ratio after : before, or the difference as a share of all' }));
		ui.widths.addEventListener('click', function () {
			difference.next();
			repaint();
		});
		ui.colors.addEventListener('click', function () {
			difference.absolute = !difference.absolute;
			repaint();
		});
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
		names();
		draw();
		map.draw();
		setHash();
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
		var to = -1, at = frameAt(event);

		if (event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (at >= 0 && at !== current)
			select(at, false);
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
			back();
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
		ui.legend.textContent = '';
		(difference ? difference.legend() : data.legend).forEach(function (entry) {
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

	/* The words of a metric: notes, legend, threads. */
	function tell() {
		ui.notes.textContent = (difference ? difference.notes() : data.notes).join(' \u00b7 ');
		legend();
		ui.threads.textContent = '';
		ui.threads.hidden = threads.length < 2;
		ui.threads.appendChild(node(HTML, 'option', { value: 0 }, 'all threads'));
		threads.forEach(function (i) {
			ui.threads.appendChild(node(HTML, 'option', { value: i }, data.names[data.faces[whole.face[i] * 3]] + ' ' +
				shareText(whole.total[i], whole.total[0])));
		});
		ui.turn.hidden = !canInvert(data);
	}

	function build() {
		var tools;

		ui.root = node(HTML, 'div', { 'class': 'cf-ui' });
		if (data.title)
			ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-name' }, data.title));
		data.runs.forEach(function (run) { ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-notes' }, run)); });
		ui.notes = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-notes' }));
		ui.legend = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-row cf-legend' }));
		tools = ui.root.appendChild(node(HTML, 'div', { 'class': 'cf-row cf-tools' }));
		ui.input = tools.appendChild(node(HTML, 'input', {
			type: 'search', placeholder: 'Search: text or /regex/', 'aria-label': 'Search functions and modules',
			title: 'Text or /regular expression/. Key: /', spellcheck: 'false', autocomplete: 'off'
		}));
		ui.flip = tools.appendChild(node(HTML, 'button', { type: 'button', title: 'Grow the other way' },
			icicle ? 'Flame' : 'Icicle'));
		ui.turn = tools.appendChild(node(HTML, 'button', { type: 'button',
			title: 'From the functions that cost to their callers, and back' }, 'Bottom-up'));
		if (metrics.length > 1) {
			ui.metrics = tools.appendChild(node(HTML, 'select', { 'aria-label': 'Metric' }));
			metrics.forEach(function (metric) {
				ui.metrics.appendChild(node(HTML, 'option', { value: metric.metric }, metric.metric));
			});
		}
		ui.threads = tools.appendChild(node(HTML, 'select', { 'aria-label': 'Thread' }));
		if (difference)
			differenceTools(tools);
		ui.reset = tools.appendChild(node(HTML, 'button', { type: 'button', title: 'Whole picture, no search. Key: Esc' },
			'Reset'));
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
		ui.turn.addEventListener('click', function () {
			lookAt(model.thread, !model.up);
			setHash();
		});
		ui.threads.addEventListener('change', function () {
			lookAt(Number(ui.threads.value), model.up);
			setHash();
		});
		if (ui.metrics)
			ui.metrics.addEventListener('change', function () {
				var up = model.up;

				change(metricNamed(ui.metrics.value));
				lookAt(0, up && canInvert(data));
				setHash();
			});
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
		if (difference)
			hatch();
		svg.appendChild(boxes);
		map = Minimap(svg, geometry);
	}

	function resize() {
		var space = alone ? document.documentElement.clientWidth || window.innerWidth : svg.parentNode.clientWidth;
		var height, above = 0;

		/* Boxes grow with the letters of the page. */
		unit = alone ? 1 : parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 16 || 1;
		space = Math.max(space / unit || width || 1200, 200);
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
		svg.setAttribute('width', width * unit);
		svg.setAttribute('height', height * unit);
		svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
		draw();
		if (map)
			map.draw();
	}

	/* What the small picture of the whole needs to know. */
	function geometry() {
		return { model: model, view: view, unit: unit, rows: rows, row: ROW, top: top, left: MARGIN, plot: plot, width: width,
			icicle: icicle, color: color };
	}

	metrics = [metrics].concat(metrics.more || []);
	take(metrics[0]);
	icicle = data.icicle;
	use(0, false);
	build();
	tell();
	takeOver();
	rows = rowsOf(view);
	crumbs();
	select(0, false);
	names();
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
