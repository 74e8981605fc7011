/* SPDX-License-Identifier: MIT */
/* trie: rows of the stored stacks, kept from load to load. */
#include "store/trie.h"

#define FUNC_MAX (((uint32_t)1 << 29) - 1)

void cf_trie_free(struct cf_trie *trie)
{
	if (!trie)
		return;
	g_free(trie->rows);
	g_free(trie);
}

gboolean cf_trie_covers(const struct cf_store *store, uint32_t from, uint32_t to)
{
	const struct cf_trie *trie = store->trie;

	return trie && trie->len && from >= trie->from && to - trie->from < trie->len;
}

static int read_rows(struct cf_store *store, struct cf_trie *trie, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_LOAD_STACK_RANGE, diag) == 0) {
		cf_stmt_bind_int(&stmt, trie->from);
		cf_stmt_bind_int(&stmt, (int64_t)trie->from + trie->len - 1);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t offset = cf_stmt_id(&stmt) - trie->from, func;
			struct cf_trie_row *row = &trie->rows[MIN(offset, trie->len - 1)];

			/* In a damaged tree even the bounds of a search may not hold. */
			if (offset >= trie->len)
				continue;
			row->parent = cf_stmt_id(&stmt);
			func = cf_stmt_id(&stmt);
			row->func_kind = func <= FUNC_MAX ? func << 3 : 0;
			row->func_kind |= cf_stmt_kind(&stmt);
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_trie_cover(struct cf_store *store, uint32_t from, uint32_t to, struct cf_diag *diag)
{
	int64_t version = 0, changes = sqlite3_total_changes(store->db);
	struct cf_trie *trie = store->trie;
	gboolean fresh;

	if (cf_store_get_int(store, CF_SQL_DATA_VERSION, NULL, &version, diag) != 0)
		return -1;
	/* What a transaction wrote may be taken back, and no count says so. */
	fresh = trie && trie->version == version && trie->changes == changes &&
		sqlite3_txn_state(store->db, "main") != SQLITE_TXN_WRITE;
	if (fresh && cf_trie_covers(store, from, to))
		return 0;
	/* What lies between two ranges far from each other isn't worth it. */
	if (fresh &&
	    (MAX(to, trie->from + trie->len - 1) - MIN(from, trie->from)) / 2 <= trie->len + (to - from)) {
		to = MAX(to, trie->from + trie->len - 1);
		from = MIN(from, trie->from);
	}
	g_clear_pointer(&store->trie, cf_trie_free);
	trie = g_new0(struct cf_trie, 1);
	*trie = (struct cf_trie){
		.from = from, .len = to - from + 1, .version = version, .changes = changes
	};
	trie->rows = g_try_new0(struct cf_trie_row, trie->len);
	if (!trie->rows) {
		cf_trie_free(trie);
		return cf_store_fail(store, SQLITE_NOMEM, diag);
	}
	if (read_rows(store, trie, diag) != 0) {
		cf_trie_free(trie);
		return -1;
	}
	store->trie = trie;
	return 0;
}
