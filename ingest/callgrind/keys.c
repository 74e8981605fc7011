/* SPDX-License-Identifier: MIT */
/* keys: what the lines of a callgrind file that aren't costs begin with. */
#include "ingest/callgrind/keys.h"

static const struct {
	const char *text;
	size_t len;
} keys[] = {
#define KEY(x, t) [x] = { t, sizeof(t) - 1 }
	KEY(CF_CALLGRIND_KEY_FI, "fi="),           KEY(CF_CALLGRIND_KEY_FE, "fe="),
	KEY(CF_CALLGRIND_KEY_JCND, "jcnd="),       KEY(CF_CALLGRIND_KEY_JUMP, "jump="),
	KEY(CF_CALLGRIND_KEY_CALLS, "calls="),     KEY(CF_CALLGRIND_KEY_CFN, "cfn="),
	KEY(CF_CALLGRIND_KEY_CFI, "cfi="),         KEY(CF_CALLGRIND_KEY_CFL, "cfl="),
	KEY(CF_CALLGRIND_KEY_COB, "cob="),         KEY(CF_CALLGRIND_KEY_FN, "fn="),
	KEY(CF_CALLGRIND_KEY_FL, "fl="),           KEY(CF_CALLGRIND_KEY_OB, "ob="),
	KEY(CF_CALLGRIND_KEY_JFI, "jfi="),         KEY(CF_CALLGRIND_KEY_JFN, "jfn="),
	KEY(CF_CALLGRIND_KEY_RCALLS, "rcalls="),   KEY(CF_CALLGRIND_KEY_EVENTS, "events:"),
	KEY(CF_CALLGRIND_KEY_EVENT, "event:"),     KEY(CF_CALLGRIND_KEY_POSITIONS, "positions:"),
	KEY(CF_CALLGRIND_KEY_SUMMARY, "summary:"), KEY(CF_CALLGRIND_KEY_TOTALS, "totals:"),
	KEY(CF_CALLGRIND_KEY_PART, "part:"),       KEY(CF_CALLGRIND_KEY_THREAD, "thread:"),
	KEY(CF_CALLGRIND_KEY_PID, "pid:"),         KEY(CF_CALLGRIND_KEY_CMD, "cmd:"),
	KEY(CF_CALLGRIND_KEY_VERSION, "version:"), KEY(CF_CALLGRIND_KEY_CREATOR, "creator:"),
	KEY(CF_CALLGRIND_KEY_DESC, "desc:"),
#undef KEY
};

enum cf_callgrind_key cf_callgrind_key(struct cf_slice line)
{
	for (int key = 0; key < CF_CALLGRIND_KEY_NONE; key++)
		if (line.len >= keys[key].len && line.data[0] == (uint8_t)keys[key].text[0] &&
		    !memcmp(line.data, keys[key].text, keys[key].len))
			return (enum cf_callgrind_key)key;
	return CF_CALLGRIND_KEY_NONE;
}

bool cf_callgrind_is_mark(struct cf_slice line)
{
	static const char mark[] = "# callgrind format";

	return line.len >= sizeof(mark) - 1 && !memcmp(line.data, mark, sizeof(mark) - 1);
}

bool cf_callgrind_looks_like_key(struct cf_slice line)
{
	uint64_t n = 0;

	if (!line.len || !g_ascii_isalpha((gchar)line.data[0]))
		return false;
	while (n < line.len && n < 64 &&
	       (g_ascii_isalnum((gchar)line.data[n]) || strchr(" _-()", line.data[n])))
		n++;
	return n < line.len && (line.data[n] == ':' || line.data[n] == '=');
}

uint64_t cf_callgrind_key_len(enum cf_callgrind_key key)
{
	return keys[key].len;
}
