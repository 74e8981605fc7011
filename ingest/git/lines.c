/* SPDX-License-Identifier: MIT */
/* lines: how many lines differ between two contents, counted as git does. */
#include "ingest/git/lines.h"

#define BINARY_LOOK 8000

bool cf_git_is_binary(struct cf_slice content)
{
	return content.len && memchr(content.data, '\0', MIN(content.len, BINARY_LOOK)) != NULL;
}

uint32_t cf_git_lines(struct cf_slice content)
{
	const uint8_t *p = content.data, *end = p + content.len;
	uint32_t lines = 0;

	while (p < end) {
		const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));

		lines++;
		if (!newline)
			break;
		p = newline + 1;
	}
	return lines;
}

/* ---- what is the same at both ends ---- */

/* Bytes that agree from the start. */
static size_t common_start(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i = 0;

	while (i + 64 <= len && memcmp(a + i, b + i, 64) == 0)
		i += 64;
	while (i < len && a[i] == b[i])
		i++;
	return i;
}

static size_t common_end(const uint8_t *a_end, const uint8_t *b_end, size_t len)
{
	size_t i = 0;

	while (i + 64 <= len && memcmp(a_end - i - 64, b_end - i - 64, 64) == 0)
		i += 64;
	while (i < len && a_end[-1 - (ssize_t)i] == b_end[-1 - (ssize_t)i])
		i++;
	return i;
}

/* Takes whole equal lines off both ends: they are never part of a difference. */
static void trim(struct cf_slice *old, struct cf_slice *new)
{
	size_t len = MIN(old->len, new->len), start, end;

	start = len ? common_start(old->data, new->data, len) : 0;
	/* A line is equal with its end only; at the end of both it needs none. */
	if (start < old->len || start < new->len)
		while (start && old->data[start - 1] != '\n')
			start--;
	len -= start;
	end = len ? common_end(old->data + old->len, new->data + new->len, len) : 0;
	/* Back to where a line begins on both sides. */
	while (end) {
		const uint8_t *a = old->data + old->len - end, *b = new->data + new->len - end;

		if ((a == old->data || a[-1] == '\n') && (b == new->data || b[-1] == '\n'))
			break;
		a = memchr(a, '\n', end);
		end = a ? (size_t)(old->data + old->len - a - 1) : 0;
	}
	*old = (struct cf_slice){ old->data + start, old->len - start - end };
	*new = (struct cf_slice){ new->data + start, new->len - start - end };
}

/* ---- the rest ---- */

struct sums {
	uint64_t added, deleted;
	GArray *hunks;
};

static int add_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *payload)
{
	struct sums *sums = payload;
	struct cf_git_hunk row = { (uint32_t)hunk->old_start, (uint32_t)hunk->old_lines,
				   (uint32_t)hunk->new_start, (uint32_t)hunk->new_lines };

	sums->added += (uint64_t)hunk->new_lines;
	sums->deleted += (uint64_t)hunk->old_lines;
	if (sums->hunks)
		g_array_append_val(sums->hunks, row);
	return 0;
}

/* libgit2 has git's own diff inside, so its counts are git's. */
static int count_fully(const struct cf_git2 *lib, struct cf_slice old, struct cf_slice new, struct sums *sums)
{
	git_diff_options options;

	lib->git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	return lib->git_diff_buffers(old.data, old.len, NULL, new.data, new.len, NULL, &options, NULL, NULL,
				     add_hunk, NULL, sums);
}

/* All of one side, as the other is empty. */
static void add_only_hunk(const struct sums *sums)
{
	struct cf_git_hunk row = { sums->deleted != 0, (uint32_t)sums->deleted, sums->added != 0,
				   (uint32_t)sums->added };

	if (sums->hunks && (sums->added || sums->deleted))
		g_array_append_val(sums->hunks, row);
}

int cf_git_count(const struct cf_git2 *lib, struct cf_git_middle *middle, const struct cf_git_text *old_text,
		 const struct cf_git_text *new_text, uint32_t *added, uint32_t *deleted, GArray *hunks)
{
	struct cf_slice part[2] = { old_text->bytes, new_text->bytes };
	struct sums sums = { .hunks = hunks };

	/* Where a hunk stands is git's choice wherever there is a choice; how many lines differ isn't. */
	if (!hunks)
		trim(&part[0], &part[1]);
	if (!part[0].len || !part[1].len) {
		sums.deleted = cf_git_lines(part[0]);
		sums.added = cf_git_lines(part[1]);
		add_only_hunk(&sums);
		*added = (uint32_t)MIN(sums.added, UINT32_MAX);
		*deleted = (uint32_t)MIN(sums.deleted, UINT32_MAX);
		return 0;
	}
	if (!hunks) {
		cf_git_hashes_fill(old_text->hashes, old_text->bytes);
		cf_git_hashes_fill(new_text->hashes, new_text->bytes);
		if (cf_git_middle_count(middle, old_text->hashes, new_text->hashes, deleted, added))
			return 0;
	}
	if (count_fully(lib, old_text->bytes, new_text->bytes, &sums) != 0)
		return -1;
	*added = (uint32_t)MIN(sums.added, UINT32_MAX);
	*deleted = (uint32_t)MIN(sums.deleted, UINT32_MAX);
	return 0;
}
