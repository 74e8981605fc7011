/* SPDX-License-Identifier: MIT */
/* text: what the parts of the terminal renderer share. */
#ifndef CF_RENDER_TEXT_H
#define CF_RENDER_TEXT_H

#include "render/renderer.h"

/* What was written last; decides where a blank line goes. */
enum cf_text_block { CF_TEXT_START, CF_TEXT_HEADING, CF_TEXT_PROSE, CF_TEXT_ITEM, CF_TEXT_TABLE };

struct cf_text {
	struct cf_out *out;
	const struct cf_render_opts *opts;
	GString *prefix;  /* before each line: indents of lists, bars of callouts */
	gboolean compact; /* the answer of one command: lines follow each other as closely as they can */
	GArray *numbers;  /* int: of the item written last in each list that is open */
	enum cf_text_block last;
};

/* Terminal-safe text in what the terminal can show. Caller frees. */
char *cf_text_safe(const struct cf_text *text, const char *raw);
/* At most width columns: the end, or with tail the beginning, gives way to an ellipsis. Caller frees. */
char *cf_text_elide(const struct cf_text *text, const char *safe, int width, gboolean tail);
/* Is the end of the name what tells it apart? Paths, but not functions with slashes in their arguments. */
gboolean cf_text_is_path(const char *name);
/* Columns of a line after the prefix; 0: as many as it takes. */
int cf_text_columns(const struct cf_text *text);

/* Starts and ends a stretch of colour: an SGR parameter such as "1;31". */
void cf_text_color(const struct cf_text *text, const char *sgr);
void cf_text_plain(const struct cf_text *text);
void cf_text_spaces(const struct cf_text *text, int n);
/* The prefix; lines are written as: begin, pieces, "\n". */
void cf_text_begin(const struct cf_text *text);
/* A caption of a table or tree, when there is one. */
void cf_text_caption(const struct cf_text *text, const char *caption);
/* Wrapped to width columns; lines after the first begin with hang spaces. */
void cf_text_wrap(const struct cf_text *text, const char *safe, int width, int hang);

void cf_text_table(struct cf_text *text, const struct cf_node *node);
void cf_text_tree(struct cf_text *text, const struct cf_node *node);
void cf_text_flame(struct cf_text *text, const struct cf_node *node);
void cf_text_sequence(struct cf_text *text, const struct cf_node *node);
void cf_text_timeline(struct cf_text *text, const struct cf_node *node);
void cf_text_chart(struct cf_text *text, const struct cf_node *node);

#endif
