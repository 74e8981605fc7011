/* SPDX-License-Identifier: MIT */
/* intern: maps the ids of a trace to those of the store, adding what is new. */
#include "store/intern.h"

#include "store/key_table.h"

#include <stdlib.h>
#include <string.h>

/* Tables of up to that many rows are read whole to find rows in them, which takes a millisecond, and have no index. */
#define SCAN_ROWS 16384u

/* ---- texts ---- */

static inline uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

static inline void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; 1 round per word and 3 at the end. */
int64_t cf_intern_hash(const char *text, size_t len)
{
	uint64_t v[4] = { 0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261, 0x7465646279746573 };
	size_t words = len / 8;
	uint64_t word;

	for (size_t i = 0; i <= words; i++) {
		word = i < words ? 0 : (uint64_t)len << 56;
		if (i < words) {
			memcpy(&word, text + 8 * i, 8);
			word = GUINT64_FROM_LE(word);
		} else {
			for (size_t j = 0; j < len % 8; j++)
				word |= (uint64_t)(uint8_t)text[8 * i + j] << (8 * j);
		}
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return (int32_t)((v[0] ^ v[1] ^ v[2] ^ v[3]) >> 32);
}

/* A text that needs an id, and where the id goes. */
struct text {
	int64_t hash;
	const char *text;
	uint32_t len;
	uint32_t slot; /* into ids */
};

static int compare_texts(const void *a, const void *b)
{
	const struct text *x = a, *y = b;
	int order = (x->hash > y->hash) - (x->hash < y->hash);

	if (order == 0)
		order = (x->len > y->len) - (x->len < y->len);
	return order ? order : memcmp(x->text, y->text, x->len);
}

static gboolean same_text(const struct text *a, const struct text *b)
{
	return a->hash == b->hash && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static void add_text(GArray *texts, const char *text, uint32_t slot)
{
	struct text entry = { .text = text, .len = (uint32_t)strlen(text), .slot = slot };

	entry.hash = cf_intern_hash(entry.text, entry.len);
	g_array_append_val(texts, entry);
}

/* The last id of a table; its next one is free, as the write lock is held. */
static int last_id(struct cf_store *store, enum cf_sql sql, uint32_t *last, struct cf_diag *diag)
{
	int64_t value = 0;

	if (cf_store_get_int(store, sql, NULL, &value, diag) != 0)
		return -1;
	if (value < 0 || value > UINT32_MAX)
		return cf_store_damaged(store, "an id is out of range", diag);
	*last = (uint32_t)value;
	return 0;
}

static int next_id(struct cf_store *store, uint32_t *last, uint32_t limit, struct cf_diag *diag)
{
	if (*last >= limit)
		return cf_error_as(diag, CF_STATUS_SYSTEM, &(struct cf_loc){ .path = store->path },
				   "the store is full: no more ids; start another one");
	++*last;
	return 0;
}

/* ids[slot] of each text. Sorted by hash, so that both tables grow at their ends in a new store. */
static int intern_texts(struct cf_store *store, GArray *texts, uint32_t *ids, struct cf_diag *diag)
{
	struct cf_stmt find = { 0 }, add = { 0 };
	struct cf_bulk add_key = { 0 };
	const struct text *previous = NULL;
	uint32_t last = 0, before;
	int result = -1;

	if (last_id(store, CF_SQL_LAST_STR, &last, diag) != 0 ||
	    cf_stmt_open(&find, store, CF_SQL_FIND_STR, diag) != 0 ||
	    cf_stmt_open(&add, store, CF_SQL_ADD_STR, diag) != 0 ||
	    cf_bulk_open(&add_key, store, CF_SQL_ADD_STR_KEY, diag) != 0)
		goto out;
	before = last;
	if (texts->len)
		qsort(texts->data, texts->len, sizeof(struct text), compare_texts);
	for (guint i = 0; i < texts->len; i++) {
		const struct text *text = &g_array_index(texts, struct text, i);
		int found = 0;

		if (previous && same_text(previous, text)) {
			ids[text->slot] = ids[previous->slot];
			continue;
		}
		previous = text;
		if (before) {
			cf_stmt_bind_int(&find, text->hash);
			cf_stmt_bind_text(&find, text->text, text->len);
			found = cf_stmt_step(&find);
			if (found < 0)
				goto out;
		}
		if (found) {
			ids[text->slot] = cf_stmt_id(&find);
			cf_stmt_reset(&find);
			continue;
		}
		if (next_id(store, &last, UINT32_MAX, diag) != 0)
			goto out;
		ids[text->slot] = last;
		cf_stmt_bind_int(&add, last);
		cf_stmt_bind_text(&add, text->text, text->len);
		if (cf_stmt_run(&add) != 0 || cf_bulk_add(&add_key, (int64_t[]){ text->hash, last }) != 0)
			goto out;
	}
	result = cf_bulk_flush(&add_key);
out:
	cf_stmt_close(&find);
	cf_stmt_close(&add);
	cf_bulk_close(&add_key);
	return result;
}

int cf_intern_texts(struct cf_store *store, const char *const *texts, size_t n, uint32_t *ids,
		    struct cf_diag *diag)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct text));

	g_assert(n < UINT32_MAX);
	for (size_t i = 0; i < n; i++)
		add_text(entries, texts[i], (uint32_t)i);
	return intern_texts(store, entries, ids, diag);
}

