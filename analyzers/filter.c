/* SPDX-License-Identifier: MIT */
/* filter: which samples and frames an analysis looks at. */
#include "analyzers/filter.h"

#include <ctype.h>
#include <string.h>

#define NAME_MAX_LEN 4096 /* bytes of a name that are looked at */

const struct cf_param cf_filter_params[] = {
	{ .name = "metric",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "event to look at (default: the run's first)" },
	{ .name = "focus",
	  .type = CF_PARAM_REGEX,
	  .arg = "RE",
	  .help = "only samples with a function that matches" },
	{ .name = "ignore",
	  .type = CF_PARAM_REGEX,
	  .arg = "RE",
	  .help = "without samples that have a function that matches" },
	{ .name = "module",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "only samples spent in this module; * and ? are wildcards" },
	{ .name = "thread",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "only threads with this in their name; * and ? are wildcards" },
	{ .name = "user", .type = CF_PARAM_BOOL, .help = "only samples taken in user mode" },
	{ .name = "kernel",
	  .type = CF_PARAM_BOOL,
	  .help = "only samples taken in the kernel, without their user frames" },
	{ 0 }
};

/*
 * Linear matching on data. params refused what backtracks or explodes (back-references, multiplied
 * repetitions) when the text was set. glibc tries each start in a name anew, which is quadratic; bound to the
 * one start "^.*" its automaton passes a name once. A ^ of the user's own still matches at the start only:
 * there .* is empty.
 */
static int compile(regex_t *regex, const char *option, const char *text, struct cf_diag *diag)
{
	g_autofree char *bound = g_strdup_printf("^.*(%s)", text);
	int failed = regcomp(regex, bound, REG_EXTENDED | REG_NOSUB);
	char reason[200];

	if (!failed)
		return 0;
	regerror(failed, regex, reason, sizeof(reason));
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "--%s: %s", option, reason);
}

static const char *setting(const struct cf_params *params, const char *name)
{
	return cf_params_has(params, name) ? cf_params_string(params, name) : NULL;
}

static gboolean flag(const struct cf_params *params, const char *name)
{
	return cf_params_has(params, name) && cf_params_bool(params, name);
}

/* Runs of digits become one '#', as in the names of thread groups. */
static char *fold_digits(const char *text)
{
	GString *folded = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		if (!isdigit((unsigned char)*p))
			g_string_append_c(folded, *p);
		else if (p == text || !isdigit((unsigned char)p[-1]))
			g_string_append_c(folded, '#');
	}
	return g_string_free(folded, FALSE);
}

static void describe(GString *text, const char *option, const char *value)
{
	g_string_append_printf(text, "%s--%s", text->len ? " " : "", option);
	if (value)
		g_string_append_printf(text, " %s", value);
}

gboolean cf_filter_given(const struct cf_params *params)
{
	for (const struct cf_param *p = cf_filter_params; p->name; p++)
		if (cf_params_has(params, p->name) && cf_params_is_set(params, p->name))
			return TRUE;
	return FALSE;
}

int cf_filter_init(struct cf_filter *filter, const struct cf_params *params, struct cf_diag *diag)
{
	const char *focus = setting(params, "focus"), *ignore = setting(params, "ignore");
	const char *thread = setting(params, "thread");
	GString *text = g_string_new(NULL);

	*filter = (struct cf_filter){ .user = flag(params, "user"),
				      .kernel = flag(params, "kernel"),
				      .module = g_strdup(setting(params, "module")),
				      .thread = thread ? fold_digits(thread) : NULL };
	if (focus)
		describe(text, "focus", focus);
	if (ignore)
		describe(text, "ignore", ignore);
	if (filter->module)
		describe(text, "module", filter->module);
	if (thread)
		describe(text, "thread", thread);
	if (filter->user)
		describe(text, "user", NULL);
	if (filter->kernel)
		describe(text, "kernel", NULL);
	filter->text = g_string_free(text, FALSE);
	if (filter->user && filter->kernel) {
		cf_error_as(diag, CF_STATUS_USAGE, NULL,
			    "--user and --kernel exclude each other; without both all samples are shown");
		goto fail;
	}
	if (focus) {
		if (compile(&filter->focus, "focus", focus, diag))
			goto fail;
		filter->has_focus = TRUE;
	}
	if (ignore) {
		if (compile(&filter->ignore, "ignore", ignore, diag))
			goto fail;
		filter->has_ignore = TRUE;
	}
	return 0;
fail:
	cf_filter_clear(filter);
	return -1;
}

