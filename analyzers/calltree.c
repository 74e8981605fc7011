/* SPDX-License-Identifier: MIT */
/* calltree: weighted trees of a profile: from the roots down, from a function down, or up to the callers. */
#include "analyzers/calltree.h"

#include "analyzers/child_index.h"

const struct cf_param cf_calltree_params[] = { { .name = "depth",
						 .type = CF_PARAM_INT,
						 .arg = "LEVELS",
						 .help = "levels of calls to show, 0: all",
						 .fallback = "0",
						 .min = 0,
						 .max = INT32_MAX },
					       { .name = "min-share",
						 .type = CF_PARAM_NUMBER,
						 .arg = "PERCENT",
						 .help = "calls below this share are summed into one line",
						 .fallback = "1",
						 .min = 0,
						 .max = 100 },
					       { 0 } };

/* A function as the tree knows it. */
struct face {
	uint32_t name, module; /* name: 0 not looked up yet */
};

struct builder {
	const struct cf_dict *dict;
	struct cf_tree *tree;
	struct cf_child_index *children; /* where equal paths of different stacks can meet, else NULL */
	struct face *faces;              /* per function id */
};

static void builder_init(struct builder *b, const struct cf_profile *profile, const char *root, gboolean meet)
{
	*b = (struct builder){ .dict = profile->trace->dict,
			       .tree = cf_tree_new(profile->unit, profile->metric_name, root),
			       .children = meet ? cf_child_index_new() : NULL };
	b->faces = g_new0(struct face, (size_t)cf_dict_funcs(b->dict) + 1);
	if (profile->unfolded)
		b->tree->note = cf_profile_picture_note(profile);
}

static struct cf_tree *builder_end(struct builder *b)
{
	cf_child_index_free(b->children);
	g_free(b->faces);
	cf_tree_finish(b->tree);
	return b->tree;
}

static uint32_t add_node(struct cf_tree *tree, uint32_t parent, uint32_t name, uint32_t module,
			 enum cf_frame_kind kind)
{
	struct cf_tree_node node = { .parent = parent, .name = name, .module = module, .kind = kind };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static void add_self(struct cf_tree *tree, uint32_t node, int64_t weight, int64_t count)
{
	struct cf_tree_node *n = &g_array_index(tree->nodes, struct cf_tree_node, node);

	cf_sum(&n->self, weight);
	cf_sum(&n->count, count);
}

/* The child of parent for the frame, made when it is new. */
static uint32_t child(struct builder *b, uint32_t parent, struct cf_func func, enum cf_frame_kind kind)
{
	struct face *face = &b->faces[func.id];
	uint32_t known =
		b->children ? cf_child_index_get(b->children, parent, func, kind, b->tree->nodes->len) : 0;

	if (known)
		return known;
	if (!face->name)
		*face = (struct face){ cf_tree_name(b->tree, cf_dict_func_name(b->dict, func)),
				       cf_tree_name(b->tree, cf_dict_func_module(b->dict, func)) };
	return add_node(b->tree, parent, face->name, face->module, kind);
}

/* --- down
 * ------------------------------------------------------------------------------------------------------ */

/*
 * The tree node of each stack in one subtree, known while it is built. stamp says for which round a value
 * holds, so that the arrays needn't be cleared between thread groups.
 */
struct places {
	uint32_t *node, *stamp, round;
	GArray *path; /* struct cf_stack: those without a place yet, innermost first */
};

static void places_init(struct places *places, const struct cf_dict *dict)
{
	uint32_t n = cf_dict_stacks(dict);

	*places = (struct places){ .node = g_new0(uint32_t, n + 1),
				   .stamp = g_new0(uint32_t, n + 1),
				   .path = g_array_new(FALSE, FALSE, sizeof(struct cf_stack)) };
}

static void places_clear(struct places *places)
{
	g_free(places->node);
	g_free(places->stamp);
	g_array_unref(places->path);
}

static void places_set(struct places *places, struct cf_stack stack, uint32_t node)
{
	places->node[stack.id] = node;
	places->stamp[stack.id] = places->round;
}

/* The node of stack, below the nearest caller that has a place in this round. */
static uint32_t place(struct builder *b, struct places *places, struct cf_stack stack)
{
	g_array_set_size(places->path, 0);
	while (places->stamp[stack.id] != places->round) {
		g_array_append_val(places->path, stack);
		stack = cf_dict_stack_info(b->dict, stack).caller;
	}
	for (uint32_t i = places->path->len; i-- > 0;) {
		struct cf_stack next = g_array_index(places->path, struct cf_stack, i);
		struct cf_stack_info info = cf_dict_stack_info(b->dict, next);

		places_set(places, next, child(b, places->node[stack.id], info.func, info.kind));
		stack = next;
	}
	return places->node[stack.id];
}

static void add_hidden(const struct cf_profile *profile, struct cf_tree *tree)
{
	g_autofree char *name = NULL;

	if (!profile->hidden && !profile->hidden_count)
		return;
	name = g_strdup_printf("(hidden by %s)", profile->filter.text);
	add_self(tree, add_node(tree, 0, cf_tree_name(tree, name), 0, CF_FRAME_NATIVE), profile->hidden,
		 profile->hidden_count);
	if (!tree->note)
		tree->note = cf_profile_picture_note(profile);
}

/* The costs of thread group g are those at order[first[g]] to order[first[g + 1] - 1]. */
struct groups {
	uint32_t *first, *order;
};

static struct groups by_group(const struct cf_profile *profile)
{
	uint32_t n = profile->trace->groups->len;
	struct groups groups = { .first = g_new0(uint32_t, (size_t)n + 2),
				 .order = g_new(uint32_t, (size_t)profile->costs->len + 1) };

