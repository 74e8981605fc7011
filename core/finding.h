/* SPDX-License-Identifier: MIT */
/* finding: what an analysis concluded about one subject, as gates and continuous integration take it. */
#ifndef CF_CORE_FINDING_H
#define CF_CORE_FINDING_H

#include "core/doc.h"

enum cf_finding_kind {
	CF_FINDING_REGRESSION,
	CF_FINDING_BUDGET,  /* a limit that the user set is exceeded */
	CF_FINDING_ANOMALY, /* a single run that is off, not a shift */
	CF_FINDING_UNSURE,  /* something speaks for a change, or there is too little to tell */
	CF_FINDING_IMPROVEMENT
};
#define CF_FINDING_KINDS (CF_FINDING_IMPROVEMENT + 1)

/* How bad, by what the change costs; see cf_finding_grade. */
enum cf_finding_severity { CF_FINDING_MINOR, CF_FINDING_MAJOR, CF_FINDING_CRITICAL };
#define CF_FINDING_SEVERITIES (CF_FINDING_CRITICAL + 1)

/* In a history, against what was known before its newest runs. */
enum cf_finding_state {
	CF_FINDING_NO_STATE, /* two sides only, without a history */
	CF_FINDING_NEW,
	CF_FINDING_KNOWN,
	CF_FINDING_RECOVERED /* was there before and isn't any more */
};
#define CF_FINDING_STATES (CF_FINDING_RECOVERED + 1)

enum cf_finding_subject {
	CF_SUBJECT_FUNCTION,
	CF_SUBJECT_BENCHMARK,
	CF_SUBJECT_OPERATION, /* of a service */
	CF_SUBJECT_RUN        /* the run as a whole */
};
#define CF_FINDING_SUBJECTS (CF_SUBJECT_RUN + 1)

#define CF_FINDING_ID 32 /* hex digits */

/* Texts are borrowed when one is added, and owned by the document in it. NULL and NAN: not known. */
struct cf_finding {
	enum cf_finding_kind kind;
	enum cf_finding_severity severity;
	enum cf_finding_state state;
	gboolean failing;     /* set by the gate: this one makes it fail */
	const char *analysis; /* "compare" */
	enum cf_finding_subject subject;
	const char *name;   /* as it is shown */
	const char *key;    /* what stays the same from build to build: the canonical name; NULL: name */
	const char *module; /* or service */
	const char *metric; /* "cpu-clock", "cpu-clock total", "p95" */
	const char *file;   /* where it is defined, as the input says */
	uint32_t line;      /* 0 not known */
	enum cf_unit unit;
	const char *unit_text; /* of CF_UNIT_NONE: the input's own word ("req/s") */
	double before, after;
	double ratio, ratio_lo, ratio_hi; /* after : before, with its confidence interval */
	double p, q;
	const char *place;  /* of a shift in a history: the commit or run that it came with; part of the id */
	const char *reason; /* one line: what was found, and by what evidence */
	const char *suspect;        /* one line: the likeliest commit, or where else to look */
	const char *next;           /* a command that shows more */
	char id[CF_FINDING_ID + 1]; /* set when it is added: the same in every process, store and report */
};

/* All fields unknown, kind, subject and analysis given. */
struct cf_finding cf_finding_init(enum cf_finding_kind kind, enum cf_finding_subject subject,
				  const char *analysis, const char *name);

/* Stable words: "regression", "budget", "anomaly", "unsure", "improvement"; "minor", "major", "critical"; "",
 * "new", "known", "recovered"; "function", "benchmark", "operation", "run". */
const char *cf_finding_kind_name(enum cf_finding_kind kind);
const char *cf_finding_severity_name(enum cf_finding_severity severity);
const char *cf_finding_state_name(enum cf_finding_state state);
const char *cf_finding_subject_name(enum cf_finding_subject subject);

/*
 * ratio: after : before of the subject. share: the difference as a share of the whole run before, where the subject is a
 * part of it; NAN: the subject is all there is. Of parts, critical from 5 % of the whole and major from 1 %; else critical
 * from 25 % of the subject itself and major from 10 %. Direction doesn't matter: both sides of 1 are measured alike.
 */
enum cf_finding_severity cf_finding_grade(double ratio, double share);

/* A CF_FINDINGS node without findings. It shows nothing by itself: what readers see of it are its children. */
struct cf_node *cf_doc_findings(struct cf_doc *doc, struct cf_node *parent, const char *id);
/* Adds a copy, with its id. The pointer is valid until the next one is added. */
struct cf_finding *cf_doc_finding(struct cf_doc *doc, struct cf_node *node, const struct cf_finding *finding);
/* Failing ones first, then by kind, severity, size of the change, name and id. */
void cf_findings_sort(struct cf_node *node);

static inline size_t cf_findings_count(const struct cf_node *node)
{
	return node->findings->len;
}
static inline struct cf_finding *cf_finding_at(const struct cf_node *node, size_t i)
{
	return &g_array_index(node->findings, struct cf_finding, i);
}

/* All findings of a document, in its order: const struct cf_finding *. Caller unrefs. */
GPtrArray *cf_doc_all_findings(const struct cf_doc *doc);

/* "dictFind (redis-server)", "GET /orders (shop)". Caller frees. */
char *cf_finding_subject_text(const struct cf_finding *finding);
/* "1.21 s -> 1.66 s, +37.2 % (95 % CI +27.1 to +47.0 %)", of what is known. Caller frees. */
char *cf_finding_change_text(const struct cf_finding *finding);
/* "critical regression, new: dictFind (redis-server), cpu-clock 1.21 s -> 1.66 s, +37.2 %". Caller frees. */
char *cf_finding_text(const struct cf_finding *finding);
/* A ratio as a change in percent, without the sign for it: "+37.2", to a tenth. Caller frees. */
char *cf_percent_text(double ratio);
/* A value of the finding's unit: "1.21 s", "190 req/s". Caller frees. */
char *cf_finding_value_text(const struct cf_finding *finding, double value);

/* FALSE for what no gate is about: improvements, and what has recovered. */
gboolean cf_finding_is_bad(const struct cf_finding *finding);

#endif
