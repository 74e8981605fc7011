/* SPDX-License-Identifier: MIT */
/* builder: gathers parts, members and calls into an architecture. */
#include "analyzers/architecture/builder.h"

#include <string.h>

#include "core/hash.h"

static guint pair_hash(gconstpointer key)
{
	return cf_hash(*(const uint64_t *)key, 0);
}

static gboolean pair_equal(gconstpointer a, gconstpointer b)
{
	return *(const uint64_t *)a == *(const uint64_t *)b;
}

static guint member_hash(gconstpointer key)
{
	const struct cf_arch_member *member = key;

	return cf_hash(member->part, cf_str_hash(member->name));
}

static gboolean member_equal(gconstpointer a, gconstpointer b)
{
	const struct cf_arch_member *x = a, *y = b;

	return x->part == y->part && !strcmp(x->name, y->name);
}

void cf_arch_builder_init(struct cf_arch_builder *builder, struct cf_architecture *arch)
{
	builder->arch = arch;
	builder->parts = g_hash_table_new(cf_str_hash, g_str_equal);
	builder->members = g_hash_table_new_full(member_hash, member_equal, g_free, NULL);
	builder->edges = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
	builder->calls = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
}

uint32_t cf_arch_builder_part(struct cf_arch_builder *builder, const char *name, const char *group,
			      enum cf_party kind)
{
	struct cf_architecture *arch = builder->arch;
	gpointer known = g_hash_table_lookup(builder->parts, name);
	struct cf_arch_part part = { .kind = kind };

	if (known)
		return GPOINTER_TO_UINT(known) - 1;
	part.name = g_string_chunk_insert(arch->text, name);
	part.group = g_string_chunk_insert_const(arch->text, group);
	g_array_append_val(arch->parts, part);
	g_hash_table_insert(builder->parts, (gpointer)part.name, GUINT_TO_POINTER(arch->parts->len));
	return arch->parts->len - 1;
}

uint32_t cf_arch_builder_member(struct cf_arch_builder *builder, uint32_t part, const char *name)
{
	struct cf_architecture *arch = builder->arch;
	struct cf_arch_member member = { .name = name, .part = part };
	gpointer known = g_hash_table_lookup(builder->members, &member);

	if (known)
		return GPOINTER_TO_UINT(known) - 1;
	member.name = g_string_chunk_insert(arch->text, name);
	g_array_append_val(arch->members, member);
	g_hash_table_insert(builder->members, g_memdup2(&member, sizeof(member)),
			    GUINT_TO_POINTER(arch->members->len));
	return arch->members->len - 1;
}

static uint32_t find_call(GHashTable *known, GArray *calls, uint32_t from, uint32_t to)
{
	uint64_t pair = (uint64_t)from << 32 | to;
	gpointer number = g_hash_table_lookup(known, &pair);
	const struct cf_arch_call call = { .from = from, .to = to };

	if (number)
		return GPOINTER_TO_UINT(number) - 1;
	g_array_append_val(calls, call);
	g_hash_table_insert(known, g_memdup2(&pair, sizeof(pair)), GUINT_TO_POINTER(calls->len));
	return calls->len - 1;
}

uint32_t cf_arch_builder_edge(struct cf_arch_builder *builder, uint32_t from, uint32_t to)
{
	return find_call(builder->edges, builder->arch->edges, from, to);
}

uint32_t cf_arch_builder_call(struct cf_arch_builder *builder, uint32_t from, uint32_t to)
{
	return find_call(builder->calls, builder->arch->calls, from, to);
}

/* --- order ---------------------------------------------------------------------------------------------- */

static int falling(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

static gint by_part(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_architecture *arch = data;
	const struct cf_arch_part *x = cf_arch_part_at(arch, *(const uint32_t *)a);
	const struct cf_arch_part *y = cf_arch_part_at(arch, *(const uint32_t *)b);
	int order = falling(x->total, y->total);

	return order ? order : strcmp(x->name, y->name);
}

static gint by_member(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_architecture *arch = data;
	const struct cf_arch_member *x = cf_arch_member_at(arch, *(const uint32_t *)a);
	const struct cf_arch_member *y = cf_arch_member_at(arch, *(const uint32_t *)b);
	int order = (x->part > y->part) - (x->part < y->part);

	if (!order)
		order = falling(x->total, y->total);
	if (!order)
		order = falling(x->count, y->count);
	return order ? order : strcmp(x->name, y->name);
}

/* Ends are numbers in the final order by now, so that they break ties. */
static gint by_call(gconstpointer a, gconstpointer b)
{
	const struct cf_arch_call *x = a, *y = b;
	int order = falling(x->weight, y->weight);

	if (!order)
		order = falling(x->count, y->count);
	if (!order)
		order = (x->from > y->from) - (x->from < y->from);
	return order ? order : (x->to > y->to) - (x->to < y->to);
}

/* Puts the elements of array in order; place[old number] is the new one. Caller frees. */
static uint32_t *put_in_order(GArray **array, GCompareDataFunc compare, struct cf_architecture *arch)
{
	guint n = (*array)->len, size = g_array_get_element_size(*array);
	g_autofree uint32_t *order = g_new(uint32_t, n + 1);
	uint32_t *place = g_new(uint32_t, n + 1);
	GArray *sorted = g_array_sized_new(FALSE, FALSE, size, n);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), compare, arch);
	for (guint i = 0; i < n; i++) {
		g_array_append_vals(sorted, (*array)->data + (size_t)order[i] * size, 1);
		place[order[i]] = i;
	}
	g_array_unref(*array);
	*array = sorted;
	return place;
}

static void sort_calls(GArray *calls, const uint32_t *place)
{
	for (guint i = 0; i < calls->len; i++) {
		struct cf_arch_call *call = &g_array_index(calls, struct cf_arch_call, i);

		call->from = place[call->from];
		call->to = place[call->to];
	}
	g_array_sort(calls, by_call);
}

/* Which parts call a member: calls come by pairs, so each part is counted once. */
static void count_outside(struct cf_architecture *arch)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);

	for (guint i = 0; i < arch->calls->len; i++) {
		const struct cf_arch_call *call = cf_arch_call_at(arch, i);
		uint32_t from = cf_arch_member_at(arch, call->from)->part;
		struct cf_arch_member *to = cf_arch_member_at(arch, call->to);
		uint64_t pair = (uint64_t)from << 32 | call->to;

		if (from != to->part && g_hash_table_add(seen, g_memdup2(&pair, sizeof(pair))))
			to->outside++;
	}
}

void cf_arch_settle(struct cf_architecture *arch)
{
	g_autofree uint32_t *part = put_in_order(&arch->parts, by_part, arch), *member = NULL;

	for (guint i = 0; i < arch->members->len; i++)
		cf_arch_member_at(arch, i)->part = part[cf_arch_member_at(arch, i)->part];
	member = put_in_order(&arch->members, by_member, arch);
	for (guint i = arch->members->len; i-- > 0;) {
		struct cf_arch_part *owner = cf_arch_part_at(arch, cf_arch_member_at(arch, i)->part);

		owner->first = i;
		owner->members++;
	}
	sort_calls(arch->edges, part);
	sort_calls(arch->calls, member);
	count_outside(arch);
	cf_arch_couple(arch);
}

void cf_arch_builder_finish(struct cf_arch_builder *builder)
{
	cf_arch_settle(builder->arch);
	g_hash_table_unref(builder->parts);
	g_hash_table_unref(builder->members);
	g_hash_table_unref(builder->edges);
	g_hash_table_unref(builder->calls);
}
