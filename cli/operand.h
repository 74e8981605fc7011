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

/* Selects one run by its id. */
int cf_operand_run(struct cf_cli *cli, struct cf_store *store, int64_t id, struct cf_run_set *set);

#endif
