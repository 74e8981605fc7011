/* SPDX-License-Identifier: MIT */
/* analyzer: what an analysis is, and the registry of all of them. A row is a command, a report block and a
 * pipeline step. */
#ifndef CF_ANALYZERS_ANALYZER_H
#define CF_ANALYZERS_ANALYZER_H

#include "analyzers/loaded.h"
#include "core/doc.h"
#include "core/params.h"
#include "store/store.h"

/* For whom: some questions have a short answer, and a long one. */
enum cf_reader {
	CF_READER_TERMINAL, /* a screen of text, or a block of a report */
	CF_READER_PAGE,     /* HTML, Markdown and other pages */
	CF_READER_PROGRAM   /* JSON, CSV */
};

/* Texts are owned. */
struct cf_no_base {
	char *why, *ingest; /* "no run 'main'"; the command that would make one */
};

/* What an analysis works on, and where it puts what it found. */
struct cf_analysis {
	struct cf_store *store;           /* open for reading; NULL when needs is CF_NEEDS_NOTHING */
	const struct cf_run_set *current; /* the RUN operand, selected; its runs are already inputs of doc */
	const struct cf_run_set *base;    /* what it is compared with, likewise; or NULL */
	const struct cf_no_base *no_base; /* with base NULL: why there is none, where one was looked for */
	struct cf_loaded *loaded;         /* by those before it in a document; or NULL */
	const char *in;                   /* --in, for what takes no run operand; or NULL */
	const char *argument;             /* FUNC of callers and callees, PATH of churn; or NULL */
	enum cf_reader reader;
	const struct cf_params *params; /* the analyzer's own tables */
	struct cf_doc *doc;
	struct cf_node *section; /* where to append */
	gboolean in_report;      /* a block of a template: no header line, caption from the template */
	struct cf_diag *diag;
	enum cf_verdict verdict; /* set by the analysis; CF_VERDICT_PASS at first */
};

enum cf_needs {
	CF_NEEDS_STORE, /* the store, no run operand (runs) */
	CF_NEEDS_REPO,  /* a repository in the store; an operand that may be left out, argument_name */
	CF_NEEDS_RUN    /* a RUN operand */
};

struct cf_analyzer {
	const char *name, *group, *summary; /* group: heading in help ("Look at a run") */
	const char *synopsis;               /* operands: "[RUN]", "FUNC [RUN]" */
	const char *const *examples;        /* command lines for --help, NULL-terminated */
	enum cf_needs needs;
	unsigned facts;   /* CF_NEEDS_RUN: the runs have one of these (enum cf_facts); 0: any */
	gboolean history; /* CF_NEEDS_RUN: about many runs, which it names itself */
	gboolean pair;    /* CF_NEEDS_RUN: two of them, "[BASE] [RUN]"; by default what was there before */
	/* "FUNC" when a first operand is required, else NULL; with CF_NEEDS_REPO it may be left out */
	const char *argument_name;
	const struct cf_param *const *params; /* NULL-terminated list of tables */
	const char *format;                   /* renderer for stdout by default: "text" */
	/* What it makes is kept beside the code and changes only when that does: no commands, which name a run. */
	gboolean timeless;
	int (*run)(struct cf_analysis *analysis);
};

/* Each cf_analyzer_NAME, and all of them. */
#define CF_ANALYZER(x) extern const struct cf_analyzer cf_analyzer_##x;
#include "analyzers/analyzers.def"
#undef CF_ANALYZER
extern const struct cf_analyzer *const cf_analyzers[]; /* NULL-terminated, in the order of analyzers.def */
const struct cf_analyzer *cf_analyzer_by_name(const char *name);

/* Have the selected runs what the analysis looks at? -1 with a message that names what they have. */
int cf_analyzer_accepts(const struct cf_analyzer *analyzer, const struct cf_run_set *runs,
			struct cf_diag *diag);

/* Facts of runs that can be asked for the cost of functions. */
#define CF_FACTS_PROFILE (CF_FACTS_SAMPLES | CF_FACTS_CALLS | CF_FACTS_LINES)

/* --base, for what can be compared with another set of runs. Whoever runs the analysis selects them. */
extern const struct cf_param cf_base_params[];
/*
 * Selects the base: expr, or with NULL the run before the first one of current. Is there none, base->runs is NULL and missing
 * says why; that isn't an error. -1 with a message on others.
 */
int cf_base_select(struct cf_store *store, const char *expr, const char *in, unsigned facts,
		   const struct cf_run_set *current, struct cf_run_set *base, struct cf_no_base *missing,
		   struct cf_diag *diag);
void cf_no_base_clear(struct cf_no_base *missing);
/* For analyses that no gate is part of: an error of what is missing. */
int cf_no_base_error(const struct cf_no_base *missing, struct cf_diag *diag);
/* Is no run on both sides? -1 with a message. */
int cf_base_differs(const struct cf_run_set *base, const struct cf_run_set *current, struct cf_diag *diag);
/* Adds the runs as inputs of doc, each line beginning with "base" or "this" when there is a base. */
void cf_runs_as_inputs(struct cf_doc *doc, const struct cf_run_set *base, const struct cf_run_set *current);

/* The header line of a run: "run 1  redis-server  2026-11-23 06:02~ UTC  web1  24.26 s CPU, 24183 samples".
 * Caller frees. */
char *cf_run_line(const struct cf_run *run);
/* "2026-11-23 06:02Z", with ~ for a start taken from the file's time; NULL when unknown. Caller frees. */
char *cf_run_start_text(const struct cf_run *run);

/* What a command calls the run by, quoted for a shell: "7", or a file's name. Caller frees. */
char *cf_run_operand(const struct cf_run *run);

/* A cost in a sentence, to three or four digits: "24.26 s", "1.63 G". Caller frees. */
char *cf_cost_text(enum cf_unit unit, int64_t value);

/*
 * What a clock measures ("24.26 s CPU"): "CPU", or with an event's modifiers only a part of it, "user CPU" or
 * "kernel CPU". NULL: another metric.
 */
const char *cf_metric_cpu(const char *metric);

/* Runs it. Its tables and trees that name no command of their own then have the one that computes them again. */
int cf_analyzer_run(const struct cf_analyzer *analyzer, struct cf_analysis *analysis);
/* The command that computes the same again, by run ids: "callflow top --by module 7". Caller frees. */
char *cf_analysis_command(const struct cf_analysis *analysis, const struct cf_analyzer *analyzer);
/* The same with another value of one setting: "callflow churn --by coupling src". */
char *cf_analysis_command_with(const struct cf_analysis *analysis, const struct cf_analyzer *analyzer,
			       const char *setting, const char *value);
/* "callflow callers 'operator new' 7,9": argument quoted for a shell, then the runs, unless NULL. Caller frees. */
char *cf_command_with_argument(const char *command, const char *argument, const struct cf_run_set *runs);

#endif
