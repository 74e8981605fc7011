/* SPDX-License-Identifier: MIT */
/* output: where a product goes and in which format. */
#ifndef CF_CLI_OUTPUT_H
#define CF_CLI_OUTPUT_H

#include "cli/command.h"
#include "render/renderer.h"

/*
 * The renderer of -f, else of -o's extension, else fallback. NULL with a message: unknown, or a binary format
 * that would go to a terminal. Asked before any work is done.
 */
const struct cf_renderer *cf_output_renderer(struct cf_cli *cli, const char *fallback);

/* From now on no output may go to path, or where another name of the same file leads. */
void cf_output_keep(struct cf_cli *cli, const char *path);
/* The same for a store and the files that SQLite has beside it. */
void cf_output_keep_store(struct cf_cli *cli, const char *path);

/* Renders doc to -o or stdout, wholly or not at all. When its verdict is a failure, that is an error then. */
int cf_output_doc(struct cf_cli *cli, const struct cf_renderer *renderer, const struct cf_doc *doc);

/* The out of -o or stdout, for products that aren't documents; and its end. A reader that has gone away is no
 * error. */
struct cf_out *cf_output_open(struct cf_cli *cli);
struct cf_out *cf_output_open_stdout(struct cf_cli *cli);
struct cf_out *cf_output_open_path(struct cf_cli *cli, const char *path);
int cf_output_close(struct cf_cli *cli, struct cf_out *out);

#endif
