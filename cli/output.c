/* SPDX-License-Identifier: MIT */
/* output: where a product goes and in which format. */
#include "cli/output.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"

static const char *output_path(const struct cf_cli *cli)
{
	const char *path =
		cf_params_has(cli->params, "output") ? cf_params_string(cli->params, "output") : NULL;

	return path ? path : "-";
}

/* The file whose content a step of GitHub Actions shows: commands add to it. */
static gboolean is_step_summary(const char *path)
{
	const char *summary = g_getenv("GITHUB_STEP_SUMMARY");

	return summary && *summary && strcmp(path, summary) == 0;
}

static int unknown_format(struct cf_cli *cli, const char *format)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GString) known = g_string_new(NULL);
	g_autofree char *shown = cf_visible(format, -1, 40);
	const char *nearest;

	for (size_t i = 0; cf_renderers[i]; i++) {
		g_ptr_array_add(names, (gpointer)cf_renderers[i]->name);
		g_string_append_printf(known, "%s%s", i ? ", " : "", cf_renderers[i]->name);
	}
	nearest = cf_nearest(format, (const char *const *)names->pdata, names->len);
	if (nearest)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "unknown format '%s'; did you mean '%s'?", shown, nearest);
	return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "unknown format '%s'; known: %s", shown,
			   known->str);
}

static int unknown_extension(struct cf_cli *cli, const char *path)
{
	g_autoptr(GString) known = g_string_new(NULL);
	g_autofree char *shown = cf_visible(path, -1, 200);

	for (size_t i = 0; cf_renderers[i]; i++) {
		g_auto(GStrv) extensions = g_strsplit(cf_renderers[i]->extensions, " ", 0);

		for (char **e = extensions; *e; e++)
			g_string_append_printf(known, " .%s", *e);
	}
	return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
			   "%s: no format has this extension; known:%s; or say -f FORMAT", shown, known->str);
}

const struct cf_renderer *cf_output_renderer(struct cf_cli *cli, const char *fallback)
{
	const char *path = output_path(cli);
	const char *format = cf_params_string(cli->params, "format");
	const struct cf_renderer *renderer;

	if (format) {
		renderer = cf_renderer_by_name(format);
		if (!renderer)
			renderer = cf_renderer_by_extension(format);
		if (!renderer)
			unknown_format(cli, format);
	} else if (is_step_summary(path)) {
		renderer = cf_renderer_by_name("github");
	} else if (strcmp(path, "-") != 0 && strncmp(path, "/dev/", 5) != 0) {
		renderer = cf_renderer_by_path(path);
		if (!renderer)
			unknown_extension(cli, path);
	} else {
		renderer = cf_renderer_by_name(fallback);
		if (!renderer)
			unknown_format(cli, fallback);
	}
	if (renderer && renderer->binary && strcmp(path, "-") == 0 && isatty(STDOUT_FILENO)) {
		cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
			    "%s isn't for a terminal; write it to a file: -o FILE.%.*s", renderer->name,
			    (int)strcspn(renderer->extensions, " "), renderer->extensions);
		return NULL;
	}
	return renderer;
}

/* Of what a step may show, with what others have written into it. */
static size_t room_left(const char *path)
{
	const size_t limit = (size_t)1 << 20;
	struct stat st;

	if (!is_step_summary(path) || stat(path, &st) < 0)
		return 0;
	return (size_t)st.st_size < limit ? limit - (size_t)st.st_size : 1;
}

static gboolean flag(const struct cf_cli *cli, const char *name)
{
	return cf_params_has(cli->params, name) && cf_params_bool(cli->params, name);
}

