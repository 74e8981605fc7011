// SPDX-License-Identifier: MIT
// report: theme, sorting, filtering and copying of tables, trees by keyboard. The page works without it; copy.js
// stands before it.
(function () {
  'use strict';
  var root = document.documentElement, each = function (list, f) { Array.prototype.forEach.call(list, f); };

  function make(name, attributes, text) {
    var e = document.createElement(name);
    Object.keys(attributes).forEach(function (k) { e.setAttribute(k, attributes[k]); });
    if (text !== undefined) e.textContent = text;
    return e;
  }

  // Theme: what the system says until the button was pressed.
  function isDark() {
    var t = root.getAttribute('data-theme');
    return t ? t === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
  }
  function addThemeButton() {
    var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), b;
    var path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2.5v15a7.5 7.5 0 0 1 0-15z');
    svg.appendChild(path);
    b = make('button', { type: 'button', 'class': 'theme' });
    b.appendChild(svg);
    function label() {
      b.setAttribute('aria-label', isDark() ? 'Light theme' : 'Dark theme');
      b.title = b.getAttribute('aria-label');
    }
    b.addEventListener('click', function () {
      var next = isDark() ? 'light' : 'dark';
      root.setAttribute('data-theme', next);
      try { localStorage.setItem('callflow-theme', next); } catch (e) { /* private windows keep nothing */ }
      label();
    });
    label();
    document.querySelector('header').appendChild(b);
  }

  function cellText(cell) {
    return cell.hasAttribute('data-v') ? cell.getAttribute('data-v') : cell.textContent;
  }

  // Numbers compare as numbers, moments and names as text; cells without a value come last.
  function compare(a, b, numeric) {
    var x = cellText(a), y = cellText(b);
    if (numeric) {
      x = a.hasAttribute('data-v') ? Number(x) : NaN;
      y = b.hasAttribute('data-v') ? Number(y) : NaN;
      if (x !== x || y !== y) return { last: true, order: (x !== x) - (y !== y) };
      return { order: x - y };
    }
    return { order: x < y ? -1 : x > y ? 1 : 0 };
  }

  function sortBy(table, column, head) {
    var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
    var numeric = head.classList.contains('num');
    var now = head.getAttribute('aria-sort'), sign;
    var next = now === 'descending' ? 'ascending' : now === 'ascending' ? 'descending' :
      numeric ? 'descending' : 'ascending';
    sign = next === 'ascending' ? 1 : -1;
    rows.sort(function (r, s) {
      var c = compare(r.cells[column], s.cells[column], numeric);
      return (c.last ? c.order : sign * c.order) || Number(r.dataset.n) - Number(s.dataset.n);
    });
    rows.forEach(function (r) { body.appendChild(r); });
    each(table.tHead.rows[0].cells, function (h) { h.removeAttribute('aria-sort'); });
    head.setAttribute('aria-sort', next);
  }

  function csvCell(text) {
    if (/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-?[0-9.]+(e[-+]?[0-9]+)?$/.test(text)) text = "'" + text;
    return /[",;\r\n]|^ | $/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csv(table) {
    var lines = [];
    function add(cells, get) { lines.push(Array.prototype.map.call(cells, function (c) { return csvCell(get(c)); }).join(',')); }
    add(table.tHead.rows[0].cells, function (c) { return c.dataset.id; });
    each(table.tBodies[0].rows, function (r) { if (!r.hidden) add(r.cells, cellText); });
    return lines.join('\r\n') + '\r\n';
  }
  function addTools(table) {
    var body = table.tBodies[0], tools = make('div', { 'class': 'tools' }), box = table.parentNode;
    var said = make('span', { role: 'status' }), button = make('button', { type: 'button' }, 'Copy as CSV'), input;
    input = make('input', { type: 'search', placeholder: 'Filter rows', 'aria-label': 'Filter rows' });
    input.addEventListener('input', function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      each(body.rows, function (r) {
        var text = r.textContent.toLowerCase();
        r.hidden = !words.every(function (w) { return text.indexOf(w) >= 0; });
        shown += r.hidden ? 0 : 1;
      });
      said.textContent = words.length ? shown + ' of ' + body.rows.length + ' rows' : '';
    });
    tools.appendChild(input);
    button.addEventListener('click', function () {
      copyText(csv(table), document.body, function (ok) { said.textContent = ok ? 'Copied' : 'The browser refused to copy'; });
    });
    tools.appendChild(button);
    tools.appendChild(said);
    box.parentNode.insertBefore(tools, box);
    box.parentNode.classList.add('with-tools');
  }

  function enhanceTable(table) {
    var heads = table.tHead.rows[0].cells;
    each(table.tBodies[0].rows, function (r, i) { r.dataset.n = i; });
    if (table.tBodies[0].rows.length > 2)
      each(heads, function (head, column) {
        var b = make('button', { type: 'button', 'class': 'sort' }, head.textContent);
        head.textContent = '';
        head.appendChild(b);
        b.addEventListener('click', function () { sortBy(table, column, head); });
      });
    if (table.tBodies[0].rows.length >= 8) addTools(table);
  }

  // Trees: rows are the nodes in order, aria-level their depth.
  function enhanceTree(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    function level(r) { return Number(r.getAttribute('aria-level')); }
    function update() {
      var closed = Infinity;
      rows.forEach(function (r) {
        r.hidden = level(r) > closed;
        if (!r.hidden) closed = r.getAttribute('aria-expanded') === 'false' ? level(r) : Infinity;
      });
    }
    function open(r, yes) {
      if (r.hasAttribute('aria-expanded')) {
        r.setAttribute('aria-expanded', String(yes));
        update();
      }
    }
    function focus(r) {
      if (!r) return;
      rows.forEach(function (o) { o.tabIndex = o === r ? 0 : -1; });
      r.focus();
    }
    function near(i, step) {
      for (i += step; rows[i] && rows[i].hidden; i += step);
      return rows[i];
    }
    table.setAttribute('role', 'treegrid');
    table.setAttribute('aria-label', table.parentNode.getAttribute('aria-label'));
    rows.forEach(function (r, i) {
      r.tabIndex = i ? -1 : 0;
      if (rows[i + 1] && level(rows[i + 1]) > level(r)) r.setAttribute('aria-expanded', 'true');
      r.addEventListener('click', function (e) {
        if (window.getSelection().isCollapsed && e.target.closest('th')) open(r, r.getAttribute('aria-expanded') !== 'true');
      });
      r.addEventListener('keydown', function (e) {
        var parent = i, opened = r.getAttribute('aria-expanded');
        switch (e.key) {
        case 'ArrowDown': focus(near(i, 1)); break;
        case 'ArrowUp': focus(near(i, -1)); break;
        case 'ArrowRight': if (opened === 'false') open(r, true); else if (opened) focus(near(i, 1)); break;
        case 'ArrowLeft':
          if (opened === 'true') { open(r, false); break; }
          while (parent > 0 && level(rows[parent]) >= level(r)) parent--;
          focus(rows[parent]);
          break;
        case 'Home': focus(rows[0]); break;
        case 'End': focus(near(rows.length, -1)); break;
        default: return;
        }
        e.preventDefault();
      });
    });
  }

  addThemeButton();
  each(document.querySelectorAll('table.data'), enhanceTable);
  each(document.querySelectorAll('table.tree'), enhanceTree);
})();
