/* SPDX-License-Identifier: MIT */
/* changes: what is there in one architecture and not in another. */
#ifndef CF_ANALYZERS_ARCHITECTURE_CHANGES_H
#define CF_ANALYZERS_ARCHITECTURE_CHANGES_H

#include "analyzers/architecture/model.h"

enum cf_arch_change_kind {
	CF_ARCH_CHANGE_PART,
	CF_ARCH_CHANGE_EDGE,
	CF_ARCH_CHANGE_ENTRY,
	CF_ARCH_CHANGE_CYCLE
};

struct cf_arch_change {
	enum cf_arch_change_kind kind;
	gboolean gone;         /* else new */
	const char *from, *to; /* names; to only of edges. Of a cycle from is the list of its parts */
	int64_t weight, count; /* on the side where it is */
};

struct cf_arch_changes {
	GArray *rows; /* struct cf_arch_change: by kind, new before gone, heaviest first, then by name */
	guint rare;   /* differences that can be chance: too seldom seen on their side */
	char *base;   /* "run 3 of 2026-11-16 06:02Z" */
	GStringChunk *text; /* private */
};

/*
 * What is new in, and what is gone from current, compared with base. Of what was sampled a part, edge or entry counts
 * as missing on the other side only if it should have been seen there: at the same rate at least CF_ARCH_EXPECTED times,
 * so that not seeing it once has a chance of less than 1 %. New parts and edges are marked in current.
 */
#define CF_ARCH_EXPECTED 4.61
struct cf_arch_changes *cf_arch_changes_new(struct cf_architecture *current,
					    const struct cf_architecture *base, const char *base_text);
void cf_arch_changes_free(struct cf_arch_changes *changes);

/* "new edge", "gone service". Caller frees. */
char *cf_arch_change_word(const struct cf_arch_change *change, const struct cf_architecture *arch);

#endif
