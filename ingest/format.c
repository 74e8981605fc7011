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

/* As many as fit into a message. */
#define REASONS_MAX 6

/* "pprof (no sample types), perf (no PERFILE2 magic)" */
struct reasons {
	GString *text;
	unsigned n;
};

static void add_reason(struct reasons *reasons, const struct cf_format *format, const char *why)
{
	if (reasons->n++ < REASONS_MAX)
		g_string_append_printf(reasons->text, "%s%s (%s)", reasons->text->len ? ", " : "",
				       format->name, why);
	else if (reasons->n == REASONS_MAX + 1)
		g_string_append(reasons->text, ", ...");
}

static void refuse(const struct cf_input *input, const struct reasons *reasons, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path };
	g_autofree char *shown = first_bytes(input);

	cf_error(diag, &loc, "unknown format, begins with '%s'; nearest: %s", shown, reasons->text->str);
}

const struct cf_format *cf_format_choose(const struct cf_format *const *formats, const struct cf_input *input,
					 struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path };
	struct cf_json_shape *shape;
	struct cf_input probed = *input;
	const struct cf_format *best = NULL, *tie = NULL;
	enum cf_bid best_bid = CF_BID_NEAR;
	g_autoptr(GString) near_text = g_string_new(NULL), no_text = g_string_new(NULL);
	struct reasons near = { near_text, 0 }, no = { no_text, 0 };

	if (!input->bytes.len && !input->directory) {
		cf_error(diag, &loc, "empty file");
		return NULL;
	}
	probed.json = shape = cf_json_shape_new(input->bytes);
	for (size_t i = 0; formats[i]; i++) {
		const char *why = "content";
		enum cf_bid bid;

		if (input->directory && !formats[i]->directories)
			continue;
		bid = formats[i]->probe(&probed, &why);
		if (bid <= CF_BID_NEAR) {
			if (bid == CF_BID_NEAR || formats[i]->json == (shape != NULL))
				add_reason(bid == CF_BID_NEAR ? &near : &no, formats[i], why);
		} else if (bid > best_bid) {
			best = formats[i];
			best_bid = bid;
			tie = NULL;
		} else if (bid == best_bid) {
			tie = formats[i];
		}
	}
	cf_json_shape_free(shape);
	if (best && tie) {
		cf_error(diag, &loc, "could be %s or %s; choose with --format", best->name, tie->name);
		return NULL;
	}
	if (!best)
		refuse(input, near.n ? &near : &no, diag);
	return best;
}

void cf_history_look_clear(struct cf_history_look *look)
{
	g_free(look->name);
	g_free(look->path);
	g_free(look->state);
	g_free(look->options);
	*look = (struct cf_history_look){ 0 };
}

const struct cf_format *cf_format_probe(const struct cf_input *input, const char *name, struct cf_diag *diag)
{
	return name ? named(name, diag) : cf_format_choose(cf_formats, input, diag);
}
