/* SPDX-License-Identifier: MIT */
/* slopes: order statistics of the slopes between all pairs of points, and pairs in disorder. */
#include "analyzers/stat/slopes.h"

#include "analyzers/stat/order.h"
#include "analyzers/stat/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALL_PAIRS 1000 /* points up to which every slope is computed */
#define SAMPLE 4096    /* pairs that a search begins with */

/* --- pairs in disorder ------------------------------------------------------------------------ */

/*
 * Merges x[from, mid) with x[mid, to) and returns how many pairs had the later value smaller (or equal, if
 * wanted).
 */
static guint64 merge(double *x, double *spare, size_t from, size_t mid, size_t to, gboolean equal)
{
	size_t i = from, j = mid, at = from;
	guint64 pairs = 0;

	while (i < mid && j < to) { /* without branches, which nothing could predict */
		gboolean later = x[j] < x[i] || (equal & (x[j] == x[i]));

		spare[at++] = later ? x[j] : x[i];
		pairs += later ? mid - i : 0;
		i += !later;
		j += later;
	}
	memcpy(spare + at, x + i, (mid - i) * sizeof(*x));
	memcpy(x + from, spare + from, (at + mid - i - from) * sizeof(*x));
	return pairs;
}

guint64 cf_disorder(double *x, double *spare, size_t n, gboolean equal)
{
	guint64 pairs = 0;

	for (size_t len = 1; len < n; len *= 2)
		for (size_t from = 0; from + len < n; from += 2 * len)
			pairs += merge(x, spare, from, from + len, MIN(from + 2 * len, n), equal);
	return pairs;
}

/* --- slopes ----------------------------------------------------------------------------------- */

/*
 * By time; within one time the larger value first, so that such pairs count as falling whatever is
 * subtracted.
 */
static int by_time(const void *a, const void *b)
{
	const struct cf_point *p = a, *q = b;

	if (p->time != q->time)
		return p->time < q->time ? -1 : 1;
	return (p->y < q->y) - (p->y > q->y);
}

/* How many slopes are at most v, or below v: the pairs that fall once v times the time is taken off. */
static guint64 slopes_up_to(const struct cf_slopes *s, double v, gboolean equal)
{
	guint64 pairs;

	for (size_t i = 0; i < s->n; i++)
		s->rest[i] = s->points[i].y - v * s->points[i].time;
	pairs = cf_disorder(s->rest, s->spare, s->n, equal);
	return pairs - (equal ? s->same_time : s->falling_at_once);
}

/* A bound that no slope exceeds. */
static double steepest(const struct cf_slopes *s)
{
	double low = s->points[0].y, high = low, step = INFINITY;

	for (size_t i = 1; i < s->n; i++) {
		double dt = s->points[i].time - s->points[i - 1].time;

		low = fmin(low, s->points[i].y);
		high = fmax(high, s->points[i].y);
		step = dt > 0 ? fmin(step, dt) : step;
	}
	return (high - low) / step * (1 + 1e-12);
}

/*
 * Where the slope that is searched for lies: above low, which `under` slopes don't exceed, and up to high.
 */
struct bracket {
	double low, high;
	guint64 under, up_to;
};

/* Splits the bracket at v, when v lies inside. */
static gboolean narrow(const struct cf_slopes *s, struct bracket *at, double v, guint64 k)
{
	guint64 count;

	if (!(v > at->low && v < at->high))
		return FALSE;
	count = slopes_up_to(s, v, TRUE);
	if (count >= k) {
		at->high = v;
		at->up_to = count;
	} else {
		at->low = v;
		at->under = count;
	}
	return TRUE;
}

/* Begins where the slopes of pairs drawn at random have the k-th, four deviations to either side. */
static void narrow_by_sample(const struct cf_slopes *s, struct bracket *at, guint64 k)
{
	double sample[SAMPLE], share = (double)k / (double)s->count,
			       off = 4 * sqrt(SAMPLE * share * (1 - share)) + 1;
	struct cf_random random;

	cf_random_init(&random, s->n);
	for (size_t i = 0, tries = 0; i < SAMPLE; tries++) {
		const struct cf_point *p = &s->points[cf_random_below(&random, s->n)];
		const struct cf_point *q = &s->points[cf_random_below(&random, s->n)];

		if (tries == 16 * SAMPLE) /* nearly all at one time */
			return;
		if (p->time != q->time)
			sample[i++] = (q->y - p->y) / (q->time - p->time);
	}
	cf_sort(sample, SAMPLE);
	if (SAMPLE * share > off)
		narrow(s, at, sample[(size_t)(SAMPLE * share - off)], k);
	if (SAMPLE * share + off < SAMPLE)
		narrow(s, at, sample[(size_t)(SAMPLE * share + off)], k);
}

/*
 * The next place to split: where a straight line has the k-th, a little to one side or the other; or the
 * middle.
 */
static double split(const struct bracket *at, guint64 k, int try)
{
	double all = (double)(at->up_to - at->under),
	       aim = (double)(k - at->under) + all * (try % 2 ? 0.05 : -0.05);

	if (try % 4 == 3)
		return at->high > 4 * at->low && at->low > 0 ? sqrt(at->low) * sqrt(at->high)
							     : at->low / 2 + at->high / 2;
	return at->low + (at->high - at->low) * fmin(fmax(aim / all, 0.001), 0.999);
}

