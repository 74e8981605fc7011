/* SPDX-License-Identifier: MIT */
/* builder: gathers parts, members and calls into an architecture. */
#ifndef CF_ANALYZERS_ARCHITECTURE_BUILDER_H
#define CF_ANALYZERS_ARCHITECTURE_BUILDER_H

#include "analyzers/architecture/model.h"

/* While it is filled, parts and members are in the order in which they came. */
struct cf_arch_builder {
	struct cf_architecture *arch;
	GHashTable *parts;         /* name -> number + 1 */
	GHashTable *members;       /* uint64_t: part and text of the name -> number + 1 */
	GHashTable *edges, *calls; /* uint64_t: from and to -> number + 1 */
};

void cf_arch_builder_init(struct cf_arch_builder *builder, struct cf_architecture *arch);
/* Found or added; text is copied. group and kind are those of the first. */
uint32_t cf_arch_builder_part(struct cf_arch_builder *builder, const char *name, const char *group,
			      enum cf_party kind);
uint32_t cf_arch_builder_member(struct cf_arch_builder *builder, uint32_t part, const char *name);
/* The call between two parts or members that aren't the same; its number. */
uint32_t cf_arch_builder_edge(struct cf_arch_builder *builder, uint32_t from, uint32_t to);
uint32_t cf_arch_builder_call(struct cf_arch_builder *builder, uint32_t from, uint32_t to);
/* Sorts everything, and finds what the structure says. */
void cf_arch_builder_finish(struct cf_arch_builder *builder);

/* The same once more, when parts, members or calls have been taken away or lost their costs. */
void cf_arch_settle(struct cf_architecture *arch);

/* coupling.c: afferent, efferent, level and cycle of each part, and what is said of all; from parts and edges. */
void cf_arch_couple(struct cf_architecture *arch);

/* The three sources; each fills the builder from the profile. */
void cf_arch_from_spans(struct cf_arch_builder *builder, const struct cf_profile *profile);
void cf_arch_from_samples(struct cf_arch_builder *builder, const struct cf_profile *profile);
void cf_arch_from_calls(struct cf_arch_builder *builder, const struct cf_profile *profile);

/* place.c: the member of each function id of the trace that keeps says, and UINT32_MAX of others. Caller frees. */
uint32_t *cf_arch_place(struct cf_arch_builder *builder, const struct cf_trace *trace, const gboolean *kept);
/* What suits the run: the kind of parts that tells most. */
enum cf_arch_by cf_arch_choose(const struct cf_profile *profile, const char *by);

#endif
