/* SPDX-License-Identifier: MIT */
/* cmd_docs: keeps the marked sections of a Markdown file up to date. */
#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/operand.h"
#include "cli/output.h"
#include "pipelines/docs.h"

#define DOCS_FILE "ARCHITECTURE.md"
#define DOCS_CAP (UINT64_C(64) << 20)

static const struct cf_param docs_params[] = {
	{ .name = "check",
	  .type = CF_PARAM_BOOL,
	  .help = "write nothing; status 1 if a section would change" },
	{ .name = "base",
	  .type = CF_PARAM_STRING,
	  .arg = "RUN",
	  .help = "tell changes since RUN (else the run before)" },
	{ .name = "structure",
	  .type = CF_PARAM_BOOL,
	  .help = "a new file gets no measured cost, only who calls whom" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { docs_params, NULL };

/* The file as it is. */
struct page {
	const char *path;
	struct cf_file file; /* bytes of a new one are made */
	char *made;          /* owned content of a new one, or NULL */
	struct cf_slice text;
};

static gboolean is_missing(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) < 0 && errno == ENOENT;
}

static int open_page(struct cf_cli *cli, struct page *page, gboolean spans)
{
	const gboolean structure = cf_params_bool(cli->params, "structure");
	const struct cf_loc loc = { .path = page->path };

	if (is_missing(page->path)) {
		if (cf_params_bool(cli->params, "check"))
			return cf_error(&cli->diag, &loc, "isn't there; callflow docs makes it");
		page->made = cf_docs_skeleton(spans, structure ? "structure" : "");
		page->text =
			(struct cf_slice){ .data = (const uint8_t *)page->made, .len = strlen(page->made) };
		return 0;
	}
	if (structure)
		return cf_error_as(
			&cli->diag, CF_STATUS_USAGE, &loc,
			"is there: its markers say what its sections show, as in <!-- callflow:begin map "
			"structure -->");
	if (cf_file_open(&page->file, page->path, DOCS_CAP, &cli->diag) < 0)
		return -1;
	page->text = page->file.bytes;
	return 0;
}

static void close_page(struct page *page)
{
	if (page->file.path)
		cf_file_release(&page->file);
	g_free(page->made);
}

/* Through links, so that the file that they lead to is replaced, and a new one appears where one leads. */
static int write_page(struct cf_cli *cli, const struct page *page, const GString *text)
{
	char *real = strcmp(page->path, "-") != 0 ? realpath(page->path, NULL) : NULL;
	struct stat st;
	struct cf_out *out;
	int result;

	if (page->file.mapped && cf_file_check_unchanged(&page->file, &cli->diag) < 0) {
		free(real);
		return -1;
	}
	out = cf_output_open_path(cli, real ? real : page->path);
	if (out && real && stat(real, &st) == 0)
		cf_out_set_mode(out, st.st_mode & 0777);
	if (out)
		cf_out_write(out, text->str, text->len);
	result = out ? cf_output_close(cli, out) : -1;
	free(real);
	return result;
}

static guint count_changed(const GArray *sections)
{
	guint changed = 0;

	for (guint i = 0; i < sections->len; i++)
		changed += g_array_index(sections, struct cf_docs_section, i).changed;
	return changed;
}

static int report_drift(struct cf_cli *cli, const struct page *page, const GArray *sections)
{
	int result = 0;

	for (guint i = 0; i < sections->len; i++) {
		const struct cf_docs_section *section = &g_array_index(sections, struct cf_docs_section, i);
		const struct cf_loc loc = { .path = page->path, .line = section->changed_line };

		if (section->changed)
			result = cf_error_as(&cli->diag, CF_STATUS_GATE, &loc,
					     "section '%s' isn't what the run shows: it differs from here on",
					     section->name);
	}
	return result;
}

static void say_what_changed(struct cf_cli *cli, const struct page *page, const GArray *sections)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const struct cf_loc loc = { .path = page->path };
	guint changed = count_changed(sections);

	for (guint i = 0; i < sections->len; i++) {
		const struct cf_docs_section *section = &g_array_index(sections, struct cf_docs_section, i);

		if (section->changed)
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", section->name);
	}
	if (page->made)
		cf_note(&cli->diag, &loc, "made, with %u sections", sections->len);
	else if (changed)
		cf_note(&cli->diag, &loc, "%u of %u sections changed: %s", changed, sections->len,
			names->str);
	else
		cf_note(&cli->diag, &loc, "up to date");
}

/* A file without any marker was never meant for this. */
static int no_sections(struct cf_cli *cli, const struct page *page)
{
	const struct cf_loc loc = { .path = page->path, .line = 1 };

	return cf_error(&cli->diag, &loc,
			"no section to fill; put <!-- callflow:begin map --> and <!-- callflow:end map --> "
			"where the map belongs");
}

static int fill(struct cf_cli *cli, const struct page *page, const struct cf_docs *docs)
{
	GString *text = g_string_new(NULL);
	GArray *sections = NULL;
	gboolean check = cf_params_bool(cli->params, "check");
	int result = cf_docs_fill(docs, page->text, text, &sections, &cli->diag);

	if (result == 0 && !sections->len)
		result = no_sections(cli, page);
	if (result == 0 && check)
		result = report_drift(cli, page, sections);
	else if (result == 0) {
		if (page->made || count_changed(sections) || strcmp(page->path, "-") == 0)
			result = write_page(cli, page, text);
		if (result == 0 && !cli->quiet)
			say_what_changed(cli, page, sections);
	}
	g_array_unref(sections);
	g_string_free(text, TRUE);
	return result;
}

static unsigned run_facts(const struct cf_run_set *set)
{
	return ((const struct cf_run *)g_ptr_array_index(set->runs, set->runs->len - 1))->facts;
}

static int run(struct cf_cli *cli)
{
	struct page page = { .path = cli->operands->len ? g_ptr_array_index(cli->operands, 0) : DOCS_FILE };
	struct cf_docs docs = { .path = page.path, .base = cf_params_string(cli->params, "base") };
	struct cf_run_set set = { 0 };
	int result;

	if (cf_cli_operands_at_most(cli, 2, "docs [FILE [RUN]]") < 0)
		return -1;
	if (docs.base && strchr(docs.base, '\''))
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "--base: no run has a quote in its name");
	result = cf_operand_open(cli, cli->operands->len > 1 ? g_ptr_array_index(cli->operands, 1) : NULL,
				 CF_FACTS_PROFILE | CF_FACTS_SPANS, &docs.report.store, &set);
	if (result < 0)
		return -1;
	docs.report.current = &set;
	docs.report.in = cli->in;
	result = open_page(cli, &page, (run_facts(&set) & CF_FACTS_SPANS) != 0);
	if (result == 0)
		result = fill(cli, &page, &docs);
	close_page(&page);
	cf_run_set_clear(&set);
	if (cf_store_close(docs.report.store, &cli->diag) < 0)
		result = -1;
	return result;
}

static const char *const examples[] = { "callflow docs", "callflow docs README.md nightly",
					"callflow docs --check docs/architecture.md", NULL };

const struct cf_command cf_command_docs = {
	.name = "docs",
	.group = "Share",
	.summary = "keep the architecture in a Markdown file up to date",
	.synopsis = "[FILE [RUN]]",
	.examples = examples,
	.params = params,
	.run = run,
};
