/* SPDX-License-Identifier: MIT */
/* span_ids: who is whose parent among spans that refer to each other by ids. */
#include "ingest/spans/span_ids.h"

#include "core/sum.h"

struct entry {
	struct cf_span_key id, parent, second_parent;
	struct cf_str trace;
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

static uint32_t hash_of(struct cf_str trace, struct cf_span_key id)
{
	return cf_hash(id.low ^ ((uint64_t)trace.id << 32), id.high);
}

static bool same(struct cf_span_key a, struct cf_span_key b)
{
	return a.low == b.low && a.high == b.high;
}

uint32_t cf_span_ids_find(const struct cf_span_ids *ids, struct cf_str trace, struct cf_span_key id)
{
	uint32_t hash = hash_of(trace, id), pos = hash, row;

	while ((row = cf_table_next(&ids->index, hash, &pos)) != 0) {
		const struct entry *entry = entry_at(ids, row - 1);

		if (entry->trace.id == trace.id && same(entry->id, id))
			return entry->number;
	}
	return 0;
}

void cf_span_ids_of(const struct cf_span_ids *ids, uint32_t number, struct cf_str *trace,
		    struct cf_span_key *id, struct cf_span_key *parent)
{
	/* One entry for each span that is kept. */
	const struct entry *entry = entry_at(ids, number - 1);

	*trace = entry->trace;
	*id = entry->id;
	*parent = entry->parent;
}

/* Equal ids alone are no repetition: client and server of a call may share theirs. */
static bool is_repeated(const struct cf_span_ids *ids, uint32_t first, const struct cf_span_draft *draft)
{
	const struct cf_span *one, *other = &draft->span;

	if (!first || !draft->has_start)
		return false;
	one = &g_array_index(ids->trace->spans, struct cf_span, first - 1);
	return one->start_ns == other->start_ns && one->duration_ns == other->duration_ns &&
	       one->name.id == other->name.id && one->kind == other->kind;
}

uint32_t cf_span_ids_add(struct cf_span_ids *ids, struct cf_span_draft *draft)
{
	struct entry entry = { draft->id, draft->parent, draft->second_parent, draft->trace, 0 };
	uint32_t first = cf_span_key_is_set(draft->id) ? cf_span_ids_find(ids, draft->trace, draft->id) : 0;
	struct cf_span *span = &draft->span;

	span->trace = draft->trace;
	span->parent = 0;
	if (span->duration_ns < 0) {
		ids->backwards++;
		span->duration_ns = 0;
	}
	ids->repeated += is_repeated(ids, first, draft);
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
	if (cf_span_key_is_set(draft->id) && !first)
		cf_table_add(&ids->index, hash_of(draft->trace, draft->id), ids->entries->len + 1);
	g_array_append_val(ids->entries, entry);
	return entry.number;
}

/* The number of the parent, 0 where it isn't there. */
static uint32_t parent_of(const struct cf_span_ids *ids, const struct entry *entry)
{
	uint32_t parent = cf_span_ids_find(ids, entry->trace, entry->parent);

	if (!parent && cf_span_key_is_set(entry->second_parent))
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
		if (!cf_span_key_is_set(entry->parent) || span->parent)
			continue;
		span->parent = parent_of(ids, entry);
		if (!span->parent)
			cf_trace_quality(trace, "span-parents-missing", NULL, 1, 0, NULL,
					 "spans whose parent isn't there were taken as roots");
	}
	if (ids->backwards)
		cf_trace_quality(trace, "span-ends-before-start", NULL, ids->backwards, 0, NULL,
				 "spans that end before they begin last no time");
	if (ids->repeated)
		cf_trace_quality(trace, "span-repeated", NULL, ids->repeated, 0, NULL,
				 "spans that are there again, as when they were sent twice, count each time");
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

static inline int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Up to 16 or, in base64, up to 24 characters: the bytes; 0 when text is neither. */
static size_t id_bytes(struct cf_slice text, uint8_t bytes[16])
{
	size_t n = 0;

	if (text.len <= 32) {
		/* An odd digit stands first. */
		for (uint64_t i = 0; i < text.len; i++) {
			int digit = hex_digit(text.data[i]);

			if (digit < 0)
				break;
			if ((text.len - i) % 2 == 0 || !i)
				bytes[n] = 0;
			bytes[n] = (uint8_t)(bytes[n] << 4 | digit);
			n += (text.len - i) % 2;
			if (i + 1 == text.len)
				return n;
		}
		n = 0;
	}
	if ((text.len == 24 || text.len == 12) && text.data[text.len - 1] == '=') {
		g_autofree char *copy = g_strndup((const char *)text.data, text.len);
		g_autofree guchar *decoded = g_base64_decode(copy, &n);

		if (n == (text.len == 24 ? 16u : 8u)) {
			memcpy(bytes, decoded, n);
			return n;
		}
	}
	return 0;
}

struct cf_span_key cf_span_key(struct cf_slice text)
{
	struct cf_span_key key = { 0, 0 };
	uint8_t bytes[16];
	size_t n = id_bytes(text, bytes);

