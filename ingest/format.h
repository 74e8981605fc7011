/* SPDX-License-Identifier: MIT */
/* format: what an importer is, and the registry of all of them. */
#ifndef CF_INGEST_FORMAT_H
#define CF_INGEST_FORMAT_H

#include "core/files.h"
#include "core/history.h"
#include "core/params.h"
#include "core/trace.h"
#include "ingest/json_shape.h"

/* One input: the bytes of a file, unpacked, or a directory. Of a run in several files, the first of them. */
struct cf_input {
	const char *path; /* for messages */
	struct cf_slice bytes;
	gboolean mapped;                  /* bytes are a file's: CF_JSON_MAPPED, cf_file_forget */
	int64_t mtime_ns;                 /* 0 unknown */
	const struct cf_json_shape *json; /* when probed: the members of JSON, NULL for other texts */
	const struct cf_input *next;      /* the next file of the same run, or NULL; see cf_format.parts */
	gboolean directory;               /* has no bytes; only formats that say so are asked */
};

/* How sure a probe is. The highest bid reads the input; a tie of the highest is an error naming both. */
enum cf_bid {
	CF_BID_NO,
	CF_BID_NEAR,  /* no as well, but worth a mention: looks much like it */
	CF_BID_SHAPE, /* text that looks like it */
	CF_BID_MAGIC  /* the format's own signature */
};

/* What can be told of a repository's history at a glance. */
struct cf_history_look {
	char *name;    /* of the repository, unless the user has another one */
	char *path;    /* where it is, absolute */
	char *state;   /* equal: nothing is new */
	char *options; /* canonical text of what decides which facts there are; NULL: of all reading options */
	struct cf_oid head;
	gboolean has_head, may_add; /* may_add: what is stored can be added to */
	int64_t functions;          /* of how many commits, the newest ones, function changes are wanted */
};
void cf_history_look_clear(struct cf_history_look *look);

/* What the store has of the history that is to be read; NULL: nothing. */
struct cf_history_known {
	const GArray *commits;           /* struct cf_known_commit, by oid */
	const struct cf_history *stored; /* its code files and functions, by path text */
};

/* How a format that holds a history is read. */
struct cf_history_reader {
	int (*look)(const struct cf_input *input, const struct cf_params *params,
		    struct cf_history_look *look, struct cf_diag *diag);
	/*
	 * Fills history, settled. With known: commits that aren't known, with the names that history already has kept and
	 * brought up to date. -1: refused with one located error; the history is then thrown away.
	 */
	int (*read)(const struct cf_input *input, const struct cf_params *params,
		    const struct cf_history_known *known, struct cf_history *history, struct cf_diag *diag);
	/*
	 * Adds the function changes of these commits (GArray of struct cf_oid) to history: to its commits, or as late
	 * ones. NULL: the format has none.
	 */
	int (*functions)(const struct cf_input *input, const struct cf_params *params, const GArray *commits,
			 struct cf_history *history, struct cf_diag *diag);
};

struct cf_format {
	const char *name, *summary;
	gboolean json;                 /* is JSON: a refusal isn't worth a mention for other texts */
	gboolean parts;                /* reads runs in several files (input->next) */
	int version;                   /* raised when the same bytes would give other facts */
	const struct cf_param *params; /* reading options (--symfs, ...), or NULL */
	const char *
		chosen_by; /* of the options, one that only this format has: where it is given, it reads the input */
	/*
	 * Looks at the bytes only. With CF_BID_NO, *why is set to a static reason ("no PERFILE2 magic"); with CF_BID_NEAR to
	 * what is missing of a format that it otherwise looks like.
	 */
	enum cf_bid (*probe)(const struct cf_input *input, const char **why);
	/* Fills trace. -1: refused with one located error; the trace is then thrown away. */
	int (*read)(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		    struct cf_diag *diag);
	/* Instead of read, of formats that hold the history of a repository and not a run. */
	const struct cf_history_reader *history;
	gboolean directories; /* probe is asked about directories as well */
};

/* Tables of settings shared by several formats. partial: keep what is whole of a damaged file. */
extern const struct cf_param cf_format_common_params[];

/* All formats, in order of name; NULL-terminated. */
extern const struct cf_format *const cf_formats[];
const struct cf_format *cf_format_by_name(const char *name); /* NULL when there is none */

/* The format of input by content, or that called name (not NULL). NULL with the message: nearest candidates
 * and why not. */
const struct cf_format *cf_format_probe(const struct cf_input *input, const char *name, struct cf_diag *diag);

/* "elfutils 0.188": the libraries that importers run with. Caller frees. */
char *cf_ingest_library_versions(void);
/* The same among formats (NULL-terminated), by content. */
const struct cf_format *cf_format_choose(const struct cf_format *const *formats, const struct cf_input *input,
					 struct cf_diag *diag);

#endif