	/* Counted two places on, so that placing the costs moves each beginning to where it belongs. */
	for (uint32_t i = 0; i < profile->costs->len; i++)
		groups.first[g_array_index(profile->costs, struct cf_stack_cost, i).group.id + 2]++;
	for (uint32_t g = 2; g < n + 2; g++)
		groups.first[g] += groups.first[g - 1];
	for (uint32_t i = 0; i < profile->costs->len; i++) {
		uint32_t g = g_array_index(profile->costs, struct cf_stack_cost, i).group.id;

		groups.order[groups.first[g + 1]++] = i;
	}
	return groups;
}

static void groups_clear(struct groups *groups)
{
	g_free(groups->first);
	g_free(groups->order);
}

struct cf_tree *cf_calltree_down(const struct cf_profile *profile)
{
	const struct cf_trace *trace = profile->trace;
	struct groups groups = by_group(profile);
	struct places places;
	struct builder b;

	builder_init(&b, profile, "all", FALSE); /* a stack is one path in a group */
	places_init(&places, trace->dict);
	for (uint32_t group = 0; group < trace->groups->len; group++) {
		const char *name =
			cf_dict_text(trace->dict, g_array_index(trace->groups, struct cf_str, group));
		uint32_t top = 0;

		if (groups.first[group] == groups.first[group + 1])
			continue;
		b.tree->threads = *name != '\0' && (b.tree->threads || b.tree->nodes->len == 1);
		if (*name)
			top = add_node(b.tree, 0, cf_tree_name(b.tree, name), 0, CF_FRAME_NATIVE);
		places.round = group + 1;
		places_set(&places, (struct cf_stack){ 0 }, top);
		for (uint32_t i = groups.first[group]; i < groups.first[group + 1]; i++) {
			const struct cf_stack_cost *cost =
				&g_array_index(profile->costs, struct cf_stack_cost, groups.order[i]);

			add_self(b.tree, place(&b, &places, cost->stack), cost->weight, cost->count);
		}
	}
	groups_clear(&groups);
	places_clear(&places);
	add_hidden(profile, b.tree);
	return builder_end(&b);
}

/* For each stack its outermost frame that is a target (0: none). Callers stand before callees. */
static struct cf_stack *outermost(const struct cf_dict *dict, const gboolean *target)
{
	uint32_t n = cf_dict_stacks(dict);
	struct cf_stack *found = g_new0(struct cf_stack, n + 1);

	for (uint32_t i = 1; i < n; i++) {
		struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ i });

		found[i] = found[info.caller.id];
		if (!found[i].id && target[info.func.id])
			found[i].id = i;
	}
	return found;
}

struct cf_tree *cf_calltree_calls(const struct cf_profile *profile, const gboolean *target, const char *root)
{
	g_autofree struct cf_stack *found = outermost(profile->trace->dict, target);
	struct places places;
	struct builder b;

	builder_init(&b, profile, root, TRUE);
	places_init(&places, profile->trace->dict);
	places.round = 1;
	for (uint32_t i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);

		if (!found[cost->stack.id].id)
			continue;
		places_set(&places, found[cost->stack.id], 0);
		add_self(b.tree, place(&b, &places, cost->stack), cost->weight, cost->count);
	}
	places_clear(&places);
	return builder_end(&b);
}

/* --- up
 * -------------------------------------------------------------------------------------------------------- */

/* Weight that is on its way from a node to the frame of stack and its callers. */
struct climb {
	uint32_t node;
	struct cf_stack stack;
	int64_t weight, count;
};