/* Publishing replaces the file: what is read would be gone. Compared by inode, since one file has many names. */
static int check_kept(struct cf_cli *cli, const char *path)
{
	struct cf_loc loc = { .path = path };
	struct stat out, in;

	if (strcmp(path, "-") == 0 || stat(path, &out) < 0 || !S_ISREG(out.st_mode))
		return 0;
	for (guint i = 0; i < cli->kept->len; i++) {
		const char *kept = g_ptr_array_index(cli->kept, i);
		g_autofree char *shown = cf_visible(kept, -1, 200);

		if (stat(kept, &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return cf_error_as(&cli->diag, CF_STATUS_USAGE, &loc,
					   "not written: it is %s, which is being read", shown);
	}
	return 0;
}

/* A product that appears as a file has a folder for its pictures. */
static gboolean has_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && !is_step_summary(path) &&
	       (stat(path, &st) < 0 || S_ISREG(st.st_mode));
}

/* "reports/weekly.md" -> "weekly-". Caller frees. */
static char *pictures_begin(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	char *dot = strrchr(base, '.');

	if (dot && dot != base)
		*dot = '\0';
	return g_strconcat(base, "-", NULL);
}

/* Before the product, so that it never refers to what isn't there. */
static int write_pictures(struct cf_cli *cli, const GPtrArray *pictures)
{
	g_autofree char *folder = g_path_get_dirname(output_path(cli));

	for (guint i = 0; i < pictures->len; i++) {
		const struct cf_picture_file *file = g_ptr_array_index(pictures, i);
		g_autofree char *path = g_build_filename(folder, file->name, NULL);
		struct cf_out *out = check_kept(cli, path) == 0 ? cf_out_file(path, &cli->diag) : NULL;

		if (!out)
			return -1;
		cf_out_puts(out, file->content);
		if (cf_out_close(out, &cli->diag) < 0)
			return -1;
	}
	return 0;
}

int cf_output_doc(struct cf_cli *cli, const struct cf_renderer *renderer, const struct cf_doc *doc)
{
	gboolean to_stdout = strcmp(output_path(cli), "-") == 0;
	struct cf_render_opts opts = {
		.width = to_stdout ? cli->width : 0,
		.color = to_stdout && cli->color,
		.utf8 = !to_stdout || cli->utf8,
		.icicle = flag(cli, "icicle"),
		.static_svg = flag(cli, "static"),
		.image_width =
			cf_params_has(cli->params, "width") ? (int)cf_params_int(cli->params, "width") : 0,
		.version = CF_VERSION,
		.store = cli->store_path,
		.room = room_left(output_path(cli)),
	};
	g_autoptr(GPtrArray) pictures = cf_picture_files_new();
	g_autofree char *beside = pictures_begin(output_path(cli));
	struct cf_out *out = cf_output_open(cli);

	if (!out)
		return -1;
	if (renderer->files && has_folder(output_path(cli))) {
		opts.pictures = pictures;
		opts.beside = beside;
	}
	if (renderer->render(doc, &opts, out, &cli->diag) < 0 || write_pictures(cli, pictures) < 0) {
		cf_out_abort(out);
		cf_interrupt_release();
		return -1;
	}
	if (cf_output_close(cli, out) < 0)
		return -1;
	/* What the page says, and the exit status, are one judgement. */
	if (doc->verdict == CF_VERDICT_FAIL)
		return cf_error_as(&cli->diag, CF_STATUS_GATE, NULL, "%s",
				   doc->reason ? doc->reason : "a gate failed");
	return 0;
}

void cf_output_keep(struct cf_cli *cli, const char *path)
{
	g_ptr_array_add(cli->kept, g_strdup(path));
}

void cf_output_keep_store(struct cf_cli *cli, const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
		g_ptr_array_add(cli->kept, g_strconcat(path, suffixes[i], NULL));
}

struct cf_out *cf_output_open_path(struct cf_cli *cli, const char *path)
{
	struct cf_out *out;

	if (check_kept(cli, path) < 0)
		return NULL;
	/* A temporary file is never left behind: a signal waits for the file to be whole. */
	cf_interrupt_hold(NULL);
	out = is_step_summary(path) ? cf_out_append(path, &cli->diag) : cf_out_file(path, &cli->diag);
	if (!out)
		cf_interrupt_release();
	return out;
}

struct cf_out *cf_output_open(struct cf_cli *cli)
{
	return cf_output_open_path(cli, output_path(cli));
}

struct cf_out *cf_output_open_stdout(struct cf_cli *cli)
{
	return cf_output_open_path(cli, "-");
}

int cf_output_close(struct cf_cli *cli, struct cf_out *out)
{
	unsigned errors = cli->diag.errors;
	int result = cf_out_close(out, &cli->diag);

	cf_interrupt_release();
	/* `callflow top | head`: whoever reads stdout has seen enough. */
	return result < 0 && cli->diag.errors == errors ? 0 : result;
}
