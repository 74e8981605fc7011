/* SPDX-License-Identifier: MIT */
/* demangle: names of C++, Rust and OCaml functions as their programmers wrote them. */
#include "ingest/perf/demangle.h"

#include <libiberty/demangle.h>
#include <setjmp.h>
#include <string.h>

#define NAME_MAX_LEN (32 * 1024)
#define TEXT_MAX_LEN (64 * 1024)

/*
 * Back-references make a short hostile name stand for gigabytes of text, and the demangler has no way to be
 * told to stop. So its output goes through a callback, which leaves by longjmp when it has seen enough. The
 * frames that are left hold no memory of the heap but a small buffer of a Rust identifier in punycode.
 */
struct text {
	char *data; /* TEXT_MAX_LEN + 1 bytes */
	size_t len;
	jmp_buf too_long;
};

static void append(const char *piece, size_t len, void *ctx)
{
	struct text *text = ctx;

	if (!len)
		return; /* an empty identifier of Rust is NULL */
	if (len > TEXT_MAX_LEN - text->len)
		longjmp(text->too_long, 1);
	memcpy(text->data + text->len, piece, len);
	text->len += len;
}

/* options: DMGL_NO_RECURSE_LIMIT must stay unset. */
static gboolean run(struct text *text, const char *mangled, int options, gboolean rust)
{
	int ok;

	text->len = 0;
	if (setjmp(text->too_long))
		return FALSE;
	ok = rust ? rust_demangle_callback(mangled, options, append, text)
		  : cplus_demangle_v3_callback(mangled, options, append, text);
	return ok && text->len;
}

/* camlModule__function_12: "__" separates, "$xx" is a byte in hex. */
static char *demangle_ocaml(const char *name)
{
	GString *out = g_string_new(NULL);

	for (const char *p = name + 4; *p; p++) {
		if (p[0] == '_' && p[1] == '_') {
			g_string_append_c(out, '.');
			p++;
		} else if (p[0] == '$' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]) &&
			   (p[1] != '0' || p[2] != '0')) {
			g_string_append_c(
				out, (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2])));
			p += 2;
		} else {
			g_string_append_c(out, *p);
		}
	}
	return g_string_free(out, FALSE);
}

static char *demangle(const char *name, gssize len, int options)
{
	size_t size = len < 0 ? strlen(name) : (size_t)len;
	g_autofree char *copy = NULL, *space = NULL;
	struct text text;

	if (size < 3 || size > NAME_MAX_LEN)
		return NULL;
	if (name[0] == '_' ? name[1] != 'Z' && name[1] != 'R' && name[1] != 'G' : memcmp(name, "cam", 3) != 0)
		return NULL;
	copy = g_strndup(name, size);
	if (copy[0] == 'c')
		return copy[3] == 'l' && g_ascii_isupper(copy[4]) ? demangle_ocaml(copy) : NULL;
	space = g_try_malloc(TEXT_MAX_LEN + 1);
	if (!space)
		return NULL;
	text.data = space;
	if (!run(&text, copy, options, TRUE) && !run(&text, copy, options, FALSE))
		return NULL;
	return g_strndup(text.data, text.len);
}

char *cf_demangle(const char *name, gssize len)
{
	return demangle(name, len, DMGL_AUTO);
}

char *cf_demangle_with_parameters(const char *name, gssize len)
{
	return demangle(name, len, DMGL_AUTO | DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP);
}
