/* SPDX-License-Identifier: MIT */
/* sums: revisions and lines by entity, author, both, day and month. */
#include "analyzers/churn/sums.h"

#include <math.h>

#include "analyzers/churn/days.h"
#include "core/sum.h"

/* A change beside its commit, to be put in the order of entities. */
struct row {
	uint32_t author;
	uint32_t commit, added, deleted;
};

/* Rows of entity e are those from starts[e] to starts[e + 1], oldest first. Caller frees both. */
static struct row *by_entity(const struct cf_churn *churn, uint32_t **starts)
{
	guint n = churn->changes->len, entities = churn->entities->len;
	struct row *rows = g_new(struct row, n + 1);
	g_autofree uint32_t *at = g_new0(uint32_t, entities + 1);

	*starts = g_new0(uint32_t, entities + 1);
	for (guint i = 0; i < n; i++)
		(*starts)[g_array_index(churn->changes, struct cf_churn_change, i).entity + 1]++;
	for (guint e = 0; e < entities; e++) {
		(*starts)[e + 1] += (*starts)[e];
		at[e] = (*starts)[e];
	}
	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);

		for (uint32_t i = 0; i < commit->changes; i++)
			rows[at[changes[i].entity]++] =
				(struct row){ commit->author, c, changes[i].added, changes[i].deleted };
	}
	return rows;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->author != y->author)
		return x->author < y->author ? -1 : 1;
	return x->commit < y->commit ? -1 : x->commit > y->commit;
}

static int compare_days(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t count_weeks(const struct cf_churn *churn, const struct row *rows, uint32_t n)
{
	g_autofree int32_t *weeks = g_new(int32_t, n + 1);
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++)
		weeks[i] = cf_week_of(cf_churn_commit(churn, rows[i].commit)->day);
	qsort(weeks, n, sizeof(*weeks), compare_days);
	for (uint32_t i = 0; i < n; i++)
		count += i == 0 || weeks[i] != weeks[i - 1];
	return count;
}

/* The rows of one entity: its sum, and a share for each author. Sorts them by author. */
static void sum_entity(struct cf_churn_sums *sums, uint32_t entity, struct row *rows, uint32_t n)
{
	struct cf_churn_sum *sum = &g_array_index(sums->entities, struct cf_churn_sum, entity);

	*sum = (struct cf_churn_sum){ .revs = n, .first = sums->shares->len, .creator = CF_NONE };
	if (!n)
		return;
	sum->creator = rows[0].author;
	sum->weeks = count_weeks(sums->churn, rows, n);
	sum->first_day = sum->last_day = cf_churn_commit(sums->churn, rows[0].commit)->day;
	qsort(rows, n, sizeof(*rows), compare_rows);
	for (uint32_t i = 0; i < n; i++) {
		int32_t day = cf_churn_commit(sums->churn, rows[i].commit)->day;
		struct cf_churn_share *share;

		if (i == 0 || rows[i].author != rows[i - 1].author) {
			struct cf_churn_share fresh = { .entity = entity,
							.author = rows[i].author,
							.last_day = day };

			g_array_append_val(sums->shares, fresh);
			sum->authors++;
		}
		share = &g_array_index(sums->shares, struct cf_churn_share, sums->shares->len - 1);
		share->revs++;
		share->added = cf_add_sat(share->added, rows[i].added);
		share->deleted = cf_add_sat(share->deleted, rows[i].deleted);
		share->last_day = MAX(share->last_day, day);
		sum->added = cf_add_sat(sum->added, rows[i].added);
		sum->deleted = cf_add_sat(sum->deleted, rows[i].deleted);
		sum->first_day = MIN(sum->first_day, day);
		sum->last_day = MAX(sum->last_day, day);
	}
}

static void sum_entities(struct cf_churn_sums *sums)
{
	g_autofree uint32_t *starts = NULL;
	g_autofree struct row *rows = by_entity(sums->churn, &starts);
	guint n = sums->churn->entities->len;

	g_array_set_size(sums->entities, n);
	for (guint e = 0; e < n; e++) {
		sum_entity(sums, e, rows + starts[e], starts[e + 1] - starts[e]);
		sums->changed += starts[e + 1] > starts[e];
	}
}

static void sum_authors(struct cf_churn_sums *sums)
{
	const struct cf_churn *churn = sums->churn;

	g_array_set_size(sums->authors, churn->authors->len);
	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);
		struct cf_churn_work *work =
			&g_array_index(sums->authors, struct cf_churn_work, commit->author);

		work->first_day = work->commits ? MIN(work->first_day, commit->day) : commit->day;
		work->last_day = work->commits ? MAX(work->last_day, commit->day) : commit->day;
		work->commits++;
		work->revs += commit->changes;
		for (uint32_t i = 0; i < commit->changes; i++) {
			work->added = cf_add_sat(work->added, changes[i].added);
			work->deleted = cf_add_sat(work->deleted, changes[i].deleted);
		}
	}
	for (guint i = 0; i < sums->shares->len; i++)
		g_array_index(sums->authors, struct cf_churn_work, cf_churn_share(sums, i)->author)
			.entities++;
}

