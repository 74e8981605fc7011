/* SPDX-License-Identifier: MIT */
/* nodes: the call tree of a V8 profile. */
#ifndef CF_INGEST_V8_NODES_H
#define CF_INGEST_V8_NODES_H

#include "core/json_reader.h"
#include "core/table.h"
#include "core/trace.h"
#include <string.h>

/* Lines of the source are counted from 0 in the file, from 1 here. */
struct cf_v8_node {
	uint64_t id;
	uint32_t parent;         /* number, 0: a root */
	struct cf_str name, url; /* of the function */
	int64_t line;            /* of its declaration, 0 unknown */
	int64_t hits, size;      /* hitCount, selfSize */
};

struct cf_v8_nodes {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	GArray *nodes;           /* struct cf_v8_node; the number of a node is its index + 1 */
	GArray *children;        /* private: ids and the number of the node that lists them */
	GArray *ticks;           /* private: hits of lines */
	struct cf_table ids;     /* private */
	struct cf_stack *stacks; /* by number; after cf_v8_nodes_push */
	int64_t cut;
};

void cf_v8_nodes_init(struct cf_v8_nodes *nodes, struct cf_json_reader *json, struct cf_trace *trace);
void cf_v8_nodes_release(struct cf_v8_nodes *nodes);

/* The next value of the reader: a list of nodes with ids of children, or the root of nested nodes. */
void cf_v8_nodes_read_list(struct cf_v8_nodes *nodes);
void cf_v8_nodes_read_tree(struct cf_v8_nodes *nodes);

/*
 * Makes the stack of each node, where the reader hasn't failed. The root that V8 puts above all, "(root)", is no frame.
 * Functions without a name are called by the line that declares them; the module is the script.
 */
void cf_v8_nodes_push(struct cf_v8_nodes *nodes);
uint32_t cf_v8_nodes_find(const struct cf_v8_nodes *nodes, uint64_t id); /* number, 0 none */
/* Adds the hits of lines as costs of lines of metric. After cf_v8_nodes_push. */
void cf_v8_nodes_add_lines(struct cf_v8_nodes *nodes, struct cf_metric metric);

#endif
