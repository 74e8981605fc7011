/* SPDX-License-Identifier: MIT */
/* select: which runs a RUN operand names. */
#include "core/params.h"
#include "store/statement.h"

#include <string.h>

/*
 *	RUN   = END ".." END | END [":" (N | "all")]
 *	END   = BASE { "~" N | "@" WHEN }
 *	BASE  = "@" | id | "c:" hex | key=value{,key=value} | name
 *	WHEN  = N ("s" | "m" | "h" | "d" | "w") | date | date and time
 *
 * A base has matches, in order of start then id, and stands on the last of them; "~" and "@" step back from
 *there.
 * "@" and an id have the runs of the same name as matches and stand on the run itself. A text that is wholly
 *a stored name or label set is that, whatever else it could mean ("host=web1:8080", a program called "a..b").
 */

struct candidate {
	int64_t id, start, touched;
	unsigned facts; /* enum cf_facts */
	char *name, *commit, *host, *format;
	GPtrArray *labels; /* key, value, key, value; or NULL */
};

struct selection {
	struct cf_store *store;
	struct cf_diag *diag;
	const char *expr; /* as the user wrote it, for messages */
	unsigned facts;   /* "@" has one of these; 0: any */
	GPtrArray *all;   /* struct candidate *, restricted by --in, in order of start then id */
};

/* A place in the matches of a base. */
struct place {
	GPtrArray *matches; /* struct candidate *, borrowed */
	int at;
	gboolean moved;
	char *base; /* text of the base when it selects by content, NULL for "@" and ids */
};

static void candidate_free(gpointer data)
{
	struct candidate *c = data;

	g_free(c->name);
	g_free(c->commit);
	g_free(c->host);
	g_free(c->format);
	if (c->labels)
		g_ptr_array_unref(c->labels);
	g_free(c);
}

