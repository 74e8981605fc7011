/* SPDX-License-Identifier: MIT */
/* gnuplot_color: what a shape in gnuplot's answer is, told by its colour. */
#ifndef CF_RENDER_GNUPLOT_COLOR_H
#define CF_RENDER_GNUPLOT_COLOR_H

#include "render/gnuplot.h"

/* Red: the panel, green: the kind, blue: the series or rule; none of them 0, so that black is nothing of ours. */
static inline uint32_t cf_plot_color(uint32_t panel, enum cf_plot_kind kind, uint32_t index)
{
	return (panel + 1) << 16 | ((uint32_t)kind + 1) << 8 | (index + 1);
}

#endif
