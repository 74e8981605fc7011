/* SPDX-License-Identifier: MIT */
/* flame_difference: what a flame graph of two sides says by its colours and words. */
#ifndef CF_RENDER_FLAME_DIFFERENCE_H
#define CF_RENDER_FLAME_DIFFERENCE_H

#include "render/flame_scene.h"

/*
 * Grey is noise. Orange is more, blue less, in three steps of what a path costs with all that it calls: of the ratio (from
 * 1.1, 1.33 and 2 on, or their reciprocals), or of the difference as a share of the whole (0.5, 2 and 10 %). Only functions that
 * the comparison found to have changed have such colours; what leads to them has the palest.
 */
enum cf_flame_step { CF_FLAME_QUIET, CF_FLAME_MORE, CF_FLAME_LESS = CF_FLAME_MORE + 4 };
#define CF_FLAME_STEPS (CF_FLAME_LESS + 4) /* colours from CF_FLAME_DIFF_COLOR on */

/* Number of the colour of a box. */
unsigned cf_flame_difference_color(const struct cf_flame_scene *scene, guint box);
/* Is it on one side only? Then it is hatched. */
gboolean cf_flame_difference_hatched(const struct cf_flame_scene *scene, guint box);
/* "1.66 s, was 1.21 s: +0.45 s, x1.37". Caller frees. */
char *cf_flame_difference_text(const struct cf_flame_scene *scene, guint box);
/* What the widths and colours are of, for the caption. Caller frees. */
char *cf_flame_difference_note(enum cf_tree_widths widths, gboolean absolute);
/* The words of a colour. */
const char *cf_flame_difference_legend(unsigned step, gboolean absolute);
/* The colours in the order of the legend: from less to more. */
extern const unsigned cf_flame_difference_order[CF_FLAME_STEPS];

#endif
