/* SPDX-License-Identifier: MIT */
/* glob: matches paths with patterns as .gitignore and .gitattributes have them. */
#include "core/glob.h"

#include <glib.h>
#include <string.h>

/* Longer ones match nothing: paths are at most as long. */
#define PATTERN_MAX 4096

/* One element of a pattern at p; *next: behind it. */
enum element { END, CHARACTER, ANY, STAR, STARS, SET };

static enum element element_at(const char *p, const char **next)
{
	switch (*p) {
	case '\0':
		*next = p;
		return END;
	case '?':
		*next = p + 1;
		return ANY;
	case '*':
		for (*next = p; **next == '*';)
			++*next;
		return *next - p > 1 ? STARS : STAR;
	case '[': {
		const char *q = p + 1;

		if (*q == '!' || *q == '^')
			q++;
		if (*q == ']')
			q++;
		while (*q && *q != ']')
			q += *q == '\\' && q[1] ? 2 : 1;
		*next = *q ? q + 1 : p + 1;
		return *q ? SET : CHARACTER;
	}
	case '\\':
		*next = p[1] ? p + 2 : p + 1;
		return CHARACTER;
	default:
		*next = p + 1;
		return CHARACTER;
	}
}

static bool in_set(const char *p, const char *end, unsigned char c)
{
	bool negated = p[1] == '!' || p[1] == '^', found = false;

	for (p += 1 + negated; p < end - 1;) {
		unsigned char low, high;

		if (*p == '\\' && p + 1 < end - 1)
			p++;
		low = high = (unsigned char)*p++;
		if (*p == '-' && p + 1 < end - 1) {
			high = (unsigned char)p[1];
			p += 2;
		}
		found = found || (c >= low && c <= high);
	}
	return c != '/' && found != negated;
}

static bool takes(enum element element, const char *p, const char *next, unsigned char c)
{
	switch (element) {
	case CHARACTER:
		return (unsigned char)(*p == '\\' && p[1] ? p[1] : *p) == c;
	case ANY:
		return c != '/';
	case SET:
		return in_set(p, next, c);
	default:
		return false;
	}
}

/*
 * All states at once: reached[i] says that the first i bytes of the pattern match what was read. Stars stay where they are
 * and also let the next element begin.
 */
static void skip_stars(const char *pattern, bool *reached, size_t len)
{
	for (size_t i = 0; i <= len; i++) {
		const char *next;
		enum element element;

		if (!reached[i])
			continue;
		element = element_at(pattern + i, &next);
		if (element != STAR && element != STARS)
			continue;
		reached[next - pattern] = true;
		/* Two stars between slashes also are no folder at all. */
		if (element == STARS && *next == '/' && (i == 0 || pattern[i - 1] == '/'))
			reached[next + 1 - pattern] = true;
	}
}

bool cf_glob_match(const char *pattern, const char *text)
{
	size_t len = strlen(pattern);
	g_autofree bool *reached = NULL, *after = NULL;
	bool matched;

	if (len > PATTERN_MAX)
		return false;
	reached = g_new0(bool, len + 2);
	after = g_new0(bool, len + 2);
	reached[0] = true;
	skip_stars(pattern, reached, len);
	for (; *text; text++) {
		bool *swap = reached;
		bool any = false;

		memset(after, 0, (len + 2) * sizeof(*after));
		for (size_t i = 0; i < len; i++) {
			const char *next;
			enum element element;

			if (!reached[i])
				continue;
			element = element_at(pattern + i, &next);
			if (element == STARS || (element == STAR && *text != '/'))
				after[i] = any = true;
			else if (takes(element, pattern + i, next, (unsigned char)*text))
				after[next - pattern] = any = true;
		}
		if (!any)
			return false;
		skip_stars(pattern, after, len);
		reached = after;
		after = swap;
	}
	matched = reached[len];
	return matched;
}

bool cf_glob_path(const char *pattern, const char *path, bool folders)
{
	g_autofree char *own = g_strdup(pattern), *whole = NULL, *anywhere = NULL;
	size_t len = strlen(own);
	bool anchored;

	while (len > 1 && own[len - 1] == '/')
		own[--len] = '\0';
	anchored = strchr(own, '/') != NULL;
	whole = *own == '/' ? g_strdup(own + 1) : anchored ? g_strdup(own) : g_strconcat("**/", own, NULL);
	if (cf_glob_match(whole, path))
		return true;
	if (!folders)
		return false;
	anywhere = g_strconcat(whole, "/**", NULL);
	return cf_glob_match(anywhere, path);
}
