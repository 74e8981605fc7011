/* SPDX-License-Identifier: MIT */
/* commits: what a commit object says. */
#include "ingest/git/commits.h"

#include <stdlib.h>

/* An octopus of a few hundred parents has been seen. */
#define PARENTS_MAX 4096
#define COAUTHORS_MAX 256
/* Bytes of a subject, name or address that are kept. */
#define SUBJECT_MAX 500
#define NAME_MAX_BYTES 200

/* What a commit's header may ask for: others could load anything the C library finds. */
static const char *const encodings[] = { "ISO-8859-", "ISO8859-", "LATIN",  "WINDOWS-125",
					 "CP125",     "KOI8-",    "EUC-JP", "EUC-KR",
					 "SHIFT_JIS", "SJIS",     "GBK",    "BIG5" };

static gboolean take_header(struct cf_slice *rest, const char *key, struct cf_slice *value)
{
	size_t len = strlen(key);
	const uint8_t *newline;

	if (rest->len < len || memcmp(rest->data, key, len) != 0)
		return FALSE;
	newline = memchr(rest->data, '\n', rest->len);
	if (!newline)
		return FALSE;
	*value = (struct cf_slice){ rest->data + len, (uint64_t)(newline - rest->data) - len };
	rest->len -= (uint64_t)(newline + 1 - rest->data);
	rest->data = newline + 1;
	return TRUE;
}

static struct cf_slice strip(struct cf_slice s)
{
	while (s.len && g_ascii_isspace(s.data[0])) {
		s.data++;
		s.len--;
	}
	while (s.len && g_ascii_isspace(s.data[s.len - 1]))
		s.len--;
	return s;
}

/* As git does before it writes a commit; what was written by others is cleaned when it is shown. */
static struct cf_slice without_nul(struct cf_slice s, size_t max)
{
	const uint8_t *nul = s.len ? memchr(s.data, '\0', s.len) : NULL;

	if (nul)
		s.len = (uint64_t)(nul - s.data);
	if (s.len > max) {
		s.len = max;
		/* Not in the middle of a character. */
		while (s.len && (s.data[s.len] & 0xc0) == 0x80)
			s.len--;
	}
	return s;
}

/* "+0530" in minutes; what is no zone is 0. */
static int16_t parse_zone(struct cf_slice s)
{
	int sign = 1, value = 0;

	if (s.len && (s.data[0] == '+' || s.data[0] == '-')) {
		sign = s.data[0] == '-' ? -1 : 1;
		s.data++;
		s.len--;
	}
	if (!s.len || s.len > 4)
		return 0;
	for (uint64_t i = 0; i < s.len; i++) {
		if (!g_ascii_isdigit(s.data[i]))
			return 0;
		value = value * 10 + (s.data[i] - '0');
	}
	return (int16_t)(sign * (value / 100 * 60 + value % 100));
}

/* "SECONDS ZONE" at the end of the line. A time that is none is 0, as git shows it. */
static void parse_time(struct cf_slice s, struct cf_git_signature *who)
{
	const uint8_t *space;

	s = strip(s);
	space = s.len ? memrchr(s.data, ' ', s.len) : NULL;
	if (space) {
		who->zone =
			parse_zone((struct cf_slice){ space + 1, (uint64_t)(s.data + s.len - space - 1) });
		s.len = (uint64_t)(space - s.data);
	}
	if (!cf_parse_i64(strip(s), &who->time))
		who->time = 0;
}

/* "NAME <EMAIL> ..."; FALSE: no angle brackets. after: what follows them. */
static gboolean parse_person(struct cf_slice line, struct cf_git_signature *who, struct cf_slice *after)
{
	const uint8_t *open = line.len ? memchr(line.data, '<', line.len) : NULL, *close;

	if (!open)
		return FALSE;
	/* The last one: some addresses have a bracket inside. */
	close = memrchr(open, '>', (size_t)(line.data + line.len - open));
	if (!close)
		return FALSE;
	who->name = without_nul(strip((struct cf_slice){ line.data, (uint64_t)(open - line.data) }),
				NAME_MAX_BYTES);
	who->email = without_nul(strip((struct cf_slice){ open + 1, (uint64_t)(close - open - 1) }),
				 NAME_MAX_BYTES);
	*after = (struct cf_slice){ close + 1, (uint64_t)(line.data + line.len - close - 1) };
	return TRUE;
}

static gboolean parse_signature(struct cf_slice line, struct cf_git_signature *who)
{
	struct cf_slice after;

	if (!parse_person(line, who, &after))
		return FALSE;
	parse_time(after, who);
	return TRUE;
}

