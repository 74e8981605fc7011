/* SPDX-License-Identifier: MIT */
/* nodes: the call tree of a V8 profile. */
#include "ingest/v8/nodes.h"

#include "ingest/script_name.h"

#define DEPTH_MAX 2048

struct child {
	uint64_t id;
	uint32_t parent; /* number */
};

struct tick {
	uint32_t node; /* number */
	int64_t line, hits;
};

void cf_v8_nodes_init(struct cf_v8_nodes *nodes, struct cf_json_reader *json, struct cf_trace *trace)
{
	*nodes = (struct cf_v8_nodes){ .json = json, .trace = trace };
	nodes->nodes = g_array_new(FALSE, FALSE, sizeof(struct cf_v8_node));
	nodes->children = g_array_new(FALSE, FALSE, sizeof(struct child));
	nodes->ticks = g_array_new(FALSE, FALSE, sizeof(struct tick));
}

void cf_v8_nodes_release(struct cf_v8_nodes *nodes)
{
	g_array_unref(nodes->nodes);
	g_array_unref(nodes->children);
	g_array_unref(nodes->ticks);
	cf_table_release(&nodes->ids);
	g_free(nodes->stacks);
}

static struct cf_v8_node *node_at(const struct cf_v8_nodes *nodes, uint32_t number)
{
	return &g_array_index(nodes->nodes, struct cf_v8_node, number - 1);
}

uint32_t cf_v8_nodes_find(const struct cf_v8_nodes *nodes, uint64_t id)
{
	uint32_t hash = cf_hash(id, 0), pos = hash, number;

	while ((number = cf_table_next(&nodes->ids, hash, &pos)) != 0 && node_at(nodes, number)->id != id)
		;
	return number;
}

static uint32_t add_node(struct cf_v8_nodes *nodes, uint32_t parent)
{
	const struct cf_v8_node node = { .id = UINT64_MAX, .parent = parent };

	g_array_append_val(nodes->nodes, node);
	return nodes->nodes->len;
}

/* Of ids that occur twice the first node stays. */
static void add_id(struct cf_v8_nodes *nodes, uint32_t number)
{
	uint64_t id = node_at(nodes, number)->id;

	if (id != UINT64_MAX && !cf_v8_nodes_find(nodes, id))
		cf_table_add(&nodes->ids, cf_hash(id, 0), number);
}

static void take_line(struct cf_v8_nodes *nodes, uint32_t number)
{
	int64_t line;

	if (cf_json_try_int(nodes->json, &line) && line >= 0 && line < UINT32_MAX)
		node_at(nodes, number)->line = line + 1;
}

/* A member of callFrame, or in old profiles of the node itself. */
static bool take_frame_member(struct cf_v8_nodes *nodes, uint32_t number)
{
	struct cf_json_reader *json = nodes->json;

	if (cf_json_key_is(json, "functionName"))
		cf_json_try_str(json, nodes->trace->dict, &node_at(nodes, number)->name);
	else if (cf_json_key_is(json, "url"))
		cf_json_try_str(json, nodes->trace->dict, &node_at(nodes, number)->url);
	else if (cf_json_key_is(json, "lineNumber"))
		take_line(nodes, number);
	else
		return false;
	return true;
}

static void take_ticks(struct cf_v8_nodes *nodes, uint32_t number)
{
	struct cf_json_reader *json = nodes->json;

	for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);) {
		struct tick tick = { .node = number };

		for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
			if (cf_json_key_is(json, "line"))
				cf_json_try_int(json, &tick.line);
			else if (cf_json_key_is(json, "ticks"))
				cf_json_try_int(json, &tick.hits);
		}
		if (tick.line > 0 && tick.line <= UINT32_MAX && tick.hits > 0)
			g_array_append_val(nodes->ticks, tick);
	}
}

/* All but the children. */
static void take_member(struct cf_v8_nodes *nodes, uint32_t number)
{
	struct cf_json_reader *json = nodes->json;
	struct cf_v8_node *node = node_at(nodes, number);

	if (cf_json_key_is(json, "id"))
		cf_json_try_uint(json, &node->id);
	else if (cf_json_key_is(json, "hitCount"))
		cf_json_try_int(json, &node->hits);
	else if (cf_json_key_is(json, "selfSize"))
		cf_json_try_int(json, &node->size);
	else if (cf_json_key_is(json, "positionTicks"))
		take_ticks(nodes, number);
	else if (cf_json_key_is(json, "callFrame"))
		for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
			take_frame_member(nodes, number);
	else
		take_frame_member(nodes, number);
}

/* "children": [2, 5], or "parent": 1. */
static void take_relations(struct cf_v8_nodes *nodes, uint32_t number)
{
	struct cf_json_reader *json = nodes->json;
	uint64_t id;

	if (cf_json_key_is(json, "parent")) {
		struct child child = { UINT64_MAX, 0 };

		/* Turned round when all ids are known. */
		if (cf_json_try_uint(json, &id)) {
			child.id = id;
			child.parent = number;
			node_at(nodes, number)->parent = UINT32_MAX;
			g_array_append_val(nodes->children, child);
		}
		return;
	}
	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		struct child child = { .parent = number };

		if (cf_json_get_uint(json, &child.id))
			g_array_append_val(nodes->children, child);
	}
}

static void resolve_relations(struct cf_v8_nodes *nodes)
{
	for (guint i = 0; i < nodes->children->len; i++) {
		const struct child *child = &g_array_index(nodes->children, struct child, i);
		uint32_t other = cf_v8_nodes_find(nodes, child->id);

		if (node_at(nodes, child->parent)->parent == UINT32_MAX)
			node_at(nodes, child->parent)->parent = other;
		else if (other && !node_at(nodes, other)->parent)
			node_at(nodes, other)->parent = child->parent;
	}
}

