/* SPDX-License-Identifier: MIT */
/* doc: MODEL 2, the report tree that analyzers build and renderers walk. */
#ifndef CF_CORE_DOC_H
#define CF_CORE_DOC_H

#include "core/dict.h"
#include "core/unit.h"

enum cf_kind {
	CF_DOC,     /* the root; doc fields in struct cf_doc */
	CF_SECTION, /* title in text, id; children are blocks */
	CF_PARA,    /* inline children: TEXT, EMPH, STRONG, CODE, LINK */
	CF_TEXT,    /* inline: text */
	CF_EMPH,    /* inline: children */
	CF_STRONG,  /* inline: children */
	CF_CODE,    /* text; inline inside a PARA, ITEM, EMPH, STRONG or LINK, else a block */
	CF_LINK, /* inline: children, target in href (http, https, mailto or #fragment; renderers drop others)
		  */
	CF_LIST, /* children ITEM; ordered flag */
	CF_ITEM, /* inline children, then blocks */
	CF_CALLOUT, /* level; children are blocks */
	CF_TABLE,   /* table */
	CF_TREE,    /* tree: indented call tree */
	CF_FLAME,   /* tree: flame graph */
	/* Pictures; their children are the TABLEs that say the same, for renderers that can't draw them. */
	CF_GRAPH,    /* graph, core/graph.h */
	CF_SEQUENCE, /* sequence, core/sequence.h */
	CF_TIMELINE, /* timeline, core/timeline.h */
	CF_CHART,    /* chart, core/chart.h */
	CF_FINDINGS, /* findings, core/finding.h: for gates and CI; readers see its children, if it has any */
	CF_RULE      /* horizontal rule */
};
#define CF_KINDS (CF_RULE + 1)

enum cf_level { CF_LEVEL_INFO, CF_LEVEL_ATTENTION, CF_LEVEL_FAIL };

/* A small series in a cell, oldest first; NAN where there is no value. */
#define CF_TREND_MAX 64
struct cf_trend {
	guint n;
	double values[];
};

enum cf_cell_type { CF_CELL_EMPTY, CF_CELL_TEXT, CF_CELL_INT, CF_CELL_DOUBLE, CF_CELL_TREND };
struct cf_cell {
	enum cf_cell_type type;
	union {
		const char *text; /* owned by the doc */
		int64_t i;
		double d;
		const struct cf_trend *trend; /* owned by the table */
	};
};

enum cf_column_flag {
	CF_COLUMN_NAME = 1,        /* text of unbounded width: last in the terminal, elided only there */
	CF_COLUMN_LEAD = 2,        /* shown first in the terminal */
	CF_COLUMN_BAR = 4,         /* ratio that pages may draw as a bar */
	CF_COLUMN_DATA = 8,        /* only in json and csv */
	CF_COLUMN_CODE = 16,       /* names from recordings: functions, modules, paths; monospaced */
	CF_COLUMN_SHARE = 32,      /* ratio printed as a bare percentage: the title carries the % */
	CF_COLUMN_WITH = 64,       /* pages keep it beside the column before it: the to of a from */
	CF_COLUMN_OWN_SCALE = 128, /* each cell with the unit that suits it: values of many magnitudes */
	CF_COLUMN_COST = 256,      /* has one scale with the other such columns of its unit */
	CF_COLUMN_ELIDE = 512,     /* text that is elided in the terminal as names are, where it stands */
	CF_COLUMN_SOURCE = 1024,   /* lines of source code: their blanks count */
	CF_COLUMN_SIGNED = 2048    /* a difference: what is above zero has a plus */
};

struct cf_column {
	const char *id;    /* API: stable, lower case with underscores */
	const char *title; /* "self %" */
	enum cf_unit unit;
	unsigned flags;
};

enum cf_table_style {
	CF_TABLE_PLAIN,
	CF_TABLE_FACTS /* two columns: label, value */,
	CF_TABLE_TILES /* label, value, note, level */
};

