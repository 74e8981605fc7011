/* SPDX-License-Identifier: MIT */
/* people: who is who: .mailmap, and which accounts are programs. */
#ifndef CF_CORE_PEOPLE_H
#define CF_CORE_PEOPLE_H

#include "core/history.h"
#include "core/reader.h"

/*
 * Sets name, email and bot of all persons from their raw texts. texts: .mailmap files; entries of later ones win, as in git.
 * Lines that aren't entries are left out.
 */
void cf_people_map(struct cf_history *history, const struct cf_slice *texts, size_t n);

/*
 * Applies one more .mailmap on top of the names that the persons have: its entries name people as commits have them, or as
 * they are called already. Bots are told anew.
 */
void cf_people_map_more(struct cf_history *history, struct cf_slice text);

#endif
