/* SPDX-License-Identifier: MIT */
/* trie: rows of the stored stacks, kept from load to load; private to store/. */
#ifndef CF_STORE_TRIE_H
#define CF_STORE_TRIE_H

#include "store/statement.h"

/* func_kind: func << 3 | kind, as functions have less than 2^29 ids; below 8: there is no such row. */
struct cf_trie_row {
	uint32_t parent, func_kind;
};

/* The rows of the ids from..from + len - 1. Zero-initialised: none. Of the store's open connection. */
struct cf_trie {
	struct cf_trie_row *rows;
	uint32_t from, len;
	int64_t version, changes; /* of the store when they were read: by others, by ourselves */
};

/*
 * Inside a transaction: store->trie has at least the rows of these ids afterwards. What it has stays as long as nobody
 * writes to the store. -1: said.
 */
int cf_trie_cover(struct cf_store *store, uint32_t from, uint32_t to, struct cf_diag *diag);
/* Has it, as far as it is known without asking? Else reading a few rows may be cheaper. */
gboolean cf_trie_covers(const struct cf_store *store, uint32_t from, uint32_t to);
void cf_trie_free(struct cf_trie *trie);

#endif
