/* SPDX-License-Identifier: MIT */
/* prune: an architecture without what costs little, or without any costs. */
#include "analyzers/architecture/builder.h"

#include <string.h>

/* What settling finds is found anew. */
static void unsettle(struct cf_architecture *arch)
{
	for (guint i = 0; i < arch->parts->len; i++) {
		struct cf_arch_part *part = cf_arch_part_at(arch, i);

		part->first = part->members = part->afferent = part->efferent = part->level = part->cycle = 0;
	}
	for (guint i = 0; i < arch->members->len; i++)
		cf_arch_member_at(arch, i)->outside = 0;
	for (guint i = 0; i < arch->edges->len; i++)
		cf_arch_edge_at(arch, i)->marks &= ~(unsigned)CF_MARK_HIGHLIGHT;
	arch->cycles = arch->edges_against = 0;
}

/* Keeps the elements with a place, which becomes their number. */
static void keep(GArray *array, uint32_t *place)
{
	guint size = g_array_get_element_size(array), kept = 0;

	for (guint i = 0; i < array->len; i++) {
		if (place[i] == UINT32_MAX)
			continue;
		if (kept != i)
			memcpy(array->data + (size_t)kept * size, array->data + (size_t)i * size, size);
		place[i] = kept++;
	}
	g_array_set_size(array, kept);
}

static void keep_calls(GArray *calls, const uint32_t *place, double least)
{
	guint kept = 0;

	for (guint i = 0; i < calls->len; i++) {
		struct cf_arch_call call = g_array_index(calls, struct cf_arch_call, i);

		if ((double)call.weight < least || place[call.from] == UINT32_MAX ||
		    place[call.to] == UINT32_MAX)
			continue;
		call.from = place[call.from];
		call.to = place[call.to];
		g_array_index(calls, struct cf_arch_call, kept++) = call;
	}
	g_array_set_size(calls, kept);
}

void cf_architecture_prune(struct cf_architecture *arch, double least)
{
	double weight = least * (double)arch->weight;
	g_autofree uint32_t *part = g_new0(uint32_t, arch->parts->len + 1);
	g_autofree uint32_t *member = g_new0(uint32_t, arch->members->len + 1);

	if (weight <= 0)
		return;
	unsettle(arch);
	for (guint i = 0; i < arch->parts->len; i++)
		if ((double)cf_arch_part_at(arch, i)->total < weight)
			part[i] = UINT32_MAX;
	for (guint i = 0; i < arch->members->len; i++)
		if ((double)cf_arch_member_at(arch, i)->total < weight ||
		    part[cf_arch_member_at(arch, i)->part] == UINT32_MAX)
			member[i] = UINT32_MAX;
	keep(arch->parts, part);
	keep(arch->members, member);
	for (guint i = 0; i < arch->members->len; i++)
		cf_arch_member_at(arch, i)->part = part[cf_arch_member_at(arch, i)->part];
	keep_calls(arch->edges, part, weight);
	keep_calls(arch->calls, member, weight);
	cf_arch_settle(arch);
}

static void strip_calls(GArray *calls)
{
	for (guint i = 0; i < calls->len; i++) {
		struct cf_arch_call *call = &g_array_index(calls, struct cf_arch_call, i);

		call->weight = call->count = call->errors = 0;
	}
}

void cf_architecture_strip(struct cf_architecture *arch)
{
	unsettle(arch);
	for (guint i = 0; i < arch->parts->len; i++) {
		struct cf_arch_part *part = cf_arch_part_at(arch, i);

		part->self = part->total = part->count = part->errors = 0;
	}
	for (guint i = 0; i < arch->members->len; i++) {
		struct cf_arch_member *member = cf_arch_member_at(arch, i);

		member->self = member->total = member->count = member->errors = 0;
		member->entry_weight = member->entry_count = 0;
	}
	strip_calls(arch->edges);
	strip_calls(arch->calls);
	cf_arch_settle(arch);
}
