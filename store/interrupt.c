/* SPDX-License-Identifier: MIT */
/* interrupt: ends what a store is doing, from a signal handler. */
#include "store/statement.h"

void cf_store_interrupt(struct cf_store *store)
{
	store->interrupted = 1;
	if (store->db)
		sqlite3_interrupt(store->db);
}
