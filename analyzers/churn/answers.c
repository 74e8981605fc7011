/* SPDX-License-Identifier: MIT */
/* answers: one repository as the settings want it counted, with what was computed of it, each when it is asked for. */
#include "analyzers/churn/answers.h"

#include <string.h>

#include "analyzers/churn/days.h"
#include "analyzers/churn/maps.h"
#include "core/files.h"
#include "core/people.h"

#define NS_PER_S INT64_C(1000000000)
/* Maps that people write. */
#define MAP_CAP (UINT64_C(16) << 20)

/* Where "@" doesn't say which run, the last one that has what costs. */
static const char *const run_default = "@";

static const char *const sizes[] = { "lines", "complexity", "indent", NULL };

const struct cf_param cf_churn_params[] = {
	{ .name = "by",
	  .type = CF_PARAM_LIST,
	  .arg = "QUESTION",
	  .help = "show one table, or several: summary, quality, hotspots, functions, refactoring, risk, "
		  "nagappan-ball, revisions, entity-churn, age, truck-factor, authors, author-churn, "
		  "main-dev, "
		  "main-dev-by-revs, entity-ownership, fragmentation, communication, coupling, soc, cost, "
		  "cost-functions, trend, abs-churn" },
	{ .name = "repo", .type = CF_PARAM_STRING, .arg = "NAME", .help = "which repository of the store" },
	{ .name = "since",
	  .type = CF_PARAM_TIME,
	  .arg = "DATE",
	  .help = "leave out commits before that day" },
	{ .name = "as-of",
	  .type = CF_PARAM_TIME,
	  .arg = "DATE",
	  .help = "leave out commits after that day, count ages to it (default: the newest commit's)" },
	{ .name = "include",
	  .type = CF_PARAM_LIST,
	  .arg = "GLOB",
	  .help = "only paths that match; may be given several times" },
	{ .name = "exclude",
	  .type = CF_PARAM_LIST,
	  .arg = "GLOB",
	  .help = "leave out paths that match; may be given several times" },
	{ .name = "no-generated", .type = CF_PARAM_BOOL, .help = "leave out generated and vendored files" },
	{ .name = "group",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "count parts instead of files: lines GLOB => NAME" },
	{ .name = "team-map",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "count teams instead of people: lines AUTHOR,TEAM" },
	{ .name = "mailmap",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "who is who, besides the repository's own .mailmap" },
	{ .name = "follow",
	  .type = CF_PARAM_BOOL,
	  .help = "a renamed file's history goes on under its new name" },
	{ .name = "ignored",
	  .type = CF_PARAM_BOOL,
	  .help = "count commits that .git-blame-ignore-revs names" },
	{ .name = "bots", .type = CF_PARAM_BOOL, .help = "programs that commit are people, too" },
	{ .name = "size",
	  .type = CF_PARAM_CHOICE,
	  .arg = "WHAT",
	  .help = "what hotspots weigh revisions with",
	  .fallback = "lines",
	  .choices = sizes },
	{ .name = "run",
	  .type = CF_PARAM_STRING,
	  .arg = "RUN",
	  .help = "whose cost to join (default: the last with samples)" },
	{ .name = "top",
	  .letter = 'n',
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "rows of a table, 0: all",
	  .fallback = "20",
	  .min = 0,
	  .max = INT64_MAX },
	{ .name = NULL },
};

/* ---- files that the user names ---- */

static int read_map(const char *path,
		    int (*take)(struct cf_churn_answers *a, const char *path, struct cf_slice text,
				struct cf_diag *diag),
		    struct cf_churn_answers *a, struct cf_diag *diag)
{
	struct cf_file file;
	struct cf_slice text;
	char *owned = NULL;
	int result;

	if (!path)
		return 0;
	if (cf_file_open(&file, path, MAP_CAP, diag) != 0)
		return -1;
	result = cf_text_utf8(file.path, file.bytes, &text, &owned, diag);
	if (result == 0)
		result = take(a, file.path, text, diag);
	g_free(owned);
	cf_file_release(&file);
	return result;
}

static int take_mailmap(struct cf_churn_answers *a, const char *path, struct cf_slice text,
			struct cf_diag *diag)
{
	cf_people_map_more(a->history, text);
	return 0;
}

static int take_groups(struct cf_churn_answers *a, const char *path, struct cf_slice text,
		       struct cf_diag *diag)
{
	a->groups = cf_groups_parse(path, text, diag);
	return a->groups ? 0 : -1;
}

