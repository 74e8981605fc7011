/* SPDX-License-Identifier: MIT */
/* operand: a RUN operand -> an open store with the runs that it names. */
#ifndef CF_CLI_OPERAND_H
#define CF_CLI_OPERAND_H

#include "cli/command.h"

/* The store of --store, $CALLFLOW_STORE or the place; missing: an error that says where it looked. */
struct cf_store *cf_operand_store(struct cf_cli *cli, enum cf_store_mode mode);

/*
 * Opens the store and selects the runs of expr (NULL: "@", the latest with one of facts). An expr that names no stored run but an existing
 * file is ingested first; where there is no store, into memory. On 0 the caller closes *store and clears
 * *set.
 */
int cf_operand_open(struct cf_cli *cli, const char *expr, unsigned facts, struct cf_store **store,
		    struct cf_run_set *set);

/*
 * The same for two operands, of which base_expr NULL is the run before expr's first. Is there no base,
 * base->runs is NULL and missing says why; the caller clears it.
 */
int cf_operand_open_pair(struct cf_cli *cli, unsigned facts, const char *base_expr, const char *expr,
			 struct cf_store **store, struct cf_run_set *base, struct cf_run_set *set,
			 struct cf_no_base *missing);

/* Selects one run by its id. */
int cf_operand_run(struct cf_cli *cli, struct cf_store *store, int64_t id, struct cf_run_set *set);

#endif