/* A commit at its place in time. */
struct dated {
	int32_t at;
	uint32_t commit;
};

static int compare_dated(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->commit < y->commit ? -1 : x->commit > y->commit;
}

/* One row for each value of at among dated, which is sorted. */
static GArray *spans_of(const struct cf_churn *churn, const struct dated *dated)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_span));
	/* The span, counted from 1, in which each was seen last. */
	g_autofree uint32_t *authors = g_new0(uint32_t, churn->authors->len + 1);
	g_autofree uint32_t *entities = g_new0(uint32_t, churn->entities->len + 1);

	for (guint i = 0; i < churn->commits->len; i++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, dated[i].commit);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);
		struct cf_churn_span fresh = { .at = dated[i].at }, *span;

		if (!i || dated[i - 1].at != dated[i].at)
			g_array_append_val(spans, fresh);
		span = &g_array_index(spans, struct cf_churn_span, spans->len - 1);
		span->commits++;
		span->revs += commit->changes;
		span->authors += authors[commit->author] != spans->len;
		authors[commit->author] = spans->len;
		for (uint32_t n = 0; n < commit->changes; n++) {
			span->added = cf_add_sat(span->added, changes[n].added);
			span->deleted = cf_add_sat(span->deleted, changes[n].deleted);
			span->entities += entities[changes[n].entity] != spans->len;
			entities[changes[n].entity] = spans->len;
		}
	}
	return spans;
}

static void sum_time(struct cf_churn_sums *sums)
{
	guint n = sums->churn->commits->len;
	g_autofree struct dated *dated = g_new(struct dated, n + 1);

	for (guint i = 0; i < n; i++)
		dated[i] = (struct dated){ cf_churn_commit(sums->churn, i)->day, i };
	qsort(dated, n, sizeof(*dated), compare_dated);
	sums->days = spans_of(sums->churn, dated);
	for (guint i = 0; i < n; i++)
		dated[i].at = cf_month_of(dated[i].at);
	sums->months = spans_of(sums->churn, dated);
}

struct cf_churn_sums *cf_churn_sums_new(const struct cf_churn *churn)
{
	struct cf_churn_sums *sums = g_new0(struct cf_churn_sums, 1);

	sums->churn = churn;
	sums->entities = g_array_new(FALSE, TRUE, sizeof(struct cf_churn_sum));
	sums->shares = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_share));
	sums->authors = g_array_new(FALSE, TRUE, sizeof(struct cf_churn_work));
	sum_entities(sums);
	sum_authors(sums);
	sum_time(sums);
	return sums;
}

void cf_churn_sums_free(struct cf_churn_sums *sums)
{
	if (!sums)
		return;
	g_array_unref(sums->entities);
	g_array_unref(sums->shares);
	g_array_unref(sums->authors);
	g_array_unref(sums->days);
	g_array_unref(sums->months);
	g_free(sums);
}

static double ratio(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

struct cf_churn_relative cf_churn_relative(const struct cf_churn_sums *sums)
{
	struct cf_churn_relative r = { 0 };
	int64_t worked;

	for (guint e = 0; e < sums->entities->len; e++) {
		const struct cf_churn_entity *entity = cf_churn_entity(sums->churn, e);
		const struct cf_churn_sum *sum = cf_churn_sum(sums, e);

		if (!entity->source)
			continue;
		r.file_count++;
		r.total_loc += entity->lines;
		r.churned_loc = cf_add_sat(r.churned_loc, sum->added);
		r.deleted_loc = cf_add_sat(r.deleted_loc, sum->deleted);
		r.files_churned += sum->revs > 0;
		r.churn_count += sum->revs;
		r.weeks += sum->weeks;
	}
	worked = cf_add_sat(r.churned_loc, r.deleted_loc);
	r.m[0] = ratio(r.churned_loc, r.total_loc);
	r.m[1] = ratio(r.deleted_loc, r.total_loc);
	r.m[2] = ratio(r.files_churned, r.file_count);
	r.m[3] = ratio(r.churn_count, r.files_churned);
	r.m[4] = ratio(r.weeks, r.file_count);
	r.m[5] = ratio(worked, r.weeks);
	r.m[6] = ratio(r.churned_loc, r.deleted_loc);
	r.m[7] = ratio(worked, r.churn_count);
	return r;
}