static int take_teams(struct cf_churn_answers *a, const char *path, struct cf_slice text,
		      struct cf_diag *diag)
{
	a->teams = cf_teams_parse(path, text, diag);
	return a->teams ? 0 : -1;
}

static int read_maps(struct cf_churn_answers *a)
{
	const struct cf_params *params = a->analysis->params;
	struct cf_diag *diag = a->analysis->diag;

	if (read_map(cf_params_string(params, "mailmap"), take_mailmap, a, diag) != 0 ||
	    read_map(cf_params_string(params, "group"), take_groups, a, diag) != 0)
		return -1;
	return read_map(cf_params_string(params, "team-map"), take_teams, a, diag);
}

/* ---- the operand ---- */

static gboolean is_end_of(const char *path, const char *end)
{
	size_t a = strlen(path), b = strlen(end);

	return a > b && strcmp(path + a - b, end) == 0 && path[a - b - 1] == '/';
}

static int no_path(const struct cf_churn_answers *a, const GPtrArray *ends)
{
	const struct cf_history *h = a->history;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = cf_visible(a->path, -1, 200);
	const char *nearest;

	if (ends->len) {
		g_autofree char *first = cf_visible(g_ptr_array_index(ends, 0), -1, 200);
		g_autofree char *second = cf_visible(g_ptr_array_index(ends, 1), -1, 200);

		return cf_error_as(a->analysis->diag, CF_STATUS_USAGE, NULL,
				   "'%s' is the end of %u paths; which one: %s, %s%s", shown, ends->len,
				   first, second, ends->len > 2 ? ", ...?" : "?");
	}
	for (guint i = 0; i < h->paths->len; i++)
		g_ptr_array_add(names, (gpointer)cf_history_path_text(h, i));
	nearest = cf_nearest(a->path, (const char *const *)names->pdata, names->len);
	if (nearest) {
		g_autofree char *near = cf_visible(nearest, -1, 200);

		return cf_error(a->analysis->diag, NULL,
				"no path '%s' in the history of %s; did you mean '%s'?", shown, h->name,
				near);
	}
	return cf_error(a->analysis->diag, NULL, "no path '%s' in the history of %s", shown, h->name);
}

static void choose_path(struct cf_churn_answers *a, const char *path, guint file)
{
	g_free(a->path);
	a->path = g_strdup(path);
	a->file = file;
}

/* A path as tables show it, whose bytes a terminal couldn't have: caf\xe9.c. */
static void find_shown(struct cf_churn_answers *a)
{
	const struct cf_history *h = a->history;

	if (!strchr(a->path, '\\'))
		return;
	for (guint i = 0; i < h->paths->len && a->file == CF_NONE; i++) {
		const char *path = cf_history_path_text(h, i);
		g_autofree char *shown = cf_visible(path, -1, 0);

		if (strcmp(shown, a->path) == 0)
			choose_path(a, path, i);
	}
}

/* "./src/" is the folder src; "server.c" is src/server.c when no other path ends so. */
static int find_path(struct cf_churn_answers *a)
{
	const struct cf_history *h = a->history;
	const char *given = a->analysis->argument;
	g_autoptr(GPtrArray) ends = g_ptr_array_new();
	gboolean folder = FALSE;
	size_t len;

	if (!given || strcmp(given, ".") == 0)
		return 0;
	while (g_str_has_prefix(given, "./"))
		given += 2;
	a->path = g_strdup(given);
	for (len = strlen(a->path); len && a->path[len - 1] == '/';)
		a->path[--len] = '\0';
	for (guint i = 0; i < h->paths->len; i++) {
		const char *path = cf_history_path_text(h, i);

		if (strcmp(path, a->path) == 0)
			a->file = i;
		folder = folder || (strncmp(path, a->path, len) == 0 && path[len] == '/');
		if (is_end_of(path, a->path))
			g_ptr_array_add(ends, (gpointer)path);
	}
	if (a->file != CF_NONE || folder || len == 0)
		return 0;
	if (ends->len == 0)
		find_shown(a);
	for (guint i = 0; i < h->paths->len && ends->len == 1; i++)
		if (strcmp(cf_history_path_text(h, i), g_ptr_array_index(ends, 0)) == 0)
			choose_path(a, g_ptr_array_index(ends, 0), i);
	return a->file == CF_NONE ? no_path(a, ends) : 0;
}

