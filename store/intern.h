/* SPDX-License-Identifier: MIT */
/* intern: maps the ids of a trace to those of the store, adding what is new; private to store/. */
#ifndef CF_STORE_INTERN_H
#define CF_STORE_INTERN_H

#include "store/statement.h"

/* Store ids by trace id; 0: not used by any fact of the trace (and the empty stack). */
struct cf_intern {
	uint32_t *strs, *modules, *funcs, *stacks;
	guint8 *func_used, *stack_used; /* by trace id: has cost itself or in a callee */
	gboolean module_free;           /* some used function has no module */
};

/* Inside a transaction. On -1 (said) there is nothing to clear. */
int cf_intern_trace(struct cf_intern *intern, struct cf_store *store, const struct cf_trace *trace,
		    struct cf_diag *diag);
void cf_intern_clear(struct cf_intern *intern);

/* Inside a transaction: ids[i] becomes the id of texts[i]; texts may repeat. */
int cf_intern_texts(struct cf_store *store, const char *const *texts, size_t n, uint32_t *ids,
		    struct cf_diag *diag);

/* 32 bits, signed, that no file can aim at with many of its texts: SipHash-1-3 with a fixed key. */
int64_t cf_intern_hash(const char *text, size_t len);

#endif
