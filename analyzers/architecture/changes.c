/* SPDX-License-Identifier: MIT */
/* changes: what is there in one architecture and not in another. */
#include "analyzers/architecture/changes.h"

#include <string.h>

#include "core/hash.h"

/* Names of what one side has. */
struct names {
	GHashTable *parts, *edges, *entries, *cycles;
};

struct comparison {
	struct cf_arch_changes *changes;
	const struct cf_architecture *here, *there;
	const struct names *others; /* of there */
	gboolean gone;              /* here is the base */
};

static char *edge_name(const struct cf_architecture *arch, const struct cf_arch_call *edge)
{
	return g_strdup_printf("%s\n%s", cf_arch_part_at(arch, edge->from)->name,
			       cf_arch_part_at(arch, edge->to)->name);
}

static char *entry_name(const struct cf_architecture *arch, const struct cf_arch_member *member)
{
	return g_strdup_printf("%s\n%s", cf_arch_part_at(arch, member->part)->name, member->name);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "api, billing": sorted, so that equal cycles have equal names. */
static char *cycle_name(const struct cf_architecture *arch, uint32_t cycle)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < arch->parts->len; i++)
		if (cf_arch_part_at(arch, i)->cycle == cycle)
			g_ptr_array_add(names, (gpointer)cf_arch_part_at(arch, i)->name);
	g_ptr_array_sort(names, by_text);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(", ", (char **)names->pdata);
}

static struct names names_of(const struct cf_architecture *arch)
{
	struct names names = { g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			       g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			       g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			       g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL) };

	for (guint i = 0; i < arch->parts->len; i++)
		g_hash_table_add(names.parts, g_strdup(cf_arch_part_at(arch, i)->name));
	for (guint i = 0; i < arch->edges->len; i++)
		g_hash_table_add(names.edges, edge_name(arch, cf_arch_edge_at(arch, i)));
	for (guint i = 0; i < arch->members->len; i++)
		if (cf_arch_member_at(arch, i)->entry)
			g_hash_table_add(names.entries, entry_name(arch, cf_arch_member_at(arch, i)));
	for (uint32_t c = 1; c <= arch->cycles; c++)
		g_hash_table_add(names.cycles, cycle_name(arch, c));
	return names;
}

static void names_clear(struct names *names)
{
	g_hash_table_unref(names->parts);
	g_hash_table_unref(names->edges);
	g_hash_table_unref(names->entries);
	g_hash_table_unref(names->cycles);
}

/* Would something that is seen so often here have been seen there? */
static gboolean is_telling(const struct comparison *c, int64_t count)
{
	if (!c->here->sampled && !c->there->sampled)
		return TRUE;
	return (double)count * cf_share(c->there->count, c->here->count) >= CF_ARCH_EXPECTED;
}

static gboolean add(struct comparison *c, enum cf_arch_change_kind kind, const char *from, const char *to,
		    int64_t weight, int64_t count)
{
	struct cf_arch_change change = { kind, c->gone, NULL, NULL, weight, count };

	if (!is_telling(c, count)) {
		c->changes->rare++;
		return FALSE;
	}
	change.from = g_string_chunk_insert(c->changes->text, from);
	change.to = to ? g_string_chunk_insert(c->changes->text, to) : NULL;
	g_array_append_val(c->changes->rows, change);
	return TRUE;
}

/* A cycle is as sure as the call in it that was seen least. */
static int64_t rarest_edge(const struct cf_architecture *arch, uint32_t cycle)
{
	int64_t rarest = INT64_MAX;

	for (guint i = 0; i < arch->edges->len; i++) {
		const struct cf_arch_call *edge = cf_arch_edge_at(arch, i);

		if (cf_arch_part_at(arch, edge->from)->cycle == cycle &&
		    cf_arch_part_at(arch, edge->to)->cycle == cycle)
			rarest = MIN(rarest, edge->count);
	}
	return rarest;
}