/* ---- what is used ---- */

static void mark_used(struct cf_intern *intern, const struct cf_trace *trace)
{
	const struct cf_dict *dict = trace->dict;

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		struct cf_stack stack = g_array_index(trace->stack_costs, struct cf_stack_cost, i).stack;

		while (stack.id && !intern->stack_used[stack.id]) {
			struct cf_stack_info info = cf_dict_stack_info(dict, stack);

			intern->stack_used[stack.id] = 1;
			intern->func_used[info.func.id] = 1;
			stack = info.caller;
		}
	}
	for (guint i = 0; i < trace->calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(trace->calls, struct cf_call_cost, i);

		intern->func_used[call->caller.id] = intern->func_used[call->callee.id] = 1;
	}
	for (guint i = 0; i < trace->lines->len; i++)
		intern->func_used[g_array_index(trace->lines, struct cf_line_cost, i).func.id] = 1;
	/* A declaration can be known of a function without cost (an inlined one); it is a fact as well. */
	for (guint i = 0; i < trace->symbols->len; i++)
		intern->func_used[g_array_index(trace->symbols, struct cf_symbol, i).func.id] = 1;
	for (uint32_t i = 1; i < cf_dict_funcs(dict); i++)
		if (intern->func_used[i] && !cf_dict_func_info(dict, (struct cf_func){ i }).module.id)
			intern->module_free = TRUE;
}

/* ---- names, modules, functions ---- */

/* The texts that lines, spans and series are named by. */
static void want_facts(const struct cf_trace *trace, guint8 *wanted)
{
	g_autoptr(GArray) operations = cf_trace_operations(trace);

	for (guint i = 0; i < trace->lines->len; i++)
		wanted[g_array_index(trace->lines, struct cf_line_cost, i).file.id] = 1;
	for (guint i = 0; i < trace->spans->len; i++) {
		const struct cf_span *span = &g_array_index(trace->spans, struct cf_span, i);

		wanted[span->trace.id] = wanted[span->peer.id] = 1;
	}
	for (guint i = 0; i < operations->len; i++) {
		const struct cf_operation *operation = &g_array_index(operations, struct cf_operation, i);

		wanted[operation->service.id] = wanted[operation->name.id] = 1;
	}
	for (guint i = 0; i < trace->series->len; i++) {
		const struct cf_series_info *info = &g_array_index(trace->series, struct cf_series_info, i);

		wanted[info->name.id] = wanted[info->unit.id] = wanted[info->better.id] = wanted[info->x.id] =
			1;
	}
}

