/* SPDX-License-Identifier: MIT */
/* events: what the costs of a callgrind file count, and those that are computed from others. */
#include "ingest/callgrind/events.h"

#include "core/sum.h"
#include "ingest/callgrind/position.h"

#define FORMULA_MAX 4096 /* bytes */

static void derived_clear(gpointer data)
{
	struct cf_callgrind_derived *derived = data;

	g_free(derived->name);
	g_free(derived->formula);
}

void cf_callgrind_events_init(struct cf_callgrind_events *events)
{
	events->names = g_ptr_array_new_with_free_func(g_free);
	events->derived = g_array_new(FALSE, TRUE, sizeof(struct cf_callgrind_derived));
	g_array_set_clear_func(events->derived, derived_clear);
}

void cf_callgrind_events_release(struct cf_callgrind_events *events)
{
	g_clear_pointer(&events->names, g_ptr_array_unref);
	g_clear_pointer(&events->derived, g_array_unref);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct cf_slice *text)
{
	while (text->len && is_blank(text->data[0]))
		*text = (struct cf_slice){ text->data + 1, text->len - 1 };
}

/* The word up to a blank or one of stops. */
static struct cf_slice take_word(struct cf_slice *text, const char *stops)
{
	struct cf_slice word = { text->data, 0 };

	while (word.len < text->len && !is_blank(text->data[word.len]) &&
	       !(text->data[word.len] && strchr(stops, text->data[word.len])))
		word.len++;
	*text = (struct cf_slice){ text->data + word.len, text->len - word.len };
	return word;
}

static bool is(const char *name, struct cf_slice word)
{
	return strlen(name) == word.len && !memcmp(name, word.data, word.len);
}

static int find_name(const struct cf_callgrind_events *events, struct cf_slice word)
{
	for (guint i = 0; i < events->names->len; i++)
		if (is(g_ptr_array_index(events->names, i), word))
			return (int)i;
	return -1;
}

const char *cf_callgrind_events_columns(struct cf_callgrind_events *events, struct cf_slice text,
					uint32_t *columns, unsigned *n)
{
	*n = 0;
	for (skip_blanks(&text); text.len; skip_blanks(&text)) {
		struct cf_slice word = take_word(&text, "");
		int at = find_name(events, word);

		if (at < 0) {
			if (events->names->len == CF_CALLGRIND_EVENTS_MAX)
				return "more than 64 events";
			at = (int)events->names->len;
			g_ptr_array_add(events->names, g_strndup((const char *)word.data, word.len));
		}
		for (unsigned i = 0; i < *n; i++)
			if (columns[i] == (uint32_t)at)
				return "events: names an event twice";
		columns[(*n)++] = (uint32_t)at;
	}
	return *n ? NULL : "events: names no event";
}

const char *cf_callgrind_events_define(struct cf_callgrind_events *events, struct cf_slice text)
{
	struct cf_callgrind_derived one = { 0 };
	struct cf_slice name, formula;
	const uint8_t *colon;

	skip_blanks(&text);
	name = take_word(&text, "=:");
	skip_blanks(&text);
	if (!name.len)
		return "event: has no name";
	if (!text.len || text.data[0] != '=')
		return NULL;
	for (guint i = 0; i < events->derived->len; i++)
		if (is(g_array_index(events->derived, struct cf_callgrind_derived, i).name, name))
			return NULL;
	if (events->derived->len == CF_CALLGRIND_EVENTS_MAX)
		return "more than 64 events that are computed";
	formula = (struct cf_slice){ text.data + 1, text.len - 1 };
	colon = memchr(formula.data, ':', formula.len);
	if (colon)
		formula.len = (uint64_t)(colon - formula.data);
	if (formula.len > FORMULA_MAX)
		return "the formula of an event is longer than 4096 bytes";
	one.name = g_strndup((const char *)name.data, name.len);
	one.formula = g_strndup((const char *)formula.data, formula.len);
	g_array_append_val(events->derived, one);
	return NULL;
}

/* factor * the event of that name is added to factors. false: it isn't known, or not yet. */
static bool add_event(const struct cf_callgrind_events *events, struct cf_slice name, int64_t factor,
		      int64_t *factors)
{
	int at = find_name(events, name);

	if (at >= 0) {
		factors[at] = cf_add_sat(factors[at], factor);
		return true;
	}
	for (guint d = 0; d < events->derived->len; d++) {
		const struct cf_callgrind_derived *one =
			&g_array_index(events->derived, struct cf_callgrind_derived, d);

		if (!is(one->name, name))
			continue;
		for (guint i = 0; one->resolved && i < events->names->len; i++)
			factors[i] = cf_add_sat(factors[i], cf_mul_sat(factor, one->factors[i]));
		return one->resolved;
	}
	return false;
}

/* "Ir + 10 Dr + 2 * Dw" */
static bool resolve(const struct cf_callgrind_events *events, struct cf_callgrind_derived *one)
{
	struct cf_slice text = { (const uint8_t *)one->formula, strlen(one->formula) };
	int64_t factors[CF_CALLGRIND_EVENTS_MAX] = { 0 };

	for (bool first = true; skip_blanks(&text), first || text.len; first = false) {
		struct cf_slice name;
		int64_t factor = 1;

		if (text.len && text.data[0] == '+')
			text = (struct cf_slice){ text.data + 1, text.len - 1 };
		else if (!first)
			return false;
		skip_blanks(&text);
		if (cf_callgrind_take_number(&text, &factor))
			skip_blanks(&text);
		if (text.len && text.data[0] == '*')
			text = (struct cf_slice){ text.data + 1, text.len - 1 };
		skip_blanks(&text);
		name = take_word(&text, "+-*");
		if (!name.len || !add_event(events, name, factor, factors))
			return false;
	}
	memcpy(one->factors, factors, sizeof(factors));
	return true;
}

void cf_callgrind_events_resolve(struct cf_callgrind_events *events)
{
	bool again = true;

	/* Each round resolves what refers to those resolved before. */
	while (again) {
		again = false;
		for (guint i = 0; i < events->derived->len; i++) {
			struct cf_callgrind_derived *one =
				&g_array_index(events->derived, struct cf_callgrind_derived, i);

			if (!one->resolved && resolve(events, one))
				again = one->resolved = true;
		}
	}
}
