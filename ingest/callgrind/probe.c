/* SPDX-License-Identifier: MIT */
/* probe: is this a profile of callgrind or cachegrind? */
#include "ingest/callgrind/probe.h"

#include "ingest/callgrind/keys.h"

#define PROBE_BYTES 65536

/* Which header and body lines the beginning has. */
struct survey {
	bool mark, version, creator, events, positions, desc, body;
};

static struct survey look_through(const char *path, struct cf_slice text, bool whole)
{
	struct survey s = { 0 };
	struct cf_lines lines;
	struct cf_slice line;

	cf_lines_init(&lines, path, text);
	while (cf_lines_next(&lines, &line)) {
		enum cf_callgrind_key key = cf_callgrind_key(line);

		/* A line that the look-ahead cuts says nothing. */
		if (!whole && lines.pos == text.len)
			break;
		s.mark |= lines.loc.line == 1 && cf_callgrind_is_mark(line);
		s.version |= key == CF_CALLGRIND_KEY_VERSION;
		s.creator |= key == CF_CALLGRIND_KEY_CREATOR;
		s.events |= key == CF_CALLGRIND_KEY_EVENTS;
		s.positions |= key == CF_CALLGRIND_KEY_POSITIONS;
		s.desc |= key == CF_CALLGRIND_KEY_DESC || key == CF_CALLGRIND_KEY_CMD;
		s.body |= key == CF_CALLGRIND_KEY_FN || key == CF_CALLGRIND_KEY_FL ||
			  key == CF_CALLGRIND_KEY_OB;
	}
	return s;
}

enum cf_bid cf_callgrind_probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) }, text;
	struct cf_diag silent = { 0 };
	g_autofree char *owned = NULL;
	struct survey s;

	if (input->json) {
		*why = "JSON";
		return CF_BID_NO;
	}
	if (cf_text_utf8(input->path, start, &text, &owned, &silent) < 0) {
		*why = "binary data";
		return CF_BID_NO;
	}
	s = look_through(input->path, text, start.len == input->bytes.len);
	if (s.mark || (s.version && s.creator && s.events))
		return CF_BID_MAGIC;
	if (s.events && (s.body || s.positions))
		return CF_BID_SHAPE;
	*why = s.events ? "no line \"fn=\"" : "no line \"events:\"";
	return s.events || (s.creator && s.version) || (s.body && s.desc) ? CF_BID_NEAR : CF_BID_NO;
}
