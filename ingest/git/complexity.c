/* SPDX-License-Identifier: MIT */
/* complexity: the cyclomatic complexity of a function's text. */
#include "ingest/git/complexity.h"

#include <glib.h>
#include <stdlib.h>

/*
 * McCabe, "A Complexity Measure", 1976, as pmccabe counts it traditionally: 1 and one for each if, while, for, case, ?, &&
 * and ||. Of the parts between #if and #endif the first counts, as pmccabe's, after `#if 0` none, and of directives nothing.
 */
static const char *const words_c[] = { "if", "while", "for", "case", "catch", NULL };
static const char *const words_go[] = { "if", "for", "case", NULL };
static const char *const words_php[] = { "if",   "elseif", "while", "for", "foreach",
					 "case", "catch",  "and",   "or",  NULL };

struct scan {
	struct cf_slice text;
	uint64_t at;
	uint32_t line;
	enum cf_syntax syntax;
	const char *const *words;
	GArray *decisions; /* uint32_t: their lines, ascending */
	bool value_before; /* the last token ends a value: a slash divides, and doesn't begin a regular expression */
};

static int peek(const struct scan *s, uint64_t ahead)
{
	return s->at + ahead < s->text.len ? s->text.data[s->at + ahead] : -1;
}

static void advance(struct scan *s)
{
	if (s->text.data[s->at] == '\n')
		s->line++;
	s->at++;
}

static void skip_line(struct scan *s, bool continued)
{
	while (peek(s, 0) >= 0 && peek(s, 0) != '\n') {
		if (continued && peek(s, 0) == '\\' && (peek(s, 1) == '\n' || peek(s, 1) == '\r'))
			advance(s);
		if (peek(s, 0) == '\r' && peek(s, 1) == '\n' && continued && s->text.data[s->at - 1] == '\\')
			advance(s);
		if (continued && peek(s, 0) == '/' && peek(s, 1) == '*')
			return;
		advance(s);
	}
}

static void skip_comment(struct scan *s)
{
	advance(s);
	advance(s);
	while (peek(s, 0) >= 0 && !(peek(s, 0) == '*' && peek(s, 1) == '/'))
		advance(s);
	for (int i = 0; i < 2 && peek(s, 0) >= 0; i++)
		advance(s);
}

/* Up to the closing quote; one that isn't for many lines also ends with its line. */
static void skip_quoted(struct scan *s, int quote)
{
	bool lines = quote == '`';

	advance(s);
	while (peek(s, 0) >= 0 && peek(s, 0) != quote) {
		if (peek(s, 0) == '\n' && !lines)
			return;
		if (peek(s, 0) == '\\' && peek(s, 1) >= 0)
			advance(s);
		advance(s);
	}
	if (peek(s, 0) >= 0)
		advance(s);
	s->value_before = true;
}

/* A regular expression of JavaScript: to the slash that is in no set. */
static void skip_regex(struct scan *s)
{
	bool set = false;

	advance(s);
	while (peek(s, 0) >= 0 && peek(s, 0) != '\n' && (set || peek(s, 0) != '/')) {
		if (peek(s, 0) == '\\' && peek(s, 1) >= 0 && peek(s, 1) != '\n')
			advance(s);
		else if (peek(s, 0) == '[')
			set = true;
		else if (peek(s, 0) == ']')
			set = false;
		advance(s);
	}
	if (peek(s, 0) == '/')
		advance(s);
	s->value_before = true;
}

static bool is_word(int c)
{
	return c == '_' || c == '$' || c >= 0x80 || (c >= 0 && g_ascii_isalnum((char)c));
}

/* With the digit separators of C++. */
static void skip_number(struct scan *s)
{
	while (is_word(peek(s, 0)) || peek(s, 0) == '\'')
		s->at++;
	s->value_before = true;
}

static void decide(struct scan *s)
{
	g_array_append_val(s->decisions, s->line);
}

static void take_word(struct scan *s)
{
	uint64_t start = s->at, len;
	const char *word = (const char *)s->text.data + start;

	while (is_word(peek(s, 0)))
		s->at++;
	len = s->at - start;
	s->value_before = !(len == 6 && memcmp(word, "return", 6) == 0);
	for (const char *const *w = s->words; *w; w++)
		if (strlen(*w) == len && memcmp(*w, word, len) == 0) {
			decide(s);
			s->value_before = false;
		}
}