/* The first paragraph of the message, its lines joined by blanks, as %s has it. Caller frees. */
static char *first_paragraph(struct cf_slice message)
{
	GString *text = g_string_new(NULL);

	while (message.len && text->len < SUBJECT_MAX) {
		const uint8_t *newline = memchr(message.data, '\n', message.len);
		uint64_t len = newline ? (uint64_t)(newline - message.data) : message.len;
		struct cf_slice line =
			without_nul(strip((struct cf_slice){ message.data, len }), SUBJECT_MAX);

		if (!line.len && text->len)
			break;
		if (line.len && text->len)
			g_string_append_c(text, ' ');
		g_string_append_len(text, (const char *)line.data, (gssize)line.len);
		message.data += len + (newline != NULL);
		message.len -= len + (newline != NULL);
	}
	return g_string_free(text, FALSE);
}

/* "Co-authored-by: NAME <EMAIL>" in any case. */
static void find_coauthors(struct cf_git_commit *commit)
{
	static const char key[] = "co-authored-by:";
	const size_t len = sizeof(key) - 1;
	struct cf_slice rest = commit->message, after;

	while (rest.len && commit->coauthors->len < COAUTHORS_MAX) {
		const uint8_t *newline = memchr(rest.data, '\n', rest.len);
		uint64_t line = newline ? (uint64_t)(newline - rest.data) : rest.len;
		struct cf_git_signature who = { .time = 0 };

		if (line > len && g_ascii_strncasecmp((const char *)rest.data, key, len) == 0 &&
		    parse_person((struct cf_slice){ rest.data + len, line - len }, &who, &after))
			g_array_append_val(commit->coauthors, who);
		rest.data += line + (newline != NULL);
		rest.len -= line + (newline != NULL);
	}
}

static gboolean known_encoding(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(encodings); i++)
		if (g_ascii_strncasecmp(name, encodings[i], strlen(encodings[i])) == 0)
			return TRUE;
	return FALSE;
}

static void convert(struct cf_slice *text, const char *from, char **owned)
{
	gsize len;

	if (!text->len || g_utf8_validate((const char *)text->data, (gssize)text->len, NULL))
		return;
	*owned = g_convert((const char *)text->data, (gssize)text->len, "UTF-8", from, NULL, &len, NULL);
	if (*owned)
		*text = (struct cf_slice){ (const uint8_t *)*owned, len };
}

static void convert_all(struct cf_git_commit *commit, struct cf_slice encoding)
{
	g_autofree char *from = g_strndup((const char *)encoding.data, MIN(encoding.len, 40));

	if (!known_encoding(from))
		return;
	convert(&commit->author.name, from, &commit->owned[0]);
	convert(&commit->author.email, from, &commit->owned[1]);
	convert(&commit->committer.name, from, &commit->owned[2]);
	convert(&commit->committer.email, from, &commit->owned[3]);
	convert(&commit->subject, from, &commit->owned[4]);
}

static gboolean take_oid(struct cf_slice *rest, const char *key, struct cf_oid *oid)
{
	struct cf_slice value;

	return take_header(rest, key, &value) && cf_oid_parse(oid, (const char *)value.data, value.len);
}

gboolean cf_git_commit_parse(struct cf_git_commit *commit, struct cf_slice object)
{
	struct cf_slice rest = object, value, encoding = { NULL, 0 };
	struct cf_oid parent;

	*commit = (struct cf_git_commit){ .parents = g_array_new(FALSE, FALSE, sizeof(struct cf_oid)),
					  .coauthors = g_array_new(FALSE, FALSE,
								   sizeof(struct cf_git_signature)) };
	if (!take_oid(&rest, "tree ", &commit->tree))
		return FALSE;
	while (take_oid(&rest, "parent ", &parent)) {
		if (commit->parents->len == PARENTS_MAX)
			return FALSE;
		g_array_append_val(commit->parents, parent);
	}
	if (!take_header(&rest, "author ", &value) || !parse_signature(value, &commit->author))
		return FALSE;
	if (!take_header(&rest, "committer ", &value) || !parse_signature(value, &commit->committer))
		return FALSE;
	/* Other headers (gpgsig, mergetag) have continuation lines that begin with a blank. */
	while (rest.len && rest.data[0] != '\n') {
		const uint8_t *newline;

		if (take_header(&rest, "encoding ", &encoding))
			continue;
		newline = memchr(rest.data, '\n', rest.len);
		if (!newline)
			break;
		rest.len -= (uint64_t)(newline + 1 - rest.data);
		rest.data = newline + 1;
	}
	commit->message = rest;
	commit->owned[5] = first_paragraph(rest);
	commit->subject = without_nul(
		(struct cf_slice){ (uint8_t *)commit->owned[5], strlen(commit->owned[5]) }, SUBJECT_MAX);
	find_coauthors(commit);
	if (encoding.len)
		convert_all(commit, encoding);
	return TRUE;
}

void cf_git_commit_clear(struct cf_git_commit *commit)
{
	if (commit->parents)
		g_array_unref(commit->parents);
	if (commit->coauthors)
		g_array_unref(commit->coauthors);
	for (size_t i = 0; i < G_N_ELEMENTS(commit->owned); i++)
		g_free(commit->owned[i]);
	*commit = (struct cf_git_commit){ 0 };
}
