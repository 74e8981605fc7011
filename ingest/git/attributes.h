/* SPDX-License-Identifier: MIT */
/* attributes: which paths .gitattributes calls generated or vendored. */
#ifndef CF_INGEST_GIT_ATTRIBUTES_H
#define CF_INGEST_GIT_ATTRIBUTES_H

#include "core/history.h"

struct cf_attributes;

struct cf_attributes *cf_attributes_new(void);
void cf_attributes_free(struct cf_attributes *attributes);
/* A .gitattributes file of folder ("" or with a slash at its end). Rules of deeper folders win, then later lines. */
void cf_attributes_add(struct cf_attributes *attributes, const char *folder, const char *text);
/* Sets CF_PATH_GENERATED and CF_PATH_VENDORED of all paths. */
void cf_attributes_apply(const struct cf_attributes *attributes, struct cf_history *history);

#endif