/* ---- counting ---- */

/* A date has all of its day. */
static int32_t day_setting(const struct cf_params *params, const char *name)
{
	int64_t ns = cf_params_time(params, name);

	return cf_day_of(ns / NS_PER_S - (ns % NS_PER_S < 0), 0);
}

static int nothing_left(const struct cf_churn_answers *a)
{
	const struct cf_params *params = a->analysis->params;
	gboolean narrowed = a->path || a->groups || cf_params_is_set(params, "since") ||
			    cf_params_is_set(params, "as-of") || cf_params_is_set(params, "include") ||
			    cf_params_is_set(params, "exclude") || cf_params_is_set(params, "no-generated");

	if (narrowed)
		return cf_error(a->analysis->diag, NULL, "no commit of %s is left by these settings",
				a->history->name);
	return cf_error(a->analysis->diag, NULL, "no commit of %s changes a file", a->history->name);
}

static int count(struct cf_churn_answers *a)
{
	const struct cf_params *params = a->analysis->params;
	gboolean whole = a->file != CF_NONE && !*cf_params_list(params, "by");
	struct cf_churn_options options = {
		.has_since = cf_params_is_set(params, "since"),
		.has_as_of = cf_params_is_set(params, "as-of"),
		/* What a file changes with isn't in its own rows. */
		.path = whole ? NULL : a->path,
		.include = cf_params_list(params, "include"),
		.exclude = cf_params_list(params, "exclude"),
		.groups = a->groups,
		.teams = a->teams,
		.follow = cf_params_bool(params, "follow"),
		.ignored = cf_params_bool(params, "ignored"),
		.no_generated = cf_params_bool(params, "no-generated"),
	};

	if (options.has_since)
		options.since = day_setting(params, "since");
	if (options.has_as_of)
		options.as_of = day_setting(params, "as-of");
	a->churn = cf_churn_new(a->history, &options);
	if (!a->churn->commits->len)
		return nothing_left(a);
	a->sums = cf_churn_sums_new(a->churn);
	return 0;
}

/* ---- cost ---- */

static void profile_free(struct cf_churn_profile *profile)
{
	if (!profile)
		return;
	cf_ranking_clear(&profile->ranking);
	cf_run_set_clear(&profile->set);
	cf_cost_join_free(profile->join);
	g_free(profile->share);
	g_free(profile);
}

static void join_cost(struct cf_churn_answers *a, struct cf_churn_profile *profile)
{
	guint n = profile->ranking.rows->len;
	g_autofree struct cf_cost_row *rows = g_new(struct cf_cost_row, n + 1);

	for (guint i = 0; i < n; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(&profile->ranking, i);

		rows[i] = (struct cf_cost_row){ row->name, row->file, row->kind, row->self };
	}
	profile->join = cf_cost_join_new(a->history, rows, n, profile->ranking.weight);
	profile->share = g_new0(double, a->churn->entities->len + 1);
	for (guint i = 0; i < a->history->paths->len; i++)
		if (a->churn->entity_of[i] != CF_NONE)
			profile->share[a->churn->entity_of[i]] +=
				cf_share(profile->join->of_path[i], profile->join->whole);
	profile->cpu = cf_metric_cpu(profile->ranking.metric) != NULL ||
		       g_str_has_prefix(profile->ranking.metric, "cycles");
}

static int load_profile(struct cf_churn_answers *a, const char *expr, struct cf_diag *diag)
{
	static const struct cf_param *const tables[] = { cf_filter_params, NULL };
	struct cf_params *params = cf_params_new(tables);
	struct cf_churn_profile *profile = g_new0(struct cf_churn_profile, 1);
	struct cf_analysis inner = { .store = a->analysis->store,
				     .current = &profile->set,
				     .in = a->analysis->in,
				     .params = params,
				     .diag = diag };
	int result = cf_store_select(inner.store, expr, inner.in, CF_FACTS_PROFILE, &profile->set, diag);

	if (result != 0) {
		g_free(profile);
		cf_params_free(params);
		return -1;
	}
	for (guint i = 0; i < profile->set.runs->len && result == 0; i++) {
		const struct cf_run *run = g_ptr_array_index(profile->set.runs, i);

		if (!(run->facts & CF_FACTS_PROFILE))
			result = cf_error(diag, NULL, "run %" G_GINT64_FORMAT " '%s' has no samples or calls",
					  run->id, run->name);
	}
	if (result == 0)
		result = cf_ranking_load(&profile->ranking, &inner, CF_BY_FUNCTION, FALSE, 0);
	cf_params_free(params);
	if (result != 0) {
		cf_run_set_clear(&profile->set);
		g_free(profile);
		return -1;
	}
	join_cost(a, profile);
	a->profile = profile;
	return 0;
}

