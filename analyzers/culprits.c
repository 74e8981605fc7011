/* SPDX-License-Identifier: MIT */
/* culprits: which commits between two runs may have made a function slower, and why. */
#include "analyzers/culprits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/churn/cost.h"
#include "core/hash.h"

#define HASH_SHOWN 7
#define SUBJECT_SHOWN 60
#define CULPRITS_MOST 20

/*
 * Reachability as `git log BASE..CURRENT`, merges left out: their changes are those of the commits that they bring. A
 * history without parents (a text log) has its order instead.
 *
 * A commit that changed lines of the function goes before one that changed what is inlined into it, then what it calls,
 * then its file; within a kind by the lines that it changed, of callees by their share; the later one first, since what
 * was there in the run before is only in the range when branches met.
 */

/* --- making ready ----------------------------------------------------------------------------- */

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct cf_culprits *cf_culprits_take(struct cf_history *history)
{
	struct cf_culprits *culprits = g_new0(struct cf_culprits, 1);

	culprits->history = history;
	if (history)
		culprits->repo = g_strdup(history->name);
	return culprits;
}

void cf_culprits_free(struct cf_culprits *culprits)
{
	if (!culprits)
		return;
	if (culprits->history)
		cf_history_free(culprits->history);
	g_free(culprits->repo);
	g_free(culprits);
}

/* Digits of a hash at the beginning of a text, as half bytes; -1: it begins with none, or with too few. */
static int hash_digits(const char *text)
{
	size_t n = text ? strspn(text, "0123456789abcdefABCDEF") : 0;

	return n < 4 || n > CF_OID_HEX ? -1 : (int)n;
}

static gboolean has_prefix(const struct cf_oid *oid, const char *text, int digits)
{
	for (int i = 0; i < digits; i++) {
		int half = i % 2 ? oid->bytes[i / 2] & 15 : oid->bytes[i / 2] >> 4;

		if (g_ascii_xdigit_value(text[i]) != half)
			return FALSE;
	}
	return TRUE;
}

uint32_t cf_culprits_commit(const struct cf_culprits *culprits, const char *text)
{
	int digits = hash_digits(text);
	uint32_t found = CF_NONE;

	if (!culprits->history || digits < 0)
		return CF_NONE;
	for (uint32_t i = 0; i < culprits->history->commits->len; i++) {
		if (!has_prefix(&g_array_index(culprits->history->commits, struct cf_commit, i).oid, text,
				digits))
			continue;
		if (found != CF_NONE)
			return CF_NONE;
		found = i;
	}
	return found;
}

/* The number of the texts that name a commit. */
static size_t count_known(const struct cf_culprits *culprits, const char *const *commits, size_t n)
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		known += cf_culprits_commit(culprits, commits[i]) != CF_NONE;
	return known;
}

static struct cf_culprits *load_repo(struct cf_store *store, const struct cf_repo *repo, struct cf_diag *diag)
{
	const struct cf_history_filter filter = { .functions = TRUE };
	struct cf_history *history = cf_store_load_history(store, repo, &filter, diag);

	return history ? cf_culprits_take(history) : NULL;
}

/* Of several, the first that knows the most of the commits; one alone need not know any. */
static struct cf_culprits *choose(struct cf_store *store, const GPtrArray *repos, const char *const *commits,
				  size_t n, struct cf_diag *diag)
{
	struct cf_culprits *best = NULL;
	size_t most = 0;

	for (guint i = 0; i < repos->len; i++) {
		struct cf_culprits *one = load_repo(store, g_ptr_array_index((GPtrArray *)repos, i), diag);
		size_t known = one ? count_known(one, commits, n) : 0;

		if (!one) {
			cf_culprits_free(best);
			return NULL;
		}
		if (!best || known > most) {
			cf_culprits_free(best);
			best = one;
			most = known;
		} else {
			cf_culprits_free(one);
		}
	}
	return best;
}

struct cf_culprits *cf_culprits_load(struct cf_store *store, const char *repo, const char *const *commits,
				     size_t n, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) repos = NULL;
	gboolean any = FALSE;

	if (repo) {
		struct cf_repo *named = cf_store_repo(store, repo, diag);
		struct cf_culprits *culprits = named ? load_repo(store, named, diag) : NULL;

		if (named)
			cf_repo_free(named);
		return culprits;
	}
	for (size_t i = 0; i < n; i++)
		any = any || hash_digits(commits[i]) > 0;
	if (!any)
		return cf_culprits_take(NULL);
	repos = cf_store_repos(store, diag);
	if (!repos)
		return NULL;
	return repos->len ? choose(store, repos, commits, n, diag) : cf_culprits_take(NULL);
}

