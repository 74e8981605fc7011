/* SPDX-License-Identifier: MIT */
/* params: typed settings described by tables; shared by the command line, pipelines and report blocks. */
#ifndef CF_CORE_PARAMS_H
#define CF_CORE_PARAMS_H

#include "core/diag.h"
#include <stdbool.h>

enum cf_param_type {
	CF_PARAM_BOOL,   /* a flag; "true"/"false" in a file */
	CF_PARAM_INT,    /* min..max when max > min */
	CF_PARAM_NUMBER, /* finite double */
	CF_PARAM_STRING,
	CF_PARAM_LIST,   /* may be given several times */
	CF_PARAM_CHOICE, /* one of choices */
	CF_PARAM_REGEX,  /* checked when set: linear-time matching, see analyzers/filter */
	CF_PARAM_TIME    /* RFC 3339, a date, @unix seconds: kept as ns since the epoch */
};

/* One setting. Tables end with a row whose name is NULL and live in static storage. */
struct cf_param {
	const char *name; /* long option without dashes */
	char letter;      /* short option, or 0 */
	enum cf_param_type type;
	const char *arg;            /* placeholder in help, NULL for a flag */
	const char *help;           /* one line, lower case, no full stop */
	const char *fallback;       /* text of the default, or NULL */
	const char *const *choices; /* CF_PARAM_CHOICE, NULL-terminated */
	int64_t min, max;
};

struct cf_params;

/* tables: NULL-terminated array of tables, all borrowed for the life of the object; no name may occur twice.
 */
struct cf_params *cf_params_new(const struct cf_param *const *tables);
/* Another object with the same settings. */
struct cf_params *cf_params_copy(const struct cf_params *params);
void cf_params_free(struct cf_params *params);

/* Unknown name, value of the wrong type or outside its range: -1 with a message at loc (unknown: "did you
 * mean"). */
int cf_params_set(struct cf_params *params, const char *name, const char *value, const struct cf_loc *loc,
		  struct cf_diag *diag);

/*
 * GNU-style parsing: --name=value, --name value, -n 20, -n20, clusters of flags, -- ends options, "-" is an
 * operand. Unique prefixes of long names are accepted. Operands are appended to operands (borrowed from
 * argv). argv[0] is skipped. -1 with a message (CF_STATUS_USAGE) on error.
 */
int cf_params_parse(struct cf_params *params, int argc, char **argv, GPtrArray *operands,
		    struct cf_diag *diag);

/* Asking for a name that no table has, or with the wrong type, is a programming error. Results are borrowed.
 */
bool cf_params_is_set(const struct cf_params *params, const char *name); /* given by the user */
bool cf_params_has(const struct cf_params *params, const char *name);    /* some table has it */
bool cf_params_bool(const struct cf_params *params, const char *name);
int64_t cf_params_int(const struct cf_params *params, const char *name);
double cf_params_number(const struct cf_params *params, const char *name);
const char *cf_params_string(const struct cf_params *params,
			     const char *name); /* NULL when unset, no default */
const char *const *cf_params_list(const struct cf_params *params,
				  const char *name);                      /* NULL-terminated, maybe empty */
int64_t cf_params_time(const struct cf_params *params, const char *name); /* ns since the epoch, UTC */

/* Help text of the tables: "  -n, --top N        rows to show (default 20)" lines; caller frees. */
char *cf_params_help(const struct cf_param *const *tables);

/* The name of names[0..n) nearest to word (edit distance at most 2, or a third of its length), or NULL. */
const char *cf_nearest(const char *word, const char *const *names, size_t n);

#endif