static int load_labels(struct selection *s)
{
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	struct cf_stmt stmt;
	int step = -1;

	for (guint i = 0; i < s->all->len; i++) {
		struct candidate *c = g_ptr_array_index(s->all, i);

		g_hash_table_insert(by_id, &c->id, c);
	}
	if (cf_stmt_open(&stmt, s->store, CF_SQL_ALL_LABELS, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			int64_t id = cf_stmt_int(&stmt);
			struct candidate *c = g_hash_table_lookup(by_id, &id);

			if (!c)
				continue;
			if (!c->labels)
				c->labels = g_ptr_array_new_with_free_func(g_free);
			g_ptr_array_add(c->labels, cf_stmt_dup(&stmt));
			g_ptr_array_add(c->labels, cf_stmt_dup(&stmt));
		}
	cf_stmt_close(&stmt);
	return step;
}

/* A label, or one of the fields that a run has anyway; a label of the same key hides the field. */
static const char *value_of(const struct candidate *c, const char *key, size_t len)
{
	static const char *const fields[] = { "name", "host", "format", "commit" };
	const char *const values[] = { c->name, c->host, c->format, c->commit };

	for (guint i = 0; c->labels && i < c->labels->len; i += 2) {
		const char *label = g_ptr_array_index(c->labels, i);

		if (strlen(label) == len && memcmp(label, key, len) == 0)
			return g_ptr_array_index(c->labels, i + 1);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strlen(fields[i]) == len && memcmp(fields[i], key, len) == 0)
			return values[i];
	return NULL;
}

/* "k=v,k=v"; a comma belongs to the value when what follows it isn't "key=". */
static gboolean has_labels(const struct candidate *c, const char *text)
{
	while (*text) {
		const char *equals = strchr(text, '='), *end;
		const char *value;

		if (!equals)
			return FALSE;
		for (end = equals + 1; *end; end++)
			if (*end == ',' && strchr(end, '=') &&
			    !memchr(end + 1, ',', (size_t)(strchr(end, '=') - end - 1)))
				break;
		value = value_of(c, text, (size_t)(equals - text));
		if (!value || strlen(value) != (size_t)(end - equals - 1) ||
		    strncmp(value, equals + 1, strlen(value)) != 0)
			return FALSE;
		text = *end ? end + 1 : end;
	}
	return TRUE;
}

static int load_candidates(struct selection *s, const char *in)
{
	struct cf_stmt stmt;
	int step = -1;

	if (in && !strchr(in, '='))
		return cf_error_as(s->diag, CF_STATUS_USAGE, NULL, "--in %s: expected KEY=VALUE", in);
	if (cf_stmt_open(&stmt, s->store, CF_SQL_CANDIDATES, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct candidate *c = g_new0(struct candidate, 1);

			c->id = cf_stmt_int(&stmt);
			c->start = cf_stmt_int(&stmt);
			c->touched = cf_stmt_int(&stmt);
			c->name = cf_stmt_dup(&stmt);
			c->commit = cf_stmt_dup_or_null(&stmt);
			c->host = cf_stmt_dup_or_null(&stmt);
			c->format = cf_stmt_dup(&stmt);
			c->facts = cf_stmt_id(&stmt);
			g_ptr_array_add(s->all, c);
		}
	cf_stmt_close(&stmt);
	if (step != 0 || load_labels(s) != 0)
		return -1;
	for (guint i = s->all->len; in && i-- > 0;)
		if (!has_labels(g_ptr_array_index(s->all, i), in))
			g_ptr_array_remove_index(s->all, i);
	return 0;
}

static struct candidate *candidate_at(const GPtrArray *list, int at)
{
	return g_ptr_array_index((GPtrArray *)list, (guint)at);
}

static void place_clear(struct place *place)
{
	g_clear_pointer(&place->matches, g_ptr_array_unref);
	g_clear_pointer(&place->base, g_free);
}

/* Matches of the same name as the run, standing on it. */
static void stand_on(struct selection *s, struct place *place, const struct candidate *run)
{
	place->matches = g_ptr_array_new();
	for (guint i = 0; i < s->all->len; i++) {
		struct candidate *c = g_ptr_array_index(s->all, i);

		if (strcmp(c->name, run->name) != 0)
			continue;
		if (c == run)
			place->at = (int)place->matches->len;
		g_ptr_array_add(place->matches, c);
	}
}

static gboolean is_hex(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static gboolean matches_base(const struct candidate *c, const char *base)
{
	if (strcmp(c->name, base) == 0)
		return TRUE;
	if (g_str_has_prefix(base, "c:"))
		return c->commit && strlen(base) >= 2 + 4 && is_hex(base + 2) &&
		       g_ascii_strncasecmp(c->commit, base + 2, strlen(base + 2)) == 0;
	return strchr(base, '=') && has_labels(c, base);
}

/* 1: found, 0: nothing matches (nothing said). */
static int find_base(struct selection *s, const char *base, struct place *place)
{
	gboolean number = *base && strspn(base, "0123456789") == strlen(base);
	const struct candidate *found = NULL;

	*place = (struct place){ 0 };
	for (guint i = 0; i < s->all->len && (number || strcmp(base, "@") == 0); i++) {
		struct candidate *c = g_ptr_array_index(s->all, i);

		if (number ? c->id == g_ascii_strtoll(base, NULL, 10)
			   : (!s->facts || (c->facts & s->facts)) && (!found || c->touched > found->touched))
			found = c;
	}
	if (found) {
		stand_on(s, place, found);
		return 1;
	}
	if (strcmp(base, "@") == 0 || !*base)
		return 0;
	place->matches = g_ptr_array_new();
	for (guint i = 0; i < s->all->len; i++)
		if (matches_base(g_ptr_array_index(s->all, i), base))
			g_ptr_array_add(place->matches, g_ptr_array_index(s->all, i));
	if (!place->matches->len) {
		place_clear(place);
		return 0;
	}
	place->at = (int)place->matches->len - 1;
	place->base = g_strdup(base);
	return 1;
}

static int count_name(const struct selection *s, const char *name)
{
	int count = 0;

	for (guint i = 0; i < s->all->len; i++)
		count += strcmp(candidate_at(s->all, (int)i)->name, name) == 0;
	return count;
}

/* Names, "key=value" texts or commits that the base could have meant. */
static int nothing_matches(struct selection *s, const char *base)
{
	struct cf_loc loc = { .path = cf_store_path(s->store) };
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	gboolean labels = strchr(base, '=') != NULL;
	const char *nearest;

	if (!s->all->len)
		return cf_error(s->diag, &loc,
				"no runs to choose '%s' from; start with: callflow ingest perf.data",
				s->expr);
	if (strcmp(base, "@") == 0) {
		g_autofree char *facts = cf_facts_text(s->facts);

		return cf_error(s->diag, &loc, "no run has %s; start with: callflow ingest perf.data", facts);
	}
	for (guint i = 0; i < s->all->len; i++) {
		const struct candidate *c = candidate_at(s->all, (int)i);

		if (!labels)
			g_ptr_array_add(names, c->name);
		for (guint j = 0; labels && c->labels && j < c->labels->len; j += 2) {
			g_ptr_array_add(owned,
					g_strdup_printf("%s=%s", (char *)g_ptr_array_index(c->labels, j),
							(char *)g_ptr_array_index(c->labels, j + 1)));
			g_ptr_array_add(names, g_ptr_array_index(owned, owned->len - 1));
		}
	}
	nearest = cf_nearest(base, (const char *const *)names->pdata, names->len);
	if (nearest && labels)
		return cf_error(s->diag, NULL, "no run with '%s'; did you mean '%s'?", base, nearest);
	if (nearest) {
		int runs = count_name(s, nearest);

		return cf_error(s->diag, NULL, "no run '%s'; did you mean '%s' (%d run%s)?", base, nearest,
				runs, runs == 1 ? "" : "s");
	}
	if (labels)
		return cf_error(s->diag, NULL, "no run with '%s'", base);
	return cf_error(s->diag, NULL, "no run '%s'; callflow runs lists what there is", base);
}

static gboolean parse_count(const char *text, int *value)
{
	if (!*text || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text))
		return FALSE;
	*value = (int)g_ascii_strtoll(text, NULL, 10);
	return TRUE;
}

/* "7d": *ns is a length; a date: *ns is the end of that day; a time: that time. */
static gboolean parse_when(const char *text, int64_t *ns, gboolean *length)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };
	size_t digits = strspn(text, "0123456789");

	*length = digits > 0 && digits <= 5 && text[digits] && !text[digits + 1];
	for (size_t i = 0; *length && i < G_N_ELEMENTS(units); i++)
		if (text[digits] == units[i].unit) {
			*ns = g_ascii_strtoll(text, NULL, 10);
			return !__builtin_mul_overflow(*ns, units[i].seconds, ns) &&
			       !__builtin_mul_overflow(*ns, G_GINT64_CONSTANT(1000000000), ns);
		}
	*length = FALSE;
	if (!cf_time_parse(text, ns))
		return FALSE;
	if (strlen(text) == strlen("2026-11-16") && !strchr(text, '@') &&
	    __builtin_add_overflow(*ns, G_GINT64_CONSTANT(86400000000000) - 1, ns))
		return FALSE;
	return TRUE;
}