/* --- the commits between ---------------------------------------------------------------------- */

static const struct cf_commit *commit_at(const struct cf_history *h, uint32_t i)
{
	return &g_array_index(h->commits, struct cf_commit, i);
}

/* Sets reached[i] for from and all its ancestors. */
static void reach(const struct cf_history *h, uint32_t from, gboolean *reached)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	reached[from] = TRUE;
	g_array_append_val(open, from);
	while (open->len) {
		const struct cf_commit *commit = commit_at(h, g_array_index(open, uint32_t, open->len - 1));

		g_array_set_size(open, open->len - 1);
		for (uint32_t p = 0; p < commit->parents; p++) {
			uint32_t parent =
				g_array_index(h->parents, struct cf_parent, commit->first_parent + p).commit;

			if (parent == CF_NONE || reached[parent])
				continue;
			reached[parent] = TRUE;
			g_array_append_val(open, parent);
		}
	}
}

/* A text log has no parents. */
static gboolean has_parents(const struct cf_history *h)
{
	return h->parents->len > 0 || h->has_oids;
}

/* uint32_t, oldest first. */
static GArray *between(const struct cf_culprits *culprits, uint32_t base, uint32_t current)
{
	const struct cf_history *h = culprits->history;
	g_autofree gboolean *old = g_new0(gboolean, h->commits->len + 1);
	g_autofree gboolean *new = g_new0(gboolean, h->commits->len + 1);
	GArray *range = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	if (has_parents(h)) {
		reach(h, base, old);
		reach(h, current, new);
	}
	for (uint32_t i = 0; i < h->commits->len; i++) {
		gboolean in = has_parents(h) ? new[i] && !old[i] : i > base &&i <= current;

		if (in && commit_at(h, i)->parents < 2)
			g_array_append_val(range, i);
	}
	return range;
}

/* --- what they touched ------------------------------------------------------------------------ */

/* What is looked for: a bare name, in its file. */
struct target {
	char *name;
	gboolean anywhere; /* its file isn't known */
	uint32_t path;     /* else: of the history, or CF_NONE when the repository doesn't have it */
	const char *shown;
	gboolean inlined;
	double share;
};

static struct cf_cost_row row_of(const char *function, const char *file)
{
	return (struct cf_cost_row){ function, file ? file : "", CF_FRAME_NATIVE, 1 };
}

/* The function first, then its callees; files as churn joins them. Caller frees with targets_free. */
static struct target *targets_new(const struct cf_history *h, const struct cf_culprit_subject *subject)
{
	size_t n = subject->n_callees + 1;
	struct target *targets = g_new0(struct target, n);
	g_autofree struct cf_cost_row *rows = g_new0(struct cf_cost_row, n);
	struct cf_cost_join *join;
	guint next = 0;

	rows[0] = row_of(subject->function, subject->file);
	for (size_t i = 1; i < n; i++) {
		const struct cf_culprit_callee *callee = &subject->callees[i - 1];

		rows[i] = row_of(callee->function, callee->file);
		targets[i].inlined = callee->inlined;
		targets[i].share = callee->share;
	}
	join = cf_cost_join_new(h, rows, n, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		targets[i].shown = rows[i].function;
		targets[i].name = cf_cost_bare_name(rows[i].function);
		targets[i].path = CF_NONE;
		/* those of the rows that belong to a file, in their order */
		if (next < join->funcs->len &&
		    g_array_index(join->funcs, struct cf_cost_func, next).name == rows[i].function)
			targets[i].path = g_array_index(join->funcs, struct cf_cost_func, next++).path;
		targets[i].anywhere = targets[i].path == CF_NONE && !*rows[i].file;
	}
	cf_cost_join_free(join);
	return targets;
}

static void targets_free(struct target *targets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_free(targets[i].name);
	g_free(targets);
}

static gboolean is_in(const struct target *target, uint32_t path)
{
	return target->path != CF_NONE && path == target->path;
}

static const struct cf_func_change *func_change(const struct cf_history *h, uint32_t i)
{
	return &g_array_index(h->func_changes, struct cf_func_change, i);
}

/* Lines that the commit changed of the function; *where: a path that has them. */
static uint32_t lines_of(const struct cf_history *h, const struct cf_commit *commit,
			 const struct target *target, uint32_t *where)
{
	uint32_t lines = 0;

	for (uint32_t i = 0; i < commit->funcs; i++) {
		const struct cf_func_change *change = func_change(h, commit->first_func + i);
		g_autofree char *bare = NULL;

		if (!target->anywhere && !is_in(target, change->path))
			continue;
		bare = cf_cost_bare_name(cf_history_text(h, change->name));
		if (!cf_cost_same_name(bare, target->name))
			continue;
		lines += change->added + change->deleted;
		*where = change->path;
	}
	return lines;
}

