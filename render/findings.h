/* SPDX-License-Identifier: MIT */
/* findings: what the formats for continuous integration have in common. */
#ifndef CF_RENDER_FINDINGS_H
#define CF_RENDER_FINDINGS_H

#include "core/finding.h"
#include "render/renderer.h"

/* All findings of doc; NULL with a message when none of its analyses judges anything. Caller unrefs. */
GPtrArray *cf_findings_of(const struct cf_doc *doc, const char *format, struct cf_diag *diag);

/* By the gate; without one, regressions and budgets that are exceeded. */
gboolean cf_finding_fails(const struct cf_doc *doc, const struct cf_finding *finding);

/* cf_finding_text, and nothing in it but what is seen. Caller frees. */
char *cf_finding_line(const struct cf_finding *finding);
/* All lines that say more than the first: evidence, suspect, the command for more. Caller frees. */
char *cf_finding_details(const struct cf_finding *finding);

/* The file as a path in a repository: without a leading "./" or "/", valid UTF-8; NULL: not known. Caller frees. */
char *cf_finding_path(const struct cf_finding *finding);

#endif