static int step_back(struct selection *s, struct place *place, const char *count_text)
{
	int count;

	if (!parse_count(count_text, &count))
		return cf_error_as(s->diag, CF_STATUS_USAGE, NULL, "'%s': expected a number after '~'",
				   s->expr);
	if (count > place->at)
		return cf_error(s->diag, NULL, "'%s': only %d run%s before run %" G_GINT64_FORMAT " '%s'",
				s->expr, place->at, place->at == 1 ? "" : "s",
				candidate_at(place->matches, place->at)->id,
				candidate_at(place->matches, place->at)->name);
	place->at -= count;
	place->moved = TRUE;
	return 0;
}

static int go_to(struct selection *s, struct place *place, const char *when)
{
	int64_t limit, length;
	gboolean relative;
	int at = place->at;

	if (!parse_when(when, &length, &relative))
		return cf_error_as(
			s->diag, CF_STATUS_USAGE, NULL,
			"'%s': expected a length (7d) or a date (2026-11-16) after '@', found '%s'", s->expr,
			when);
	limit = length;
	if (relative && __builtin_sub_overflow(candidate_at(place->matches, at)->start, length, &limit))
		limit = INT64_MIN;
	while (at >= 0 && candidate_at(place->matches, at)->start > limit)
		at--;
	if (at < 0) {
		g_autofree char *text = cf_time_text(limit);
		g_autofree char *first = cf_time_text(candidate_at(place->matches, 0)->start);

		return cf_error(s->diag, NULL, "'%s': no run at or before %s; the first is of %s", s->expr,
				text, first);
	}
	place->at = at;
	place->moved = TRUE;
	return 0;
}

