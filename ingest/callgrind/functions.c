/* SPDX-License-Identifier: MIT */
/* functions: the functions of a callgrind profile, told apart by object, name and file. */
#include "ingest/callgrind/functions.h"

#include <stdlib.h>

struct row {
	uint32_t module, name; /* ids of their texts */
	uint32_t file;
	enum cf_frame_kind kind;
	struct cf_func func;
};

static bool is_row(const struct row *a, const struct row *b)
{
	return a->name == b->name && a->module == b->module && a->file == b->file && a->kind == b->kind;
}

/* No name of a file has a newline in it, so this is one that no other function has. */
static struct cf_str hidden_name(struct cf_dict *dict, struct cf_str name, struct cf_str file)
{
	g_autofree char *text = g_strdup_printf("%s\n%s", cf_dict_text(dict, name), cf_dict_text(dict, file));

	return cf_dict_str(dict, text, -1);
}

/* Does a function have the plain name of the row already? */
static bool is_taken(struct cf_callgrind_functions *functions, struct cf_func_info info)
{
	uint32_t before = cf_dict_funcs(functions->dict);

	return cf_dict_func(functions->dict, info).id < before;
}

struct cf_func cf_callgrind_function(struct cf_callgrind_functions *functions, struct cf_module module,
				     const struct cf_callgrind_name *name, struct cf_str file)
{
	struct cf_func_info info = { module, name->text, name->kind };
	struct row row = { .module = cf_dict_module_info(functions->dict, module).name.id,
			   .name = name->text.id,
			   .file = file.id,
			   .kind = name->kind };
	uint32_t hash = cf_hash((uint64_t)row.module << 32 | row.name, (uint64_t)row.file << 8 | row.kind),
		 pos = hash, id;

	while ((id = cf_table_next(&functions->index, hash, &pos)) != 0) {
		const struct row *known = &g_array_index(functions->rows, struct row, id - 1);

		if (is_row(known, &row))
			return known->func;
	}
	if (is_taken(functions, info))
		info.name = hidden_name(functions->dict, name->text, file);
	row.func = cf_dict_func(functions->dict, info);
	if (!functions->rows)
		functions->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	g_array_append_val(functions->rows, row);
	cf_table_add(&functions->index, hash, functions->rows->len);
	return row.func;
}

void cf_callgrind_functions_release(struct cf_callgrind_functions *functions)
{
	cf_table_release(&functions->index);
	g_clear_pointer(&functions->rows, g_array_unref);
}

/* Those of one name lie together, by the text of their files. */
static gint by_name_and_file(gconstpointer a, gconstpointer b, gpointer dict)
{
	const struct row *x = a, *y = b;

	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(cf_dict_text(dict, (struct cf_str){ x->file }),
		      cf_dict_text(dict, (struct cf_str){ y->file }));
}

static bool same_name(const struct row *a, const struct row *b)
{
	return a->module == b->module && a->name == b->name && a->kind == b->kind;
}

/* base, or with the first number that no function has. */
static void rename_one(struct cf_dict *dict, const struct row *row, const char *base, GHashTable *taken)
{
	for (unsigned number = 1;; number++) {
		g_autofree char *numbered = g_strdup_printf("%s (%u)", base, number);
		struct cf_str text = cf_dict_str(dict, number > 1 ? numbered : base, -1);
		const uint64_t key = (uint64_t)row->module << 32 | text.id;

		if (g_hash_table_add(taken, g_memdup2(&key, sizeof(key)))) {
			cf_dict_rename(dict, row->func, text);
			return;
		}
	}
}

/* "init (one.c)", where that is seen to be a name with a file: builds are joined without it. NULL: it isn't. */
static char *with_file(const char *name, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *text = g_strdup_printf("%s (%s)", name, slash ? slash + 1 : file);
	g_autofree char *canonical = cf_canonical_name(text), *plain = cf_canonical_name(name);

	if (!strcmp(canonical, plain))
		return text;
	g_free(text);
	return NULL;
}

/* One whose file isn't known, or is none by its ending, keeps its name if it can. */
static void rename_group(struct cf_dict *dict, const struct row *rows, guint n, GHashTable *taken)
{
	for (guint i = 0; i < n; i++) {
		const char *name = cf_dict_text(dict, (struct cf_str){ rows[i].name });
		g_autofree char *long_name =
			with_file(name, cf_dict_text(dict, (struct cf_str){ rows[i].file }));

		rename_one(dict, &rows[i], long_name ? long_name : name, taken);
	}
}

void cf_callgrind_functions_name(struct cf_callgrind_functions *functions)
{
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct row *rows;
	guint n = functions->rows ? functions->rows->len : 0;

	if (!n)
		return;
	g_array_sort_with_data(functions->rows, by_name_and_file, functions->dict);
	rows = (struct row *)(void *)functions->rows->data;
	/* First those that keep their names. */
	for (int pass = 0; pass < 2; pass++)
		for (guint from = 0, to; from < n; from = to) {
			const uint64_t key = (uint64_t)rows[from].module << 32 | rows[from].name;

			for (to = from + 1; to < n && same_name(&rows[from], &rows[to]); to++)
				;
			if (pass)
				rename_group(functions->dict, rows + from, to - from > 1 ? to - from : 0,
					     taken);
			else if (to - from == 1)
				g_hash_table_add(taken, g_memdup2(&key, sizeof(key)));
		}
}
