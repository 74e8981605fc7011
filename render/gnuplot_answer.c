/* SPDX-License-Identifier: MIT */
/* gnuplot_answer: shapes and ticks in what gnuplot's svg terminal wrote. */
#include "render/gnuplot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/reader.h"
#include "render/gnuplot_color.h"

#define MOST_ATTRIBUTES 16
#define MOST_PLACES (1u << 20)
#define BESIDE 12 /* pixels that a label may be off its tick */
#define NEAR 3    /* and a tick off the edge of its panel */

/* An element as it stands in the text. */
struct tag {
	struct cf_slice name;
	struct cf_slice attributes[MOST_ATTRIBUTES][2];
	guint n;
};

/* What a label stands in: the group before it. */
struct label {
	uint32_t panel;
	enum cf_plot_kind axis;
	struct cf_plot_place at;
	gboolean ours;
};

static struct cf_slice slice(const char *from, const char *to)
{
	return (struct cf_slice){ .data = (const uint8_t *)from, .len = (uint64_t)(to - from) };
}

static gboolean is(struct cf_slice text, const char *word)
{
	return text.len == strlen(word) && !memcmp(text.data, word, text.len);
}

/* The tag that begins at *p, a '<'; *p is then behind it. */
static gboolean read_tag(const char **p, struct tag *tag)
{
	const char *at = *p + 1, *from = at;

	*tag = (struct tag){ 0 };
	at += strcspn(at, " \t\n/>");
	tag->name = slice(from, at);
	for (;;) {
		const char *name, *end, *value;

		at += strspn(at, " \t\n/?");
		if (*at == '>')
			break;
		name = at;
		at += strcspn(at, " \t\n=>");
		end = at;
		at += strspn(at, " \t\n");
		if (end == name || *at++ != '=')
			return FALSE;
		at += strspn(at, " \t\n");
		if (*at != '"' && *at != '\'')
			return FALSE;
		value = at + 1;
		at = strchr(value, *at);
		if (!at || tag->n == MOST_ATTRIBUTES)
			return FALSE;
		tag->attributes[tag->n][0] = slice(name, end);
		tag->attributes[tag->n++][1] = slice(value, at++);
	}
	*p = at + 1;
	return TRUE;
}

static struct cf_slice attribute(const struct tag *tag, const char *name)
{
	for (guint i = 0; i < tag->n; i++)
		if (is(tag->attributes[i][0], name))
			return tag->attributes[i][1];
	return (struct cf_slice){ 0 };
}

/* "rgb(  1,  3, 24)" or "#010318"; FALSE where it is no colour of ours. */
static gboolean read_color(const struct cf_plot *plot, struct cf_slice text, struct cf_plot_shape *shape)
{
	g_autofree char *word = text.data ? g_strndup((const char *)text.data, text.len) : g_strdup("");
	unsigned red, green, blue;
	char end;

	if (sscanf(word, "rgb(%3u,%3u,%3u%c", &red, &green, &blue, &end) != 4 || end != ')') {
		if (strlen(word) != 7 || sscanf(word, "#%2x%2x%2x", &red, &green, &blue) != 3)
			return FALSE;
	}
	if (!red || red > plot->panels->len || !green || green > CF_PLOT_KINDS || !blue)
		return FALSE;
	shape->panel = red - 1;
	shape->kind = (enum cf_plot_kind)(green - 1);
	shape->index = blue - 1;
	if (shape->kind <= CF_PLOT_TICK)
		return shape->index == 0;
	return shape->index < (shape->kind == CF_PLOT_RULE ? plot->rules->len : plot->series->len);
}

/* A number up to a blank, comma or bracket. */
static gboolean read_number(const char **p, const char *end, double *value)
{
	const char *from = *p;

	while (*p < end && !strchr(" \t\n,()MLZ", **p))
		++*p;
	return *p > from && cf_parse_double(slice(from, *p), value) && isfinite(*value);
}

/* "12.50,3.25", within the picture. */
static gboolean read_place(const struct cf_plot *plot, const char **p, const char *end,
			   struct cf_plot_place *place)
{
	if (!read_number(p, end, &place->x) || *p == end || *(*p)++ != ',' || !read_number(p, end, &place->y))
		return FALSE;
	return place->x >= -BESIDE && place->x <= plot->width + BESIDE && place->y >= -BESIDE &&
	       place->y <= plot->height + BESIDE;
}

static gboolean end_shape(struct cf_plot *plot, struct cf_plot_shape *shape)
{
	shape->n = plot->places->len - shape->first;
	if (shape->n)
		g_array_append_val(plot->shapes, *shape);
	shape->first = plot->places->len;
	return plot->places->len < MOST_PLACES;
}

/* "M1,2 L3,4 M5,6 L7,8 Z", or the same without letters. */
static gboolean read_outline(struct cf_plot *plot, struct cf_slice text, struct cf_plot_shape shape)
{
	const char *p = (const char *)text.data, *end = p + text.len;

	shape.first = plot->places->len;
	while (p < end) {
		struct cf_plot_place place;

		if (strchr(" \t\nLZ", *p)) {
			p++;
			continue;
		}
		if (*p == 'M') {
			p++;
			if (!end_shape(plot, &shape))
				return FALSE;
		}
		if (!read_place(plot, &p, end, &place))
			return FALSE;
		g_array_append_val(plot->places, place);
	}
	return end_shape(plot, &shape);
}

/* "translate(12.50,3.25) scale(3.75)". */
static gboolean read_translate(const struct cf_plot *plot, struct cf_slice text, struct cf_plot_place *place)
{
	static const char word[] = "translate(";
	const char *p = (const char *)text.data, *end = p + text.len;

	if (text.len < strlen(word) || memcmp(p, word, strlen(word)))
		return FALSE;
	p += strlen(word);
	return read_place(plot, &p, end, place) && p < end && *p == ')';
}