/* Where the last "~" or "@" of text begins, not counting one at its start; NULL: none. */
static char *last_step(char *text)
{
	for (char *p = text + strlen(text); p > text; p--)
		if (*p == '~' || *p == '@')
			return p;
	return NULL;
}

/* A base and its steps. Steps are cut off from the right until what is left is something stored. */
static int find_end(struct selection *s, const char *text, struct place *place)
{
	g_autofree char *base = g_strdup(text);
	g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(g_free);
	int found = find_base(s, base, place);

	while (!found) {
		char *step = last_step(base);

		if (!step)
			return nothing_matches(s, base);
		g_ptr_array_add(steps, g_strdup(step));
		*step = '\0';
		found = find_base(s, base, place);
	}
	for (guint i = steps->len; i-- > 0;) {
		const char *step = g_ptr_array_index(steps, i);

		if ((*step == '~' ? step_back : go_to)(s, place, step + 1) != 0) {
			place_clear(place);
			return -1;
		}
	}
	return 0;
}

static int add_run(struct selection *s, struct cf_run_set *set, const struct candidate *c)
{
	struct cf_run *run = cf_store_run_by_id(s->store, c->id, s->diag);

	if (!run)
		return -1;
	g_ptr_array_add(set->runs, run);
	return 0;
}

/* "3,5,9": runs by their ids. */
static gboolean is_list(const char *expr)
{
	return strchr(expr, ',') && expr[strspn(expr, "0123456789,")] == '\0';
}

static int select_list(struct selection *s, struct cf_run_set *set)
{
	g_auto(GStrv) ids = g_strsplit(s->expr, ",", -1);
	g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);
	struct place place;
	int result = 0;

	for (char **id = ids; *id; id++) {
		if (!**id)
			return cf_error_as(s->diag, CF_STATUS_USAGE, NULL,
					   "'%s': expected a run's id on both sides of a comma", s->expr);
		if (!find_base(s, *id, &place))
			return nothing_matches(s, *id);
		g_hash_table_add(wanted, candidate_at(place.matches, place.at));
		place_clear(&place);
	}
	for (guint i = 0; result == 0 && i < s->all->len; i++)
		if (g_hash_table_contains(wanted, candidate_at(s->all, (int)i)))
			result = add_run(s, set, candidate_at(s->all, (int)i));
	return result;
}

static gboolean is_before(const struct candidate *a, const struct candidate *b)
{
	return a->start != b->start ? a->start < b->start : a->id < b->id;
}

/* Starts decide, not the order of ingestion: so both are said. */
static int backwards(struct selection *s, const char *left, const struct candidate *from, const char *right,
		     const struct candidate *to)
{
	g_autofree char *late = cf_time_text(from->start), *early = cf_time_text(to->start);

	return cf_error(s->diag, NULL,
			"'%s': run %" G_GINT64_FORMAT " started %s, after run %" G_GINT64_FORMAT
			" at %s; a range goes by start: '%s..%s'",
			s->expr, from->id, late, to->id, early, right, left);
}

/*
 * All runs from one end to the other. Ends that are named by the same name or labels keep the range to those,
 * since "main~5..main" means runs of main.
 */
static int select_range(struct selection *s, const char *dots, struct cf_run_set *set)
{
	g_autofree char *left = g_strndup(s->expr, (gsize)(dots - s->expr));
	struct place a = { 0 }, b = { 0 };
	const struct candidate *from, *to;
	gboolean same;
	int result = -1;

	if (!*left || !dots[2])
		return cf_error_as(s->diag, CF_STATUS_USAGE, NULL, "'%s': a range needs both ends", s->expr);
	if (find_end(s, left, &a) != 0 || find_end(s, dots + 2, &b) != 0)
		goto out;
	from = candidate_at(a.matches, a.at);
	to = candidate_at(b.matches, b.at);
	same = a.base && b.base && strcmp(a.base, b.base) == 0;
	if (is_before(to, from)) {
		backwards(s, left, from, dots + 2, to);
		goto out;
	}
	result = 0;
	for (guint i = 0; result == 0 && i < s->all->len; i++) {
		const struct candidate *c = candidate_at(s->all, (int)i);

		if (!is_before(c, from) && !is_before(to, c) && (!same || matches_base(c, a.base)))
			result = add_run(s, set, c);
	}
out:
	place_clear(&a);
	place_clear(&b);
	return result;
}

