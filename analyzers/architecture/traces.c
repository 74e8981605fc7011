/* SPDX-License-Identifier: MIT */
/* traces: the architecture that spans show: services, their operations, and what they call. */
#include "analyzers/architecture/builder.h"

#include <string.h>

#include "core/span_forest.h"

/* What a peer is, by what instrumentation libraries call it. */
static enum cf_party party_of(const struct cf_span *span, const char *peer)
{
	static const char *const databases[] = { "sql",      "redis",   "mongo", "cassandra", "dynamo",
						 "memcache", "elastic", "maria", "db2",       "oracle" };
	static const char *const queues[] = { "kafka", "rabbit", "sqs", "amqp", "nats", "pulsar", "queue" };
	g_autofree char *lower = g_ascii_strdown(peer, -1);

	if (span->kind == CF_SPAN_PRODUCER || span->kind == CF_SPAN_CONSUMER)
		return CF_PARTY_QUEUE;
	for (size_t i = 0; i < G_N_ELEMENTS(databases); i++)
		if (strstr(lower, databases[i]))
			return CF_PARTY_DATABASE;
	for (size_t i = 0; i < G_N_ELEMENTS(queues); i++)
		if (strstr(lower, queues[i]))
			return CF_PARTY_QUEUE;
	return CF_PARTY_EXTERNAL;
}

struct walk {
	struct cf_arch_builder *builder;
	const struct cf_dict *dict;
	struct cf_span_forest forest;
	uint32_t *member; /* by span */
};

static void add_call(GArray *calls, uint32_t number, const struct cf_span *span)
{
	struct cf_arch_call *call = &g_array_index(calls, struct cf_arch_call, number);

	cf_sum(&call->weight, span->duration_ns);
	call->count++;
	call->errors += span->status == CF_SPAN_ERROR;
}

static void connect(struct walk *w, uint32_t from, uint32_t to, const struct cf_span *span)
{
	struct cf_architecture *arch = w->builder->arch;
	uint32_t a = cf_arch_member_at(arch, from)->part, b = cf_arch_member_at(arch, to)->part;

	if (from != to)
		add_call(arch->calls, cf_arch_builder_call(w->builder, from, to), span);
	if (a != b)
		add_call(arch->edges, cf_arch_builder_edge(w->builder, a, b), span);
}

/* Is there a span of another service below it, that is what it called? */
static gboolean is_answered(const struct walk *w, uint32_t number)
{
	const struct cf_span *span = cf_span_at(&w->forest, number);

	for (uint32_t i = w->forest.first[number]; i < w->forest.first[number + 1]; i++)
		if (cf_span_at(&w->forest, w->forest.children[i])->service.id != span->service.id)
			return TRUE;
	return FALSE;
}

/* A call to something that has no spans of its own: it is known by what was asked of it. */
static void add_peer(struct walk *w, uint32_t number)
{
	const struct cf_span *span = cf_span_at(&w->forest, number);
	const char *peer = cf_dict_text(w->dict, span->peer);
	struct cf_architecture *arch = w->builder->arch;
	uint32_t part, member;

	if (!*peer || is_answered(w, number))
		return;
	part = cf_arch_builder_part(w->builder, peer, "", party_of(span, peer));
	member = cf_arch_builder_member(w->builder, part, cf_dict_text(w->dict, span->name));
	cf_sum(&cf_arch_part_at(arch, part)->total, span->duration_ns);
	cf_arch_part_at(arch, part)->count++;
	cf_arch_part_at(arch, part)->errors += span->status == CF_SPAN_ERROR;
	cf_sum(&cf_arch_member_at(arch, member)->total, span->duration_ns);
	cf_arch_member_at(arch, member)->count++;
	cf_arch_member_at(arch, member)->errors += span->status == CF_SPAN_ERROR;
	connect(w, w->member[number], member, span);
}

static void add_span(struct walk *w, uint32_t number)
{
	const struct cf_span *span = cf_span_at(&w->forest, number);
	struct cf_architecture *arch = w->builder->arch;
	uint32_t up = w->forest.parent[number];
	int64_t self = cf_span_self(&w->forest, number);
	struct cf_arch_member *member = cf_arch_member_at(arch, w->member[number]);
	struct cf_arch_part *part = cf_arch_part_at(arch, member->part);

	cf_sum(&member->self, self);
	cf_sum(&member->total, span->duration_ns);
	member->count++;
	member->errors += span->status == CF_SPAN_ERROR;
	cf_sum(&part->self, self);
	part->errors += span->status == CF_SPAN_ERROR;
	part->count++;
	if (!up || cf_span_at(&w->forest, up)->service.id != span->service.id)
		cf_sum(&part->total, span->duration_ns);
	if (!up) {
		member->entry = TRUE;
		cf_sum(&member->entry_weight, span->duration_ns);
		member->entry_count++;
		cf_sum(&arch->weight, span->duration_ns);
		arch->count++;
	} else {
		connect(w, w->member[up], w->member[number], span);
	}
}

void cf_arch_from_spans(struct cf_arch_builder *builder, const struct cf_profile *profile)
{
	const struct cf_trace *trace = profile->trace;
	struct walk w = { .builder = builder, .dict = trace->dict };

	cf_span_forest_init(&w.forest, trace);
	builder->arch->counted = "spans";
	builder->arch->sampled = TRUE;
	w.member = g_new0(uint32_t, (size_t)w.forest.n + 1);
	for (uint32_t number = 1; number <= w.forest.n; number++) {
		const struct cf_span *span = cf_span_at(&w.forest, number);
		const char *service = cf_dict_text(w.dict, span->service);
		uint32_t part = cf_arch_builder_part(builder, *service ? service : "[unnamed service]", "",
						     CF_PARTY_SERVICE);

		w.member[number] = cf_arch_builder_member(builder, part, cf_dict_text(w.dict, span->name));
	}
	for (uint32_t number = 1; number <= w.forest.n; number++)
		add_span(&w, number);
	for (uint32_t number = 1; number <= w.forest.n; number++)
		add_peer(&w, number);
	g_free(w.member);
	cf_span_forest_clear(&w.forest);
}
