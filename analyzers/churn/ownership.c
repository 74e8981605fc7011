/* SPDX-License-Identifier: MIT */
/* ownership: who knows an entity: main developers, fragmentation, authorship, the truck factor, who shares work. */
#include "analyzers/churn/ownership.h"

#include <math.h>

struct cf_churn_main cf_churn_main(const struct cf_churn_sums *sums, uint32_t entity,
				   enum cf_churn_measure measure)
{
	const struct cf_churn_sum *sum = cf_churn_sum(sums, entity);
	struct cf_churn_main m = { .author = CF_NONE,
				   .total = measure == CF_CHURN_ADDED ? sum->added : sum->revs };

	for (uint32_t i = 0; i < sum->authors; i++) {
		const struct cf_churn_share *share = cf_churn_share(sums, sum->first + i);
		int64_t own = measure == CF_CHURN_ADDED ? share->added : share->revs;

		/* Shares are in the order of names. */
		if (m.author == CF_NONE || own > m.own) {
			m.author = share->author;
			m.own = own;
		}
	}
	m.ownership = m.total ? (double)m.own / (double)m.total : 0;
	return m;
}

double cf_churn_fragmentation(const struct cf_churn_sums *sums, uint32_t entity)
{
	const struct cf_churn_sum *sum = cf_churn_sum(sums, entity);
	uint64_t all = (uint64_t)sum->revs * sum->revs, own = 0;

	/* Whole numbers as long as possible: then the result is the double next to the fraction. */
	for (uint32_t i = 0; i < sum->authors; i++) {
		uint64_t revs = cf_churn_share(sums, sum->first + i)->revs;

		own += revs * revs;
	}
	return all ? (double)(all - own) / (double)all : 0;
}

uint32_t cf_churn_minor(const struct cf_churn_sums *sums, uint32_t entity, gboolean bots)
{
	const struct cf_churn_sum *sum = cf_churn_sum(sums, entity);
	uint32_t minor = 0;

	for (uint32_t i = 0; i < sum->authors; i++) {
		const struct cf_churn_share *share = cf_churn_share(sums, sum->first + i);

		minor += share->revs < CF_CHURN_MINOR * sum->revs &&
			 (bots || !cf_churn_author(sums->churn, share->author)->bot);
	}
	return minor;
}

/* ---- truck factor ---- */

#define DOA_LEAST 3.293
#define DOA_SHARE 0.75

/* One file and one of its authors. */
struct authorship {
	uint32_t author, file;
};

struct town {
	const struct cf_churn *churn;
	gboolean bots;
	uint32_t *revs;      /* of each entity: what counts */
	uint32_t *creator;   /* of each entity */
	GArray *authorships; /* struct authorship by author */
	uint32_t *left;      /* of each entity: authors left */
	uint32_t *files;     /* of each author: files */
};

static gboolean counts(const struct town *t, uint32_t author)
{
	return t->bots || !cf_churn_author(t->churn, author)->bot;
}

static gboolean lives(const struct town *t, uint32_t entity)
{
	return !t->churn->has_head || cf_churn_entity(t->churn, entity)->at_head;
}

/* Revisions and makers of files, without those that don't count. */
static void count_revisions(struct town *t)
{
	for (guint c = 0; c < t->churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(t->churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(t->churn, commit);

		if (!counts(t, commit->author))
			continue;
		for (uint32_t i = 0; i < commit->changes; i++)
			if (t->revs[changes[i].entity]++ == 0)
				t->creator[changes[i].entity] = commit->author;
	}
}

static double authorship_of(const struct town *t, const struct cf_churn_share *share)
{
	return DOA_LEAST + 1.098 * (t->creator[share->entity] == share->author) + 0.164 * share->revs -
	       0.321 * log(1 + (double)(t->revs[share->entity] - share->revs));
}

static void add_authors(struct town *t, const struct cf_churn_sums *sums, uint32_t entity)
{
	const struct cf_churn_sum *sum = cf_churn_sum(sums, entity);
	double highest = -INFINITY;

	for (uint32_t i = 0; i < sum->authors; i++) {
		const struct cf_churn_share *share = cf_churn_share(sums, sum->first + i);

		if (counts(t, share->author))
			highest = fmax(highest, authorship_of(t, share));
	}
	for (uint32_t i = 0; i < sum->authors; i++) {
		const struct cf_churn_share *share = cf_churn_share(sums, sum->first + i);
		struct authorship row = { share->author, entity };
		double doa;

		if (!counts(t, share->author))
			continue;
		doa = authorship_of(t, share);
		if (doa < DOA_LEAST || doa / highest <= DOA_SHARE)
			continue;
		g_array_append_val(t->authorships, row);
		t->left[entity]++;
		t->files[share->author]++;
	}
}

static int compare_authorships(const void *a, const void *b)
{
	const struct authorship *x = a, *y = b;

	if (x->author != y->author)
		return x->author < y->author ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* Takes one author away. Returns how many files have lost their last one. */
static uint32_t leave(struct town *t, uint32_t author)
{
	uint32_t orphaned = 0;
	guint low = 0, high = t->authorships->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(t->authorships, struct authorship, middle).author < author)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < t->authorships->len; low++) {
		const struct authorship *row = &g_array_index(t->authorships, struct authorship, low);

		if (row->author != author)
			break;
		orphaned += --t->left[row->file] == 0;
	}
	t->files[author] = 0;
	return orphaned;
}