static int intern_names(struct cf_intern *intern, struct cf_store *store, const struct cf_trace *trace,
			uint32_t *canonical, struct cf_diag *diag)
{
	const struct cf_dict *dict = trace->dict;
	uint32_t strs = cf_dict_strs(dict), funcs = cf_dict_funcs(dict), modules = cf_dict_modules(dict);
	g_autofree guint8 *wanted = g_malloc0(MAX(strs, 1));
	g_autofree uint32_t *ids = g_new0(uint32_t, (size_t)strs + 1 + funcs);
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) texts = g_array_new(FALSE, FALSE, sizeof(struct text));

	for (uint32_t i = 1; i < funcs; i++)
		if (intern->func_used[i])
			wanted[cf_dict_func_info(dict, (struct cf_func){ i }).name.id] = 1;
	for (uint32_t i = 1; i < modules; i++) {
		struct cf_module_info info = cf_dict_module_info(dict, (struct cf_module){ i });

		wanted[info.path.id] = wanted[info.build_id.id] = 1;
	}
	for (guint i = 0; i < trace->metrics->len; i++)
		wanted[g_array_index(trace->metrics, struct cf_metric_info, i).name.id] = 1;
	for (guint i = 0; i < trace->threads->len; i++)
		wanted[g_array_index(trace->threads, struct cf_thread_info, i).comm.id] = 1;
	for (guint i = 0; i < trace->groups->len; i++)
		wanted[g_array_index(trace->groups, struct cf_str, i).id] = 1;
	for (guint i = 0; i < trace->symbols->len; i++)
		wanted[g_array_index(trace->symbols, struct cf_symbol, i).file.id] = 1;
	want_facts(trace, wanted);
	for (uint32_t i = 0; i < strs; i++)
		if (wanted[i])
			add_text(texts, cf_dict_text(dict, (struct cf_str){ i }), i);
	for (uint32_t i = 1; i < funcs; i++) {
		char *name;

		if (!intern->func_used[i])
			continue;
		name = cf_canonical_name(cf_dict_func_name(dict, (struct cf_func){ i }));
		g_ptr_array_add(owned, name);
		add_text(texts, name, strs + i);
	}
	if (intern_texts(store, texts, ids, diag) != 0)
		return -1;
	memcpy(intern->strs, ids, (size_t)strs * sizeof(*ids));
	for (uint32_t i = 1; i < funcs; i++)
		canonical[i] = ids[strs + i];
	return 0;
}

/* Modules of one base name are one module of the store; a store has few. */
static int intern_modules(struct cf_intern *intern, struct cf_store *store, const struct cf_dict *dict,
			  struct cf_diag *diag)
{
	struct cf_stmt find = { 0 }, add = { 0 };
	uint32_t last = 0;
	int result = -1;

	if (last_id(store, CF_SQL_LAST_MODULE, &last, diag) != 0 ||
	    cf_stmt_open(&find, store, CF_SQL_FIND_MODULE, diag) != 0 ||
	    cf_stmt_open(&add, store, CF_SQL_ADD_MODULE, diag) != 0)
		goto out;
	for (uint32_t i = intern->module_free ? 0 : 1; i < cf_dict_modules(dict); i++) {
		struct cf_module_info info = cf_dict_module_info(dict, (struct cf_module){ i });
		const char *name = cf_dict_text(dict, info.name);
		int found;

		cf_stmt_bind_text(&find, name, -1);
		found = cf_stmt_step(&find);
		if (found < 0)
			goto out;
		if (found) {
			intern->modules[i] = cf_stmt_id(&find);
			cf_stmt_reset(&find);
			if (intern->modules[i] > CF_KEY_SECOND_MAX) {
				cf_store_damaged(store, "an id is out of range", diag);
				goto out;
			}
			continue;
		}
		if (next_id(store, &last, CF_KEY_SECOND_MAX, diag) != 0)
			goto out;
		intern->modules[i] = last;
		cf_stmt_bind_int(&add, last);
		cf_stmt_bind_text(&add, name, -1);
		if (cf_stmt_run(&add) != 0)
			goto out;
	}
	result = 0;
out:
	cf_stmt_close(&find);
	cf_stmt_close(&add);
	return result;
}

/*
 * Made from the rows that are there, so packed more tightly than by adding to it. Only now: what is made at the time of
 * the first row would be there in every store.
 */
static int index_large(struct cf_store *store, uint32_t last, enum cf_sql sql, struct cf_diag *diag)
{
	return last > SCAN_ROWS ? cf_store_run_sql(store, sql, 0, diag) : 0;
}

static void gather_funcs(const struct cf_intern *intern, const struct cf_dict *dict, GArray *entries)
{
	for (uint32_t i = 1; i < cf_dict_funcs(dict); i++) {
		struct cf_func_info info = cf_dict_func_info(dict, (struct cf_func){ i });
		struct cf_key_entry entry = {
			cf_key_pack(intern->strs[info.name.id], intern->modules[info.module.id], info.kind), i
		};

		if (intern->func_used[i])
			g_array_append_val(entries, entry);
	}
	if (entries->len)
		qsort(entries->data, entries->len, sizeof(struct cf_key_entry), cf_key_compare);
}