struct cf_table {
	enum cf_table_style style;
	GArray *columns;   /* struct cf_column, strings owned by the doc */
	GArray *cells;     /* struct cf_cell, row after row */
	GArray *rest;      /* struct cf_cell, one row that stands for all that were left out, or NULL; not in
			    json/csv rows */
	GPtrArray *trends; /* private: struct cf_trend, owned; or NULL */
	char *recompute;   /* command that recomputes it, or NULL */
	char *sql;         /* a query on the store's views that gives the same numbers, or NULL */
};

/* A frame of a weighted call tree. nodes[0] is the root (parent 0); parents stand before children. */
struct cf_tree_node {
	uint32_t parent;
	uint32_t name;   /* index into names */
	uint32_t module; /* index into names; 0 is "" */
	enum cf_frame_kind kind;
	int64_t self, total; /* total = self + totals of the children, exactly */
	int64_t count;       /* samples in the subtree; of the node itself until cf_tree_finish */
};

/* Of a comparison, what is said of a node. */
enum cf_tree_mark {
	CF_TREE_QUIET,   /* nothing beyond noise */
	CF_TREE_CHANGED, /* its function changed */
	CF_TREE_CARRIES  /* something below it did */
};
struct cf_tree_diff {
	int64_t before, after; /* self, before made comparable; totals from cf_tree_finish on */
	int64_t both;          /* the greater of the two, of each node and summed */
	enum cf_tree_mark mark;
};
enum cf_tree_widths { CF_TREE_AFTER, CF_TREE_BEFORE, CF_TREE_BOTH };

struct cf_tree {
	enum cf_unit unit;
	char *metric;      /* "cpu-clock" */
	gboolean inverted; /* bottom-up: children are callers */
	gboolean threads; /* the root's children are thread groups, but for one that says what filters hide */
	char *recompute;  /* command that makes it again, or NULL */
	char *note;       /* stands in the picture ("12 of 345 samples hidden by --focus"), or NULL */
	GArray *nodes;    /* struct cf_tree_node; siblings in order of name, then module */
	GArray *diffs;    /* struct cf_tree_diff, one per node, of a comparison; else NULL */
	enum cf_tree_widths widths; /* of a comparison: what self and total of the nodes are */
	gboolean absolute;          /* of a comparison: colours by the difference, not by the ratio */
	GPtrArray *names;           /* char *, names[0] = "" */
	GHashTable *index;          /* private: name -> index into names */
	int depth; /* levels to show below the root, 0 all; -1 of a CF_FLAME: those that carry cost worth the room */
	struct cf_tree
		*next;    /* CF_FLAME: the same of another metric, to choose from; owned, NULL for the last */
	double min_share; /* CF_TREE: nodes below this share of the root are summed into one line */
};

struct cf_node {
	enum cf_kind kind;
	struct cf_node *parent, *first, *last, *next;
	char *id;   /* sections, tables and pictures: API, unique in a document */
	char *text; /* TEXT, CODE: content; SECTION: title; TABLE and pictures: caption or NULL; LINK: href */
	char *language;      /* CODE blocks: info string or NULL */
	enum cf_level level; /* CALLOUT */
	gboolean ordered;    /* LIST */
	struct cf_table *table;
	struct cf_tree *tree;
	struct cf_graph *graph;
	struct cf_sequence *sequence;
	struct cf_timeline *timeline;
	struct cf_chart *chart;
	GArray *findings;        /* struct cf_finding */
	GHashTable *finding_ids; /* private */
};

enum cf_verdict { CF_VERDICT_PASS, CF_VERDICT_ATTENTION, CF_VERDICT_FAIL };
const char *cf_verdict_name(enum cf_verdict verdict); /* "pass", "attention", "fail" */

/* A run that the document was made from. */
struct cf_doc_input {
	int64_t run;
	char *name, *hash; /* content hash, hex */
	char *text;        /* the line that names it: "run 1  redis-server  2026-11-23 06:02~ ..." */
};

