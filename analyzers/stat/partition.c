/* SPDX-License-Identifier: MIT */
/* partition: the segments of constant mean that describe a series best, at a price per segment. */
#include "analyzers/stat/partition.h"

#include "analyzers/stat/order.h"

#include <math.h>

/*
 * A possible last segment x[start, end): base is the cost of the best partition of what precedes it, with
 * the price of this segment. With the segment's level at mu the whole costs base + squares + length (mu -
 * mean)^2. Mean and squares about it are kept up value by value (Welford 1962), so that nothing cancels
 * however far apart the levels are.
 */
struct candidate {
	size_t start;
	double base, length, mean, squares;
	gboolean alive;
};

/* From where the piece before it ends (or -inf) up to `to`, this candidate is the cheapest. */
struct piece {
	double to;
	guint candidate;
};

struct search {
	GArray *candidates; /* struct candidate, by start */
	GArray *pieces;     /* struct piece, ascending; together they cover all levels */
	GArray *spare;
};

static struct candidate *candidate_at(const struct search *search, guint i)
{
	return &g_array_index(search->candidates, struct candidate, i);
}

static void add_value(struct candidate *c, double x)
{
	double off = x - c->mean;

	c->length++;
	c->mean += off / c->length;
	c->squares += off * (x - c->mean);
}

static double cost(const struct candidate *c)
{
	return c->base + c->squares;
}

/*
 * Where the older candidate is cheaper than the newer one, which has fewer values: between the two roots of
 * the difference, a parabola that opens downwards. FALSE: nowhere.
 */
static gboolean older_wins(const struct candidate *older, const struct candidate *newer, double *from,
			   double *to)
{
	/* d(u) = newer - older at mu = older's mean + u:  -a u^2 - 2 b u + c */
	double a = older->length - newer->length, off = newer->mean - older->mean, b = newer->length * off;
	double c = cost(newer) - cost(older) + b * off, root = b * b + a * c;

	if (root < 0)
		return FALSE;
	root = sqrt(root);
	/* both roots of a u^2 + 2 b u - c without cancellation */
	if (b == 0) {
		*from = -root / a;
		*to = root / a;
	} else {
		double q = -(b + copysign(root, b));

		*from = fmin(q / a, -c / q);
		*to = fmax(q / a, -c / q);
	}
	*from += older->mean;
	*to += older->mean;
	return TRUE;
}

static void put_piece(GArray *pieces, double to, guint candidate)
{
	struct piece *last = pieces->len ? &g_array_index(pieces, struct piece, pieces->len - 1) : NULL;
	const struct piece piece = { to, candidate };

	if (last && last->to >= to)
		return;
	if (last && last->candidate == candidate)
		last->to = to;
	else
		g_array_append_val(pieces, piece);
}

/* The newest candidate takes the levels at which it is cheaper than who has them. */
static void add_pieces(struct search *search, guint newest)
{
	const struct candidate *newer = candidate_at(search, newest);
	GArray *pieces = search->pieces;
	double begin = -INFINITY;

	g_array_set_size(search->spare, 0);
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i);
		double from, to;

		if (older_wins(candidate_at(search, piece->candidate), newer, &from, &to) && to > begin &&
		    from < piece->to) {
			if (from > begin)
				put_piece(search->spare, from, newest);
			put_piece(search->spare, fmin(to, piece->to), piece->candidate);
		}
		put_piece(search->spare, piece->to, newest);
		begin = piece->to;
	}
	search->pieces = search->spare;
	search->spare = pieces;
}

/* Drops the candidates without a piece, keeping the order. */
static void prune(struct search *search)
{
	g_autofree guint *place = g_new(guint, search->candidates->len + 1);
	guint kept = 0;

	for (guint i = 0; i < search->candidates->len; i++)
		candidate_at(search, i)->alive = FALSE;
	for (guint i = 0; i < search->pieces->len; i++)
		candidate_at(search, g_array_index(search->pieces, struct piece, i).candidate)->alive = TRUE;
	for (guint i = 0; i < search->candidates->len; i++) {
		place[i] = kept;
		if (candidate_at(search, i)->alive)
			*candidate_at(search, kept++) = *candidate_at(search, i);
	}
	g_array_set_size(search->candidates, kept);
	for (guint i = 0; i < search->pieces->len; i++) {
		struct piece *piece = &g_array_index(search->pieces, struct piece, i);

		piece->candidate = place[piece->candidate];
	}
}

/* The segment x[start, start + min_length) becomes possible. */
static void add_candidate(struct search *search, const double *x, size_t start, size_t min_length,
			  double base)
{
	struct candidate c = { .start = start, .base = base };
	guint place = search->candidates->len;

	for (size_t i = 0; i < min_length; i++)
		add_value(&c, x[start + i]);
	g_array_append_val(search->candidates, c);
	if (search->pieces->len)
		add_pieces(search, place);
	else
		put_piece(search->pieces, INFINITY, place);
	prune(search);
}

/* best[t], last[t]: the cost of the best partition of x[0, t) and where its last segment begins. */
static void fill(const double *x, size_t n, double penalty, size_t min_length, double *best, size_t *last)
{
	struct search search = { g_array_new(FALSE, FALSE, sizeof(struct candidate)),
				 g_array_new(FALSE, FALSE, sizeof(struct piece)),
				 g_array_new(FALSE, FALSE, sizeof(struct piece)) };

	for (size_t t = min_length; t <= n; t++) {
		size_t start = t - min_length;

		for (guint i = 0; i < search.candidates->len; i++)
			add_value(candidate_at(&search, i), x[t - 1]);
		if (start == 0 || start >= min_length)
			add_candidate(&search, x, start, min_length, (start ? best[start] : 0) + penalty);
		best[t] = INFINITY;
		for (guint i = 0; i < search.candidates->len; i++) {
			const struct candidate *c = candidate_at(&search, i);

			if (cost(c) < best[t]) {
				best[t] = cost(c);
				last[t] = c->start;
			}
		}
	}
	g_array_unref(search.candidates);
	g_array_unref(search.pieces);
	g_array_unref(search.spare);
}

GArray *cf_partition(const double *x, size_t n, double penalty, size_t min_length)
{
	GArray *starts = g_array_new(FALSE, FALSE, sizeof(size_t));
	g_autofree double *best = g_new(double, n + 1);
	g_autofree size_t *last = g_new(size_t, n + 1);

	g_assert(penalty > 0 && min_length >= 1);
	cf_assert_usable(x, n);
	if (n / 2 < min_length)
		return starts;
	fill(x, n, penalty, min_length, best, last);
	for (size_t t = last[n]; t > 0; t = last[t])
		g_array_append_val(starts, t);
	for (guint i = 0, j = starts->len; i + 1 < j; i++) {
		size_t *at = (size_t *)(void *)starts->data, t = at[i];

		at[i] = at[--j];
		at[j] = t;
	}
	return starts;
}
