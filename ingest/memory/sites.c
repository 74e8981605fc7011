/* SPDX-License-Identifier: MIT */
/* sites: where native code allocates or fails, from frames that come innermost first. */
#include "ingest/memory/sites.h"

#include <string.h>

#define DEPTH_MAX 2048

void cf_sites_init(struct cf_sites *sites, struct cf_trace *trace)
{
	*sites = (struct cf_sites){ .trace = trace,
				    .frames = g_array_new(FALSE, FALSE, sizeof(struct cf_site_frame)) };
}

void cf_sites_release(struct cf_sites *sites)
{
	if (sites->cut)
		cf_trace_quality(sites->trace, "cut-stacks", NULL, sites->cut, 0, NULL,
				 "stacks deeper than %d frames lack their outermost callers", DEPTH_MAX);
	g_array_unref(sites->frames);
}

void cf_sites_add(struct cf_sites *sites, const struct cf_site_frame *frame)
{
	if (sites->frames->len < DEPTH_MAX) {
		g_array_append_vals(sites->frames, frame, 1);
	} else if (!sites->cut_counted) {
		sites->cut++;
		sites->cut_counted = true;
	}
}

static struct cf_module module_of(struct cf_dict *dict, struct cf_str path)
{
	const char *text = cf_dict_text(dict, path), *slash = strrchr(text, '/');
	struct cf_module_info info = { .path = path };

	if (!*text)
		return (struct cf_module){ 0 };
	info.name = slash && slash[1] ? cf_dict_str(dict, slash + 1, -1) : path;
	return cf_dict_module(dict, info);
}

static struct cf_func func_of(struct cf_trace *trace, const struct cf_site_frame *frame)
{
	struct cf_dict *dict = trace->dict;
	const char *name = cf_dict_text(dict, frame->name);
	bool known = *name && strcmp(name, "???") != 0;
	const struct cf_func_info info = { module_of(dict, frame->object),
					   known ? frame->name : cf_dict_str(dict, "[unresolved]", -1),
					   known ? CF_FRAME_NATIVE : CF_FRAME_UNRESOLVED };
	struct cf_func func = cf_dict_func(dict, info);

	/* The line is that of the call, not of the declaration. */
	if (known && frame->file.id)
		cf_trace_symbol(trace, &(struct cf_symbol){ .func = func, .file = frame->file });
	return func;
}

/* The tools' own replacements of malloc and the like: nobody looks there for what is to be mended. */
static bool is_wrapper(const struct cf_dict *dict, const struct cf_site_frame *frame)
{
	static const char *const names[] = { "malloc", "calloc",         "realloc",      "free",
					     "strdup", "posix_memalign", "aligned_alloc" };
	const char *name = cf_dict_text(dict, frame->name), *file = cf_dict_text(dict, frame->file);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return g_str_has_prefix(name, "operator new") || g_str_has_prefix(name, "operator delete") ||
	       g_str_has_prefix(name, "__interceptor_") || strstr(file, "libsanitizer/") ||
	       strstr(file, "compiler-rt/lib/") || strstr(cf_dict_text(dict, frame->object), "/vgpreload_");
}

struct cf_site cf_site_push(struct cf_trace *trace, const struct cf_site *caller,
			    const struct cf_site_frame *frame)
{
	struct cf_dict *dict = trace->dict;
	struct cf_site site = *caller;
	enum cf_frame_kind kind;

	site.leaf = func_of(trace, frame);
	if (!is_wrapper(dict, frame)) {
		site.func = site.leaf;
		site.file = frame->file;
		site.line = frame->line;
	}
	kind = cf_dict_func_info(dict, site.leaf).kind;
	/* Being inlined is a property of the call, not of the function. */
	if (frame->inlined && kind == CF_FRAME_NATIVE && caller->stack.id)
		kind = CF_FRAME_INLINED;
	site.stack = cf_dict_push(dict, caller->stack, site.leaf, kind);
	return site;
}

struct cf_site cf_site_named(struct cf_trace *trace, const char *name)
{
	const struct cf_site_frame frame = { .name = cf_dict_str(trace->dict, name, -1) };

	return cf_site_push(trace, &(struct cf_site){ 0 }, &frame);
}

void cf_sites_drop_allocators(struct cf_sites *sites)
{
	guint n = 0;

	while (n + 1 < sites->frames->len &&
	       is_wrapper(sites->trace->dict, &g_array_index(sites->frames, struct cf_site_frame, n)))
		n++;
	if (n)
		g_array_remove_range(sites->frames, 0, n);
}

struct cf_site cf_sites_take(struct cf_sites *sites, const char *nothing)
{
	struct cf_site site = { 0 };

	for (guint i = sites->frames->len; i-- > 0;)
		site = cf_site_push(sites->trace, &site,
				    &g_array_index(sites->frames, struct cf_site_frame, i));
	if (!sites->frames->len)
		site = cf_site_named(sites->trace, nothing);
	g_array_set_size(sites->frames, 0);
	sites->cut_counted = false;
	return site;
}

void cf_site_cost(struct cf_trace *trace, const struct cf_site *site, struct cf_thread thread,
		  struct cf_metric metric, int64_t weight, int64_t count)
{
	struct cf_group group = g_array_index(trace->threads, struct cf_thread_info, thread.id).group;

	cf_trace_cost(trace, &(struct cf_stack_cost){ group, metric, site->stack, weight, count });
	cf_trace_thread_cost(trace, &(struct cf_thread_cost){ thread, metric, weight, count });
	if (site->line)
		cf_trace_line(trace, &(struct cf_line_cost){ site->func, metric, site->file, site->line,
							     weight, count });
	if (metric.id == 0 && cf_dict_func_info(trace->dict, site->leaf).kind == CF_FRAME_UNRESOLVED) {
		const char *module = cf_dict_func_module(trace->dict, site->leaf);

		cf_trace_quality(trace, "unresolved", *module ? module : NULL, count, weight,
				 "install its debug symbols where it runs, and record again",
				 "the tool found no name for the function");
	}
}
