/* SPDX-License-Identifier: MIT */
/* cost_names: names of functions of runs -> names as source files have them. */
#include "analyzers/churn/cost.h"

#include <string.h>

/* "operator()", "operator<" and the like at p: their length, else 0. */
static size_t operator_at(const char *start, const char *p)
{
	static const char *const symbols[] = { "()", "<=>", "<<=", ">>=", "->*", "<<",
					       ">>", "<=",  ">=",  "->",  "<",   ">" };
	const size_t word = strlen("operator");

	if (strncmp(p, "operator", word) != 0 || (p > start && (g_ascii_isalnum(p[-1]) || p[-1] == '_')))
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(symbols); i++)
		if (g_str_has_prefix(p + word, symbols[i]))
			return word + strlen(symbols[i]);
	return g_ascii_isalnum(p[word]) || p[word] == '_' ? 0 : word;
}

/* Behind the bracket that closes the one at p, or the end. */
static const char *behind(const char *p, char open, char close)
{
	int depth = 0;

	for (; *p; p++) {
		depth += *p == open;
		if (*p == close && --depth == 0)
			return p + 1;
	}
	return p;
}

char *cf_cost_bare_name(const char *function)
{
	g_autofree char *canonical = cf_canonical_name(function);
	GString *bare = g_string_new(NULL);

	for (const char *p = canonical; *p;) {
		size_t op = operator_at(canonical, p);

		if (op) {
			g_string_append_len(bare, p, (gssize)op);
			p += op;
			if (*p == ' ')
				break;
		} else if (g_str_has_prefix(p, "(anonymous namespace)::")) {
			p += strlen("(anonymous namespace)::");
		} else if (*p == '(' && p[1] == '*') {
			const char *end = behind(p, '(', ')');

			g_string_append_len(bare, p + 2, MAX(end - p - 3, 0));
			p = end;
		} else if (*p == '(' || *p == '[') {
			break;
		} else if (*p == '<') {
			p = behind(p, '<', '>');
		} else if (*p == ' ') {
			/* What came before was a type. */
			g_string_truncate(bare, 0);
			p++;
		} else {
			g_string_append_c(bare, *p++);
		}
	}
	return g_string_free(bare, FALSE);
}

const char *cf_cost_last_part(const char *bare)
{
	const char *colon = strrchr(bare, ':'), *dot = strrchr(bare, '.');
	const char *last = dot > colon ? dot : colon;

	return last && last[1] ? last + 1 : bare;
}

gboolean cf_cost_same_name(const char *bare, const char *other)
{
	size_t a = strlen(bare), b = strlen(other);
	const char *longer = a > b ? bare : other, *shorter = a > b ? other : bare;
	size_t more = MAX(a, b) - MIN(a, b);

	if (strcmp(longer + more, shorter) != 0)
		return FALSE;
	return more == 0 || longer[more - 1] == ':' || longer[more - 1] == '.';
}