static int intern_funcs(struct cf_intern *intern, struct cf_store *store, const struct cf_dict *dict,
			const uint32_t *canonical, struct cf_diag *diag)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct cf_key_entry));
	struct cf_key_table table = { 0 };
	struct cf_stmt find = { 0 };
	struct cf_bulk add = { 0 };
	uint32_t last = 0, before;
	int result = -1;

	gather_funcs(intern, dict, entries);
	if (last_id(store, CF_SQL_LAST_FUNC, &last, diag) != 0 ||
	    cf_stmt_open(&find, store, CF_SQL_FIND_FUNC, diag) != 0 ||
	    cf_bulk_open(&add, store, CF_SQL_ADD_FUNC, diag) != 0)
		goto out;
	before = last;
	/* As with stacks: nobody may ever look for anything in a store in memory. */
	if (index_large(store, before, CF_SQL_INDEX_FUNCS, diag) != 0)
		goto out;
	if (before && before <= SCAN_ROWS &&
	    cf_key_load(&table, store, CF_SQL_ALL_FUNC_KEYS, before, diag) != 0)
		goto out;
	for (guint i = 0; i < entries->len; i++) {
		const struct cf_key_entry *entry = &g_array_index(entries, struct cf_key_entry, i);
		uint32_t *id = &intern->funcs[entry->local], name = cf_key_first(entry->key);
		int found = before ? cf_key_find(&find, &table, entry->key, id) : 0;

		if (found < 0)
			goto out;
		if (found)
			continue;
		if (next_id(store, &last, CF_KEY_SECOND_MAX, diag) != 0)
			goto out;
		*id = last;
		if (cf_bulk_add(&add,
				(int64_t[]){ last, cf_key_second(entry->key), name, cf_key_kind(entry->key),
					     canonical[entry->local] == name ? CF_BULK_NULL
									     : canonical[entry->local] }) !=
		    0)
			goto out;
	}
	if (cf_bulk_flush(&add) == 0)
		result =
			cf_store_is_in_memory(store) ? 0 : index_large(store, last, CF_SQL_INDEX_FUNCS, diag);
out:
	cf_key_table_clear(&table);
	cf_stmt_close(&find);
	cf_bulk_close(&add);
	return result;
}

/* ---- stacks ---- */

/* Used stacks by depth: first[d]..first[d+1] of order have depth d. Callers have smaller ids, so one pass
 * each. */
static void order_by_depth(const struct cf_intern *intern, const struct cf_dict *dict, GArray *first,
			   uint32_t *order)
{
	uint32_t stacks = cf_dict_stacks(dict), at = 0;
	g_autofree uint32_t *depth = g_new0(uint32_t, MAX(stacks, 1));
	g_autofree uint32_t *fill = NULL;

	g_array_set_size(first, 2);
	for (uint32_t i = 1; i < stacks; i++) {
		if (!intern->stack_used[i])
			continue;
		depth[i] = depth[cf_dict_stack_info(dict, (struct cf_stack){ i }).caller.id] + 1;
		if (depth[i] + 1 >= first->len)
			g_array_set_size(first, depth[i] + 2);
		g_array_index(first, uint32_t, depth[i])++;
	}
	fill = g_new0(uint32_t, first->len);
	for (guint d = 0; d < first->len; d++) {
		uint32_t count = g_array_index(first, uint32_t, d);

		g_array_index(first, uint32_t, d) = fill[d] = at;
		at += count;
	}
	for (uint32_t i = 1; i < stacks; i++)
		if (intern->stack_used[i])
			order[fill[depth[i]]++] = i;
}

/*
 * Level by level from the roots, each level in the order of (parent, func, kind): a caller has its id before
 * its callees need it, and both the table and its index grow at their ends in a new store.
 */
static int intern_stacks(struct cf_intern *intern, struct cf_store *store, const struct cf_dict *dict,
			 struct cf_diag *diag)
{
	uint32_t used = 0, last = 0, before;
	g_autofree uint32_t *order = NULL;
	g_autoptr(GArray) first = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	g_autoptr(GArray) level = g_array_new(FALSE, FALSE, sizeof(struct cf_key_entry));
	struct cf_key_table table = { 0 };
	struct cf_stmt find = { 0 };
	struct cf_bulk add = { 0 };
	int result = -1;

