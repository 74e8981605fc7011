/* SPDX-License-Identifier: MIT */
/* flame_map: a small picture of a graph that is taller than the window, to see where one is and to go elsewhere. */
var MAP_WIDTH = 150, MAP_ROW = 4, MAP_GAP = 12;

/* geometry(): what the view shows and where, see flame.js. The map is for eyes and pointers; keys have the boxes. */
function Minimap(svg, geometry) {
	var group = node(SVG, 'g', { 'class': 'cf-map', 'aria-hidden': 'true' });
	var height = 0, dragging = false;

	/* What of the graph is in the window: from, to, and all there is, in units of the picture. */
	function visible() {
		var g = geometry(), above = svg.getBoundingClientRect().top / g.unit + g.top, all = g.rows * g.row;
		var screen = window.innerHeight / g.unit;

		return { from: Math.min(Math.max(-above, 0), all), to: Math.min(Math.max(screen - above, 0), all), all: all,
			screen: screen, g: g };
	}

	function follow() {
		var v, frame = group.lastChild, y;

		if (!frame)
			return;
		v = visible();
		y = v.g.icicle ? v.to - height - MAP_GAP : v.from + MAP_GAP;
		y = Math.min(Math.max(y, 0), Math.max(v.all - height, 0));
		group.setAttribute('transform', 'translate(' + (v.g.width - v.g.left - MAP_WIDTH) + ',' + (v.g.top + y) + ')');
		frame.setAttribute('y', (v.from / v.all * height).toFixed(1));
		frame.setAttribute('height', Math.max((v.to - v.from) / v.all * height, 3).toFixed(1));
	}

	function draw() {
		var v = visible(), g = v.g, m = g.model, paths = {}, scale, i, left, right, key, row;

		group.textContent = '';
		if (v.all < v.screen * 1.25 || g.width < 3 * MAP_WIDTH)
			return;
		height = Math.min(g.rows * MAP_ROW, v.screen * 0.6);
		row = height / g.rows;
		scale = MAP_WIDTH / (g.view[1] - g.view[0]);
		for (i = 0; i < m.count; i++) {
			left = Math.max((m.x[i] - g.view[0]) * scale, 0);
			right = Math.min((m.x[i] + m.w[i] - g.view[0]) * scale, MAP_WIDTH);
			if (right - left < 0.3)
				continue;
			key = g.color(i);
			paths[key] = (paths[key] || '') + 'M' + left.toFixed(1) + ' ' +
				((g.icicle ? m.level[i] : g.rows - 1 - m.level[i]) * row).toFixed(1) + 'h' + (right - left).toFixed(1) +
				'v' + Math.max(row - 0.3, 0.5).toFixed(1) + 'h-' + (right - left).toFixed(1) + 'z';
		}
		group.appendChild(node(SVG, 'rect', { 'class': 'cf-map-ground', x: -4, y: -4, width: MAP_WIDTH + 8, height: height + 8,
			rx: 4 }));
		Object.keys(paths).forEach(function (k) {
			group.appendChild(node(SVG, 'path', { 'class': 'cf-c' + k, d: paths[k] }));
		});
		group.appendChild(node(SVG, 'rect', { 'class': 'cf-map-frame', x: -2, width: MAP_WIDTH + 4, rx: 2 }));
		if (group.parentNode !== svg || svg.lastChild !== group)
			svg.appendChild(group);
		follow();
	}

	/* Brings what was pointed at into the middle of the window. */
	function go(event) {
		var v = visible(), box = group.firstChild.getBoundingClientRect();
		var share = Math.min(Math.max((event.clientY - box.top - 4 * v.g.unit) / (height * v.g.unit), 0), 1);

		window.scrollTo({ top: window.scrollY + svg.getBoundingClientRect().top + (v.g.top + share * v.all) * v.g.unit -
			window.innerHeight / 2, behavior: 'instant' });
		follow();
	}

	group.addEventListener('pointerdown', function (event) {
		dragging = true;
		if (group.setPointerCapture)
			try {
				group.setPointerCapture(event.pointerId);
			} catch (e) {
				/* a pointer that is gone again: no dragging, then */
			}
		event.preventDefault();
		go(event);
	});
	group.addEventListener('pointermove', function (event) {
		if (dragging)
			go(event);
	});
	['pointerup', 'pointercancel'].forEach(function (name) {
		group.addEventListener(name, function () { dragging = false; });
	});
	window.addEventListener('scroll', follow, { passive: true });
	return { draw: draw };
}
