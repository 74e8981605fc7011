/* SPDX-License-Identifier: MIT */
/* flame_difference: what boxes cost before and after: widths, colours and words of a picture that compares two sides. */

/* model: the boxes; its totals and positions become those of the side that is looked at. */
function Difference(data, model) {
	var before = new Float64Array(model.count), after = new Float64Array(model.count), both = new Float64Array(model.count);
	var sides = { after: after, before: before, both: both }, i;
	var self = { widths: data.widths, absolute: data.absolute };

	for (i = 0; i < model.count; i++) {
		before[i] = data.diffs[i * 4];
		after[i] = data.diffs[i * 4 + 1];
		both[i] = data.diffs[i * 4 + 2];
	}

	self.place = function () {
		model.total = sides[self.widths];
		place(model);
	};

	self.next = function () {
		self.widths = { after: 'before', before: 'both', both: 'after' }[self.widths];
		self.place();
	};

	/* As in the static picture: grey, then the palest, less, more and most of more and of less. */
	self.color = function (i) {
		var mark = data.diffs[i * 4 + 3], change = after[i] - before[i], far, step = 0;

		if (!mark || !change)
			return data.colors;
		if (mark === 1) {
			far = self.absolute ? (after[0] > 0 ? Math.abs(change) / after[0] : 0) :
				before[i] > 0 && after[i] > 0 ? Math.max(after[i] / before[i], before[i] / after[i]) : Infinity;
			step = far >= (self.absolute ? 0.1 : 2) ? 3 : far >= (self.absolute ? 0.02 : 1.33) ? 2 : 1;
		}
		return data.colors + (change > 0 ? 1 : 5) + step;
	};

	self.isOnOneSide = function (i) { return i > 0 && (before[i] > 0) !== (after[i] > 0); };

	self.text = function (i) {
		var now = valueText(data.unit, after[i]), was = valueText(data.unit, before[i]), change = after[i] - before[i];

		if (!before[i])
			return now + ', new';
		if (!after[i])
			return 'gone, was ' + was;
		return now + ', was ' + was + ': ' + (change > 0 ? '+' : '') + valueText(data.unit, change) + ', \u00d7' +
			(after[i] / before[i]).toFixed(2) + (data.diffs[i * 4 + 3] ? '' : ', within noise');
	};

	/* The words of nine colours, then a sentence for each kind of widths. */
	function words() { return self.absolute ? data.differenceWords : data.ratioWords; }

	self.legend = function () {
		return data.legend.map(function (entry, k) { return k < 9 ? [words()[k], entry[1], entry[2]] : entry; });
	};

	self.notes = function () {
		return data.notes.map(function (note) {
			return data.ratioWords.indexOf(note) >= 9 || data.differenceWords.indexOf(note) >= 9 ?
				words()[{ after: 9, before: 10, both: 11 }[self.widths]] : note;
		});
	};

	self.place();
	return self;
}
