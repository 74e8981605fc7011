/* SPDX-License-Identifier: MIT */
/* history: MODEL 1b, the facts of one repository: who changed which files when, and what its code is now. */
#ifndef CF_CORE_HISTORY_H
#define CF_CORE_HISTORY_H

#include "core/trace.h"

/* No commit, path or person. */
#define CF_NONE UINT32_MAX

/* A commit's or blob's name; all zeros: unknown. */
#define CF_OID_SIZE 20
struct cf_oid {
	uint8_t bytes[CF_OID_SIZE];
};
#define CF_OID_HEX (2 * CF_OID_SIZE)
void cf_oid_hex(const struct cf_oid *oid, char hex[CF_OID_HEX + 1]);
gboolean cf_oid_parse(struct cf_oid *oid, const char *hex, size_t len); /* 40 hex digits */
static inline gboolean cf_oid_equal(const struct cf_oid *a, const struct cf_oid *b)
{
	return memcmp(a->bytes, b->bytes, CF_OID_SIZE) == 0;
}

/* Name and address as commits have them, and what .mailmap makes of them; one row per pair that commits have. */
struct cf_person {
	struct cf_str raw_name, raw_email;
	struct cf_str name, email; /* people are told apart by name, as git's %aN does */
	gboolean bot;              /* ends in [bot], or a known service */
};

enum cf_commit_flags {
	CF_COMMIT_IGNORED = 1 << 0,   /* in .git-blame-ignore-revs: reformatting and the like */
	CF_COMMIT_SHALLOW = 1 << 1,   /* its parents aren't in the clone, so its changes aren't known */
	CF_COMMIT_MISSING = 1 << 2,   /* some of its folders or files aren't in the clone (partial clone) */
	CF_COMMIT_DIFFED = 1 << 3,    /* its changes were read; merges are left out by default */
	CF_COMMIT_CUT = 1 << 4,       /* has more files than are read of one commit */
	CF_COMMIT_FUNCTIONS = 1 << 5, /* its function changes were read */
	CF_COMMIT_RENAMES_CUT =
		1 << 6,            /* had too many candidates: renames of changed files weren't looked for */
	CF_COMMIT_BIG = 1 << 7,    /* has files that are too big to count their lines */
	CF_COMMIT_STRANGE = 1 << 8 /* has entries with impossible names, left out */
};

/* Parents, co-authors, changes and function changes are ranges of the history's arrays. */
struct cf_commit {
	struct cf_oid oid;
	uint32_t author, committer;         /* persons */
	int64_t author_time, commit_time;   /* s since the epoch, as the commit says (anything) */
	int16_t author_zone, commit_zone;   /* minutes east of UTC */
	uint16_t flags;                     /* enum cf_commit_flags */
	uint32_t first_parent, parents;     /* a merge has two or more */
	uint32_t first_coauthor, coauthors; /* persons of Co-authored-by lines, without the author */
	uint32_t first_change, changes;
	uint32_t first_func, funcs;
	struct cf_str subject;
	/*
	 * Position in time: the commit time, or one more than the greatest among the parents. Sorting by it, then by oid,
	 * puts parents first, whatever the clocks said, and doesn't depend on what else is known.
	 */
	int64_t order;
};

struct cf_parent {
	struct cf_oid oid;
	uint32_t commit; /* CF_NONE: outside (shallow clone, --since, a filter) */
};

/* A commit that is stored already, and its place in time. */
struct cf_known_commit {
	struct cf_oid oid;
	int64_t order;
	uint16_t flags; /* enum cf_commit_flags */
};

/* Function changes of a commit that is stored already; of late_funcs. */
struct cf_late_commit {
	struct cf_oid oid;
	uint32_t first_func, funcs;
};

enum cf_change_status { /* git's letters */
			CF_CHANGE_ADDED = 'A',
			CF_CHANGE_MODIFIED = 'M',
			CF_CHANGE_DELETED = 'D',
			CF_CHANGE_RENAMED = 'R',
			CF_CHANGE_TYPE = 'T' /* file, link, submodule */
};
enum cf_change_flags {
	CF_CHANGE_BINARY = 1 << 0,    /* no line counts, as `git log --numstat` prints "-" */
	CF_CHANGE_SUBMODULE = 1 << 1, /* of a commit of another repository; counts as git does: a line each */
	CF_CHANGE_UNCOUNTED = 1 << 2  /* too big or missing: counts are 0 */
};

/*
 * What one commit did to one path; at most one row each. Counts are those of `git log --numstat`. A rename has the
 * changed lines in added and deleted, and the lines of both whole files beside them: a reader that doesn't follow
 * renames takes it for a deletion of old_path with old_lines and an addition of path with new_lines.
 */
struct cf_change {
	uint32_t commit, path;
	uint32_t old_path; /* CF_NONE: no rename */
	uint32_t added, deleted;
	uint32_t new_lines, old_lines; /* renames only */
	uint16_t old_mode, new_mode;   /* as in git: 0100644 and so on; 0 absent */
	uint8_t status;                /* enum cf_change_status */
	uint8_t flags;                 /* enum cf_change_flags */
	uint8_t similarity;            /* of renames, percent */
	uint8_t old_binary;            /* of renames: the old file was binary */
};