void cf_filter_clear(struct cf_filter *filter)
{
	if (filter->has_focus)
		regfree(&filter->focus);
	if (filter->has_ignore)
		regfree(&filter->ignore);
	g_free(filter->module);
	g_free(filter->thread);
	g_free(filter->text);
	*filter = (struct cf_filter){ 0 };
}

static gboolean name_matches(const regex_t *regex, const char *name)
{
	g_autofree char *start = NULL;

	if (strlen(name) > NAME_MAX_LEN)
		name = start = g_strndup(name, NAME_MAX_LEN);
	return !regexec(regex, name, 0, NULL, 0);
}

/* Names of pseudo files that map user memory: [vdso], [heap]... All others in brackets belong to the kernel.
 */
static gboolean is_kernel_module(const char *module)
{
	static const char *const user[] = { "[vdso]",  "[vsyscall]", "[vvar]",    "[heap]",
					    "[stack]", "[anon]",     "[unknown]", "[uprobes]" };

	if (*module != '[')
		return strstr(module, ".ko") &&
		       (g_str_has_suffix(module, ".ko") || g_str_has_suffix(module, ".ko.xz") ||
			g_str_has_suffix(module, ".ko.zst") || g_str_has_suffix(module, ".ko.gz"));
	for (size_t i = 0; i < G_N_ELEMENTS(user); i++)
		if (!strcmp(module, user[i]))
			return FALSE;
	return TRUE;
}

gboolean cf_func_is_kernel(const struct cf_dict *dict, struct cf_func func)
{
	enum cf_frame_kind kind = cf_dict_func_info(dict, func).kind;

	return kind == CF_FRAME_KERNEL ||
	       (kind == CF_FRAME_UNRESOLVED && is_kernel_module(cf_dict_func_module(dict, func)));
}

