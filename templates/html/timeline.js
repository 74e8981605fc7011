// SPDX-License-Identifier: MIT
// timeline: zoom, the stack at the cursor and hotspots of what is seen. The page shows the whole picture without it.
(function () {
  'use strict';
  var NS = 'http://www.w3.org/2000/svg', WIDTH = 1120, MARGIN = 12, AXIS = 26, LANE = 19, ROW = 22, LANES = 24, COLORS = 8;
  var BARS = 700, ROWS = 150, FAILED = 8, HIGH = 4, WHOLE = 1e6;

  function make(name, attributes, text) {
    var e = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (k) { e.setAttribute(k, attributes[k]); });
    if (text !== undefined) e.textContent = text;
    return e;
  }
  function svg(name, attributes, text) {
    var e = document.createElementNS(NS, name);
    Object.keys(attributes || {}).forEach(function (k) { e.setAttribute(k, attributes[k]); });
    if (text !== undefined) e.textContent = text;
    return e;
  }
  function duration(ns) {
    var units = [['s', 1e9], ['ms', 1e6], ['µs', 1e3], ['ns', 1]], i = 0, v;
    while (i < 3 && Math.abs(ns) < units[i][1]) i++;
    v = ns / units[i][1];
    return v.toFixed(v >= 100 || units[i][1] === 1 ? 0 : v >= 10 ? 1 : 2) + ' ' + units[i][0];
  }
  function step(length, most) {
    var s = Math.pow(10, Math.floor(Math.log10(length / most))), i;
    for (i = 0; length / s > most && i < 3; i++) s *= i === 1 ? 2.5 : 2;
    return s;
  }
  function cut(text, columns) { return text.length > columns ? text.slice(0, Math.max(columns - 1, 1)) + '…' : text; }

  function start(figure, data) {
    var d = JSON.parse(data.textContent), n = d.intervals.length / 6, list = [], i, v;
    var scroll = figure.querySelector('.scroll'), old = scroll && scroll.querySelector('svg');
    var from = 0, to = WHOLE, cursor = null, waterfall = d.style === 'waterfall', chosen = null;
    var bar, range, panel, hot, drawn, left, rows = [];
    if (!old) return;
    var title = old.querySelector('title'), desc = old.querySelector('desc').cloneNode(true);
    desc.textContent += ' Plus and minus zoom, 0 shows all, arrows move the cursor, with shift the part that is seen.';
    for (i = 0; i < n; i++) {
      v = d.intervals;
      list.push({ track: v[6 * i] >> 4, marks: v[6 * i] & 15, depth: v[6 * i + 1], name: d.names[v[6 * i + 2]],
        from: v[6 * i + 3], to: v[6 * i + 3] + v[6 * i + 4], own: v[6 * i + 5], order: i });
    }
    left = Math.min(WIDTH * 0.3, 26 + 7.25 * Math.max.apply(null, d.tracks.map(function (t) {
      return Math.min(t.length, 20);
    })));
    if (waterfall)
      left = Math.min(WIDTH * 0.3, 26 + Math.max.apply(null, list.map(function (e) {
        return Math.min(e.depth, 12) * 10 + 6.4 * (Math.min(d.tracks[e.track].length, 20) + 2 + Math.min(e.name.length, 40));
      })));
    var right = WIDTH - MARGIN - (waterfall ? 70 : 0);
    function ns(part) { return part / WHOLE * d.length; }
    function x(part) { return left + (part - from) / (to - from) * (right - left); }

    // What is drawn of the part that is seen: marked ones first, then the longest.
    function seen() {
      var inside = list.filter(function (e) { return e.to >= from && e.from <= to; });
      var most = waterfall ? ROWS : BARS;
      if (inside.length > most)
        inside = inside.slice().sort(function (a, b) {
          return !!b.marks - !!a.marks || (b.to - b.from) - (a.to - a.from) || a.order - b.order;
        }).slice(0, most).sort(function (a, b) { return a.order - b.order; });
      return inside;
    }

    function lanes(shown) {
      var ends = [], counts = d.tracks.map(function () { return 0; });
      shown.forEach(function (e) {
        var mine = ends[e.track] || (ends[e.track] = []), lane = Math.min(e.depth, LANES - 1);
        while (lane + 1 < LANES && mine[lane] > e.from) lane++;
        mine[lane] = Math.max(mine[lane] || 0, e.to);
        e.lane = lane;
        counts[e.track] = Math.max(counts[e.track], lane + 1);
      });
      return counts;
    }

    function addBar(parent, e, y, tall) {
      var a = Math.max(x(e.from), left), b = Math.min(x(e.to), right), g = svg('g');
      g.appendChild(svg('title', {}, d.tracks[e.track] + ' ' + e.name + ': ' + duration(ns(e.to - e.from)) + ', after ' +
        duration(ns(e.from)) + (e.marks & FAILED ? ', failed' : '') + (e.marks & HIGH ? ', on the ' + d.highlight : '')));
      g.appendChild(svg('rect', { 'class': 'cf-bar cf-t' + e.track % COLORS + (e.marks & HIGH ? ' cf-high' : '') +
        (e.marks & FAILED ? ' cf-failed' : ''), x: a.toFixed(1), y: y, width: Math.max(b - a, 1).toFixed(1), height: tall, rx: 2 }));
      parent.appendChild(g);
      rows.push({ e: e, y: y, tall: tall });
      return { g: g, a: a, b: b };
    }

    function drawAxis(picture, height) {
      var length = ns(to - from), s = step(length, (right - left) / 90), at;
      for (at = Math.ceil(ns(from) / s) * s; at <= ns(to) * 1.0001; at += s) {
        var px = x(at / d.length * WHOLE);
        picture.appendChild(svg('line', { 'class': 'cf-grid', x1: px.toFixed(1), x2: px.toFixed(1), y1: MARGIN + AXIS - 6, y2: height - MARGIN }));
        picture.appendChild(svg('text', { 'class': 'cf-small cf-soft ' + (px > right - 30 ? 'cf-end' : at ? 'cf-mid' : ''), x: px.toFixed(1), y: MARGIN + AXIS - 12 },
          at ? duration(at) : '0'));
      }
    }

    function drawWaterfall(picture, shown) {
      var y = MARGIN + AXIS;
      shown.forEach(function (e) {
        var tall = e.marks & HIGH ? 16 : 12, one = addBar(picture, e, y + (ROW - tall) / 2, tall);
        var at = MARGIN + Math.min(e.depth, 12) * 10, track = cut(d.tracks[e.track], 20), room = Math.floor((left - 10 - at) / 6.4) - track.length - 1;
        one.g.appendChild(svg('text', { 'class': 'cf-small cf-soft', x: at, y: y + 15 }, track));
        if (room > 3)
          one.g.appendChild(svg('text', { 'class': 'cf-small' + (e.marks & HIGH ? ' cf-strong' : ''), x: at + (track.length + 1) * 6.4, y: y + 15 }, cut(e.name, Math.min(room, 40))));
        var words = duration(ns(e.to - e.from)) + (e.marks & FAILED ? ' ✖ failed' : ''), behind = one.b + 5 + words.length * 6.4 < WIDTH;
        one.g.appendChild(svg('text', { 'class': 'cf-small cf-halo' + (behind ? '' : ' cf-end'), x: (behind ? one.b + 5 : one.a - 5).toFixed(1), y: y + 15 }, words));
        y += ROW;
      });
    }

    function drawTracks(picture, shown, counts) {
      var y = MARGIN + AXIS;
      d.tracks.forEach(function (label, track) {
        if (!counts[track]) return;
        picture.appendChild(svg('line', { 'class': 'cf-grid', x1: MARGIN, x2: right, y1: y - 2, y2: y - 2 }));
        picture.appendChild(svg('text', { x: MARGIN, y: y + 13 }, cut(label, 20)));
        shown.forEach(function (e) {
          if (e.track !== track) return;
          var top = y + e.lane * LANE, one = addBar(picture, e, top, LANE - 2), columns = Math.floor((one.b - one.a - 6) / 6.4);
          if (columns >= 3)
            one.g.appendChild(svg('text', { 'class': 'cf-small', x: (one.a + 3).toFixed(1), y: top + 12.5 }, cut((e.marks & FAILED ? '✖ ' : '') + e.name, columns)));
        });
        y += counts[track] * LANE + 6;
      });
    }

    function draw() {
      var shown = seen(), counts = lanes(shown), height = 2 * MARGIN + AXIS, picture;
      var legend = shown.some(function (e) { return e.marks & HIGH; });
      if (waterfall) height += shown.length * ROW;
      else counts.forEach(function (c) { if (c) height += c * LANE + 6; });
      if (legend) height += 22;
      picture = svg('svg', { 'class': 'cf-fig cf-timeline cf-live', viewBox: '0 0 ' + WIDTH + ' ' + height, width: WIDTH, height: height, role: 'img', tabindex: 0, 'aria-labelledby': old.getAttribute('aria-labelledby'), style: old.getAttribute('style') });
      picture.appendChild(title.cloneNode(true));
      picture.appendChild(desc.cloneNode(true));
      rows = [];
      drawAxis(picture, height);
      if (waterfall) drawWaterfall(picture, shown);
      else drawTracks(picture, shown, counts);
      if (legend) {
        picture.appendChild(svg('rect', { 'class': 'cf-bar cf-t0 cf-high', x: left, y: height - 26, width: 26, height: 16, rx: 2 }));
        picture.appendChild(svg('text', { 'class': 'cf-small cf-soft', x: left + 32, y: height - 14 }, d.highlight));
      }
      drawn = svg('line', { 'class': 'cf-cursor', y1: MARGIN + AXIS - 6, y2: height - MARGIN });
      picture.appendChild(drawn);
      listen(picture);
      var focused = document.activeElement === scroll.querySelector('svg');
      scroll.replaceChild(picture, scroll.querySelector('svg'));
      if (focused) picture.focus({ preventScroll: true });
      range.textContent = from === 0 && to === WHOLE ? 'all ' + duration(d.length)
        : duration(ns(from)) + ' to ' + duration(ns(to)) + ' of ' + duration(d.length);
      hotspots();
      point(cursor);
    }

    // Own cost of names in the part that is seen; where none is known, the time that the next deeper interval of a
    // track doesn't cover.
    function hotspots() {
      var own = new Map(), sum = 0, open = [], costs = list.some(function (e) { return e.own; });
      function add(e, time) {
        if (time <= 0) return;
        own.set(e.name, (own.get(e.name) || 0) + time);
        sum += time;
      }
      list.forEach(function (e) {
        var a = Math.max(e.from, from), b = Math.min(e.to, to), k, up;
        if (b <= a) return;
        if (costs) { add(e, e.own * (b - a) / (e.to - e.from)); return; }
        if (!open[e.track]) open[e.track] = [];
        for (k = e.depth - 1; k >= 0 && !up; k--) up = open[e.track][k];
        add(e, b - a);
        if (up && up.to >= e.to && !waterfall && e.depth > 0) { own.set(up.name, own.get(up.name) - (b - a)); sum -= b - a; }
        open[e.track][e.depth] = e;
        open[e.track].length = e.depth + 1;
      });
      while (hot.firstChild) hot.removeChild(hot.firstChild);
      Array.from(own).sort(function (p, q) { return q[1] - p[1] || (p[0] < q[0] ? -1 : 1); }).slice(0, 8).forEach(function (pair) {
        if (pair[1] <= 0) return;
        var item = make('li', {});
        item.appendChild(make('code', {}, pair[0]));
        item.appendChild(document.createTextNode(' ' + (!costs ? duration(ns(pair[1])) : d.unit === 'ns' ? duration(pair[1]) : '') +
          (sum && !waterfall ? (costs && d.unit !== 'ns' ? '' : ', ') + (100 * pair[1] / sum).toFixed(1) + ' %' : '')));
        hot.appendChild(item);
      });
    }

    function stackAt(part, track) {
      return list.filter(function (e) {
        return e.from <= part && part < Math.max(e.to, e.from + 1) && (track === null || e.track === track);
      }).sort(function (a, b) { return a.track - b.track || a.depth - b.depth || a.order - b.order; });
    }

    function point(part) {
      cursor = part;
      while (panel.firstChild) panel.removeChild(panel.firstChild);
      if (part === null || part < from || part > to) {
        drawn.setAttribute('visibility', 'hidden');
        panel.appendChild(make('p', {}, 'Point at the picture, or move the cursor with the arrow keys.'));
        return;
      }
      drawn.setAttribute('visibility', 'visible');
      drawn.setAttribute('x1', x(part).toFixed(1));
      drawn.setAttribute('x2', x(part).toFixed(1));
      var stack = stackAt(part, waterfall ? null : chosen), items = make('ol', {});
      panel.appendChild(make('p', {}, 'at ' + duration(ns(part)) + (chosen !== null && !waterfall ? ', ' + d.tracks[chosen] : '') +
        (stack.length ? '' : ': nothing')));
      stack.slice(0, 60).forEach(function (e) {
        var item = make('li', {});
        item.appendChild(make('code', {}, (waterfall ? d.tracks[e.track] + ' ' : '') + e.name));
        item.appendChild(document.createTextNode(' ' + duration(ns(e.to - e.from)) + (e.marks & FAILED ? ', failed' : '')));
        items.appendChild(item);
      });
      if (stack.length) panel.appendChild(items);
    }

    function zoom(center, factor) {
      var length = Math.min(Math.max((to - from) * factor, 20), WHOLE), share = (center - from) / (to - from);
      from = Math.max(0, Math.min(center - share * length, WHOLE - length));
      to = Math.min(WHOLE, from + length);
      draw();
    }
    function pan(share) {
      var length = to - from;
      from = Math.max(0, Math.min(from + share * length, WHOLE - length));
      to = from + length;
      draw();
    }
    function whole() { from = 0; to = WHOLE; draw(); }

    function listen(picture) {
      var began = null, band = null;
      function place(event) {
        var box = picture.getBoundingClientRect(), scale = WIDTH / box.width;
        return { part: from + ((event.clientX - box.left) * scale - left) / (right - left) * (to - from), y: (event.clientY - box.top) * scale, px: (event.clientX - box.left) * scale };
      }
      function trackAt(y) {
        var k;
        for (k = 0; k < rows.length; k++) if (y >= rows[k].y - 3 && y <= rows[k].y + rows[k].tall + 3) return rows[k].e.track;
        return chosen;
      }
      picture.addEventListener('pointerdown', function (event) {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        began = place(event);
        if (began.px < left) { began = null; return; }
        band = svg('rect', { 'class': 'cf-band', y: MARGIN, height: picture.viewBox.baseVal.height - 2 * MARGIN, x: began.px, width: 0 });
        picture.appendChild(band);
        picture.setPointerCapture(event.pointerId);
      });
      picture.addEventListener('pointermove', function (event) {
        var now = place(event);
        if (band) {
          band.setAttribute('x', Math.min(now.px, began.px).toFixed(1));
          band.setAttribute('width', Math.abs(now.px - began.px).toFixed(1));
        } else if (now.part >= from && now.part <= to) {
          chosen = trackAt(now.y);
          point(now.part);
        }
      });
      picture.addEventListener('pointerup', function (event) {
        var now = place(event), a, b;
        if (!band) return;
        picture.removeChild(band);
        band = null;
        a = Math.max(Math.min(now.part, began.part), from);
        b = Math.min(Math.max(now.part, began.part), to);
        if (Math.abs(now.px - began.px) > 4 && b - a >= 20) { from = a; to = b; draw(); }
        else { chosen = trackAt(now.y); point(now.part); }
      });
      picture.addEventListener('pointercancel', function () { if (band) picture.removeChild(band); band = null; });
      picture.addEventListener('dblclick', whole);
      picture.addEventListener('wheel', function (event) {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        zoom(place(event).part, event.deltaY > 0 ? 1.25 : 0.8);
      }, { passive: false });
      picture.addEventListener('keydown', function (event) {
        var middle = cursor !== null && cursor >= from && cursor <= to ? cursor : (from + to) / 2, tracks = d.tracks.length;
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === '+' || event.key === '=') zoom(middle, 0.5);
        else if (event.key === '-') zoom(middle, 2);
        else if (event.key === '0' || event.key === 'Escape') whole();
        else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          var sign = event.key === 'ArrowLeft' ? -1 : 1;
          if (event.shiftKey) pan(sign * 0.25);
          else point(Math.max(from, Math.min(to, (cursor === null ? from : cursor) + sign * (to - from) / 100)));
        } else if (!waterfall && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
          chosen = chosen === null ? 0 : (chosen + (event.key === 'ArrowUp' ? tracks - 1 : 1)) % tracks;
          point(cursor === null ? (from + to) / 2 : cursor);
        } else return;
        event.preventDefault();
      });
    }

    function button(words, label, act) {
      var b = make('button', { type: 'button', 'aria-label': label, title: label }, words);
      b.addEventListener('click', act);
      bar.appendChild(b);
    }
    bar = make('div', { 'class': 'cf-timeline-bar', role: 'toolbar', 'aria-label': 'Zoom' });
    button('+', 'Zoom in', function () { zoom(cursor !== null && cursor >= from && cursor <= to ? cursor : (from + to) / 2, 0.5); });
    button('−', 'Zoom out', function () { zoom((from + to) / 2, 2); });
    button('‹', 'Earlier', function () { pan(-0.5); });
    button('›', 'Later', function () { pan(0.5); });
    button('All', 'Show all', whole);
    range = make('span', { 'class': 'cf-range', 'aria-live': 'polite' });
    bar.appendChild(range);
    bar.appendChild(make('span', { 'class': 'cf-hint' }, 'Drag to zoom into a part; double-click shows all.'));
    figure.insertBefore(bar, scroll);
    var about = make('div', { 'class': 'cf-timeline-about' }), one = make('section', {}), two = make('section', {});
    one.appendChild(make('h4', {}, waterfall ? 'Under way at the cursor' : 'Stack at the cursor'));
    panel = make('div', { 'aria-live': 'polite' });
    one.appendChild(panel);
    two.appendChild(make('h4', {}, waterfall ? 'Longest in this part' : 'Hotspots in this part'));
    hot = make('ol', {});
    two.appendChild(hot);
    about.appendChild(one);
    about.appendChild(two);
    figure.insertBefore(about, scroll.nextSibling);
    draw();
  }

  Array.prototype.forEach.call(document.querySelectorAll('figure.picture'), function (figure) {
    var data = figure.querySelector('script.cf-timeline-data');
    if (data) start(figure, data);
  });
}());
