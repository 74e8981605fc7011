/* SPDX-License-Identifier: MIT */
/* functions: the functions of a callgrind profile, told apart by object, name and file. */
#ifndef CF_INGEST_CALLGRIND_FUNCTIONS_H
#define CF_INGEST_CALLGRIND_FUNCTIONS_H

#include "core/table.h"
#include "ingest/callgrind/names.h"

/*
 * Static functions of one name in two files are two functions, as for KCachegrind and callgrind_annotate. Zero-initialised
 * but for dict.
 */
struct cf_callgrind_functions {
	struct cf_dict *dict; /* borrowed */
	struct cf_table index;
	GArray *rows; /* private */
};

/*
 * The function of that name in the module and the file, "" where the file doesn't matter. While the profile is read those
 * of equal names have names that nobody should see.
 */
struct cf_func cf_callgrind_function(struct cf_callgrind_functions *functions, struct cf_module module,
				     const struct cf_callgrind_name *name, struct cf_str file);

/*
 * At the end: functions of one name become "init (one.c)" and "init (two.c)", by a number where that isn't enough or the file no source file. Which
 * is which doesn't depend on their order in the profile.
 */
void cf_callgrind_functions_name(struct cf_callgrind_functions *functions);
void cf_callgrind_functions_release(struct cf_callgrind_functions *functions);

#endif
