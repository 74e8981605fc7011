/* SPDX-License-Identifier: MIT */
/* place: which part of an architecture a function belongs to. */
#include "analyzers/architecture/builder.h"

#include <string.h>

#include "core/hash.h"

/* Files are the parts where functions with at least this share of the cost have one. */
#define FILES_FROM 0.5

/* The declaring file of each function id, or NULL. Caller frees the array. */
static const char **files_of(const struct cf_trace *trace)
{
	const char **files = g_new0(const char *, (size_t)cf_dict_funcs(trace->dict) + 1);

	for (guint i = 0; i < trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(trace->symbols, struct cf_symbol, i);
		const char *file = cf_dict_text(trace->dict, symbol->file);

		if (*file)
			files[symbol->func.id] = file;
	}
	return files;
}

/* What follows the last of n slashes. */
static const char *tail(const char *path, int slashes)
{
	const char *at = path + strlen(path);

	while (at > path && (at[-1] != '/' || --slashes > 0))
		at--;
	return at;
}

/* As little of the end of a path as tells it from the others. Counted in *of: tail -> path, or "" for several. */
static void count_tails(GHashTable *of, const char *path)
{
	for (int slashes = 1; slashes <= 2; slashes++) {
		const char *end = tail(path, slashes), *known = g_hash_table_lookup(of, end);

		if (!known)
			g_hash_table_insert(of, (gpointer)end, (gpointer)path);
		else if (*known && strcmp(known, path) != 0)
			g_hash_table_insert(of, (gpointer)end, (gpointer) "");
	}
}

static const char *short_path(GHashTable *of, const char *path)
{
	for (int slashes = 1; slashes <= 2; slashes++) {
		const char *end = tail(path, slashes), *known = g_hash_table_lookup(of, end);

		if (known && *known)
			return end;
	}
	return path;
}

/* --- names ---------------------------------------------------------------------------------------------- */

struct placing {
	struct cf_arch_builder *builder;
	const struct cf_dict *dict;
	const char **files;
	GHashTable *tails;  /* of the files */
	GHashTable *groups; /* file's short path -> module, or "" for several */
};

static const char *module_of(const struct placing *placing, uint32_t func)
{
	const char *module = cf_dict_func_module(placing->dict, (struct cf_func){ func });

	return *module ? module : "[unknown]";
}

static void group_files(struct placing *placing, uint32_t funcs, const gboolean *kept)
{
	for (uint32_t f = 1; f < funcs; f++)
		if (placing->files[f] && kept[f])
			count_tails(placing->tails, placing->files[f]);
	for (uint32_t f = 1; f < funcs; f++) {
		const char *name, *module, *known;

		if (!placing->files[f] || !kept[f])
			continue;
		name = short_path(placing->tails, placing->files[f]);
		module = module_of(placing, f);
		known = g_hash_table_lookup(placing->groups, name);
		if (!known)
			g_hash_table_insert(placing->groups, (gpointer)name, (gpointer)module);
		else if (strcmp(known, module) != 0)
			g_hash_table_insert(placing->groups, (gpointer)name, (gpointer) "");
	}
}

static uint32_t part_of(struct placing *placing, uint32_t func)
{
	const char *module = module_of(placing, func);

	switch (placing->builder->arch->by) {
	case CF_ARCH_FILE:
		if (placing->files[func]) {
			const char *name = short_path(placing->tails, placing->files[func]);

			return cf_arch_builder_part(placing->builder, name,
						    g_hash_table_lookup(placing->groups, name),
						    CF_PARTY_PLAIN);
		}
		return cf_arch_builder_part(placing->builder, module, "", CF_PARTY_PLAIN);
	case CF_ARCH_FUNCTION:
		return cf_arch_builder_part(placing->builder,
					    cf_dict_func_name(placing->dict, (struct cf_func){ func }), "",
					    CF_PARTY_PLAIN);
	case CF_ARCH_SERVICE:
		return cf_arch_builder_part(placing->builder, module, "", CF_PARTY_SERVICE);
	case CF_ARCH_MODULE:
		break;
	}
	return cf_arch_builder_part(placing->builder, module, "", CF_PARTY_PLAIN);
}

uint32_t *cf_arch_place(struct cf_arch_builder *builder, const struct cf_trace *trace, const gboolean *kept)
{
	uint32_t funcs = cf_dict_funcs(trace->dict);
	struct placing placing = { .builder = builder,
				   .dict = trace->dict,
				   .files = files_of(trace),
				   .tails = g_hash_table_new(cf_str_hash, g_str_equal),
				   .groups = g_hash_table_new(cf_str_hash, g_str_equal) };
	uint32_t *place = g_new(uint32_t, (size_t)funcs + 1);

	group_files(&placing, funcs, kept);
	for (uint32_t f = 0; f < funcs; f++)
		place[f] = f && kept[f] ? cf_arch_builder_member(
						  builder, part_of(&placing, f),
						  cf_dict_func_name(trace->dict, (struct cf_func){ f }))
					: UINT32_MAX;
	g_hash_table_unref(placing.tails);
	g_hash_table_unref(placing.groups);
	g_free(placing.files);
	return place;
}

/* --- the choice ----------------------------------------------------------------------------------------- */

enum cf_arch_by cf_arch_choose(const struct cf_profile *profile, const char *by)
{
	const struct cf_dict *dict = profile->trace->dict;
	g_autofree const char **files = NULL;
	g_autoptr(GArray) costs = NULL;
	g_autoptr(GHashTable) modules = NULL, paths = NULL;
	int64_t whole = 0, with_file = 0;

	if (profile->trace->spans->len)
		return CF_ARCH_SERVICE;
	for (enum cf_arch_by b = CF_ARCH_MODULE; by && b <= CF_ARCH_FUNCTION; b++)
		if (!strcmp(by, cf_arch_by_name(b, FALSE)))
			return b;
	files = files_of(profile->trace);
	costs = cf_profile_costs(profile, NULL, 0);
	modules = g_hash_table_new(cf_str_hash, g_str_equal);
	paths = g_hash_table_new(cf_str_hash, g_str_equal);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_key_cost *cost = &g_array_index(costs, struct cf_key_cost, i);
		const char *module = cf_dict_func_module(dict, (struct cf_func){ cost->key });

		cf_sum(&whole, cost->self);
		if (*module)
			g_hash_table_add(modules, (gpointer)module);
		if (!files[cost->key])
			continue;
		cf_sum(&with_file, cost->self);
		g_hash_table_add(paths, (gpointer)files[cost->key]);
	}
	if (g_hash_table_size(paths) > 1 && cf_share(with_file, whole) >= FILES_FROM)
		return CF_ARCH_FILE;
	return g_hash_table_size(modules) > 1 ? CF_ARCH_MODULE : CF_ARCH_FUNCTION;
}