enum cf_path_flags {
	CF_PATH_GENERATED = 1 << 0,       /* .gitattributes: linguist-generated */
	CF_PATH_VENDORED = 1 << 1,        /* .gitattributes: linguist-vendored */
	CF_PATH_LOOKS_GENERATED = 1 << 2, /* says so in its first lines, at the head */
	CF_PATH_AT_HEAD = 1 << 3
};

struct cf_history_path {
	struct cf_str path; /* any bytes but NUL, from the root of the repository, with '/' */
	uint8_t flags;      /* enum cf_path_flags */
};

/* A file at the head. */
struct cf_code_file {
	uint32_t path;
	struct cf_oid blob;
	uint16_t mode;
	gboolean binary;   /* lines etc. are 0 */
	gboolean unparsed; /* source, but its functions couldn't be told */
	uint64_t bytes;
	uint32_t lines, nonblank;   /* nonblank: at least one byte that is no white space */
	uint32_t indent;            /* sum of indentation in steps of four columns (a tab is one step) */
	uint32_t complexity;        /* sum over its functions; 0: not counted */
	uint32_t first_func, funcs; /* range of code_funcs */
	struct cf_str language;     /* as universal-ctags calls it, or "" */
};

/* A function at the head. */
struct cf_code_func {
	uint32_t path;
	struct cf_str name; /* scope and name as the language writes it: "parse", "Reader::next" */
	uint32_t first_line, last_line;
	uint32_t complexity; /* cyclomatic, as pmccabe counts it traditionally; 0: not counted */
};

/* Lines that one commit added to and deleted from one function, told by the ranges at each end of its hunks. */
struct cf_func_change {
	uint32_t commit, path; /* path: after the commit, or of the deleted file */
	struct cf_str name;
	uint32_t added, deleted;
};

struct cf_history {
	struct cf_dict *dict; /* owned: all texts */
	char *name;           /* of the repository */
	char *path;           /* where it was read from */
	char *format;         /* "git" or "git-log" */
	struct cf_oid head;
	gboolean shallow;
	gboolean has_oids; /* FALSE: commits are numbered, from a text without full hashes; no parents then */
	GArray *persons;   /* struct cf_person */
	GArray *commits;   /* struct cf_commit, by (order, oid): parents first */
	GArray *parents;   /* struct cf_parent */
	GArray *coauthors; /* uint32_t: persons */
	GArray *paths;     /* struct cf_history_path */
	GArray *changes;   /* struct cf_change, by (commit, path text) */
	GArray *func_changes; /* struct cf_func_change, by (commit, path, name) */
	GArray *code_files;   /* struct cf_code_file, by path text */
	GArray *code_funcs;   /* struct cf_code_func, by (path text, first line, name) */
	GArray *late_commits; /* struct cf_late_commit: known ones whose functions were read now */
	GArray *late_funcs;   /* struct cf_func_change, by (late commit, path, name); commit is CF_NONE */
	GArray *ignored;      /* struct cf_oid: what .git-blame-ignore-revs names, known here or not */
	GArray *quality;      /* struct cf_quality, owned strings */
	struct cf_history_index *index; /* private */
};

struct cf_history *cf_history_new(void);
void cf_history_free(struct cf_history *history);

/* Interning: the same content gives the same index. */
uint32_t cf_history_path(struct cf_history *history, const char *path, gssize len);
uint32_t cf_history_person(struct cf_history *history, const char *name, gssize name_len, const char *email,
			   gssize email_len);
uint32_t cf_history_find(const struct cf_history *history,
			 const struct cf_oid *oid); /* a commit, or CF_NONE */

/* Adds a commit that isn't there yet, at the end; its ranges start empty at the ends of their arrays. */
struct cf_commit *cf_history_add_commit(struct cf_history *history, const struct cf_oid *oid);

/* Borrowed texts. */
const char *cf_history_text(const struct cf_history *history, struct cf_str str);
const char *cf_history_path_text(const struct cf_history *history, uint32_t path);
/* The author's name after .mailmap. */
const char *cf_history_author(const struct cf_history *history, const struct cf_commit *commit);

/* Adds to the row of the same key and subject, as cf_trace_quality. */
void cf_history_quality(struct cf_history *history, const char *key, const char *subject, int64_t count,
			const char *cure, const char *fmt, ...) G_GNUC_PRINTF(6, 7);

/* Links parents and sorts everything as said above by the orders that the commits have. */
void cf_history_sort(struct cf_history *history);
/*
 * Once all is added: computes the order of commits (known gives that of parents outside; it may be NULL) and sorts.
 * Neither cycles nor clocks can break it.
 */
void cf_history_settle(struct cf_history *history,
		       gboolean (*known)(void *ctx, const struct cf_oid *oid, int64_t *order), void *ctx);

#endif