/* One token that is neither a word nor a quoted text. */
static void take_sign(struct scan *s)
{
	int c = peek(s, 0), next = peek(s, 1);

	if ((c == '&' || c == '|') && next == c) {
		decide(s);
		s->at++;
	} else if (c == '?' && s->syntax != CF_SYNTAX_GO) {
		/* JavaScript and others have ?. and ?? and ?: that choose nothing here. */
		if (s->syntax != CF_SYNTAX_C && (next == '.' || next == '?' || next == ':'))
			s->at++;
		else
			decide(s);
	}
	s->value_before = c == ')' || c == ']';
	advance(s);
}

/* At the first sign of a line that is for the preprocessor. */
static bool is_directive(const struct scan *s)
{
	uint64_t i = s->at;

	if (s->syntax != CF_SYNTAX_C || peek(s, 0) != '#')
		return false;
	while (i > 0 && (s->text.data[i - 1] == ' ' || s->text.data[i - 1] == '\t'))
		i--;
	return i == 0 || s->text.data[i - 1] == '\n';
}

/* The first place from i on whose sign is none of signs. */
static uint64_t behind(const struct scan *s, uint64_t i, const char *signs)
{
	while (i < s->text.len && s->text.data[i] && strchr(signs, s->text.data[i]))
		i++;
	return i;
}

static bool is_at(const struct scan *s, uint64_t i, const char *word)
{
	size_t len = strlen(word);

	return s->text.len - i >= len && memcmp(s->text.data + i, word, len) == 0;
}

/* The word after '#'. */
static bool directive_begins(const struct scan *s, const char *word)
{
	return is_at(s, behind(s, s->at + 1, " \t"), word);
}

/* From an #else or #elif to its #endif. */
static void skip_branches(struct scan *s)
{
	uint32_t depth = 0;

	while (peek(s, 0) >= 0) {
		if (is_directive(s)) {
			if (directive_begins(s, "if"))
				depth++;
			else if (directive_begins(s, "endif") && depth-- == 0)
				return;
		}
		advance(s);
	}
}

/* `#if 0`: nothing up to its #endif counts. pmccabe looks at the beginning of the condition. */
static bool is_never(const struct scan *s)
{
	uint64_t word = behind(s, s->at + 1, " \t"), condition = behind(s, word + 2, " \t(");

	return is_at(s, word, "if") && condition > word + 2 &&
	       (is_at(s, condition, "0") || is_at(s, condition, "false"));
}

static void take_directive(struct scan *s)
{
	bool never = is_never(s);

	if (never)
		skip_line(s, true);
	if (never || directive_begins(s, "el"))
		skip_branches(s);
	skip_line(s, true);
}

static void take_token(struct scan *s)
{
	int c = peek(s, 0), next = peek(s, 1);

	if (c == '/' && next == '*')
		skip_comment(s);
	else if (c == '/' && next == '/')
		skip_line(s, false);
	else if (is_directive(s))
		take_directive(s);
	else if (c == '#' && s->syntax == CF_SYNTAX_PHP && next != '[')
		skip_line(s, false);
	else if (c == '/' && s->syntax == CF_SYNTAX_JAVASCRIPT && !s->value_before)
		skip_regex(s);
	else if (c == '"' || c == '\'' ||
		 (c == '`' && s->syntax != CF_SYNTAX_C && s->syntax != CF_SYNTAX_PHP))
		skip_quoted(s, c);
	else if (g_ascii_isdigit((char)c))
		skip_number(s);
	else if (is_word(c))
		take_word(s);
	else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		advance(s);
	else
		take_sign(s);
}

/* The first of the ascending lines that isn't below line. */
static guint lower_bound(const GArray *lines, uint32_t line)
{
	guint low = 0, high = lines->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(lines, uint32_t, middle) < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void cf_complexity(struct cf_slice content, enum cf_syntax syntax, const uint32_t *first,
		   const uint32_t *last, size_t n, uint32_t *result)
{
	struct scan s = { .text = content, .line = 1, .syntax = syntax };

	memset(result, 0, n * sizeof(*result));
	if (syntax == CF_SYNTAX_NONE || n == 0)
		return;
	s.words = syntax == CF_SYNTAX_GO ? words_go : syntax == CF_SYNTAX_PHP ? words_php : words_c;
	s.decisions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	while (s.at < content.len)
		take_token(&s);
	for (size_t i = 0; i < n; i++)
		result[i] = 1 + lower_bound(s.decisions, last[i] == UINT32_MAX ? last[i] : last[i] + 1) -
			    lower_bound(s.decisions, first[i]);
	g_array_unref(s.decisions);
}