/* What here has and there hasn't. Edges of a part that is reported itself aren't said again. */
static void compare(struct comparison *c, GArray *new_parts, GArray *new_edges)
{
	const struct cf_architecture *arch = c->here;

	for (guint i = 0; i < arch->parts->len; i++) {
		const struct cf_arch_part *part = cf_arch_part_at(arch, i);

		if (!g_hash_table_contains(c->others->parts, part->name) &&
		    add(c, CF_ARCH_CHANGE_PART, part->name, NULL, part->total, part->count))
			g_array_append_val(new_parts, i);
	}
	for (guint i = 0; i < arch->edges->len; i++) {
		const struct cf_arch_call *edge = cf_arch_edge_at(arch, i);
		g_autofree char *name = edge_name(arch, edge);

		if (!g_hash_table_contains(c->others->edges, name) &&
		    add(c, CF_ARCH_CHANGE_EDGE, cf_arch_part_at(arch, edge->from)->name,
			cf_arch_part_at(arch, edge->to)->name, edge->weight, edge->count))
			g_array_append_val(new_edges, i);
	}
	for (guint i = 0; i < arch->members->len; i++) {
		const struct cf_arch_member *member = cf_arch_member_at(arch, i);
		g_autofree char *name = member->entry ? entry_name(arch, member) : NULL;

		if (name && !g_hash_table_contains(c->others->entries, name))
			add(c, CF_ARCH_CHANGE_ENTRY, cf_arch_part_at(arch, member->part)->name, member->name,
			    member->entry_weight, member->entry_count);
	}
	for (uint32_t n = 1; n <= arch->cycles; n++) {
		g_autofree char *name = cycle_name(arch, n);

		if (!g_hash_table_contains(c->others->cycles, name))
			add(c, CF_ARCH_CHANGE_CYCLE, name, NULL, 0, rarest_edge(arch, n));
	}
}

static gint by_kind(gconstpointer a, gconstpointer b)
{
	const struct cf_arch_change *x = a, *y = b;
	int order = (int)x->kind - (int)y->kind;

	if (!order)
		order = x->gone - y->gone;
	if (!order)
		order = (x->weight < y->weight) - (x->weight > y->weight);
	if (!order)
		order = strcmp(x->from, y->from);
	return order ? order : g_strcmp0(x->to, y->to);
}

struct cf_arch_changes *cf_arch_changes_new(struct cf_architecture *current,
					    const struct cf_architecture *base, const char *base_text)
{
	struct cf_arch_changes *changes = g_new0(struct cf_arch_changes, 1);
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) unused = g_array_new(FALSE, FALSE, sizeof(guint));
	struct names now = names_of(current), before = names_of(base);
	struct comparison c = { changes, current, base, &before, FALSE };

	changes->rows = g_array_new(FALSE, FALSE, sizeof(struct cf_arch_change));
	changes->base = g_strdup(base_text);
	changes->text = g_string_chunk_new(1024);
	compare(&c, parts, edges);
	for (guint i = 0; i < parts->len; i++)
		cf_arch_part_at(current, g_array_index(parts, guint, i))->marks |= CF_MARK_NEW;
	for (guint i = 0; i < edges->len; i++)
		cf_arch_edge_at(current, g_array_index(edges, guint, i))->marks |= CF_MARK_NEW;
	c = (struct comparison){ changes, base, current, &now, TRUE };
	compare(&c, unused, unused);
	g_array_sort(changes->rows, by_kind);
	names_clear(&now);
	names_clear(&before);
	return changes;
}

void cf_arch_changes_free(struct cf_arch_changes *changes)
{
	if (!changes)
		return;
	g_array_unref(changes->rows);
	g_free(changes->base);
	g_string_chunk_free(changes->text);
	g_free(changes);
}

char *cf_arch_change_word(const struct cf_arch_change *change, const struct cf_architecture *arch)
{
	static const char *const words[] = { [CF_ARCH_CHANGE_EDGE] = "edge",
					     [CF_ARCH_CHANGE_ENTRY] = "entry point",
					     [CF_ARCH_CHANGE_CYCLE] = "cycle" };

	return g_strdup_printf("%s %s", change->gone ? "gone" : "new",
			       change->kind == CF_ARCH_CHANGE_PART ? cf_arch_by_name(arch->by, FALSE)
								   : words[change->kind]);
}
