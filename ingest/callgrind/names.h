/* SPDX-License-Identifier: MIT */
/* names: what "(12) name" and "(12)" stand for in a callgrind file. */
#ifndef CF_INGEST_CALLGRIND_NAMES_H
#define CF_INGEST_CALLGRIND_NAMES_H

#include "core/dict.h"
#include "core/reader.h"
#include "core/table.h"

/* Kinds of names with numbers of their own: ob and cob; fl, fi, fe, cfi, cfl and jfi; fn, cfn and jfn. */
enum cf_callgrind_space { CF_CALLGRIND_OBJECT, CF_CALLGRIND_FILE, CF_CALLGRIND_FUNCTION };

struct cf_callgrind_name {
	struct cf_str text;      /* FILE and FUNCTION; "" for the file "???" */
	enum cf_frame_kind kind; /* FUNCTION: CF_FRAME_UNRESOLVED for "???" and for addresses */
	struct cf_module module; /* OBJECT */
};

/*
 * A number stands for a name from where it is defined to the end of the file, across parts; a later definition
 * replaces it. One that is never defined, as callgrind before version 3 left some, stands for an unknown object or
 * file, and for a function called by its number. Zero-initialised but for dict.
 */
struct cf_callgrind_names {
	struct cf_dict *dict; /* borrowed */
	struct cf_table index;
	GArray *rows;       /* private */
	uint64_t undefined; /* numbers that were used without a definition before */
	uint64_t cut;       /* names longer than CF_CALLGRIND_NAME_MAX bytes, which were cut there */
};
#define CF_CALLGRIND_NAME_MAX 65536

/* Numbers start anew: another file. */
void cf_callgrind_names_reset(struct cf_callgrind_names *names);
void cf_callgrind_names_release(struct cf_callgrind_names *names);

/* The name that stands behind "fn=". NULL, or why it is none. */
const char *cf_callgrind_name(struct cf_callgrind_names *names, enum cf_callgrind_space space,
			      struct cf_slice text, struct cf_callgrind_name *name);

#endif
