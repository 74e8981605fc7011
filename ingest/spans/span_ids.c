/* SPDX-License-Identifier: MIT */
/* span_ids: who is whose parent among spans that refer to each other by ids. */
#include "ingest/spans/span_ids.h"

#include "core/sum.h"

struct entry {
	struct cf_str trace, id, parent, second_parent;
	uint32_t number;
};

void cf_span_ids_init(struct cf_span_ids *ids, struct cf_trace *trace)
{
	*ids = (struct cf_span_ids){ .trace = trace, .start_ns = INT64_MAX, .end_ns = INT64_MIN };
	ids->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
}

void cf_span_ids_release(struct cf_span_ids *ids)
{
	g_array_unref(ids->entries);
	cf_table_release(&ids->index);
}

static const struct entry *entry_at(const struct cf_span_ids *ids, guint i)
{
	return &g_array_index(ids->entries, struct entry, i);
}

uint32_t cf_span_ids_find(const struct cf_span_ids *ids, struct cf_str trace, struct cf_str id)
{
	uint32_t hash = cf_hash(trace.id, id.id), pos = hash, row;

	while ((row = cf_table_next(&ids->index, hash, &pos)) != 0) {
		const struct entry *entry = entry_at(ids, row - 1);

		if (entry->trace.id == trace.id && entry->id.id == id.id)
			return entry->number;
	}
	return 0;
}

void cf_span_ids_of(const struct cf_span_ids *ids, uint32_t number, struct cf_str *trace, struct cf_str *id,
		    struct cf_str *parent)
{
	/* One entry for each span that is kept. */
	const struct entry *entry = entry_at(ids, number - 1);

	*trace = entry->trace;
	*id = entry->id;
	*parent = entry->parent;
}

uint32_t cf_span_ids_add(struct cf_span_ids *ids, struct cf_span_draft *draft)
{
	struct entry entry = { draft->trace, draft->id, draft->parent, draft->second_parent, 0 };
	struct cf_span *span = &draft->span;

	span->trace = draft->trace;
	span->parent = 0;
	if (span->duration_ns < 0) {
		ids->backwards++;
		span->duration_ns = 0;
	}
	if (span->kind != CF_SPAN_CLIENT && span->kind != CF_SPAN_PRODUCER)
		span->peer = (struct cf_str){ 0 };
	entry.number = cf_trace_span(ids->trace, span);
	if (draft->has_start) {
		ids->start_ns = MIN(ids->start_ns, span->start_ns);
		ids->end_ns = MAX(ids->end_ns, cf_add_sat(span->start_ns, span->duration_ns));
	} else {
		ids->timeless++;
	}
	if (!entry.number)
		return 0;
	if (draft->id.id && !cf_span_ids_find(ids, draft->trace, draft->id))
		cf_table_add(&ids->index, cf_hash(draft->trace.id, draft->id.id), ids->entries->len + 1);
	g_array_append_val(ids->entries, entry);
	return entry.number;
}

/* The number of the parent, 0 where it isn't there. */
static uint32_t parent_of(const struct cf_span_ids *ids, const struct entry *entry)
{
	uint32_t parent = cf_span_ids_find(ids, entry->trace, entry->parent);

	if (!parent && entry->second_parent.id)
		parent = cf_span_ids_find(ids, entry->trace, entry->second_parent);
	return parent;
}

void cf_span_ids_finish(struct cf_span_ids *ids)
{
	struct cf_trace *trace = ids->trace;

	for (guint i = 0; i < ids->entries->len; i++) {
		const struct entry *entry = entry_at(ids, i);
		struct cf_span *span = &g_array_index(trace->spans, struct cf_span, entry->number - 1);

		/* Some formats set parents themselves. */
		if (!entry->parent.id || span->parent)
			continue;
		span->parent = parent_of(ids, entry);
		if (!span->parent)
			cf_trace_quality(trace, "span-parents-missing", NULL, 1, 0, NULL,
					 "spans whose parent isn't there were taken as roots");
	}
	if (ids->backwards)
		cf_trace_quality(trace, "span-ends-before-start", NULL, ids->backwards, 0, NULL,
				 "spans that end before they begin last no time");
	if (ids->timeless)
		cf_trace_quality(trace, "span-without-start", NULL, ids->timeless, 0, NULL,
				 "spans without a start were put at 0");
	if (ids->start_ns <= ids->end_ns) {
		trace->meta.start_ns = ids->start_ns;
		trace->meta.start_source = ids->start_ns > 0 ? CF_START_INPUT : CF_START_NONE;
		if (__builtin_sub_overflow(ids->end_ns, ids->start_ns, &trace->meta.duration_ns))
			trace->meta.duration_ns = INT64_MAX;
	}
	cf_trace_span_stacks(trace);
}

