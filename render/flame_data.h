/* SPDX-License-Identifier: MIT */
/* flame_data: what the script of a flame graph knows of it, as JSON. */
#ifndef CF_RENDER_FLAME_DATA_H
#define CF_RENDER_FLAME_DATA_H

#include "render/flame_scene.h"

/*
 * One object: title, metric, unit, icicle, inverted, threads (the root's children are), levels (drawn at most), runs,
 * notes, legend ([words, module or null, colour or -1]), names, faces (name, module, colour of each), factor, boxes,
 * extents (x and width of each box, only where negative weights keep them from following from the totals), and more: such
 * objects of other metrics, as many as have room. No character of it needs escaping in markup.
 */
void cf_flame_data_write(const struct cf_flame_scene *scene, const struct cf_render_opts *opts,
			 struct cf_out *out);

#endif
