/* SPDX-License-Identifier: MIT */
/* middle: how many lines differ between two contents, where that can be told without a whole diff. */
#include "ingest/git/middle.h"

#include "core/hash.h"

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
	uint64_t hash;
	uint32_t in_part[2], in_whole[2]; /* how often it occurs */
};

enum verdict { NO_MATCH, FEW, MANY };

/* ---- lines as hashes ---- */

struct cf_git_hashes *cf_git_hashes_new(void)
{
	struct cf_git_hashes *hashes = g_new0(struct cf_git_hashes, 1);

	hashes->refs = 1;
	return hashes;
}

void cf_git_hashes_fill(struct cf_git_hashes *hashes, struct cf_slice content)
{
	const uint8_t *p = content.data, *end = p + content.len;
	uint32_t room = (uint32_t)MIN(content.len / 24 + 16, UINT32_MAX / 2);

	if (hashes->lines)
		return;
	hashes->lines = g_new(uint64_t, room);
	while (p < end) {
		const uint8_t *newline = memchr(p, '\n', (size_t)(end - p)),
			      *next = newline ? newline + 1 : end;

		if (hashes->n == room) {
			room *= 2;
			hashes->lines = g_renew(uint64_t, hashes->lines, room);
		}
		hashes->lines[hashes->n++] = cf_hash_bytes(p, (size_t)(next - p), cf_hash_seed);
		p = next;
	}
}

struct cf_git_hashes *cf_git_hashes_ref(struct cf_git_hashes *hashes)
{
	hashes->refs++;
	return hashes;
}

void cf_git_hashes_unref(struct cf_git_hashes *hashes)
{
	if (!hashes || --hashes->refs)
		return;
	g_free(hashes->lines);
	g_free(hashes);
}

/* ---- the middles ---- */

static struct class *class_at(const struct cf_git_middle *m, uint32_t i)
{
	return &g_array_index(m->classes, struct class, i);
}

/* The slot of a class, or the free one where it belongs. */
static uint32_t *slot_of(const struct cf_git_middle *m, uint64_t hash)
{
	uint32_t at = (uint32_t)(hash >> 20) & m->mask;

	while (m->slots[at] && class_at(m, m->slots[at] - 1)->hash != hash)
		at = (at + 1) & m->mask;
	return &m->slots[at];
}

static inline uint64_t *filter_word(struct cf_git_middle *m, uint64_t hash)
{
	return &m->filter[(hash >> 6) & 63];
}

static void begin(struct cf_git_middle *m, uint32_t lines)
{
	uint32_t size = 64;

	if (!m->classes) {
		m->classes = g_array_new(FALSE, FALSE, sizeof(struct class));
		m->lines[0] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
		m->lines[1] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	}
	while (size < 2 * lines)
		size *= 2;
	if (size > m->mask + 1 || !m->slots)
		m->slots = g_renew(uint32_t, m->slots, size);
	m->mask = size - 1;
	memset(m->slots, 0, size * sizeof(*m->slots));
	memset(m->filter, 0, sizeof(m->filter));
	g_array_set_size(m->classes, 0);
}

void cf_git_middle_clear(struct cf_git_middle *m)
{
	if (m->classes) {
		g_array_unref(m->classes);
		g_array_unref(m->lines[0]);
		g_array_unref(m->lines[1]);
	}
	g_free(m->slots);
}

static void classify(struct cf_git_middle *m, const uint64_t *lines, uint32_t n, int side)
{
	uint32_t *classes;

	g_array_set_size(m->lines[side], n);
	classes = (uint32_t *)(void *)m->lines[side]->data;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *slot = slot_of(m, lines[i]);

		if (!*slot) {
			struct class fresh = { .hash = lines[i] };

			g_array_append_val(m->classes, fresh);
			*slot = m->classes->len;
			*filter_word(m, lines[i]) |= UINT64_C(1) << (lines[i] & 63);
		}
		classes[i] = *slot - 1;
		class_at(m, classes[i])->in_part[side]++;
	}
}

static bool any_shared(const struct cf_git_middle *m)
{
	for (guint i = 0; i < m->classes->len; i++)
		if (class_at(m, i)->in_part[0] && class_at(m, i)->in_part[1])
			return true;
	return false;
}

/* How often each class occurs in a whole content. */
static void count_whole(struct cf_git_middle *m, const struct cf_git_hashes *whole, int side)
{
	for (uint32_t i = 0; i < whole->n; i++) {
		uint64_t hash = whole->lines[i];
		uint32_t slot;

		if (!(*filter_word(m, hash) >> (hash & 63) & 1))
			continue;
		slot = *slot_of(m, hash);
		if (slot)
			class_at(m, slot - 1)->in_whole[side]++;
	}
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
static void keep_lines(struct cf_git_middle *m, int side, uint32_t limit)
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
static int64_t shortest_edit(const struct cf_git_middle *m)
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

static bool compare(struct cf_git_middle *m, const struct cf_git_hashes *old_lines,
		    const struct cf_git_hashes *new_lines, uint32_t *common)
{
	int64_t cost;

	*common = 0;
	/* Where no line of one is in the other, all of both differs, whatever the algorithm. */
	if (!any_shared(m))
		return true;
	count_whole(m, old_lines, 0);
	count_whole(m, new_lines, 1);
	keep_lines(m, 0, often(old_lines->n));
	keep_lines(m, 1, often(new_lines->n));
	cost = shortest_edit(m);
	if (cost < 0)
		return false;
	*common = (uint32_t)(((int64_t)m->lines[0]->len + m->lines[1]->len - cost) / 2);
	return true;
}

bool cf_git_middle_count(struct cf_git_middle *m, const struct cf_git_hashes *old_lines,
			 const struct cf_git_hashes *new_lines, uint32_t *deleted, uint32_t *added)
{
	uint32_t least = MIN(old_lines->n, new_lines->n), start = 0, end = 0, common;

	while (start < least && old_lines->lines[start] == new_lines->lines[start])
		start++;
	least -= start;
	while (end < least &&
	       old_lines->lines[old_lines->n - 1 - end] == new_lines->lines[new_lines->n - 1 - end])
		end++;
	*deleted = old_lines->n - start - end;
	*added = new_lines->n - start - end;
	if (!*deleted || !*added)
		return true;
	if (*deleted > LINES_MAX || *added > LINES_MAX)
		return false;
	begin(m, *deleted + *added);
	classify(m, old_lines->lines + start, *deleted, 0);
	classify(m, new_lines->lines + start, *added, 1);
	if (!compare(m, old_lines, new_lines, &common))
		return false;
	*deleted -= common;
	*added -= common;
	return true;
}