/* count 0: all, up to the place when steps moved it. */
static int select_last(struct selection *s, const struct place *place, int count, struct cf_run_set *set)
{
	int to = count || place->moved ? place->at : (int)place->matches->len - 1;
	int from = count ? to - count + 1 : 0;

	if (from < 0) {
		cf_warn(s->diag, NULL, "'%s': there are only %d", s->expr, to + 1);
		from = 0;
	}
	for (int i = from; i <= to; i++)
		if (add_run(s, set, candidate_at(place->matches, i)) != 0)
			return -1;
	return 0;
}

/* The ":" that begins a count, as opposed to one of "c:", of a label or of the time in "X@2026-11-16T06:02".
 */
static const char *find_count(const char *expr, int *count)
{
	const char *colon = strrchr(expr, ':'), *at = strrchr(expr, '@');
	gboolean length;
	int64_t ns;

	if (!colon || colon == expr || (colon == expr + 1 && *expr == 'c') ||
	    (at && at < colon && parse_when(at + 1, &ns, &length)))
		return NULL;
	*count = 0;
	return strcmp(colon, ":all") == 0 || parse_count(colon + 1, count) ? colon : NULL;
}

static int select_expr(struct selection *s, struct cf_run_set *set)
{
	const char *colon, *dots = strstr(s->expr, "..");
	struct place place;
	int count = 1, result;
	g_autofree char *end = NULL;

	if (!*s->expr)
		return cf_error_as(s->diag, CF_STATUS_USAGE, NULL, "an empty text names no run");
	if (find_base(s, s->expr, &place)) {
		result = add_run(s, set, candidate_at(place.matches, place.at));
		place_clear(&place);
		return result;
	}
	if (dots)
		return select_range(s, dots, set);
	if (is_list(s->expr))
		return select_list(s, set);
	colon = find_count(s->expr, &count);
	if (colon && count == 0 && strcmp(colon, ":all") != 0)
		return cf_error_as(s->diag, CF_STATUS_USAGE, NULL, "'%s': the last 0 runs are none", s->expr);
	end = colon ? g_strndup(s->expr, (gsize)(colon - s->expr)) : g_strdup(s->expr);
	if (find_end(s, end, &place) != 0)
		return -1;
	result = select_last(s, &place, colon ? count : 1, set);
	place_clear(&place);
	return result;
}

static int finish(struct selection *s, struct cf_run_set *set, int result)
{
	g_ptr_array_unref(s->all);
	if (result != 0)
		cf_run_set_clear(set);
	return result;
}

int cf_store_select(struct cf_store *store, const char *expr, const char *in, unsigned facts,
		    struct cf_run_set *set, struct cf_diag *diag)
{
	struct selection s = { store, diag, expr, facts, g_ptr_array_new_with_free_func(candidate_free) };

	set->runs = g_ptr_array_new_with_free_func((GDestroyNotify)cf_run_free);
	return finish(&s, set, load_candidates(&s, in) == 0 ? select_expr(&s, set) : -1);
}

int cf_store_runs(struct cf_store *store, const char *in, struct cf_run_set *set, struct cf_diag *diag)
{
	struct selection s = { store, diag, "", 0, g_ptr_array_new_with_free_func(candidate_free) };
	int result;

	set->runs = g_ptr_array_new_with_free_func((GDestroyNotify)cf_run_free);
	result = load_candidates(&s, in);
	for (guint i = 0; result == 0 && i < s.all->len; i++)
		result = add_run(&s, set, candidate_at(s.all, (int)i));
	return finish(&s, set, result);
}