/* Pairs whose order by rest is turned around when v goes from low to high, by a merge sort. */
struct pair_list {
	double *slopes;
	size_t n, room;
};

struct turned {
	struct cf_point point;
	double before, after;
};

static int by_before(const void *a, const void *b)
{
	const struct turned *p = a, *q = b;

	if (p->before != q->before)
		return p->before < q->before ? -1 : 1;
	return (p->point.time > q->point.time) - (p->point.time < q->point.time);
}

static void list_merge(struct pair_list *list, struct turned *x, struct turned *spare, size_t from,
		       size_t mid, size_t to)
{
	size_t i = from, j = mid, at = from;

	while (i < mid || j < to) {
		if (i == mid || (j < to && x[j].after <= x[i].after)) {
			for (size_t k = i; k < mid && list->n < list->room; k++)
				if (x[k].point.time != x[j].point.time)
					list->slopes[list->n++] = (x[j].point.y - x[k].point.y) /
								  (x[j].point.time - x[k].point.time);
			spare[at++] = x[j++];
		} else {
			spare[at++] = x[i++];
		}
	}
	memcpy(x + from, spare + from, (to - from) * sizeof(*x));
}

/* The k-th smallest slope, from the list of all that are in the bracket. */
static double slope_in(const struct cf_slopes *s, const struct bracket *at, guint64 k)
{
	struct pair_list list = { .room = (size_t)(at->up_to - at->under) };
	g_autofree struct turned *x = g_new(struct turned, s->n);
	g_autofree struct turned *spare = g_new(struct turned, s->n);
	double slope = at->high;

	list.slopes = g_new(double, list.room + 1);
	for (size_t i = 0; i < s->n; i++) {
		const struct cf_point *p = &s->points[i];

		x[i] = (struct turned){ *p, p->y - at->low * p->time, p->y - at->high * p->time };
	}
	qsort(x, s->n, sizeof(*x), by_before);
	for (size_t len = 1; len < s->n; len *= 2)
		for (size_t from = 0; from + len < s->n; from += 2 * len)
			list_merge(&list, x, spare, from, from + len, MIN(from + 2 * len, s->n));
	cf_sort(list.slopes, list.n);
	if (k - at->under <= list.n)
		slope = list.slopes[k - at->under - 1];
	g_free(list.slopes);
	return slope;
}

/* The k-th smallest slope of those above 0, which has `under` slopes up to 0 before it. */
static double positive_slope(const struct cf_slopes *s, guint64 k, guint64 under)
{
	struct bracket at = { 0, steepest(s), under, s->count };

	narrow_by_sample(s, &at, k);
	for (int try = 0; try < 300 && at.up_to - at.under > 4 * s->n; try++)
		if (at.high - at.low <= 1e-13 * at.high || !narrow(s, &at, split(&at, k, try), k))
			return at.high; /* that many slopes are the same */
	return slope_in(s, &at, k);
}

static void turn(struct cf_slopes *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->points[i].y = -s->points[i].y;
	qsort(s->points, s->n, sizeof(*s->points), by_time);
}

double cf_slopes_at(struct cf_slopes *s, guint64 k)
{
	guint64 falling, level;
	double slope;

	if (s->all)
		return s->all[k - 1];
	level = slopes_up_to(s, 0, TRUE);
	if (k > level)
		return positive_slope(s, k, level);
	falling = slopes_up_to(s, 0, FALSE);
	if (k > falling)
		return 0;
	turn(s);
	slope = -positive_slope(s, s->count + 1 - k, s->count - falling);
	turn(s);
	return slope;
}

static void list_slopes(struct cf_slopes *s)
{
	size_t at = 0;

	s->all = g_new(double, s->count + 1);
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = i + 1; j < s->n; j++)
			if (s->points[j].time > s->points[i].time)
				s->all[at++] = (s->points[j].y - s->points[i].y) /
					       (s->points[j].time - s->points[i].time);
	cf_sort(s->all, at);
}

void cf_slopes_init(struct cf_slopes *s, const double *time, const double *y, size_t n, double middle)
{
	*s = (struct cf_slopes){ .points = g_new(struct cf_point, n + 1),
				 .n = n,
				 .count = (guint64)n * (n - 1) / 2 };
	for (size_t i = 0; i < n; i++)
		s->points[i] = (struct cf_point){ time ? time[i] - time[0] : (double)i, y[i] - middle };
	qsort(s->points, n, sizeof(*s->points), by_time);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && s->points[to].time == s->points[from].time;)
			to++;
		s->same_time += (guint64)(to - from) * (to - from - 1) / 2;
		for (size_t i = from; i < to;) { /* of those, the ones with different values */
			size_t j = i;

			while (j < to && s->points[j].y == s->points[i].y)
				j++;
			s->falling_at_once += (guint64)(j - i) * (to - j);
			i = j;
		}
	}
	s->count -= s->same_time;
	if (n <= ALL_PAIRS) {
		list_slopes(s);
		return;
	}
	s->rest = g_new(double, n);
	s->spare = g_new(double, n);
}

void cf_slopes_clear(struct cf_slopes *s)
{
	g_free(s->points);
	g_free(s->all);
	g_free(s->rest);
	g_free(s->spare);
}