void cf_v8_nodes_read_list(struct cf_v8_nodes *nodes)
{
	struct cf_json_reader *json = nodes->json;

	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		uint32_t number = add_node(nodes, 0);

		for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
			if (cf_json_key_is(json, "children") || cf_json_key_is(json, "parent"))
				take_relations(nodes, number);
			else
				take_member(nodes, number);
		add_id(nodes, number);
	}
	resolve_relations(nodes);
}

/* What is open on the way down: a node and the list of its children. */
struct level {
	uint32_t number;
	unsigned node, list;
};

/* Deeper than the reader goes is an error of the reader. */
void cf_v8_nodes_read_tree(struct cf_v8_nodes *nodes)
{
	g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	struct cf_json_reader *json = nodes->json;
	struct level level = { add_node(nodes, 0), cf_json_object(json), 0 };

	g_array_append_val(levels, level);
	while (levels->len) {
		struct level *top = &g_array_index(levels, struct level, levels->len - 1);

		if (top->list && cf_json_item(json, top->list)) {
			level = (struct level){ add_node(nodes, top->number), cf_json_object(json), 0 };
			g_array_append_val(levels, level);
			continue;
		}
		top->list = 0;
		if (!cf_json_member(json, top->node)) {
			add_id(nodes, top->number);
			g_array_set_size(levels, levels->len - 1);
		} else if (cf_json_key_is(json, "children")) {
			top->list = cf_json_try_array(json);
		} else {
			take_member(nodes, top->number);
		}
	}
}

static struct cf_func func_of(struct cf_v8_nodes *nodes, const struct cf_v8_node *node,
			      enum cf_frame_kind *kind)
{
	struct cf_dict *dict = nodes->trace->dict;
	const char *name = cf_dict_text(dict, node->name), *url = cf_dict_text(dict, node->url);
	struct cf_func_info info = { .name = node->name };
	struct cf_symbol symbol = { .file = node->url, .line = (uint32_t)node->line };

	*kind = info.kind = *url ? CF_FRAME_JIT : CF_FRAME_NATIVE;
	if (*url)
		info.module = cf_dict_module(
			dict, (struct cf_module_info){ .name = cf_dict_str(dict, cf_script_name(url), -1),
						       .path = node->url });
	if (!*name) {
		g_autofree char *anonymous = g_strdup_printf("(anonymous):%" G_GINT64_FORMAT, node->line);

		info.name = cf_dict_str(dict, anonymous, -1);
	}
	symbol.func = cf_dict_func(dict, info);
	if (*url && node->line)
		cf_trace_symbol(nodes->trace, &symbol);
	return symbol.func;
}

/* Is it V8's node above all? */
static bool is_root(const struct cf_v8_nodes *nodes, const struct cf_v8_node *node)
{
	return !node->parent && !strcmp(cf_dict_text(nodes->trace->dict, node->name), "(root)");
}

/*
 * Parents may stand behind their children and even come round in a circle: each way up ends at a node that is done or,
 * after as many steps as there are nodes, where it is cut.
 */
void cf_v8_nodes_push(struct cf_v8_nodes *nodes)
{
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	uint32_t n = nodes->nodes->len;
	g_autofree uint8_t *state = g_new0(uint8_t, (size_t)n + 1); /* 1: on the path, 2: done */
	g_autofree uint16_t *depth = g_new0(uint16_t, (size_t)n + 1);

	nodes->stacks = g_new0(struct cf_stack, (size_t)n + 1);
	for (uint32_t start = 1; start <= n; start++) {
		uint32_t number = start;

		for (; number && !state[number]; number = node_at(nodes, number)->parent) {
			state[number] = 1;
			g_array_append_val(path, number);
		}
		if (number && state[number] == 1)
			number = 0;
		for (guint i = path->len; i-- > 0;) {
			uint32_t parent = i + 1 < path->len ? g_array_index(path, uint32_t, i + 1) : number;
			uint32_t child = g_array_index(path, uint32_t, i);
			const struct cf_v8_node *node = node_at(nodes, child);
			enum cf_frame_kind kind = CF_FRAME_NATIVE;
			struct cf_func func;

			nodes->stacks[child] = nodes->stacks[parent];
			depth[child] = depth[parent];
			state[child] = 2;
			if (is_root(nodes, node))
				continue;
			if (depth[parent] == DEPTH_MAX) {
				nodes->cut++;
				continue;
			}
			depth[child]++;
			func = func_of(nodes, node, &kind);
			nodes->stacks[child] =
				cf_dict_push(nodes->trace->dict, nodes->stacks[parent], func, kind);
		}
		g_array_set_size(path, 0);
	}
	if (nodes->cut)
		cf_trace_quality(nodes->trace, "cut-stacks", NULL, nodes->cut, 0, NULL,
				 "calls nested deeper than %d were counted to the one at that depth",
				 DEPTH_MAX);
}

void cf_v8_nodes_add_lines(struct cf_v8_nodes *nodes, struct cf_metric metric)
{
	for (guint i = 0; i < nodes->ticks->len; i++) {
		const struct tick *tick = &g_array_index(nodes->ticks, struct tick, i);
		struct cf_stack stack = nodes->stacks[tick->node];

		if (!stack.id)
			continue;
		cf_trace_line(nodes->trace,
			      &(struct cf_line_cost){ cf_dict_stack_info(nodes->trace->dict, stack).func,
						      metric, node_at(nodes, tick->node)->url,
						      (uint32_t)tick->line, tick->hits, tick->hits });
	}
}
