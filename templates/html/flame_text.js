/* SPDX-License-Identifier: MIT */
/* flame_text: what flame graphs write: numbers, names that fit, and the names that a search means. */
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