struct level {
	GArray *now, *next; /* struct climb */
	GArray *sums;       /* int64_t: magnitude per node that this level reached, from base */
	uint32_t base;
};

/* One level: each climb enters the child of its node for its frame. */
static void enter(struct builder *b, struct level *level)
{
	level->base = b->tree->nodes->len;
	g_array_set_size(level->sums, 0);
	for (uint32_t i = 0; i < level->now->len; i++) {
		struct climb *climb = &g_array_index(level->now, struct climb, i);
		struct cf_stack_info info = cf_dict_stack_info(b->dict, climb->stack);

		climb->node = child(b, climb->node, info.func, info.kind);
		g_array_set_size(level->sums, b->tree->nodes->len - level->base);
		cf_sum(&g_array_index(level->sums, int64_t, climb->node - level->base),
		       ABS(MAX(climb->weight, -INT64_MAX)));
		climb->stack = info.caller;
	}
}

/* Those of heavy nodes go on to the callers, all others end here. */
static void leave(struct builder *b, struct level *level, double least)
{
	GArray *left;

	for (uint32_t i = 0; i < level->now->len; i++) {
		const struct climb *climb = &g_array_index(level->now, struct climb, i);
		int64_t sum = g_array_index(level->sums, int64_t, climb->node - level->base);

		if (climb->stack.id && (double)sum >= least)
			g_array_append_val(level->next, *climb);
		else
			add_self(b->tree, climb->node, climb->weight, climb->count);
	}
	left = level->now;
	level->now = level->next;
	level->next = left;
	g_array_set_size(level->next, 0);
}

/*
 * Level by level, so that what is too light isn't followed: a stack has as many callers as it is deep, and
 * following all of them would take memory for costs x depth nodes.
 */
static void climb_all(struct builder *b, GArray *start, double least)
{
	struct level level = { .now = start,
			       .next = g_array_new(FALSE, FALSE, sizeof(struct climb)),
			       .sums = g_array_new(FALSE, TRUE, sizeof(int64_t)) };

	while (level.now->len) {
		enter(b, &level);
		leave(b, &level, least);
	}
	g_array_unref(level.now);
	g_array_unref(level.next);
	g_array_unref(level.sums);
}

struct start {
	uint32_t stack;
	int64_t weight, count;
};

/* The costs summed by starting frame: from[stack], or the stack itself. Those whose from is 0 are left out.
 */
static GArray *starts(const struct cf_profile *profile, const struct cf_stack *from)
{
	uint32_t n = cf_dict_stacks(profile->trace->dict);
	g_autofree struct start *sums = g_new0(struct start, n + 1);
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct start));

	for (uint32_t i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);
		struct start *sum = &sums[from ? from[cost->stack.id].id : cost->stack.id];

		sum->stack = 1;
		cf_sum(&sum->weight, cost->weight);
		cf_sum(&sum->count, cost->count);
	}
	for (uint32_t i = from ? 1 : 0; i < n; i++) {
		if (!sums[i].stack)
			continue;
		sums[i].stack = i;
		g_array_append_val(list, sums[i]);
	}
	return list;
}

static double least_weight(const struct cf_profile *profile)
{
	return CF_CALLTREE_LEAST *
	       ((double)profile->weight < 0 ? -(double)profile->weight : (double)profile->weight);
}

/* Starts at the frame itself (up), or at its caller when the root stands for the frame (callers). */
static struct cf_tree *up(const struct cf_profile *profile, const struct cf_stack *from, const char *root)
{
	g_autoptr(GArray) list = starts(profile, from);
	GArray *climbs = g_array_new(FALSE, FALSE, sizeof(struct climb));
	struct builder b;

	builder_init(&b, profile, root, TRUE);
	b.tree->inverted = TRUE;
	for (uint32_t i = 0; i < list->len; i++) {
		const struct start *start = &g_array_index(list, struct start, i);
		struct climb climb = { .stack = { start->stack },
				       .weight = start->weight,
				       .count = start->count };

		if (from)
			climb.stack = cf_dict_stack_info(b.dict, climb.stack).caller;
		if (climb.stack.id)
			g_array_append_val(climbs, climb);
		else
			add_self(b.tree, 0, climb.weight, climb.count);
	}
	climb_all(&b, climbs, least_weight(profile));
	if (!from)
		add_hidden(profile, b.tree);
	return builder_end(&b);
}

struct cf_tree *cf_calltree_up(const struct cf_profile *profile)
{
	return up(profile, NULL, "all");
}

struct cf_tree *cf_calltree_callers(const struct cf_profile *profile, const gboolean *target,
				    const char *root)
{
	g_autofree struct cf_stack *found = outermost(profile->trace->dict, target);

	return up(profile, found, root);
}
