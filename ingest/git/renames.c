/* SPDX-License-Identifier: MIT */
/* renames: which deleted files of a commit came back under another path. */
#include "ingest/git/renames.h"

#include <stdlib.h>

#include "core/hash.h"
#include "ingest/git/lines.h"

/* Scores as in git: the share of the larger file's bytes that both have, of 60000. */
#define SCORE_MAX 60000
#define SCORE_MIN 30000
#define SCORE_BASENAME (SCORE_MIN + (SCORE_MAX - SCORE_MIN) / 2)
/* More pairs than this of one commit are not compared, as with git's diff.renameLimit. */
#define PAIRS_MAX (UINT64_C(1000) * 1000)
/* Of each new path, this many of the best old ones are kept. */
#define CANDIDATES 4
/* A line, or this many bytes of one, is what contents are compared by. */
#define CHUNK 64

/* Bytes of each distinct chunk of a content, by hash. */
struct chunk {
	uint64_t hash;
	uint64_t bytes;
};

/* A deleted or added file that may be half of a rename. */
struct side {
	uint32_t delta;
	const char *base; /* last part of the path */
	GArray *chunks;   /* struct chunk, by hash; NULL: not read yet */
	uint64_t size;
	gboolean sized; /* size is known */
	gboolean gone;  /* has its other half, or can't be read */
};

struct candidate {
	uint32_t from, to; /* sides */
	int score;
	gboolean same_base;
	gboolean is_set;
};

struct finder {
	struct cf_git_renames *renames;
	const struct cf_git_deltas *deltas;
	GArray *from, *to; /* struct side, in the order of the deltas */
};

static const struct cf_git_delta *delta_of(const struct finder *f, const struct side *side)
{
	return &g_array_index(f->deltas->rows, struct cf_git_delta, side->delta);
}

static struct side *side_at(GArray *sides, guint i)
{
	return &g_array_index(sides, struct side, i);
}

static void pair_up(struct finder *f, struct side *from, struct side *to, int score)
{
	struct cf_git_rename *row = &g_array_index(f->renames->rows, struct cf_git_rename, to->delta);

	row->from = from->delta;
	row->similarity = (uint8_t)(score * 100 / SCORE_MAX);
	g_array_index(f->renames->rows, struct cf_git_rename, from->delta).used = TRUE;
	from->gone = to->gone = TRUE;
}

/* ---- the same content ---- */

static int compare_by_oid(const struct finder *f, const struct side *a, const struct side *b, gboolean new_a,
			  gboolean new_b)
{
	const struct cf_git_delta *x = delta_of(f, a), *y = delta_of(f, b);

	return memcmp(new_a ? x->new_oid.bytes : x->old_oid.bytes,
		      new_b ? y->new_oid.bytes : y->old_oid.bytes, CF_OID_SIZE);
}

static gint order_by_oid(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct finder *f = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = compare_by_oid(f, side_at(f->from, x), side_at(f->from, y), FALSE, FALSE);

	return order ? order : (x > y) - (x < y);
}