static gboolean read_use(struct cf_plot *plot, const struct tag *tag)
{
	struct cf_plot_shape shape = { .first = plot->places->len };
	struct cf_plot_place place;

	if (!read_color(plot, attribute(tag, "color"), &shape))
		return TRUE;
	if (!read_translate(plot, attribute(tag, "transform"), &place))
		return FALSE;
	g_array_append_val(plot->places, place);
	return end_shape(plot, &shape);
}

/* The tick that a label is of: the nearest of its panel and axis. */
static gboolean find_tick(const struct cf_plot *plot, const struct label *label, double *place)
{
	const struct cf_plot_panel *panel = &g_array_index(plot->panels, struct cf_plot_panel, label->panel);
	gboolean y = label->axis == CF_PLOT_Y;
	double nearest = BESIDE;
	gboolean found = FALSE;

	for (guint i = 0; i < plot->shapes->len; i++) {
		const struct cf_plot_shape *shape = &g_array_index(plot->shapes, struct cf_plot_shape, i);
		const struct cf_plot_place *tick =
			&g_array_index(plot->places, struct cf_plot_place, shape->first);
		double edge = y ? fabs(tick->x - panel->left) : fabs(tick->y - panel->bottom);
		double off = y ? fabs(tick->y - label->at.y) : fabs(tick->x - label->at.x);

		if (shape->panel != label->panel || shape->kind != CF_PLOT_TICK || edge > NEAR ||
		    off >= nearest)
			continue;
		nearest = off;
		*place = y ? tick->y : tick->x;
		found = TRUE;
	}
	return found;
}

/* The group's text, up to the next tag. */
static gboolean read_label(struct cf_plot *plot, const struct label *label, const char *from)
{
	g_autofree char *word = g_strstrip(g_strndup(from, strcspn(from, "<")));
	struct cf_plot_tick tick = { .panel = label->panel, .y = label->axis == CF_PLOT_Y };

	if (!*word)
		return TRUE;
	if (!cf_parse_double(slice(word, word + strlen(word)), &tick.value) || !isfinite(tick.value) ||
	    !find_tick(plot, label, &tick.place))
		return FALSE;
	if (!tick.y && plot->x_ticks->len) {
		if (tick.value < 0 || tick.value >= plot->x_ticks->len)
			return FALSE;
		tick.value = g_array_index(plot->x_ticks, double, (guint)tick.value);
	}
	g_array_append_val(plot->ticks, tick);
	return TRUE;
}

static gboolean read_element(struct cf_plot *plot, const struct tag *tag, const char *after,
			     struct label *label)
{
	struct cf_plot_shape shape = { 0 };

	if (is(tag->name, "path"))
		return !read_color(plot, attribute(tag, "stroke"), &shape) ||
		       read_outline(plot, attribute(tag, "d"), shape);
	if (is(tag->name, "polygon"))
		return !read_color(plot, attribute(tag, "fill"), &shape) ||
		       read_outline(plot, attribute(tag, "points"), shape);
	if (is(tag->name, "use"))
		return read_use(plot, tag);
	if (is(tag->name, "text") && label->ours)
		return read_label(plot, label, after);
	if (!is(tag->name, "g"))
		return TRUE;
	label->ours = read_color(plot, attribute(tag, "fill"), &shape) && shape.kind <= CF_PLOT_Y;
	label->panel = shape.panel;
	label->axis = shape.kind;
	return !label->ours || read_translate(plot, attribute(tag, "transform"), &label->at);
}

/* Is there a dot or a bar for each point, and a labelled tick in each panel? */
static gboolean is_complete(const struct cf_plot *plot)
{
	g_autofree guint *shapes = g_new0(guint, plot->series->len + 1);
	g_autofree guint *ticks = g_new0(guint, plot->panels->len + 1);

	for (guint i = 0; i < plot->shapes->len; i++) {
		const struct cf_plot_shape *shape = &g_array_index(plot->shapes, struct cf_plot_shape, i);

		if (shape->kind == CF_PLOT_DOT || shape->kind == CF_PLOT_BAR)
			shapes[shape->index]++;
		if (shape->kind == CF_PLOT_BAR && shape->n != 4)
			return FALSE;
	}
	for (guint i = 0; i < plot->ticks->len; i++) {
		const struct cf_plot_tick *tick = &g_array_index(plot->ticks, struct cf_plot_tick, i);

		ticks[tick->panel] += tick->y;
	}
	for (guint s = 0; s < plot->series->len; s++)
		if (shapes[s] != g_array_index(plot->series, struct cf_plot_series, s).n)
			return FALSE;
	for (guint p = 0; p < plot->panels->len; p++)
		if (!ticks[p])
			return FALSE;
	return TRUE;
}

int cf_gnuplot_read(struct cf_plot *plot, const char *svg)
{
	struct label label = { 0 };
	gboolean ended = FALSE;

	g_array_set_size(plot->shapes, 0);
	g_array_set_size(plot->ticks, 0);
	g_array_set_size(plot->places, 0);
	for (const char *p = strchr(svg, '<'); p; p = strchr(p, '<')) {
		struct tag tag;

		if (p[1] == '/' || p[1] == '!') {
			ended = g_str_has_prefix(p, "</svg>");
			p++;
			continue;
		}
		if (!read_tag(&p, &tag) || !read_element(plot, &tag, p, &label))
			return -1;
	}
	return ended && is_complete(plot) ? 0 : -1;
}
