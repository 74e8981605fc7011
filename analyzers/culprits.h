/* SPDX-License-Identifier: MIT */
/* culprits: which commits between two runs may have made a function slower, and why. */
#ifndef CF_ANALYZERS_CULPRITS_H
#define CF_ANALYZERS_CULPRITS_H

#include "core/history.h"
#include "store/history.h"

/* A function that another one calls or that was inlined into it. Borrowed. */
struct cf_culprit_callee {
	const char *function, *file; /* file: "" or NULL unknown */
	gboolean inlined;
	double share; /* of the cost that it has in the total of the function, for ranking; 0 unknown */
};

/* What got slower. function NULL: a benchmark or a whole run, of which no source is known. Borrowed. */
struct cf_culprit_subject {
	const char *function, *file;
	uint32_t line; /* of the declaration, 0 unknown */
	const struct cf_culprit_callee *callees;
	size_t n_callees;
};

enum cf_culprit_reason {                      /* the strongest first */
			 CF_CULPRIT_FUNCTION, /* changed lines of the function */
			 CF_CULPRIT_INLINEE,  /* of one that is inlined into it */
			 CF_CULPRIT_CALLEE,   /* of one that it calls */
			 CF_CULPRIT_FILE,     /* of its file, but of which functions isn't known */
			 CF_CULPRIT_NEARBY,   /* of its file, but other functions */
			 CF_CULPRIT_BUILD,    /* of what says how it is built */
			 CF_CULPRIT_ONLY /* nothing is known of the source, and there is no other commit */
};

struct cf_culprit {
	uint32_t commit; /* of the history */
	enum cf_culprit_reason why;
	uint32_t lines; /* changed there */
	double weight;  /* of the callee */
	char *reason;   /* "changed dictFind in src/dict.c (12 lines)" */
};

enum cf_culprit_state {
	CF_CULPRITS_FOUND,
	CF_CULPRITS_NONE,       /* commits, but none touched it: toolchain, kernel or input */
	CF_CULPRITS_SAME,       /* one commit on both sides: the same */
	CF_CULPRITS_MANY,       /* nothing is known of the source, and there are several commits */
	CF_CULPRITS_BACKWARDS,  /* the later run's commit is an ancestor of the earlier one's */
	CF_CULPRITS_NO_COMMITS, /* a run's commit isn't known, or not in the repository */
	CF_CULPRITS_NO_HISTORY  /* no repository in the store */
};

struct cf_culprit_answer {
	enum cf_culprit_state state;
	GArray *culprits; /* struct cf_culprit, likeliest first */
	guint between;    /* commits, merges not counted */
	guint unread;     /* of them those whose changes weren't read (shallow clones, ...) */
};

/* A history made ready to be asked. */
struct cf_culprits {
	struct cf_history *history; /* NULL: no repository; owned */
	char *repo;                 /* its name, or NULL */
};

/*
 * The repository called repo; NULL: the one that has the commits (texts of runs, any may be NULL), else none. Never fails
 * for want of one: the answers then say so. NULL with a message when repo isn't there, or the store can't be read.
 */
struct cf_culprits *cf_culprits_load(struct cf_store *store, const char *repo, const char *const *commits,
				     size_t n, struct cf_diag *diag);
/* The same for a history in memory, which it takes; NULL: none. */
struct cf_culprits *cf_culprits_take(struct cf_history *history);
void cf_culprits_free(struct cf_culprits *culprits);

/* The commit that the text of a run names: a hash or a part of one of at least 4 digits, with "-dirty" or the like behind
 * it; CF_NONE: none, or several. */
uint32_t cf_culprits_commit(const struct cf_culprits *culprits, const char *text);

/* What can be reached from current and not from base, ranked. base, current: commits of the history, or CF_NONE. */
void cf_culprits_find(const struct cf_culprits *culprits, uint32_t base, uint32_t current,
		      const struct cf_culprit_subject *subject, struct cf_culprit_answer *answer);
void cf_culprit_answer_clear(struct cf_culprit_answer *answer);

/* "9f8e7d6 Ann \"dict: probe linearly\" changed dictFind in src/dict.c (12 lines)". Caller frees. */
char *cf_culprit_text(const struct cf_culprits *culprits, const struct cf_culprit *culprit);
/* The same of the likeliest, or where else to look; NULL when nothing can be said. Caller frees. */
char *cf_culprit_answer_text(const struct cf_culprits *culprits, const struct cf_culprit_answer *answer);

#endif
