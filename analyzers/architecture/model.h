/* SPDX-License-Identifier: MIT */
/* model: the parts of a run (services, modules or files), what is in them, and who calls whom. */
#ifndef CF_ANALYZERS_ARCHITECTURE_MODEL_H
#define CF_ANALYZERS_ARCHITECTURE_MODEL_H

#include "analyzers/profile.h"
#include "core/figure.h"

/* What the parts are. */
enum cf_arch_by { CF_ARCH_SERVICE, CF_ARCH_MODULE, CF_ARCH_FILE, CF_ARCH_FUNCTION };
const char *cf_arch_by_name(enum cf_arch_by by, gboolean several); /* "service", "services" */

/* An operation or function. */
struct cf_arch_member {
	const char *name;
	uint32_t part;
	int64_t self, total, count; /* count: spans, calls or samples with it */
	int64_t errors;
	gboolean entry; /* something began with it */
	int64_t entry_weight, entry_count;
	uint32_t outside; /* parts other than its own that call it */
};

struct cf_arch_part {
	const char *name;
	const char *group; /* the module of a file, else "" */
	enum cf_party kind;
	unsigned marks; /* enum cf_mark: against a base */
	int64_t self, total, count, errors;
	uint32_t first, members; /* members[first] up to members[first + members - 1] */
	/* R. C. Martin, "OO Design Quality Metrics", 1994: parts that depend on it, parts that it depends on. */
	uint32_t afferent, efferent;
	uint32_t level; /* 0 depends on nothing but its own cycle; else one more than what it depends on */
	uint32_t cycle; /* from 1, by the order of its first part; 0: in none */
};

/* A call from one part to another, or from one member to another. */
struct cf_arch_call {
	uint32_t from, to;
	int64_t weight, count, errors;
	unsigned marks;
};

struct cf_architecture {
	enum cf_arch_by by;
	enum cf_unit unit;
	char *metric;          /* "cpu-clock", "span time" */
	const char *counted;   /* "samples", "calls" or "spans" */
	gboolean sampled;      /* what is missing may only not have been seen */
	int64_t weight, count; /* of the whole: ns and number of traces, samples, or cost and calls */
	GArray *parts;         /* struct cf_arch_part, heaviest first, then by name */
	GArray *members;       /* struct cf_arch_member, by part, heaviest first, then by name */
	GArray *edges; /* struct cf_arch_call between different parts, heaviest first, then by names */
	GArray *calls; /* the same between members, those to itself left out */
	uint32_t cycles, edges_against; /* cycles of parts; calls from a stabler part to a less stable one */
	double propagation; /* share of pairs of parts, each with itself, of which the second can be reached */
	GStringChunk *text;
};

/*
 * The architecture that a profile with its filters shows. by: NULL or "auto" for what suits the run. Spans of the
 * profile's trace go before its stacks.
 */
struct cf_architecture *cf_architecture_new(const struct cf_profile *profile, const char *by);
void cf_architecture_free(struct cf_architecture *arch);

/* Leaves out members, calls and parts with less than this share of the whole. */
void cf_architecture_prune(struct cf_architecture *arch, double least);
/* Takes the costs and counts away and sorts by name, so that only what the structure says is left. */
void cf_architecture_strip(struct cf_architecture *arch);

/* Instability, efferent / (afferent + efferent); 0 of a part with neither. */
double cf_arch_instability(const struct cf_arch_part *part);

static inline struct cf_arch_part *cf_arch_part_at(const struct cf_architecture *arch, uint32_t i)
{
	return &g_array_index(arch->parts, struct cf_arch_part, i);
}
static inline struct cf_arch_member *cf_arch_member_at(const struct cf_architecture *arch, uint32_t i)
{
	return &g_array_index(arch->members, struct cf_arch_member, i);
}
static inline struct cf_arch_call *cf_arch_edge_at(const struct cf_architecture *arch, uint32_t i)
{
	return &g_array_index(arch->edges, struct cf_arch_call, i);
}
static inline struct cf_arch_call *cf_arch_call_at(const struct cf_architecture *arch, uint32_t i)
{
	return &g_array_index(arch->calls, struct cf_arch_call, i);
}

#endif
