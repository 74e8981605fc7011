/* SPDX-License-Identifier: MIT */
/* cost: which files and functions of a repository the cost of a run belongs to. */
#ifndef CF_ANALYZERS_CHURN_COST_H
#define CF_ANALYZERS_CHURN_COST_H

#include "core/history.h"

/* A function of a run. Borrowed. */
struct cf_cost_row {
	const char *function, *file; /* file: of its declaration, as debug information has it; "" unknown */
	enum cf_frame_kind kind;
	int64_t self;
};

/* One that belongs to a file of the repository. */
struct cf_cost_func {
	uint32_t path;    /* of the history */
	const char *name; /* as the run has it; borrowed from the row */
	int64_t self;
};

/*
 * A file of a run is that of the repository with which it shares the most components at its end, if these are all that one
 * of the two has, or two of them at least: /build/redis/src/server.c is src/server.c, and /usr/src/glibc/stdlib/util.c isn't
 * src/util.c. Where several share as many, it is ambiguous. A function without a file belongs to the only file that has a
 * function of that name at the head. Kernel functions belong to none.
 */
struct cf_cost_join {
	int64_t whole;     /* of the run: what shares refer to */
	int64_t joined;    /* cost in files of the repository; of it */
	int64_t by_name;   /* without a file, by the name of the function */
	int64_t ambiguous; /* cost in files, or functions, that could be several of the repository */
	int64_t *of_path;  /* of each path of the history */
	GArray *funcs;     /* struct cf_cost_func in the order of the rows */
	GPtrArray *doubts; /* char *: "util.c: a/util.c or b/util.c", the costliest first */
};
struct cf_cost_join *cf_cost_join_new(const struct cf_history *history, const struct cf_cost_row *rows,
				      size_t n, int64_t whole);
void cf_cost_join_free(struct cf_cost_join *join);

/*
 * A function's name as source files have it, without arguments, template arguments and marks of compilers:
 * "std::vector<int> ns::A<int>::f(int) const [clone .cold]" -> "ns::A::f", "main.(*Server).Serve" -> "main.Server.Serve".
 * Caller frees.
 */
char *cf_cost_bare_name(const char *function);
/* Are these one function of a file? One may have scopes in front that the other hasn't: "A::f" is "ns::A::f". */
gboolean cf_cost_same_name(const char *bare, const char *other);
/* What stands behind the last "::" or "." of a bare name: equal for names that are the same. Borrowed from it. */
const char *cf_cost_last_part(const char *bare);

#endif
