/* SPDX-License-Identifier: MIT */
/* repos: the table of repositories. */
#ifndef CF_ANALYZERS_REPOS_H
#define CF_ANALYZERS_REPOS_H

#include "analyzers/analyzer.h"
#include "store/history.h"

/* Appends the table `repositories` with one row per repository (struct cf_repo *, with sums), in the order given. */
struct cf_node *cf_repos_table(struct cf_doc *doc, struct cf_node *section, const GPtrArray *repos);

#endif
