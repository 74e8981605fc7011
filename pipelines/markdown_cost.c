/* SPDX-License-Identifier: MIT */
/* markdown_cost: whether a text would cost the Markdown parser more than its size. */
#include "pipelines/markdown_cost.h"

#include <glib.h>

#define CELLS_MAX UINT64_C(1000000)
#define TARGETS_MAX (UINT64_C(64) << 20)
/* A paragraph is read again from its start when it turns out to be the head of a table. */
#define LINES_MAX UINT64_C(20000)

/* Lines up to a blank one: no table and no definition of a reference reaches over it. */
struct run {
	uint64_t begin, lines, columns; /* columns: of the line with most of them */
	uint32_t columns_line;
	gboolean defines;
};

struct cost {
	const char *path;
	struct cf_diag *diag;
	struct run run;
	uint64_t cells, brackets,
		definition; /* the last: bytes of the longest run that defines a reference */
	uint32_t definition_line;
};

static int end_run(struct cost *c, uint64_t end)
{
	const struct run *run = &c->run;
	struct cf_loc loc = { .path = c->path, .line = run->columns_line };

	if (run->lines > LINES_MAX)
		return cf_error_as(c->diag, CF_STATUS_USAGE, &loc,
				   "%" G_GUINT64_FORMAT
				   " lines without a blank one, expected at most %" G_GUINT64_FORMAT,
				   run->lines, LINES_MAX);
	if (run->columns > 1)
		c->cells += run->columns * run->lines;
	if (run->defines && end - run->begin > c->definition) {
		c->definition = end - run->begin;
		c->definition_line = run->columns_line;
	}
	if (c->cells > CELLS_MAX)
		return cf_error_as(c->diag, CF_STATUS_USAGE, &loc,
				   "tables of more than %" G_GUINT64_FORMAT
				   " cells, with one of %" G_GUINT64_FORMAT " columns here",
				   CELLS_MAX, run->columns);
	return 0;
}

/* A line that isn't blank. */
static void take_line(struct cost *c, struct cf_slice line, const struct cf_loc *loc)
{
	uint64_t columns = 1;

	for (uint64_t i = 0; i < line.len; i++) {
		columns += line.data[i] == '|';
		c->run.lines += line.data[i] == '\r'; /* ends a line as well */
		if (line.data[i] != ']')
			continue;
		c->brackets++;
		c->run.defines |= i + 1 < line.len && line.data[i + 1] == ':';
	}
	if (!c->run.lines++)
		c->run.begin = loc->offset;
	if (columns > c->run.columns) {
		c->run.columns = columns;
		c->run.columns_line = loc->line;
	}
}

static gboolean is_blank(struct cf_slice line)
{
	for (uint64_t i = 0; i < line.len; i++)
		if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r')
			return FALSE;
	return TRUE;
}

int cf_markdown_check(const char *path, struct cf_slice text, struct cf_diag *diag)
{
	struct cost c = { .path = path, .diag = diag };
	struct cf_loc loc = { .path = path };
	struct cf_lines lines;
	struct cf_slice line;

	cf_lines_init(&lines, path, text);
	while (cf_lines_next(&lines, &line)) {
		if (!is_blank(line)) {
			take_line(&c, line, &lines.loc);
			continue;
		}
		if (end_run(&c, lines.loc.offset) < 0)
			return -1;
		c.run = (struct run){ 0 };
	}
	if (end_run(&c, text.len) < 0)
		return -1;
	loc.line = c.definition_line;
	if (c.definition && c.brackets > TARGETS_MAX / c.definition)
		return cf_error_as(diag, CF_STATUS_USAGE, &loc,
				   "a reference of up to %" G_GUINT64_FORMAT
				   " bytes in a text with %" G_GUINT64_FORMAT " brackets",
				   c.definition, c.brackets);
	return 0;
}