	for (uint32_t i = 1; i < cf_dict_stacks(dict); i++)
		used += intern->stack_used[i];
	order = g_new(uint32_t, MAX(used, 1));
	order_by_depth(intern, dict, first, order);
	if (last_id(store, CF_SQL_LAST_STACK, &last, diag) != 0 ||
	    cf_stmt_open(&find, store, CF_SQL_FIND_STACK, diag) != 0 ||
	    cf_bulk_open(&add, store, CF_SQL_ADD_STACK, diag) != 0)
		goto out;
	before = last;
	/* Nobody may ever look for anything in a store in memory, so there the index waits for a second run. */
	if (index_large(store, before, CF_SQL_INDEX_STACKS, diag) != 0)
		goto out;
	/* Measured: a look-up by the index costs as much as reading eight rows in a scan. */
	if (before && (before <= SCAN_ROWS || before / 8 <= used) &&
	    cf_key_load(&table, store, CF_SQL_ALL_STACKS, before, diag) != 0)
		goto out;
	for (guint d = 1; d + 1 < first->len; d++) {
		g_array_set_size(level, 0);
		for (uint32_t i = g_array_index(first, uint32_t, d);
		     i < g_array_index(first, uint32_t, d + 1); i++) {
			struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ order[i] });
			struct cf_key_entry entry = { cf_key_pack(intern->stacks[info.caller.id],
								  intern->funcs[info.func.id], info.kind),
						      order[i] };

			g_array_append_val(level, entry);
		}
		if (level->len)
			qsort(level->data, level->len, sizeof(struct cf_key_entry), cf_key_compare);
		for (guint i = 0; i < level->len; i++) {
			const struct cf_key_entry *entry = &g_array_index(level, struct cf_key_entry, i);
			uint32_t *id = &intern->stacks[entry->local];
			int found = before ? cf_key_find(&find, &table, entry->key, id) : 0;

			if (found < 0)
				goto out;
			if (found)
				continue;
			if (next_id(store, &last, UINT32_MAX, diag) != 0)
				goto out;
			*id = last;
			if (cf_bulk_add(&add, (int64_t[]){ last, cf_key_first(entry->key),
							   cf_key_second(entry->key),
							   cf_key_kind(entry->key) }) != 0)
				goto out;
		}
	}
	if (cf_bulk_flush(&add) == 0)
		result = cf_store_is_in_memory(store) ? 0
						      : index_large(store, last, CF_SQL_INDEX_STACKS, diag);
out:
	cf_key_table_clear(&table);
	cf_stmt_close(&find);
	cf_bulk_close(&add);
	return result;
}

int cf_intern_trace(struct cf_intern *intern, struct cf_store *store, const struct cf_trace *trace,
		    struct cf_diag *diag)
{
	const struct cf_dict *dict = trace->dict;
	g_autofree uint32_t *canonical = g_new0(uint32_t, (size_t)cf_dict_funcs(dict) + 1);

	*intern = (struct cf_intern){
		.strs = g_new0(uint32_t, (size_t)cf_dict_strs(dict) + 1),
		.modules = g_new0(uint32_t, (size_t)cf_dict_modules(dict) + 1),
		.funcs = g_new0(uint32_t, (size_t)cf_dict_funcs(dict) + 1),
		.stacks = g_new0(uint32_t, (size_t)cf_dict_stacks(dict) + 1),
		.func_used = g_malloc0((size_t)cf_dict_funcs(dict) + 1),
		.stack_used = g_malloc0((size_t)cf_dict_stacks(dict) + 1),
	};
	mark_used(intern, trace);
	if (intern_names(intern, store, trace, canonical, diag) == 0 &&
	    intern_modules(intern, store, dict, diag) == 0 &&
	    intern_funcs(intern, store, dict, canonical, diag) == 0 &&
	    intern_stacks(intern, store, dict, diag) == 0)
		return 0;
	cf_intern_clear(intern);
	return -1;
}

void cf_intern_clear(struct cf_intern *intern)
{
	g_free(intern->strs);
	g_free(intern->modules);
	g_free(intern->funcs);
	g_free(intern->stacks);
	g_free(intern->func_used);
	g_free(intern->stack_used);
	*intern = (struct cf_intern){ 0 };
}
