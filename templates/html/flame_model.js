/* SPDX-License-Identifier: MIT */
/* flame_model: the boxes of a picture as arrays, a thread's part of them, and the same bottom-up. */
var LEAST = 1e-5; /* share of the whole; callers of less aren't followed, as in the program's own bottom-up trees */

/* up: callers stand on callees. levels: a box of left out frames on this level was left out for its depth. */
function newModel(count, up, levels) {
	return {
		count: count, up: up, levels: levels, thread: 0,
		parent: new Uint32Array(count), level: new Uint32Array(count), face: new Int32Array(count),
		total: new Float64Array(count), samples: new Float64Array(count),
		x: new Float64Array(count), w: new Float64Array(count) /* fractions of the root's width */
	};
}

/* Children fill their parent from the left, so positions follow from the totals. */
function place(m) {
	var cursor = new Float64Array(m.count), i;

	m.w[0] = 1;
	for (i = 1; i < m.count; i++) {
		m.x[i] = cursor[i] = cursor[m.parent[i]];
		m.w[i] = m.total[0] > 0 ? m.total[i] / m.total[0] : 0;
		cursor[m.parent[i]] += m.w[i];
	}
}

function readBoxes(data) {
	var m = newModel(data.boxes.length / 4, false, data.levels), i, at;

	for (i = 0; i < m.count; i++) {
		at = i * 4;
		m.parent[i] = i - data.boxes[at];
		m.face[i] = data.boxes[at + 1];
		m.total[i] = data.boxes[at + 2] * data.factor;
		m.samples[i] = data.boxes[at + 3];
		m.level[i] = i ? m.level[m.parent[i]] + 1 : 0;
	}
	if (!data.extents) {
		place(m);
	} else {
		for (i = 0; i < m.count; i++) {
			m.x[i] = data.extents[2 * i];
			m.w[i] = data.extents[2 * i + 1];
		}
	}
	return m;
}

/* Thread groups stand on the root and have frames on them; what filters hide stands there too, but bare. */
function threadsOf(m) {
	var list = [], known = {}, i;

	for (i = 1; i < m.count; i++)
		if (m.level[i] === 2 && !known[m.parent[i]]) {
			known[m.parent[i]] = true;
			list.push(m.parent[i]);
		}
	return list.sort(function (a, b) { return m.total[b] - m.total[a] || a - b; });
}

/* The boxes on and above top. Parents stand before children. */
function subtree(m, top) {
	var to = new Int32Array(m.count).fill(-1), kept = [], part, i;

	for (i = top; i < m.count; i++)
		if (i === top || to[m.parent[i]] >= 0) {
			to[i] = kept.length;
			kept.push(i);
		}
	part = newModel(kept.length, m.up, m.levels - m.level[top]);
	kept.forEach(function (old, k) {
		part.parent[k] = k ? to[m.parent[old]] : 0;
		part.level[k] = m.level[old] - m.level[top];
		part.face[k] = m.face[old];
		part.total[k] = m.total[old];
		part.samples[k] = m.samples[old];
		part.x[k] = m.w[top] > 0 ? (m.x[old] - m.x[top]) / m.w[top] : 0;
		part.w[k] = m.w[top] > 0 ? m.w[old] / m.w[top] : 0;
	});
	part.w[0] = 1;
	return part;
}

/* A picture that is bottom-up already, or whose widths aren't its totals, can't be turned over. */
function canInvert(data) {
	return !data.inverted && !data.extents && !data.diffs;
}

/*
 * From each function that has cost of its own to its callers. floor: up to this level boxes are no callers but the root
 * and the threads. What was left out of the picture is one box without callers.
 */
function invert(m, data, floor) {
	var functions = new Map(), children = new Map(), nodes = [], climbs = [], lists = [[]], order = [0], out, least, i;
	var self = m.total.slice(), own = m.samples.slice(), leaf = new Uint8Array(m.count).fill(1);

	function functionOf(i) {
		var key = m.face[i] < 0 ? -1 : data.faces[m.face[i] * 3] * data.names.length + data.faces[m.face[i] * 3 + 1];

		if (!functions.has(key))
			functions.set(key, functions.size);
		return functions.get(key);
	}

	/* Climbs enter the child of their node for the box that they are at. */
	function enter(climb) {
		var key = climb.node * (m.count + 1) + functionOf(climb.at), known = children.get(key);

		if (known === undefined) {
			known = nodes.length;
			children.set(key, known);
			nodes.push({ parent: climb.node, face: m.face[climb.at], total: 0, samples: 0 });
			lists.push([]);
			lists[climb.node].push(known);
		} else if (m.face[climb.at] < 0) {
			nodes[known].face += m.face[climb.at];
		}
		climb.node = known;
		nodes[known].total += climb.weight;
		nodes[known].samples += climb.count;
	}

	function nameAt(node, part) {
		return node.face < 0 ? '\uffff' : data.names[data.faces[node.face * 3 + part]];
	}

	function byName(a, b) {
		var p = nodes[a], q = nodes[b], x = nameAt(p, 0), y = nameAt(q, 0);

		if (x === y) {
			x = nameAt(p, 1);
			y = nameAt(q, 1);
		}
		return x < y ? -1 : x > y ? 1 : a - b;
	}

	for (i = 1; i < m.count; i++) {
		self[m.parent[i]] -= m.total[i];
		own[m.parent[i]] -= m.samples[i];
		leaf[m.parent[i]] = 0;
	}
	nodes.push({ parent: 0, face: m.face[0], total: m.total[0], samples: m.samples[0] });
	least = LEAST * m.total[0];
	for (i = 1; i < m.count; i++)
		if (self[i] > 0 && (m.level[i] > floor || leaf[i]))
			climbs.push({ node: 0, at: i, weight: self[i], count: own[i] });
	while (climbs.length) {
		climbs.forEach(enter);
		climbs = climbs.filter(function (climb) {
			climb.at = m.parent[climb.at];
			return m.level[climb.at] > floor && nodes[climb.node].total >= least;
		});
	}
	for (i = 0; i < order.length; i++)
		lists[order[i]].sort(byName).forEach(function (k) { order.push(k); });
	out = newModel(order.length, true, Infinity);
	order.forEach(function (k, at) {
		nodes[k].at = at;
		out.parent[at] = nodes[nodes[k].parent].at;
		out.level[at] = at ? out.level[out.parent[at]] + 1 : 0;
		out.face[at] = nodes[k].face;
		out.total[at] = nodes[k].total;
		out.samples[at] = nodes[k].samples;
	});
	place(out);
	return out;
}
