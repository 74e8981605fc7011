/* SPDX-License-Identifier: MIT */
/* sweep: removes what no run uses any more from the dictionaries. */
#include "store/intern.h"

#include <string.h>

/* Ids in use: one byte each, by id. Ids are dense, so this is small beside the tables. */
struct used {
	guint8 *bits;
	uint32_t last;
};

struct sweep {
	struct cf_store *store;
	struct cf_diag *diag;
	struct used stacks, funcs, modules, strs, series;
};

static int used_init(struct sweep *s, struct used *used, enum cf_sql last_sql)
{
	int64_t last = 0;

	if (cf_store_get_int(s->store, last_sql, NULL, &last, s->diag) != 0)
		return -1;
	if (last < 0 || last >= UINT32_MAX)
		return cf_store_damaged(s->store, "an id is out of range", s->diag);
	used->last = (uint32_t)last;
	used->bits = g_try_malloc0((gsize)last + 1);
	return used->bits ? 0 : cf_store_fail(s->store, SQLITE_NOMEM, s->diag);
}

static inline void use(struct used *used, uint32_t id)
{
	if (id <= used->last)
		used->bits[id] = 1;
}

static inline gboolean is_used(const struct used *used, uint32_t id)
{
	return id <= used->last && used->bits[id];
}

/* Marks the ids in the only column of a statement. */
static int use_all(struct sweep *s, struct used *used, enum cf_sql sql)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, s->store, sql, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0)
			use(used, cf_stmt_id(&stmt));
	cf_stmt_close(&stmt);
	return step;
}

/* Ids to delete are gathered first: a table isn't changed while it is read. */
static int drop_all(struct sweep *s, GArray *ids, enum cf_sql sql)
{
	struct cf_stmt stmt;
	int result = 0;

	if (!ids->len)
		return 0;
	result = cf_stmt_open(&stmt, s->store, sql, s->diag);
	for (guint i = 0; result == 0 && i < ids->len; i++) {
		cf_stmt_bind_int(&stmt, g_array_index(ids, uint32_t, i));
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* From the leaves to the roots: a caller's id is smaller, so it is marked before it is reached. */
static int sweep_stacks(struct sweep *s)
{
	g_autoptr(GArray) drop = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct cf_stmt stmt;
	int step = -1;

	if (use_all(s, &s->stacks, CF_SQL_USED_STACKS) != 0)
		return -1;
	if (cf_stmt_open(&stmt, s->store, CF_SQL_STACKS_DOWN, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt), parent = cf_stmt_id(&stmt);

			if (is_used(&s->stacks, id)) {
				use(&s->stacks, parent);
				use(&s->funcs, cf_stmt_id(&stmt));
			} else {
				g_array_append_val(drop, id);
			}
		}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : drop_all(s, drop, CF_SQL_DROP_STACK);
}

static int sweep_funcs(struct sweep *s)
{
	g_autoptr(GArray) drop = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct cf_stmt stmt;
	int step = -1;

	if (use_all(s, &s->funcs, CF_SQL_USED_FUNCS) != 0)
		return -1;
	if (cf_stmt_open(&stmt, s->store, CF_SQL_FUNC_REFERENCES, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);

			if (!is_used(&s->funcs, id)) {
				g_array_append_val(drop, id);
				continue;
			}
			use(&s->modules, cf_stmt_id(&stmt));
			use(&s->strs, cf_stmt_id(&stmt));
			use(&s->strs, cf_stmt_id(&stmt));
		}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : drop_all(s, drop, CF_SQL_DROP_FUNC);
}

/* A table whose unused rows go. */
static int sweep_ids(struct sweep *s, struct used *used, enum cf_sql all, enum cf_sql drop_sql)
{
	g_autoptr(GArray) drop = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, s->store, all, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);

			if (!is_used(used, id))
				g_array_append_val(drop, id);
		}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : drop_all(s, drop, drop_sql);
}

static int sweep_strs(struct sweep *s)
{
	g_autoptr(GArray) drop = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct cf_stmt stmt = { 0 }, drop_key = { 0 };
	int step = -1;

	if (use_all(s, &s->strs, CF_SQL_USED_STRS) != 0 ||
	    cf_stmt_open(&drop_key, s->store, CF_SQL_DROP_STR_KEY, s->diag) != 0)
		goto out;
	if (cf_stmt_open(&stmt, s->store, CF_SQL_ALL_STRS, s->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);
			const char *text;

			if (is_used(&s->strs, id))
				continue;
			text = cf_stmt_text(&stmt);
			g_array_append_val(drop, id);
			cf_stmt_bind_int(&drop_key, cf_intern_hash(text, strlen(text)));
			cf_stmt_bind_int(&drop_key, id);
			if (cf_stmt_run(&drop_key) != 0) {
				step = -1;
				break;
			}
		}
	if (step == 0)
		step = drop_all(s, drop, CF_SQL_DROP_STR);
out:
	cf_stmt_close(&stmt);
	cf_stmt_close(&drop_key);
	return step;
}

/* From what refers to what is referred to: stacks, functions, modules and series, texts. */
int cf_store_sweep(struct cf_store *store, struct cf_diag *diag)
{
	struct sweep s = { .store = store, .diag = diag };
	int result = -1;

	if (used_init(&s, &s.stacks, CF_SQL_LAST_STACK) == 0 &&
	    used_init(&s, &s.funcs, CF_SQL_LAST_FUNC) == 0 &&
	    used_init(&s, &s.modules, CF_SQL_LAST_MODULE) == 0 &&
	    used_init(&s, &s.strs, CF_SQL_LAST_STR) == 0 &&
	    used_init(&s, &s.series, CF_SQL_LAST_SERIES) == 0 && sweep_stacks(&s) == 0 &&
	    sweep_funcs(&s) == 0 && use_all(&s, &s.modules, CF_SQL_USED_MODULES) == 0 &&
	    sweep_ids(&s, &s.modules, CF_SQL_ALL_MODULES, CF_SQL_DROP_MODULE) == 0 &&
	    use_all(&s, &s.series, CF_SQL_USED_SERIES) == 0 &&
	    sweep_ids(&s, &s.series, CF_SQL_ALL_SERIES, CF_SQL_DROP_SERIES) == 0 && sweep_strs(&s) == 0)
		result = 0;
	g_free(s.stacks.bits);
	g_free(s.funcs.bits);
	g_free(s.modules.bits);
	g_free(s.strs.bits);
	g_free(s.series.bits);
	return result;
}
