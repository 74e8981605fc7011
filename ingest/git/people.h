/* SPDX-License-Identifier: MIT */
/* people: who is who: .mailmap, and which accounts are programs. */
#ifndef CF_INGEST_GIT_PEOPLE_H
#define CF_INGEST_GIT_PEOPLE_H

#include "core/history.h"
#include "core/reader.h"

/*
 * Sets name, email and bot of all persons from their raw texts. texts: .mailmap files; entries of later ones win, as in git.
 * Lines that aren't entries are left out.
 */
void cf_people_map(struct cf_history *history, const struct cf_slice *texts, size_t n);

#endif
