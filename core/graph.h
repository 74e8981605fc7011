/* SPDX-License-Identifier: MIT */
/* graph: nodes and directed edges: calls, service maps, dependencies. */
#ifndef CF_CORE_GRAPH_H
#define CF_CORE_GRAPH_H

#include "core/doc.h"
#include "core/figure.h"

struct cf_graph_node {
	const char *id;    /* API: unique in the graph, stable between runs */
	const char *label; /* what readers see */
	uint32_t group;    /* index into groups; 0: none */
	enum cf_party kind;
	unsigned marks;      /* enum cf_mark */
	int64_t weight;      /* in the graph's unit; 0 where it isn't known */
	int64_t count;       /* of what the graph counts */
	uint32_t stands_for; /* CF_PARTY_OTHERS: number of nodes that it stands for */
};

struct cf_graph_edge {
	uint32_t from, to; /* indices into nodes; may be equal */
	const char *label; /* "" for none */
	unsigned marks;
	int64_t weight, count;
};

struct cf_graph {
	enum cf_unit unit;
	char *metric;                /* "cpu-clock": what the weights are */
	char *counted;               /* what count counts: "calls", "samples" */
	char *highlight;             /* what the highlight stands for: "cycle" */
	char *note;                  /* stands below the picture, or NULL */
	gboolean down;               /* drawn from top to bottom; else from left to right */
	GArray *nodes;               /* struct cf_graph_node; heaviest first, then by id */
	GArray *edges;               /* struct cf_graph_edge; heaviest first, then by the ids of their ends */
	GPtrArray *groups;           /* const char *, groups[0] = "" */
	GStringChunk *text;          /* private */
	GHashTable *ids, *group_ids; /* private: name -> index */
};

struct cf_graph *cf_graph_new(enum cf_unit unit, const char *metric, const char *counted);
void cf_graph_free(struct cf_graph *graph);
/* NULL or "" is no group. Found or added; text is copied. */
uint32_t cf_graph_group(struct cf_graph *graph, const char *name);
/* The node of this id, added without weight when it isn't there. label NULL: the id. Text is copied. */
uint32_t cf_graph_node(struct cf_graph *graph, const char *id, const char *label, uint32_t group);
/* The label is copied, NULL is "". Edges of equal ends and label are summed by finish. */
void cf_graph_edge(struct cf_graph *graph, const struct cf_graph_edge *edge);
/* Call once, when all is added: sums equal edges (new or gone only where all of them are) and sorts. Indices that
 * were handed out before lose their meaning. */
void cf_graph_finish(struct cf_graph *graph);

static inline struct cf_graph_node *cf_graph_at(const struct cf_graph *graph, uint32_t node)
{
	return &g_array_index(graph->nodes, struct cf_graph_node, node);
}
static inline const struct cf_graph_edge *cf_graph_edge_at(const struct cf_graph *graph, uint32_t edge)
{
	return &g_array_index(graph->edges, struct cf_graph_edge, edge);
}

/*
 * A finished copy of at most max_nodes (at least 2) and max_edges: marked nodes first, then the heaviest; the others
 * become one node per group, those of the lightest groups one for all. Edges follow their ends and are summed; those
 * within what became one node are left out, as are the lightest beyond max_edges. The note says how many.
 */
struct cf_graph *cf_graph_reduce(const struct cf_graph *graph, uint32_t max_nodes, uint32_t max_edges);

/*
 * A GRAPH node that owns the finished graph. Its children are the tables that stand for the picture where it can't be
 * drawn: ID-edges, then ID-nodes.
 */
struct cf_node *cf_doc_graph(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     struct cf_graph *graph);

#endif
