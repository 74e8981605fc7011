/* SPDX-License-Identifier: MIT */
/* markdown_cost: whether a text would cost the Markdown parser more than its size. */
#ifndef CF_PIPELINES_MARKDOWN_COST_H
#define CF_PIPELINES_MARKDOWN_COST_H

#include "core/reader.h"

/*
 * The parser fills up each row of a table to the columns of its head, and copies the target of a reference into each
 * link that uses it: a few kilobytes can become gigabytes, and long paragraphs take seconds. -1 with a message at
 * path:line when they would; what a person writes is far from that.
 */
int cf_markdown_check(const char *path, struct cf_slice text, struct cf_diag *diag);

#endif
