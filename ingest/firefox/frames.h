/* SPDX-License-Identifier: MIT */
/* frames: the stacks of a Firefox profile, of its tables of strings, functions, frames and stacks. */
#ifndef CF_INGEST_FIREFOX_FRAMES_H
#define CF_INGEST_FIREFOX_FRAMES_H

#include "core/json_reader.h"
#include "core/trace.h"

/* The tables as they lie in the file; empty when they aren't there. They belong to a thread, or to all of them. */
struct cf_firefox_parts {
	struct cf_slice strings, libs, sources, resources, funcs, frames, stacks;
	const GArray *read_strings; /* those of all threads where they were read before, or NULL */
};

/* Is json->key one of these tables? Then its value is noted. */
bool cf_firefox_parts_take(struct cf_firefox_parts *parts, struct cf_json_reader *json);

struct cf_firefox_stack {
	struct cf_stack stack;
	struct cf_str file; /* the line that its innermost frame is at: "" and 0 unknown */
	uint32_t line;
};

struct cf_firefox_stacks {
	GArray *stacks;  /* struct cf_firefox_stack, by number */
	int64_t cut;     /* stacks that were cut at the depth limit */
	int64_t missing; /* stacks of a frame that isn't in its table */
};

/* struct cf_str of parts->strings. Caller frees with g_array_unref. */
GArray *cf_firefox_strings_read(struct cf_json_reader *json, const struct cf_firefox_parts *parts,
				struct cf_trace *trace);
/*
 * Reads the tables. Names of frames that say a place as well ("work (a.js:12)") are taken apart where no other table has
 * it. What is out of range is unknown, but a stack has to come after the one that it continues: else json fails.
 */
void cf_firefox_stacks_read(struct cf_firefox_stacks *stacks, struct cf_json_reader *json,
			    const struct cf_firefox_parts *parts, struct cf_trace *trace);
void cf_firefox_stacks_release(struct cf_firefox_stacks *stacks);

#endif
