/* SPDX-License-Identifier: MIT */
/* format: the registry of importers, and which of them reads an input. */
#include "ingest/format.h"

#define CF_FORMAT(name) extern const struct cf_format cf_format_##name;
#include "ingest/formats.def"
#undef CF_FORMAT

const struct cf_format *const cf_formats[] = {
#define CF_FORMAT(name) &cf_format_##name,
#include "ingest/formats.def"
#undef CF_FORMAT
	NULL
};

const struct cf_param cf_format_common_params[] = {
	{ .name = "partial",
	  .type = CF_PARAM_BOOL,
	  .help = "keep what is whole of a damaged file, and mark the run" },
	{ 0 }
};

const struct cf_format *cf_format_by_name(const char *name)
{
	for (size_t i = 0; cf_formats[i]; i++)
		if (!strcmp(cf_formats[i]->name, name))
			return cf_formats[i];
	return NULL;
}

static const struct cf_format *named(const char *name, struct cf_diag *diag)
{
	const struct cf_format *format = cf_format_by_name(name);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = NULL, *all = NULL;
	const char *near;

	if (format)
		return format;
	for (size_t i = 0; cf_formats[i]; i++)
		g_ptr_array_add(names, (gpointer)cf_formats[i]->name);
	near = cf_nearest(name, (const char *const *)names->pdata, names->len);
	g_ptr_array_add(names, NULL);
	shown = cf_visible(name, -1, 200);
	all = g_strjoinv(", ", (char **)names->pdata);
	if (near)
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown format '%s'; did you mean '%s'?", shown,
			    near);
	else
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown format '%s'; expected one of %s", shown,
			    all);
	return NULL;
}

/* The first bytes as they are shown in a message: 'abc...' */
static char *first_bytes(const struct cf_input *input)
{
	return cf_visible((const char *)input->bytes.data, (gssize)MIN(input->bytes.len, 64), 16);
}

const struct cf_format *cf_format_choose(const struct cf_format *const *formats, const struct cf_input *input,
					 struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path };
	const struct cf_format *best = NULL, *tie = NULL;
	enum cf_bid best_bid = CF_BID_NO;
	g_autoptr(GString) reasons = g_string_new(NULL);
	g_autofree char *shown = NULL;

	if (!input->bytes.len && !input->directory) {
		cf_error(diag, &loc, "empty file");
		return NULL;
	}
	for (size_t i = 0; formats[i]; i++) {
		const char *why = "content";
		enum cf_bid bid = CF_BID_NO;

		if (input->directory && !formats[i]->directories)
			continue;
		bid = formats[i]->probe(input, &why);
		if (bid == CF_BID_NO) {
			g_string_append_printf(reasons, "%s%s (%s)", reasons->len ? ", " : "",
					       formats[i]->name, why);
		} else if (bid > best_bid) {
			best = formats[i];
			best_bid = bid;
			tie = NULL;
		} else if (bid == best_bid) {
			tie = formats[i];
		}
	}
	if (best && tie) {
		cf_error(diag, &loc, "could be %s or %s; choose with --format", best->name, tie->name);
		return NULL;
	}
	if (best)
		return best;
	if (input->directory) {
		cf_error(diag, &loc, "an unknown directory; nearest: %s", reasons->str);
		return NULL;
	}
	shown = first_bytes(input);
	cf_error(diag, &loc, "unknown format, begins with '%s'; nearest: %s", shown, reasons->str);
	return NULL;
}

void cf_history_look_clear(struct cf_history_look *look)
{
	g_free(look->name);
	g_free(look->path);
	g_free(look->state);
	*look = (struct cf_history_look){ 0 };
}

const struct cf_format *cf_format_probe(const struct cf_input *input, const char *name, struct cf_diag *diag)
{
	return name ? named(name, diag) : cf_format_choose(cf_formats, input, diag);
}
