/* SPDX-License-Identifier: MIT */
/* func_names: tells functions of one name in one module apart. */
#ifndef CF_INGEST_PERF_FUNC_NAMES_H
#define CF_INGEST_PERF_FUNC_NAMES_H

#include "core/dict.h"

/*
 * A function is shown without its parameters, as perf report does, unless another one in use would then have the same
 * name: overloads get their parameters. Functions of one symbol at several addresses of a file (static ones of several
 * source files) get the name of the file that declares them, where that tells them apart, else a number by address.
 *
 * One name for what a compiler made several copies of: the variants of a constructor, instances of a Rust function.
 */
struct cf_func_names;

struct cf_func_names *cf_func_names_new(struct cf_dict *dict); /* borrowed */
void cf_func_names_free(struct cf_func_names *names);

/*
 * The function of a symbol, which is still mangled. twin: 0, or how many functions of the very same symbol came before it
 * in the file.
 */
struct cf_func cf_func_names_intern(struct cf_func_names *names, struct cf_module module, const char *symbol,
				    uint32_t twin);
/* Where it is declared ("" unknown) and its address; what was said first stays. */
void cf_func_names_describe(struct cf_func_names *names, struct cf_func func, const char *file,
			    uint64_t address);
/* Once, when all are there: gives the functions their last names. */
void cf_func_names_settle(struct cf_func_names *names);

#endif
