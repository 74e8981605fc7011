/* SPDX-License-Identifier: MIT */
/* span_ids: who is whose parent among spans that refer to each other by ids. */
#ifndef CF_INGEST_SPANS_SPAN_IDS_H
#define CF_INGEST_SPANS_SPAN_IDS_H

#include "core/reader.h"
#include "core/table.h"
#include "core/trace.h"

/* An id of a span; 0 and 0: none. */
struct cf_span_key {
	uint64_t high, low;
};

static inline bool cf_span_key_is_set(struct cf_span_key key)
{
	return key.high || key.low;
}

struct cf_span_ids {
	struct cf_trace *trace;
	GArray *entries;          /* private */
	struct cf_table index;    /* private: of (trace id, span id) */
	int64_t start_ns, end_ns; /* of all spans; start_ns > end_ns: none */
	int64_t backwards, timeless, repeated;
};

/* A span as formats read it, before its parent is known. */
struct cf_span_draft {
	struct cf_span span; /* parent and trace are left to cf_span_ids_add */
	struct cf_str trace;
	struct cf_span_key id, parent;    /* parent: none of a root */
	struct cf_span_key second_parent; /* where parent isn't there, or none */
	bool has_start;
	int peer_rank; /* of the attribute that span.peer is from */
};

void cf_span_ids_init(struct cf_span_ids *ids, struct cf_trace *trace);
void cf_span_ids_release(struct cf_span_ids *ids);

/*
 * Adds the span to the trace. A negative duration counts as none, said; so is one that is there again. Returns its number, 0:
 * not kept.
 */
uint32_t cf_span_ids_add(struct cf_span_ids *ids, struct cf_span_draft *draft);
/* The ids that the span of a number was added with. */
void cf_span_ids_of(const struct cf_span_ids *ids, uint32_t number, struct cf_str *trace,
		    struct cf_span_key *id, struct cf_span_key *parent);
/* The number of the first span of those ids that was added, 0 none. */
uint32_t cf_span_ids_find(const struct cf_span_ids *ids, struct cf_str trace, struct cf_span_key id);

/*
 * Once, at the end: sets the parents, the stacks of spans, start and duration of the run, and says what is odd. Without
 * spans, or with an error: leave it out.
 */
void cf_span_ids_finish(struct cf_span_ids *ids);

/* An id of 16 or 32 hexadecimal digits in lower case; base64 of as many bytes becomes that; others stay as they are. */
struct cf_str cf_span_trace_id(struct cf_dict *dict, struct cf_slice text);
/* The id of a span: what up to 32 hexadecimal digits or base64 say as a number, a hash of other texts. All zeros: none. */
struct cf_span_key cf_span_key(struct cf_slice text);

/* How much an attribute of that key says about the other side of a span: 1 most, 0 nothing. */
int cf_span_peer_rank(struct cf_slice key);
/*
 * Takes what an attribute says about the other side of a client or producer span: "peer.service", "db.system", ... The one
 * that says most stays, whatever the order. A URL gives its host. rank: that of its key.
 */
void cf_span_peer(struct cf_span_draft *draft, struct cf_dict *dict, int rank, struct cf_slice value);

/* "SPAN_KIND_SERVER", "server", "SERVER" or 2, as OTLP numbers kinds; internal for others. */
enum cf_span_kind cf_span_kind_of(struct cf_slice text);

#endif