static bool is_hex(struct cf_slice text)
{
	for (uint64_t i = 0; i < text.len; i++)
		if (!g_ascii_isxdigit((char)text.data[i]))
			return false;
	return true;
}

struct cf_str cf_span_id(struct cf_dict *dict, struct cf_slice text)
{
	char lower[33];

	if (text.len <= 32 && is_hex(text)) {
		/* 16 or 8 zero bytes: no id. */
		bool zero = true;

		for (uint64_t i = 0; i < text.len; i++) {
			lower[i] = g_ascii_tolower((char)text.data[i]);
			zero &= lower[i] == '0';
		}
		return cf_dict_str(dict, lower, zero && text.len >= 16 ? 0 : (gssize)text.len);
	}
	if ((text.len == 24 || text.len == 12) && text.data[text.len - 1] == '=') {
		g_autofree char *copy = g_strndup((const char *)text.data, text.len);
		g_autofree guchar *bytes = NULL;
		gsize len = 0;

		bytes = g_base64_decode(copy, &len);
		if (len == (text.len == 24 ? 16u : 8u)) {
			for (gsize i = 0; i < len; i++)
				g_snprintf(lower + 2 * i, 3, "%02x", bytes[i]);
			return cf_dict_str(dict, lower, (gssize)(2 * len));
		}
	}
	return cf_dict_str(dict, text.len ? (const char *)text.data : "", (gssize)text.len);
}

/* "https://user@host:80/x" -> "host"; other texts as they are. */
static struct cf_slice host_of(struct cf_slice value)
{
	const uint8_t *p = value.data, *end = value.data + value.len, *q, *at;

	for (q = p; q + 3 <= end && memcmp(q, "://", 3) != 0; q++)
		;
	if (q + 3 > end)
		return value;
	p = q + 3;
	for (q = p; q < end && *q != '/' && *q != '?' && *q != '#'; q++)
		;
	at = memrchr(p, '@', (size_t)(q - p));
	if (at)
		p = at + 1;
	end = memchr(p, ':', (size_t)(q - p));
	return (struct cf_slice){ p, (uint64_t)((end ? end : q) - p) };
}

void cf_span_peer(struct cf_span_draft *draft, struct cf_dict *dict, struct cf_slice key,
		  struct cf_slice value)
{
	/* What says most comes first. */
	static const char *const keys[] = { "peer.service",  "service.peer.name", "db.system.name",
					    "db.system",     "db.type",           "messaging.system",
					    "rpc.service",   "server.address",    "net.peer.name",
					    "peer.hostname", "peer.address",      "http.host",
					    "url.full",      "http.url" };

	for (int rank = 0; rank < (int)G_N_ELEMENTS(keys); rank++) {
		struct cf_slice host;

		if (key.len != strlen(keys[rank]) || memcmp(key.data, keys[rank], key.len) != 0)
			continue;
		if (draft->peer_rank && draft->peer_rank <= rank + 1)
			return;
		host = host_of(value);
		if (!host.len)
			return;
		draft->peer_rank = rank + 1;
		draft->span.peer = cf_dict_str(dict, (const char *)host.data, (gssize)MIN(host.len, 256));
		return;
	}
}

enum cf_span_kind cf_span_kind_of(struct cf_slice text)
{
	static const struct {
		const char *name, *number;
		enum cf_span_kind kind;
	} kinds[] = { { "server", "2", CF_SPAN_SERVER },
		      { "client", "3", CF_SPAN_CLIENT },
		      { "producer", "4", CF_SPAN_PRODUCER },
		      { "consumer", "5", CF_SPAN_CONSUMER } };

	if (text.len > 10 && !memcmp(text.data, "SPAN_KIND_", 10)) {
		text.data += 10;
		text.len -= 10;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((text.len == strlen(kinds[i].name) &&
		     !g_ascii_strncasecmp((const char *)text.data, kinds[i].name, text.len)) ||
		    (text.len == 1 && *text.data == (uint8_t)*kinds[i].number))
			return kinds[i].kind;
	return CF_SPAN_INTERNAL;
}