/* Where the sides with the content of to start in order, or its length. */
static guint first_equal(const struct finder *f, const uint32_t *order, const struct side *to)
{
	guint low = 0, high = f->from->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (compare_by_oid(f, side_at(f->from, order[middle]), to, FALSE, TRUE) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* An old path of the same name is preferred, else the first. Links and submodules keep their kind. */
static struct side *choose_equal(const struct finder *f, const uint32_t *order, const struct side *to)
{
	struct side *best = NULL;

	for (guint i = first_equal(f, order, to); i < f->from->len; i++) {
		struct side *from = side_at(f->from, order[i]);
		uint16_t old_mode = delta_of(f, from)->old_mode, new_mode = delta_of(f, to)->new_mode;

		if (compare_by_oid(f, from, to, FALSE, TRUE) != 0)
			break;
		if (from->gone)
			continue;
		if ((!CF_GIT_MODE_IS(old_mode, CF_GIT_MODE_FILE) ||
		     !CF_GIT_MODE_IS(new_mode, CF_GIT_MODE_FILE)) &&
		    old_mode != new_mode)
			continue;
		if (strcmp(from->base, to->base) == 0)
			return from;
		if (!best)
			best = from;
	}
	return best;
}

static void find_equal(struct finder *f)
{
	g_autofree uint32_t *order = g_new(uint32_t, f->from->len);

	for (guint i = 0; i < f->from->len; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)f->from->len, sizeof(*order), order_by_oid, f);
	for (guint i = 0; i < f->to->len; i++) {
		struct side *to = side_at(f->to, i), *from = choose_equal(f, order, to);

		if (from)
			pair_up(f, from, to, SCORE_MAX);
	}
}

/* ---- how alike ---- */

static int compare_chunks(const void *a, const void *b)
{
	const struct chunk *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Splits at line ends and after CHUNK bytes; the CR of a CRLF doesn't count in text. An end without newline isn't seen. */
static GArray *split(struct cf_slice content)
{
	GArray *chunks = g_array_new(FALSE, FALSE, sizeof(struct chunk));
	gboolean text = !cf_git_is_binary(content);
	uint8_t bytes[CHUNK];
	size_t n = 0;
	guint kept = 0;

	for (uint64_t i = 0; i < content.len; i++) {
		uint8_t c = content.data[i];
		struct chunk chunk;

		if (text && c == '\r' && i + 1 < content.len && content.data[i + 1] == '\n')
			continue;
		bytes[n++] = c;
		if (n < CHUNK && c != '\n')
			continue;
		chunk = (struct chunk){ cf_hash_bytes(bytes, n, cf_hash_seed), n };
		g_array_append_val(chunks, chunk);
		n = 0;
	}
	if (chunks->len)
		qsort(chunks->data, chunks->len, sizeof(struct chunk), compare_chunks);
	for (guint i = 0; i < chunks->len; i++) {
		struct chunk chunk = g_array_index(chunks, struct chunk, i);

		if (kept && g_array_index(chunks, struct chunk, kept - 1).hash == chunk.hash)
			g_array_index(chunks, struct chunk, kept - 1).bytes += chunk.bytes;
		else
			g_array_index(chunks, struct chunk, kept++) = chunk;
	}
	g_array_set_size(chunks, kept);
	return chunks;
}

/* Reads a side's content; what can't be read has no other half. */
static enum cf_git_read load(struct finder *f, struct side *side, gboolean new, gboolean chunks)
{
	const struct cf_git_delta *delta = delta_of(f, side);
	struct cf_git_data data;
	enum cf_git_read result;

	if (side->gone || (chunks ? side->chunks != NULL : side->sized))
		return CF_GIT_OK;
	result = cf_git_objects_read(f->renames->objects, new ? &delta->new_oid : &delta->old_oid,
				     GIT_OBJECT_BLOB, &data);
	if (result == CF_GIT_OK) {
		side->size = data.bytes.len;
		side->sized = TRUE;
		if (chunks)
			side->chunks = split(data.bytes);
	} else {
		side->gone = TRUE;
	}
	cf_git_data_release(f->renames->objects, &data);
	return result == CF_GIT_CORRUPT ? result : CF_GIT_OK;
}

static uint64_t shared_bytes(const GArray *a, const GArray *b)
{
	uint64_t sum = 0;
	guint i = 0, j = 0;

	while (i < a->len && j < b->len) {
		const struct chunk *x = &g_array_index(a, struct chunk, i),
				   *y = &g_array_index(b, struct chunk, j);

		if (x->hash == y->hash)
			sum += MIN(x->bytes, y->bytes);
		i += x->hash <= y->hash;
		j += y->hash <= x->hash;
	}
	return sum;
}

static gboolean is_file(const struct finder *f, const struct side *side, gboolean new)
{
	const struct cf_git_delta *delta = delta_of(f, side);

	return CF_GIT_MODE_IS(new ? delta->new_mode : delta->old_mode, CF_GIT_MODE_FILE);
}

/* *score: of at least least, else anything less. */
static enum cf_git_read compare_contents(struct finder *f, struct side *from, struct side *to, int least,
					 int *score)
{
	uint64_t larger, smaller;
	enum cf_git_read result;

	*score = 0;
	if (!is_file(f, from, FALSE) || !is_file(f, to, TRUE))
		return CF_GIT_OK;
	result = load(f, from, FALSE, FALSE);
	if (result == CF_GIT_OK)
		result = load(f, to, TRUE, FALSE);
	if (result != CF_GIT_OK || from->gone || to->gone)
		return result;
	larger = MAX(from->size, to->size);
	smaller = MIN(from->size, to->size);
	/* Not even if all of the smaller one were in the larger. */
	if (larger * (uint64_t)(SCORE_MAX - least) < (larger - smaller) * SCORE_MAX || !larger)
		return CF_GIT_OK;
	result = load(f, from, FALSE, TRUE);
	if (result == CF_GIT_OK)
		result = load(f, to, TRUE, TRUE);
	if (result != CF_GIT_OK || from->gone || to->gone)
		return result;
	if (f->renames->budget)
		f->renames->budget--;
	*score = to->size ? (int)(shared_bytes(from->chunks, to->chunks) * SCORE_MAX / larger) : 0;
	return CF_GIT_OK;
}

/* ---- base names that occur once ---- */

#define TWICE GUINT_TO_POINTER(UINT32_MAX)

/* Base name -> index + 1 of the only open side that has it, TWICE for several. */
static GHashTable *index_bases(GArray *sides)
{
	GHashTable *index = g_hash_table_new(cf_str_hash, g_str_equal);

	for (guint i = 0; i < sides->len; i++) {
		struct side *side = side_at(sides, i);

		if (side->gone)
			continue;
		g_hash_table_insert(index, (gpointer)side->base,
				    g_hash_table_contains(index, side->base) ? TWICE
									     : GUINT_TO_POINTER(i + 1));
	}
	return index;
}

static enum cf_git_read find_by_base(struct finder *f)
{
	g_autoptr(GHashTable) from_index = index_bases(f->from), to_index = index_bases(f->to);
	enum cf_git_read result = CF_GIT_OK;

	for (guint i = 0; result == CF_GIT_OK && i < f->from->len; i++) {
		struct side *from = side_at(f->from, i);
		gpointer found = g_hash_table_lookup(to_index, from->base);
		int score;

		if (from->gone || !found || found == TWICE ||
		    g_hash_table_lookup(from_index, from->base) == TWICE)
			continue;
		result = compare_contents(f, from, side_at(f->to, GPOINTER_TO_UINT(found) - 1),
					  SCORE_BASENAME, &score);
		if (result == CF_GIT_OK && score >= SCORE_BASENAME)
			pair_up(f, from, side_at(f->to, GPOINTER_TO_UINT(found) - 1), score);
	}
	return result;
}

/* ---- all pairs ---- */

/* The better one first; a place that isn't taken comes last. */
static int compare_candidates(const struct candidate *a, const struct candidate *b)
{
	if (!a->is_set || !b->is_set)
		return b->is_set - a->is_set;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return b->same_base - a->same_base;
}

static gint order_candidates(gconstpointer a, gconstpointer b, gpointer data)
{
	return compare_candidates(a, b);
}

/*
 * Takes the place of the worst of the few that are kept, if it is better. As in git also one that is too different to be a
 * rename takes a place: the places decide between equals.
 */
static void keep_best(struct candidate best[CANDIDATES], const struct candidate *one)
{
	int worst = 0;

	for (int i = 1; i < CANDIDATES; i++)
		if (compare_candidates(&best[i], &best[worst]) > 0)
			worst = i;
	if (compare_candidates(&best[worst], one) > 0)
		best[worst] = *one;
}

static enum cf_git_read rank_sources(struct finder *f, guint to, GArray *ranked)
{
	struct candidate best[CANDIDATES] = { { 0 } };
	enum cf_git_read result = CF_GIT_OK;

	for (guint i = 0; result == CF_GIT_OK && i < f->from->len; i++) {
		struct candidate one = { .from = i, .to = to, .is_set = TRUE };
		struct side *from = side_at(f->from, i);

		if (from->gone)
			continue;
		result = compare_contents(f, from, side_at(f->to, to), SCORE_MIN, &one.score);
		one.same_base = strcmp(from->base, side_at(f->to, to)->base) == 0;
		keep_best(best, &one);
	}
	for (int i = 0; i < CANDIDATES; i++)
		if (best[i].score >= SCORE_MIN)
			g_array_append_val(ranked, best[i]);
	return result;
}

static guint count_open(GArray *sides)
{
	guint open = 0;

	for (guint i = 0; i < sides->len; i++)
		open += !side_at(sides, i)->gone;
	return open;
}

static enum cf_git_read find_best(struct finder *f)
{
	g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	uint64_t pairs = (uint64_t)count_open(f->from) * count_open(f->to);
	enum cf_git_read result = CF_GIT_OK;

	if (!pairs)
		return CF_GIT_OK;
	if (pairs > PAIRS_MAX || pairs > f->renames->budget) {
		f->renames->cut = TRUE;
		return CF_GIT_OK;
	}
	for (guint i = 0; result == CF_GIT_OK && i < f->to->len; i++)
		if (!side_at(f->to, i)->gone)
			result = rank_sources(f, i, ranked);
	/* g_qsort_with_data is stable: equals stay in the order of the paths. */
	if (ranked->len > 1)
		g_qsort_with_data(ranked->data, (gint)ranked->len, sizeof(struct candidate), order_candidates,
				  NULL);
	for (guint i = 0; result == CF_GIT_OK && i < ranked->len; i++) {
		const struct candidate *one = &g_array_index(ranked, struct candidate, i);
		struct side *from = side_at(f->from, one->from), *to = side_at(f->to, one->to);

		if (!from->gone && !to->gone)
			pair_up(f, from, to, one->score);
	}
	return result;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void side_clear(gpointer data)
{
	struct side *side = data;

	if (side->chunks)
		g_array_unref(side->chunks);
}

static void collect(struct finder *f)
{
	for (guint i = 0; i < f->deltas->rows->len; i++) {
		const struct cf_git_delta *delta = &g_array_index(f->deltas->rows, struct cf_git_delta, i);
		struct side side = { .delta = i, .base = base_of(cf_git_delta_path(f->deltas, delta)) };

		if (!delta->old_mode)
			g_array_append_val(f->to, side);
		if (!delta->new_mode)
			g_array_append_val(f->from, side);
	}
}

enum cf_git_read cf_git_renames_find(struct cf_git_renames *renames, const struct cf_git_deltas *deltas)
{
	struct finder f = { renames, deltas, NULL, NULL };
	enum cf_git_read result = CF_GIT_OK;

	renames->cut = FALSE;
	g_array_set_size(renames->rows, deltas->rows->len);
	for (guint i = 0; i < renames->rows->len; i++)
		g_array_index(renames->rows, struct cf_git_rename, i) =
			(struct cf_git_rename){ .from = CF_NONE };
	f.from = g_array_new(FALSE, FALSE, sizeof(struct side));
	f.to = g_array_new(FALSE, FALSE, sizeof(struct side));
	g_array_set_clear_func(f.from, side_clear);
	g_array_set_clear_func(f.to, side_clear);
	collect(&f);
	if (f.from->len && f.to->len) {
		find_equal(&f);
		result = find_by_base(&f);
		if (result == CF_GIT_OK)
			result = find_best(&f);
	}
	g_array_unref(f.from);
	g_array_unref(f.to);
	return result;
}