/* Without --run, a store that has no fitting run is no error. */
static int find_profile(struct cf_churn_answers *a)
{
	const char *run = cf_params_string(a->analysis->params, "run");
	struct cf_diag silent = { 0 };
	const struct cf_run *first;

	if (load_profile(a, run ? run : run_default, run ? a->analysis->diag : &silent) != 0)
		return run ? -1 : 0;
	if (a->profile->join->joined)
		return 0;
	first = g_ptr_array_index(a->profile->set.runs, 0);
	a->profile_miss = g_strdup_printf("nothing of run %" G_GINT64_FORMAT " %s is in a file of %s",
					  first->id, first->name, a->history->name);
	g_clear_pointer(&a->profile, profile_free);
	return 0;
}

/* ---- all of it ---- */

static int load(struct cf_churn_answers *a)
{
	const struct cf_history_filter filter = { .functions = TRUE };
	struct cf_analysis *analysis = a->analysis;

	a->repo = cf_store_repo(analysis->store, cf_params_string(analysis->params, "repo"), analysis->diag);
	if (!a->repo)
		return -1;
	a->history = cf_store_load_history(analysis->store, a->repo, &filter, analysis->diag);
	if (!a->history || read_maps(a) != 0 || find_path(a) != 0 || count(a) != 0)
		return -1;
	return find_profile(a);
}

int cf_churn_answers_load(struct cf_churn_answers *answers, struct cf_analysis *analysis)
{
	static const enum cf_churn_size size_of[] = { CF_SIZE_LINES, CF_SIZE_COMPLEXITY, CF_SIZE_INDENT };
	const char *size = cf_params_string(analysis->params, "size");

	*answers = (struct cf_churn_answers){
		.analysis = analysis,
		.file = CF_NONE,
		.bots = cf_params_bool(analysis->params, "bots"),
		.limit = (size_t)cf_params_int(analysis->params, "top"),
	};
	for (size_t i = 0; sizes[i]; i++)
		if (strcmp(sizes[i], size) == 0)
			answers->size = size_of[i];
	if (load(answers) != 0) {
		cf_churn_answers_clear(answers);
		return -1;
	}
	return 0;
}

void cf_churn_answers_clear(struct cf_churn_answers *answers)
{
	cf_coupling_clear(&answers->coupling);
	cf_churn_funcs_clear(&answers->funcs);
	cf_churn_truck_clear(&answers->truck);
	g_clear_pointer(&answers->hotspots, g_array_unref);
	g_clear_pointer(&answers->profile, profile_free);
	g_clear_pointer(&answers->sums, cf_churn_sums_free);
	g_clear_pointer(&answers->churn, cf_churn_free);
	g_clear_pointer(&answers->groups, g_array_unref);
	g_clear_pointer(&answers->teams, g_hash_table_unref);
	g_clear_pointer(&answers->history, cf_history_free);
	g_clear_pointer(&answers->repo, cf_repo_free);
	g_clear_pointer(&answers->path, g_free);
	g_clear_pointer(&answers->profile_miss, g_free);
}

const struct cf_coupling *cf_churn_answer_coupling(struct cf_churn_answers *answers)
{
	if (!answers->coupling.pairs)
		answers->coupling = cf_coupling_new(answers->churn);
	return &answers->coupling;
}

const struct cf_churn_funcs *cf_churn_answer_funcs(struct cf_churn_answers *answers)
{
	if (!answers->funcs.rows)
		answers->funcs =
			cf_churn_funcs(answers->churn, answers->profile ? answers->profile->join : NULL);
	return &answers->funcs;
}

const struct cf_churn_truck *cf_churn_answer_truck(struct cf_churn_answers *answers)
{
	if (!answers->truck.gone)
		answers->truck = cf_churn_truck(answers->sums, answers->bots);
	return &answers->truck;
}

const GArray *cf_churn_answer_hotspots(struct cf_churn_answers *answers)
{
	if (!answers->hotspots)
		answers->hotspots = cf_hotspots(answers->sums, answers->size);
	return answers->hotspots;
}
