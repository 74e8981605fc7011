/* SPDX-License-Identifier: MIT */
/* sites: where native code allocates or fails, from frames that come innermost first. */
#ifndef CF_INGEST_SITES_H
#define CF_INGEST_SITES_H

#include "core/trace.h"
#include <stdbool.h>

/* What memory tools say of a frame; "" and 0 what they don't. */
struct cf_site_frame {
	struct cf_str name;   /* "" or "???": unresolved */
	struct cf_str object; /* path of the program or library */
	struct cf_str file;   /* source */
	uint32_t line;
	bool inlined; /* into the frame that is added next */
};

/* A stack, and the source line that is to blame: of the innermost frame that isn't malloc, free or the like. */
struct cf_site {
	struct cf_stack stack;
	struct cf_func leaf;
	struct cf_func func; /* of the line */
	struct cf_str file;
	uint32_t line;
};

struct cf_sites {
	struct cf_trace *trace;
	GArray *frames;   /* struct cf_site_frame of the stack that is gathered, innermost first */
	int64_t cut;      /* stacks that were too deep */
	bool cut_counted; /* the one that is gathered was counted */
};

void cf_sites_init(struct cf_sites *sites, struct cf_trace *trace);
/* Leaves a quality row when stacks were cut. */
void cf_sites_release(struct cf_sites *sites);

/* Deeper than 2048 frames: what lies further out is left off. */
void cf_sites_add(struct cf_sites *sites, const struct cf_site_frame *frame);
/* Leaves off the innermost frames that are malloc, operator new and the like, as long as others are left: what allocates is
 * who called them. */
void cf_sites_drop_allocators(struct cf_sites *sites);
/* The stack of what was added, and an empty one to begin with. Without frames: one that is called so. */
struct cf_site cf_sites_take(struct cf_sites *sites, const char *nothing);

/* The site that lies in frame, called from caller. `inlined` is the frame's own here: into the caller. */
struct cf_site cf_site_push(struct cf_trace *trace, const struct cf_site *caller,
			    const struct cf_site_frame *frame);
/* A site of one frame that is called name. */
struct cf_site cf_site_named(struct cf_trace *trace, const char *name);

/* Adds a cost to the site's stack, line and thread. */
void cf_site_cost(struct cf_trace *trace, const struct cf_site *site, struct cf_thread thread,
		  struct cf_metric metric, int64_t weight, int64_t count);

#endif