static gboolean has_wildcard(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

gboolean *cf_filter_modules(const struct cf_filter *filter, const struct cf_dict *dict)
{
	uint32_t n = cf_dict_modules(dict);
	gboolean *match = g_new0(gboolean, n + 1), exact = FALSE;

	for (uint32_t i = 0; i < n; i++) {
		const char *name =
			cf_dict_text(dict, cf_dict_module_info(dict, (struct cf_module){ i }).name);

		match[i] = !filter->module ||
			   (has_wildcard(filter->module) ? g_pattern_match_simple(filter->module, name)
							 : !strcmp(filter->module, name));
		exact |= match[i];
	}
	for (uint32_t i = 0; i < n && !exact && !has_wildcard(filter->module); i++)
		match[i] = strstr(cf_dict_text(dict, cf_dict_module_info(dict, (struct cf_module){ i }).name),
				  filter->module) != NULL;
	return match;
}

static gboolean *matching_groups(const struct cf_filter *filter, const struct cf_trace *trace)
{
	gboolean *match = g_new0(gboolean, trace->groups->len + 1);

	for (uint32_t i = 0; i < trace->groups->len; i++) {
		const char *name = cf_dict_text(trace->dict, g_array_index(trace->groups, struct cf_str, i));

		match[i] = !filter->thread ||
			   (has_wildcard(filter->thread) ? g_pattern_match_simple(filter->thread, name)
							 : strstr(name, filter->thread) != NULL);
	}
	return match;
}

/* What is known of a function, and of a stack through its frames. */
enum mark {
	MARK_FOCUS = 1,
	MARK_IGNORE = 2,
	MARK_MODULE = 4, /* of the innermost frame only, as MARK_KERNEL */
	MARK_KERNEL = 8,
};
#define MARKS_OF_PATH (MARK_FOCUS | MARK_IGNORE)

/* Each name is matched once, however many stacks it is in. */
static uint8_t *mark_funcs(const struct cf_filter *filter, const struct cf_dict *dict)
{
	uint32_t n = cf_dict_funcs(dict);
	uint8_t *marks = g_new0(uint8_t, n + 1);
	g_autofree gboolean *modules = cf_filter_modules(filter, dict);

	for (uint32_t i = 1; i < n; i++) {
		const struct cf_func func = { i };
		const char *name = cf_dict_func_name(dict, func);

		if (filter->has_focus && name_matches(&filter->focus, name))
			marks[i] |= MARK_FOCUS;
		if (filter->has_ignore && name_matches(&filter->ignore, name))
			marks[i] |= MARK_IGNORE;
		if (modules[cf_dict_func_info(dict, func).module.id])
			marks[i] |= MARK_MODULE;
		if (cf_func_is_kernel(dict, func))
			marks[i] |= MARK_KERNEL;
	}
	return marks;
}

/* Callers stand before callees, so one pass in order of ids suffices. */
static uint8_t *mark_stacks(const struct cf_dict *dict, const uint8_t *funcs, uint32_t n)
{
	uint8_t *marks = g_new0(uint8_t, n + 1);

	for (uint32_t i = 1; i < n; i++) {
		struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ i });

		marks[i] = funcs[info.func.id] | (marks[info.caller.id] & MARKS_OF_PATH);
		if (info.kind == CF_FRAME_KERNEL)
			marks[i] |= MARK_KERNEL;
	}
	return marks;
}

/* The stacks 0..n-1 without their user frames. */
static struct cf_stack *kernel_parts(struct cf_dict *dict, const uint8_t *marks, uint32_t n)
{
	struct cf_stack *parts = g_new0(struct cf_stack, n + 1);

	for (uint32_t i = 1; i < n; i++) {
		struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ i });

		if (marks[i] & MARK_KERNEL)
			parts[i] = cf_dict_push(dict, parts[info.caller.id], info.func, info.kind);
		else
			parts[i] = parts[info.caller.id];
	}
	return parts;
}

static gboolean keeps(const struct cf_filter *filter, uint8_t marks)
{
	return (!filter->has_focus || (marks & MARK_FOCUS)) &&
	       (!filter->has_ignore || !(marks & MARK_IGNORE)) &&
	       (!filter->module || (marks & MARK_MODULE)) && (!filter->user || !(marks & MARK_KERNEL)) &&
	       (!filter->kernel || (marks & MARK_KERNEL));
}

GArray *cf_filter_costs(const struct cf_filter *filter, struct cf_trace *trace, struct cf_metric metric)
{
	GArray *kept = g_array_new(FALSE, FALSE, sizeof(struct cf_stack_cost));
	g_autofree uint8_t *marks = NULL;
	g_autofree gboolean *groups = NULL;
	g_autofree struct cf_stack *parts = NULL;
	gboolean active = cf_filter_active(filter);

	if (active) {
		g_autofree uint8_t *funcs = mark_funcs(filter, trace->dict);
		uint32_t n = cf_dict_stacks(trace->dict);

		marks = mark_stacks(trace->dict, funcs, n);
		groups = matching_groups(filter, trace);
		if (filter->kernel)
			parts = kernel_parts(trace->dict, marks, n);
	}
	for (uint32_t i = 0; i < trace->stack_costs->len; i++) {
		struct cf_stack_cost cost = g_array_index(trace->stack_costs, struct cf_stack_cost, i);

		if (cost.metric.id != metric.id ||
		    (active && (!groups[cost.group.id] || !keeps(filter, marks[cost.stack.id]))))
			continue;
		if (parts)
			cost.stack = parts[cost.stack.id];
		g_array_append_val(kept, cost);
	}
	return kept;
}