static const struct cf_change *file_change(const struct cf_history *h, const struct cf_commit *commit,
					   const struct target *target)
{
	for (uint32_t i = 0; i < commit->changes; i++) {
		const struct cf_change *change =
			&g_array_index(h->changes, struct cf_change, commit->first_change + i);

		if (is_in(target, change->path) || is_in(target, change->old_path))
			return change;
	}
	return NULL;
}

/* What says how a program is built: its flags may be another. */
static gboolean is_build_file(const char *path)
{
	static const char *const names[] = { "Makefile",    "GNUmakefile",  "CMakeLists.txt",
					     "meson.build", "configure.ac", "BUILD",
					     "BUILD.bazel", "Cargo.toml",   "Cargo.lock",
					     "go.mod",      "build.gradle", "pom.xml",
					     "Dockerfile",  "package.json", "package-lock.json" };
	const char *base = base_of(path);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(base, names[i]) == 0)
			return TRUE;
	return g_str_has_suffix(base, ".mk") || g_str_has_suffix(base, ".cmake");
}

static const char *plural(uint32_t lines)
{
	return lines == 1 ? "" : "s";
}

/* The strongest reason of one commit. FALSE: none. */
static gboolean judge(const struct cf_culprits *culprits, uint32_t at, const struct target *target,
		      const struct target *callees, size_t n, struct cf_culprit *out)
{
	const struct cf_history *h = culprits->history;
	const struct cf_commit *commit = commit_at(h, at);
	const struct cf_change *change;
	uint32_t where = CF_NONE, lines = lines_of(h, commit, target, &where);
	const struct target *best = NULL;

	*out = (struct cf_culprit){ .commit = at };
	if (lines) {
		out->why = CF_CULPRIT_FUNCTION;
		out->lines = lines;
		out->reason = g_strdup_printf("changed %s in %s (%u line%s)", target->shown,
					      cf_history_path_text(h, where), lines, plural(lines));
		return TRUE;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t there = CF_NONE, changed = lines_of(h, commit, &callees[i], &there);

		if (!changed ||
		    (best && (best->inlined > callees[i].inlined ||
			      (best->inlined == callees[i].inlined && best->share >= callees[i].share))))
			continue;
		best = &callees[i];
		lines = changed;
		where = there;
	}
	if (best) {
		out->why = best->inlined ? CF_CULPRIT_INLINEE : CF_CULPRIT_CALLEE;
		out->lines = lines;
		out->weight = best->share;
		out->reason =
			g_strdup_printf("changed %s in %s (%u line%s), which %s %s", best->shown,
					cf_history_path_text(h, where), lines, plural(lines),
					best->inlined ? "is inlined into" : "is called by", target->shown);
		return TRUE;
	}
	change = file_change(h, commit, target);
	if (change) {
		gboolean known = (commit->flags & CF_COMMIT_FUNCTIONS) && h->func_changes->len;

		out->why = known ? CF_CULPRIT_NEARBY : CF_CULPRIT_FILE;
		out->lines = change->added + change->deleted;
		out->reason = g_strdup_printf(
			"changed %s%s (%u line%s)", known ? "other lines of " : "its file ",
			cf_history_path_text(h, change->path), out->lines, plural(out->lines));
		return TRUE;
	}
	for (uint32_t i = 0; i < commit->changes; i++) {
		change = &g_array_index(h->changes, struct cf_change, commit->first_change + i);
		if (!is_build_file(cf_history_path_text(h, change->path)))
			continue;
		out->why = CF_CULPRIT_BUILD;
		out->lines = change->added + change->deleted;
		out->reason =
			g_strdup_printf("changed how it is built: %s", cf_history_path_text(h, change->path));
		return TRUE;
	}
	return FALSE;
}

static gint by_likelihood(gconstpointer a, gconstpointer b)
{
	const struct cf_culprit *x = a, *y = b;

	if (x->why != y->why)
		return x->why < y->why ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->lines != y->lines)
		return x->lines > y->lines ? -1 : 1;
	return (x->commit < y->commit) - (x->commit > y->commit);
}

static void clear_culprit(gpointer data)
{
	g_free(((struct cf_culprit *)data)->reason);
}