struct cf_doc {
	struct cf_node *root; /* CF_DOC */
	char *title;          /* may be NULL */
	enum cf_verdict verdict;
	char *reason; /* of CF_VERDICT_FAIL, one line; else NULL */
	const struct cf_node *
		judged; /* of CF_VERDICT_ATTENTION, the section with a heading that asks for it; may be NULL */
	gboolean gated;      /* a gate was asked for: what it lets pass is no failure */
	GArray *inputs;      /* struct cf_doc_input */
	GStringChunk *chunk; /* private */
	GHashTable *ids;     /* private: id -> the number to try when it is asked for again */
	GHashTable *runs;    /* private: of inputs */
};

struct cf_doc *cf_doc_new(const char *title);
void cf_doc_free(struct cf_doc *doc);
void cf_doc_set_title(struct cf_doc *doc, const char *title);
/* The verdict is a failure, for this reason as well. */
void cf_doc_fail(struct cf_doc *doc, const char *reason);
/* What stands in section came to this verdict; the document has the worst of all. */
void cf_doc_judge(struct cf_doc *doc, enum cf_verdict verdict, const struct cf_node *section);
void cf_doc_add_input(struct cf_doc *doc, int64_t run, const char *name, const char *hash,
		      const char *text); /* once per run */

/* id, or id-2, id-3, ... when the document has it already. Owned by the document. */
char *cf_doc_id(struct cf_doc *doc, const char *id);
/* A copy of text that lives as long as the document. NULL stays NULL. */
const char *cf_doc_str(struct cf_doc *doc, const char *text);

/* Appending to parent; all return the new node, owned by the document. Text is copied. A section's id may be
 * NULL: it is then made from the title. */
struct cf_node *cf_doc_add(struct cf_doc *doc, struct cf_node *parent, enum cf_kind kind, const char *text);
/* Takes node out, and what it was alone in; its ids stay taken. */
void cf_doc_remove(struct cf_node *node);
struct cf_node *cf_doc_section(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *title);
/* A paragraph of one text. */
struct cf_node *cf_doc_para(struct cf_doc *doc, struct cf_node *parent, const char *fmt, ...)
	G_GNUC_PRINTF(3, 4);
struct cf_node *cf_doc_callout(struct cf_doc *doc, struct cf_node *parent, enum cf_level level);

/* id is made unique by "-2", "-3"... columns: n rows, copied. caption may be NULL. */
struct cf_node *cf_doc_table(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     const struct cf_column *columns, size_t n);
/* Cells are appended left to right, row after row; a row must be full when the document is rendered
 * (asserted). */
void cf_table_text(struct cf_doc *doc, struct cf_node *table,
		   const char *text); /* copied; NULL: empty cell */
void cf_table_int(struct cf_node *table, int64_t value);
void cf_table_double(struct cf_node *table, double value);
/* Copied. Of more than CF_TREND_MAX values, means of stretches of them; of none an empty cell. */
void cf_table_trend(struct cf_node *table, const double *values, size_t n);
void cf_table_empty(struct cf_node *table);
void cf_table_rest(struct cf_node *table); /* cells that follow belong to the rest row */
size_t cf_table_rows(const struct cf_node *table);
const struct cf_cell *cf_table_cell(const struct cf_node *table, size_t row, size_t column);

/* A FLAME or TREE node that owns tree. */
struct cf_node *cf_doc_tree(struct cf_doc *doc, struct cf_node *parent, enum cf_kind kind, const char *id,
			    const char *caption, struct cf_tree *tree);
struct cf_tree *cf_tree_new(enum cf_unit unit, const char *metric, const char *root_name); /* with the root */
void cf_tree_free(struct cf_tree *tree);
uint32_t cf_tree_name(struct cf_tree *tree, const char *name); /* interned */
/*
 * Call once, when all nodes are appended (each after its parent, with self and count of its own samples):
 * sorts siblings by (name, module, kind), puts the nodes in pre-order, sums totals and counts over subtrees.
 */
void cf_tree_finish(struct cf_tree *tree);

/* Pre-order walk without recursion: the node after node in document order below root, or NULL. */
struct cf_node *cf_node_walk(const struct cf_node *root, const struct cf_node *node);

#endif
