/* SPDX-License-Identifier: MIT */
/* middle: how many lines differ between the parts of two contents that their equal ends leave. */
#include "ingest/git/middle.h"

#include "core/table.h"

/*
 * git's diff takes lines off equal ends, leaves out lines that the other file hasn't got, and of those that occur very
 * often the ones that stand among such lines; then it looks for the shortest edit (Myers, "An O(ND) Difference Algorithm",
 * 1986), with short cuts once that costs 256 steps from either end. Below that cost the number of changed lines is that of
 * the shortest edit of the lines that are left, so counting needs no more than its length; and the lines themselves are
 * looked at in the middle only, but for how often they occur. Constants are those of git's xdiff.
 */
#define COST_MAX 500
#define OFTEN_MAX 1024 /* a line that occurs as often is one of many, in files of any length */
#define WINDOW 100     /* lines to each side that are looked at */
#define ODDS 4 /* one of many among lines without a match goes, where there are this many of those for each */
/* A longer middle is left to git's own. */
#define LINES_MAX 20000

/* A distinct line of the middles. */
struct class
{
	struct cf_slice text;
	uint32_t hash;
	uint32_t in_part[2], in_whole[2]; /* how often it occurs */
};

enum verdict { NO_MATCH, FEW, MANY };

struct middle {
	GArray *classes;       /* struct class */
	struct cf_table index; /* ids: class + 1 */
	GArray *lines[2];      /* uint32_t: classes of the lines of each part */
	uint64_t lengths[4];   /* which lengths below 256 occur */
	bool long_ones;        /* some line is longer */
};

static struct cf_slice next_line(struct cf_slice *rest)
{
	const uint8_t *newline = memchr(rest->data, '\n', rest->len);
	struct cf_slice line = { rest->data, newline ? (uint64_t)(newline + 1 - rest->data) : rest->len };

	rest->data += line.len;
	rest->len -= line.len;
	return line;
}

static uint32_t hash_line(struct cf_slice line)
{
	uint64_t h = cf_hash_bytes(line.data, line.len, cf_hash_seed);

	return (uint32_t)h ^ (uint32_t)(h >> 32);
}

static struct class *class_at(const struct middle *m, uint32_t i)
{
	return &g_array_index(m->classes, struct class, i);
}

static struct class *find_class(const struct middle *m, struct cf_slice line, uint32_t hash)
{
	uint32_t pos, id;

	for (pos = hash; (id = cf_table_next(&m->index, hash, &pos)) != 0;) {
		struct class *class = class_at(m, id - 1);

		if (class->text.len == line.len && memcmp(class->text.data, line.data, line.len) == 0)
			return class;
	}
	return NULL;
}

static void add_line(struct middle *m, struct cf_slice line, int side)
{
	uint32_t hash = hash_line(line), at;
	struct class *class = find_class(m, line, hash);

	if (!class) {
		struct class fresh = { .text = line, .hash = hash };

		g_array_append_val(m->classes, fresh);
		cf_table_add(&m->index, hash, m->classes->len);
		class = class_at(m, m->classes->len - 1);
		if (line.len < 256)
			m->lengths[line.len >> 6] |= UINT64_C(1) << (line.len & 63);
		else
			m->long_ones = true;
	}
	class->in_part[side]++;
	at = (uint32_t)(class - class_at(m, 0));
	g_array_append_val(m->lines[side], at);
}

static bool classify(struct middle *m, const struct cf_slice part[2])
{
	for (int side = 0; side < 2; side++) {
		struct cf_slice rest = part[side];

		while (rest.len) {
			if (m->lines[side]->len == LINES_MAX)
				return false;
			add_line(m, next_line(&rest), side);
		}
	}
	return true;
}

static bool any_shared(const struct middle *m)
{
	for (guint i = 0; i < m->classes->len; i++)
		if (class_at(m, i)->in_part[0] && class_at(m, i)->in_part[1])
			return true;
	return false;
}

/* How often each class occurs in a whole content; returns its lines. */
static uint32_t count_whole(struct middle *m, struct cf_slice rest, int side)
{
	uint32_t lines = 0;

	while (rest.len) {
		struct cf_slice line = next_line(&rest);
		struct class *class;

		lines++;
		if (line.len < 256 ? !(m->lengths[line.len >> 6] >> (line.len & 63) & 1) : !m->long_ones)
			continue;
		class = find_class(m, line, hash_line(line));
		if (class)
			class->in_whole[side]++;
	}
	return lines;
}

/* From how many occurrences on a line is one of many: about the square root of the lines, a power of two. */
static uint32_t often(uint32_t lines)
{
	uint32_t limit = 1;

	for (; lines; lines >>= 2)
		limit <<= 1;
	return MIN(limit, OFTEN_MAX);
}