static void rank(const struct cf_culprits *culprits, const GArray *range,
		 const struct cf_culprit_subject *subject, struct cf_culprit_answer *answer)
{
	struct target *targets = targets_new(culprits->history, subject);

	for (guint i = 0; i < range->len; i++) {
		struct cf_culprit culprit;

		if (judge(culprits, g_array_index(range, uint32_t, i), &targets[0], &targets[1],
			  subject->n_callees, &culprit))
			g_array_append_val(answer->culprits, culprit);
	}
	g_array_sort(answer->culprits, by_likelihood);
	if (answer->culprits->len > CULPRITS_MOST)
		g_array_set_size(answer->culprits, CULPRITS_MOST);
	targets_free(targets, subject->n_callees + 1);
}

/* Nothing is known of the source: one commit alone is to blame for what changed, of several none can be named. */
static void blame_only(const GArray *range, struct cf_culprit_answer *answer)
{
	struct cf_culprit culprit = { .why = CF_CULPRIT_ONLY };

	if (range->len != 1) {
		answer->state = range->len ? CF_CULPRITS_MANY : CF_CULPRITS_NONE;
		return;
	}
	culprit.commit = g_array_index(range, uint32_t, 0);
	culprit.reason = g_strdup("is the only commit between");
	g_array_append_val(answer->culprits, culprit);
	answer->state = CF_CULPRITS_FOUND;
}

static gboolean is_read(const struct cf_commit *commit)
{
	return (commit->flags & CF_COMMIT_DIFFED) &&
	       !(commit->flags & (CF_COMMIT_SHALLOW | CF_COMMIT_MISSING));
}

void cf_culprits_find(const struct cf_culprits *culprits, uint32_t base, uint32_t current,
		      const struct cf_culprit_subject *subject, struct cf_culprit_answer *answer)
{
	g_autoptr(GArray) range = NULL;

	*answer = (struct cf_culprit_answer){ .culprits =
						      g_array_new(FALSE, FALSE, sizeof(struct cf_culprit)) };
	g_array_set_clear_func(answer->culprits, clear_culprit);
	if (!culprits->history || base == CF_NONE || current == CF_NONE) {
		answer->state = culprits->history ? CF_CULPRITS_NO_COMMITS : CF_CULPRITS_NO_HISTORY;
		return;
	}
	if (base == current) {
		answer->state = CF_CULPRITS_SAME;
		return;
	}
	range = between(culprits, base, current);
	answer->between = range->len;
	for (guint i = 0; i < range->len; i++)
		answer->unread += !is_read(commit_at(culprits->history, g_array_index(range, uint32_t, i)));
	if (!range->len) {
		answer->state = CF_CULPRITS_BACKWARDS;
		return;
	}
	if (!subject->function) {
		blame_only(range, answer);
		return;
	}
	rank(culprits, range, subject, answer);
	answer->state = answer->culprits->len ? CF_CULPRITS_FOUND : CF_CULPRITS_NONE;
}

void cf_culprit_answer_clear(struct cf_culprit_answer *answer)
{
	g_clear_pointer(&answer->culprits, g_array_unref);
}

/* --- words ------------------------------------------------------------------------------------ */

char *cf_culprit_text(const struct cf_culprits *culprits, const struct cf_culprit *culprit)
{
	const struct cf_history *h = culprits->history;
	const struct cf_commit *commit = commit_at(h, culprit->commit);
	g_autofree char *subject = cf_visible(cf_history_text(h, commit->subject), -1, SUBJECT_SHOWN);
	char hex[CF_OID_HEX + 1];

	cf_oid_hex(&commit->oid, hex);
	hex[HASH_SHOWN] = '\0';
	return g_strdup_printf("%s %s \"%s\" %s", hex, cf_history_author(h, commit), subject,
			       culprit->reason);
}

char *cf_culprit_answer_text(const struct cf_culprits *culprits, const struct cf_culprit_answer *answer)
{
	const char *commits = answer->between == 1 ? "commit" : "commits";

	switch (answer->state) {
	case CF_CULPRITS_FOUND:
		return cf_culprit_text(culprits, &g_array_index(answer->culprits, struct cf_culprit, 0));
	case CF_CULPRITS_NONE:
		if (answer->unread)
			return g_strdup_printf("no source change known: of %u %s between, the changes of %u "
					       "weren't read",
					       answer->between, commits, answer->unread);
		return g_strdup_printf("no source change in %u %s between: look at toolchain, kernel, input",
				       answer->between, commits);
	case CF_CULPRITS_SAME:
		return g_strdup("no source change, both runs are of one commit: look at toolchain, kernel, "
				"input");
	case CF_CULPRITS_MANY:
		return g_strdup_printf("%u %s between", answer->between, commits);
	case CF_CULPRITS_BACKWARDS:
		return g_strdup("no source change: the later run's commit is the older one; look at what was "
				"taken back");
	case CF_CULPRITS_NO_COMMITS:
	case CF_CULPRITS_NO_HISTORY:
		break;
	}
	return NULL;
}