static void remove_one_by_one(struct town *t, struct cf_churn_truck *truck, uint32_t orphaned)
{
	while (orphaned <= truck->files / 2) {
		struct cf_churn_gone gone = { .author = CF_NONE };

		for (guint a = 0; a < t->churn->authors->len; a++)
			if (t->files[a] > gone.files)
				gone = (struct cf_churn_gone){ .author = a, .files = t->files[a] };
		if (gone.author == CF_NONE)
			return;
		orphaned += leave(t, gone.author);
		gone.orphaned = orphaned;
		g_array_append_val(truck->gone, gone);
	}
}

struct cf_churn_truck cf_churn_truck(const struct cf_churn_sums *sums, gboolean bots)
{
	const struct cf_churn *churn = sums->churn;
	guint entities = churn->entities->len;
	struct cf_churn_truck truck = { .gone = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_gone)) };
	struct town t = { .churn = churn,
			  .bots = bots,
			  .revs = g_new0(uint32_t, entities + 1),
			  .creator = g_new0(uint32_t, entities + 1),
			  .left = g_new0(uint32_t, entities + 1),
			  .files = g_new0(uint32_t, churn->authors->len + 1),
			  .authorships = g_array_new(FALSE, FALSE, sizeof(struct authorship)) };
	uint32_t orphaned = 0;

	count_revisions(&t);
	for (guint e = 0; e < entities; e++) {
		if (!t.revs[e] || !lives(&t, e))
			continue;
		truck.files++;
		add_authors(&t, sums, e);
		orphaned += t.left[e] == 0;
	}
	g_array_sort(t.authorships, compare_authorships);
	if (truck.files)
		remove_one_by_one(&t, &truck, orphaned);
	g_array_unref(t.authorships);
	g_free(t.revs);
	g_free(t.creator);
	g_free(t.left);
	g_free(t.files);
	return truck;
}

void cf_churn_truck_clear(struct cf_churn_truck *truck)
{
	g_clear_pointer(&truck->gone, g_array_unref);
}

/* ---- communication ---- */

static int compare_names(const struct cf_churn_pair *x, const struct cf_churn_pair *y)
{
	if (x->author != y->author)
		return x->author < y->author ? -1 : 1;
	return x->peer < y->peer ? -1 : x->peer > y->peer;
}

static int compare_strengths(const void *a, const void *b)
{
	const struct cf_churn_pair *x = a, *y = b;

	if (x->strength != y->strength)
		return x->strength > y->strength ? -1 : 1;
	return compare_names(x, y);
}

static int compare_shared(const void *a, const void *b)
{
	const struct cf_churn_pair *x = a, *y = b;

	return x->shared != y->shared ? (x->shared > y->shared ? -1 : 1) : compare_strengths(a, b);
}

/* Keeps the first: sorts and cuts whenever there are twice as many as wanted. */
static void keep_first(GArray *pairs, enum cf_churn_pairs which, size_t limit)
{
	g_array_sort(pairs, which == CF_PAIRS_ONCE ? compare_shared : compare_strengths);
	if (limit && pairs->len > limit)
		g_array_set_size(pairs, (guint)limit);
}

/* The entities of each author: rows of shares, by author. Caller frees both. */
static uint32_t *shares_by_author(const struct cf_churn_sums *sums, uint32_t **starts)
{
	guint authors = sums->authors->len;
	uint32_t *order = g_new(uint32_t, sums->shares->len + 1);
	g_autofree uint32_t *at = g_new0(uint32_t, authors + 1);

	*starts = g_new0(uint32_t, authors + 1);
	for (guint a = 0; a < authors; a++) {
		(*starts)[a + 1] = (*starts)[a] + cf_churn_work(sums, a)->entities;
		at[a] = (*starts)[a];
	}
	for (guint i = 0; i < sums->shares->len; i++)
		order[at[cf_churn_share(sums, i)->author]++] = i;
	return order;
}

GArray *cf_churn_communication(const struct cf_churn_sums *sums, enum cf_churn_pairs which, size_t limit,
			       int64_t *all)
{
	GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_pair));
	guint authors = sums->authors->len;
	g_autofree uint32_t *starts = NULL;
	g_autofree uint32_t *order = shares_by_author(sums, &starts);
	g_autofree uint32_t *shared = g_new0(uint32_t, authors + 1);
	g_autoptr(GArray) peers = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	*all = 0;
	/* All authors of all entities of one author at a time: memory grows with authors, not with pairs. */
	for (guint a = 0; a < authors; a++) {
		g_array_set_size(peers, 0);
		for (uint32_t i = starts[a]; i < starts[a + 1]; i++) {
			const struct cf_churn_sum *sum =
				cf_churn_sum(sums, cf_churn_share(sums, order[i])->entity);

			for (uint32_t n = 0; n < sum->authors; n++) {
				uint32_t peer = cf_churn_share(sums, sum->first + n)->author;

				if (peer != a && shared[peer]++ == 0)
					g_array_append_val(peers, peer);
			}
		}
		for (guint i = 0; i < peers->len; i++) {
			uint32_t peer = g_array_index(peers, uint32_t, i);
			uint64_t both = (uint64_t)cf_churn_work(sums, a)->entities +
					cf_churn_work(sums, peer)->entities;
			struct cf_churn_pair pair = { a, peer, shared[peer], (uint32_t)((both + 1) / 2), 0 };

			pair.strength = (uint32_t)(UINT64_C(100) * pair.shared / pair.average);
			shared[peer] = 0;
			if (which == CF_PAIRS_ONCE && peer < a)
				continue;
			g_array_append_val(pairs, pair);
			++*all;
		}
		if (limit && pairs->len / 2 > limit)
			keep_first(pairs, which, limit);
	}
	keep_first(pairs, which, limit);
	return pairs;
}