/* Lines without a match and lines with many, up to the first with few; step is the direction. */
static void look_around(const uint8_t *verdicts, int64_t n, int64_t at, int step, uint32_t *none,
			uint32_t *many)
{
	*none = *many = 0;
	for (int64_t i = at + step, left = WINDOW; left && i >= 0 && i < n && verdicts[i] != FEW;
	     i += step, left--)
		++*(verdicts[i] == NO_MATCH ? none : many);
}

/* Whether a line with many matches is left out: it stands among lines without any, on both sides. */
static bool is_noise(const uint8_t *verdicts, int64_t n, int64_t at)
{
	uint32_t none_before, none_after, many_before, many_after;

	look_around(verdicts, n, at, -1, &none_before, &many_before);
	if (!none_before)
		return false;
	look_around(verdicts, n, at, 1, &none_after, &many_after);
	if (!none_after)
		return false;
	/* The line itself counts on both sides. */
	many_before += many_after + 2;
	return many_before * ODDS < many_before + none_before + none_after;
}

/* The lines of a side that take part, in place. */
static void keep_lines(struct middle *m, int side, uint32_t limit)
{
	GArray *lines = m->lines[side];
	g_autofree uint8_t *verdicts = g_malloc(lines->len);
	guint kept = 0;

	for (guint i = 0; i < lines->len; i++) {
		uint32_t matches = class_at(m, g_array_index(lines, uint32_t, i))->in_whole[!side];

		verdicts[i] = matches == 0 ? NO_MATCH : matches >= limit ? MANY : FEW;
	}
	for (guint i = 0; i < lines->len; i++)
		if (verdicts[i] == FEW || (verdicts[i] == MANY && !is_noise(verdicts, lines->len, i)))
			g_array_index(lines, uint32_t, kept++) = g_array_index(lines, uint32_t, i);
	g_array_set_size(lines, kept);
}

/* Length of the shortest edit between the lines that are left, or -1 when it is COST_MAX or more. */
static int64_t shortest_edit(const struct middle *m)
{
	const uint32_t *a = (const uint32_t *)(void *)m->lines[0]->data,
		       *b = (const uint32_t *)(void *)m->lines[1]->data;
	int64_t n = m->lines[0]->len, k = m->lines[1]->len;
	/* reach[COST_MAX + d]: how far in a the furthest path on diagonal d is. */
	int64_t reach[2 * COST_MAX + 2] = { 0 };

	for (int64_t cost = 0; cost < COST_MAX; cost++)
		for (int64_t d = -cost; d <= cost; d += 2) {
			int64_t *at = &reach[COST_MAX + d], x, y;

			if (d == -cost || (d != cost && at[-1] < at[1]))
				x = at[1];
			else
				x = at[-1] + 1;
			for (y = x - d; x < n && y < k && y >= 0 && a[x] == b[y];) {
				x++;
				y++;
			}
			*at = x;
			if (x >= n && y >= k)
				return cost;
		}
	return -1;
}

static bool compare(struct middle *m, const struct cf_slice whole[2], uint32_t changed[2])
{
	uint32_t total[2] = { m->lines[0]->len, m->lines[1]->len };
	int64_t cost, common;
	uint32_t lines[2];

	/* Where no line of one is in the other, all of both differs, whatever the algorithm. */
	if (any_shared(m)) {
		lines[0] = count_whole(m, whole[0], 0);
		lines[1] = count_whole(m, whole[1], 1);
		keep_lines(m, 0, often(lines[0]));
		keep_lines(m, 1, often(lines[1]));
		cost = shortest_edit(m);
		if (cost < 0)
			return false;
		common = ((int64_t)m->lines[0]->len + m->lines[1]->len - cost) / 2;
		total[0] -= (uint32_t)common;
		total[1] -= (uint32_t)common;
	}
	changed[0] = total[0];
	changed[1] = total[1];
	return true;
}

bool cf_git_middle(const struct cf_slice whole[2], const struct cf_slice part[2], uint32_t changed[2])
{
	struct middle m = { .classes = g_array_new(FALSE, FALSE, sizeof(struct class)),
			    .lines = { g_array_new(FALSE, FALSE, sizeof(uint32_t)),
				       g_array_new(FALSE, FALSE, sizeof(uint32_t)) } };
	bool told = classify(&m, part) && compare(&m, whole, changed);

	g_array_unref(m.classes);
	g_array_unref(m.lines[0]);
	g_array_unref(m.lines[1]);
	cf_table_release(&m.index);
	return told;
}