	for (size_t i = 0; i < n; i++) {
		key.high = key.high << 8 | key.low >> 56;
		key.low = key.low << 8 | bytes[i];
	}
	if (!n && text.len)
		key = (struct cf_span_key){ cf_hash_bytes(text.data, text.len, cf_hash_seed) | 1,
					    cf_hash_bytes(text.data, text.len, ~cf_hash_seed) };
	return key;
}

struct cf_str cf_span_trace_id(struct cf_dict *dict, struct cf_slice text)
{
	static const char digits[] = "0123456789abcdef";
	char lower[33];
	bool zero = true;

	if (text.len == 24 || text.len == 12) {
		uint8_t bytes[16];
		size_t n = text.data[text.len - 1] == '=' ? id_bytes(text, bytes) : 0;

		for (size_t i = 0; i < n; i++) {
			lower[2 * i] = digits[bytes[i] >> 4];
			lower[2 * i + 1] = digits[bytes[i] & 15];
		}
		if (n)
			return cf_dict_str(dict, lower, (gssize)(2 * n));
	}
	for (uint64_t i = 0; i < text.len; i++) {
		int digit = i < 32 ? hex_digit(text.data[i]) : -1;

		if (digit < 0)
			return cf_dict_str(dict, (const char *)text.data, (gssize)text.len);
		lower[i] = digits[digit];
		zero &= digit == 0;
	}
	/* 16 or 8 zero bytes: no id. */
	return cf_dict_str(dict, lower, zero && text.len >= 16 ? 0 : (gssize)text.len);
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

int cf_span_peer_rank(struct cf_slice key)
{
	/* What says most comes first. */
#define KEY(text)                      \
	{                              \
		text, sizeof(text) - 1 \
	}
	static const struct {
		const char *text;
		size_t len;
	} keys[] = { KEY("peer.service"),  KEY("service.peer.name"), KEY("db.system.name"),
		     KEY("db.system"),     KEY("db.type"),           KEY("messaging.system"),
		     KEY("rpc.service"),   KEY("server.address"),    KEY("net.peer.name"),
		     KEY("peer.hostname"), KEY("peer.address"),      KEY("http.host"),
		     KEY("url.full"),      KEY("http.url") };
#undef KEY

	for (int rank = 0; rank < (int)G_N_ELEMENTS(keys); rank++)
		if (key.len == keys[rank].len && !memcmp(key.data, keys[rank].text, key.len))
			return rank + 1;
	return 0;
}

void cf_span_peer(struct cf_span_draft *draft, struct cf_dict *dict, int rank, struct cf_slice value)
{
	struct cf_slice host;

	if (!rank || (draft->peer_rank && draft->peer_rank <= rank))
		return;
	host = host_of(value);
	if (!host.len)
		return;
	draft->peer_rank = rank;
	draft->span.peer = cf_dict_str(dict, (const char *)host.data, (gssize)MIN(host.len, 256));
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
