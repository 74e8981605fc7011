/* SPDX-License-Identifier: MIT */
/* params: typed settings described by tables; shared by the command line, pipelines and report blocks. */
#include "core/params.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "core/reader.h"
#include "core/unit.h"

struct slot {
	const struct cf_param *param;
	bool set; /* by the user */
	char *text;
	int64_t i; /* INT, TIME; BOOL as 0 or 1 */
	double d;
	GPtrArray *list; /* char *, NULL-terminated */
};

struct cf_params {
	GArray *slots; /* struct slot */
};

static void clear_slot(gpointer data)
{
	struct slot *slot = data;

	g_free(slot->text);
	if (slot->list)
		g_ptr_array_unref(slot->list);
}

static struct slot *find(const struct cf_params *params, const char *name)
{
	for (guint i = 0; i < params->slots->len; i++) {
		struct slot *slot = &g_array_index(params->slots, struct slot, i);

		if (!strcmp(slot->param->name, name))
			return slot;
	}
	return NULL;
}

static struct slot *find_letter(const struct cf_params *params, char letter)
{
	for (guint i = 0; letter && i < params->slots->len; i++) {
		struct slot *slot = &g_array_index(params->slots, struct slot, i);

		if (slot->param->letter == letter)
			return slot;
	}
	return NULL;
}

/* Regular expressions are user's text that runs on data: what could take exponential time or memory is out.
 */
#define REGEX_MAX_LENGTH 1000
#define REGEX_MAX_COPIES 1000

/* The product of all repetition counts: nested ones multiply when the expression is compiled. */
static bool repeats_too_much(const char *regex)
{
	uint64_t copies = 1;

	for (const char *p = strchr(regex, '{'); p; p = strchr(p + 1, '{')) {
		unsigned long most = 0;
		const char *q = p + 1;

		while (g_ascii_isdigit(*q) || *q == ',') {
			char *end = NULL;

			if (*q == ',') {
				q++;
				continue;
			}
			most = MAX(most, strtoul(q, &end, 10));
			q = end;
		}
		if (*q == '}' && most > 1 && (most > REGEX_MAX_COPIES || (copies *= most) > REGEX_MAX_COPIES))
			return true;
	}
	return false;
}

static bool has_backreference(const char *regex)
{
	for (const char *p = regex; *p; p++) {
		if (*p != '\\' || !p[1])
			continue;
		p++;
		if (g_ascii_isdigit(*p))
			return true;
	}
	return false;
}

/* What is wrong with a regular expression, or NULL. */
static char *regex_fault(const char *text)
{
	char buffer[200];
	regex_t regex;
	int err;

	if (strlen(text) > REGEX_MAX_LENGTH)
		return g_strdup_printf("longer than %d bytes", REGEX_MAX_LENGTH);
	if (has_backreference(text))
		return g_strdup("back references are not supported");
	if (repeats_too_much(text))
		return g_strdup_printf("repetition counts multiply to more than %d", REGEX_MAX_COPIES);
	err = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, &regex, buffer, sizeof(buffer));
		buffer[0] = g_ascii_tolower(buffer[0]);
		return g_strdup(buffer);
	}
	regfree(&regex);
	return NULL;
}

static char *expected_int(const struct cf_param *param)
{
	if (param->max <= param->min)
		return g_strdup("a whole number");
	if (param->max == INT64_MAX)
		return g_strdup_printf("a whole number from %" G_GINT64_FORMAT, param->min);
	return g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, param->min,
			       param->max);
}

/* Takes value into slot (i, d); what was expected instead when it doesn't fit, else NULL. */
static char *convert(struct slot *slot, const char *value)
{
	const struct cf_param *param = slot->param;
	struct cf_slice bytes = { (const uint8_t *)value, strlen(value) };
	g_autofree char *fault = NULL;
	int64_t number;

	switch (param->type) {
	case CF_PARAM_BOOL:
		if (strcmp(value, "true") && strcmp(value, "false"))
			return g_strdup("true or false");
		slot->i = !strcmp(value, "true");
		return NULL;
	case CF_PARAM_INT:
		if (!cf_parse_i64(bytes, &number) ||
		    (param->max > param->min && (number < param->min || number > param->max)))
			return expected_int(param);
		slot->i = number;
		return NULL;
	case CF_PARAM_NUMBER:
		return cf_parse_double(bytes, &slot->d) ? NULL : g_strdup("a number");
	case CF_PARAM_CHOICE:
		if (!g_strv_contains(param->choices, value)) {
			g_autofree char *all = g_strjoinv(", ", (char **)param->choices);

			return g_strdup_printf("one of %s", all);
		}
		return NULL;
	case CF_PARAM_REGEX:
		fault = regex_fault(value);
		return fault ? g_strdup_printf("a regular expression: %s", fault) : NULL;
	case CF_PARAM_TIME:
		return cf_time_parse(value, &slot->i)
			       ? NULL
			       : g_strdup("a time such as 2026-11-23, 2026-11-23T06:02Z or @1700000000");
	case CF_PARAM_STRING:
	case CF_PARAM_LIST:
		break;
	}
	return NULL;
}

static void store(struct slot *slot, const char *value, bool by_user)
{
	char *copy = g_strdup(value);

	if (slot->param->type == CF_PARAM_LIST) {
		/* The first one that the user gives takes the place of the default. */
		gboolean restart = by_user && !slot->set;

		g_ptr_array_set_size(slot->list, restart ? 0 : (gint)slot->list->len - 1);
		g_ptr_array_add(slot->list, copy);
		g_ptr_array_add(slot->list, NULL);
	} else {
		g_free(slot->text);
		slot->text = copy;
	}
	slot->set |= by_user;
}

struct cf_params *cf_params_new(const struct cf_param *const *tables)
{
	struct cf_params *params = g_new0(struct cf_params, 1);

	params->slots = g_array_new(FALSE, TRUE, sizeof(struct slot));
	g_array_set_clear_func(params->slots, clear_slot);
	for (; *tables; tables++) {
		for (const struct cf_param *param = *tables; param->name; param++) {
			struct slot slot = { .param = param };

			g_assert(!find(params, param->name) && !find_letter(params, param->letter));
			g_assert(param->type != CF_PARAM_CHOICE || param->choices);
			if (param->type == CF_PARAM_LIST) {
				slot.list = g_ptr_array_new_with_free_func(g_free);
				g_ptr_array_add(slot.list, NULL);
			}
			if (param->fallback) {
				g_autofree char *fault = convert(&slot, param->fallback);

				g_assert(!fault);
				store(&slot, param->fallback, false);
			}
			g_array_append_val(params->slots, slot);
		}
	}
	return params;
}

static void keep_text(gpointer text, gpointer list)
{
	g_ptr_array_add(list, g_strdup(text));
}

struct cf_params *cf_params_copy(const struct cf_params *params)
{
	struct cf_params *copy = g_new0(struct cf_params, 1);

	copy->slots = g_array_new(FALSE, TRUE, sizeof(struct slot));
	g_array_set_clear_func(copy->slots, clear_slot);
	for (guint i = 0; i < params->slots->len; i++) {
		struct slot slot = g_array_index(params->slots, struct slot, i);
		GPtrArray *list = slot.list;

		slot.text = g_strdup(slot.text);
		if (list) {
			slot.list = g_ptr_array_new_with_free_func(g_free);
			g_ptr_array_foreach(list, keep_text, slot.list);
		}
		g_array_append_val(copy->slots, slot);
	}
	return copy;
}

void cf_params_free(struct cf_params *params)
{
	if (!params)
		return;
	g_array_unref(params->slots);
	g_free(params);
}

/* called: how the user wrote the setting ("setting 'top'", "option '--top'"). */
static int set_slot(struct slot *slot, const char *value, const char *called, const struct cf_loc *loc,
		    struct cf_diag *diag)
{
	g_autofree char *expected = convert(slot, value);
	g_autofree char *shown = NULL;

	if (!expected) {
		store(slot, value, true);
		return 0;
	}
	shown = cf_visible(value, -1, 200);
	return cf_error_as(diag, CF_STATUS_USAGE, loc, "%s: found '%s', expected %s", called, shown,
			   expected);
}

static const char *nearest_name(const struct cf_params *params, const char *word)
{
	guint n = params->slots->len;
	g_autofree const char **names = g_new0(const char *, n + 1);

	for (guint i = 0; i < n; i++)
		names[i] = g_array_index(params->slots, struct slot, i).param->name;
	return cf_nearest(word, names, n);
}

int cf_params_set(struct cf_params *params, const char *name, const char *value, const struct cf_loc *loc,
		  struct cf_diag *diag)
{
	struct slot *slot = find(params, name);
	g_autofree char *called = NULL, *shown = cf_visible(name, -1, 200);

	if (!slot) {
		const char *near = nearest_name(params, name);

		return cf_error_as(diag, CF_STATUS_USAGE, loc,
				   near ? "unknown setting '%s'; did you mean '%s'?" : "unknown setting '%s'",
				   shown, near);
	}
	called = g_strdup_printf("setting '%s'", shown);
	return set_slot(slot, value, called, loc, diag);
}

/* The slot of a long option: its name, or a prefix that only one has. NULL with the message. */
static struct slot *match_long(const struct cf_params *params, const char *word, struct cf_diag *diag)
{
	g_autofree char *shown = cf_visible(word, -1, 200);
	struct slot *found = find(params, word);
	const char *near;

	if (found)
		return found;
	for (guint i = 0; *word && i < params->slots->len; i++) {
		struct slot *slot = &g_array_index(params->slots, struct slot, i);

		if (!g_str_has_prefix(slot->param->name, word))
			continue;
		if (found) {
			cf_error_as(diag, CF_STATUS_USAGE, NULL,
				    "option '--%s' is ambiguous: '--%s' or '--%s'", shown, found->param->name,
				    slot->param->name);
			return NULL;
		}
		found = slot;
	}
	if (found)
		return found;
	near = nearest_name(params, word);
	if (near)
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown option '--%s'; did you mean '--%s'?", shown,
			    near);
	else
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown option '--%s'", shown);
	return NULL;
}

static const char *placeholder(const struct cf_param *param)
{
	return param->arg ? param->arg : "VALUE";
}

static int need_value(const char *called, const struct cf_param *param, struct cf_diag *diag)
{
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "%s needs a value: %s", called, placeholder(param));
}

/* argv[*at] is a long option; *at is left on its last word. */
static int parse_long(struct cf_params *params, int argc, char **argv, int *at, struct cf_diag *diag)
{
	const char *word = argv[*at] + 2, *equals = strchr(word, '=');
	g_autofree char *name = equals ? g_strndup(word, (gsize)(equals - word)) : g_strdup(word);
	g_autofree char *called = NULL;
	struct slot *slot = match_long(params, name, diag);
	const char *value = equals ? equals + 1 : NULL;

	if (!slot)
		return -1;
	called = g_strdup_printf("option '--%s'", slot->param->name);
	if (!value && slot->param->type == CF_PARAM_BOOL)
		value = "true";
	if (!value) {
		if (*at + 1 >= argc)
			return need_value(called, slot->param, diag);
		value = argv[++*at];
	}
	return set_slot(slot, value, called, NULL, diag);
}

/* argv[*at] is "-x..."; flags may be clustered, the last may take a value. */
static int parse_short(struct cf_params *params, int argc, char **argv, int *at, struct cf_diag *diag)
{
	for (const char *p = argv[*at] + 1; *p; p++) {
		struct slot *slot = find_letter(params, *p);
		char called[] = "option '-x'";
		const char *value;

		if (!slot) {
			g_autofree char *shown = cf_visible(argv[*at], -1, 200);

			if ((*p & 0x80) || p[1] || p != argv[*at] + 1)
				return cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown option in '%s'",
						   shown);
			return cf_error_as(diag, CF_STATUS_USAGE, NULL, "unknown option '%s'", shown);
		}
		called[9] = *p;
		if (slot->param->type == CF_PARAM_BOOL) {
			if (set_slot(slot, "true", called, NULL, diag) < 0)
				return -1;
			continue;
		}
		value = p[1] ? p + 1 : NULL;
		if (!value) {
			if (*at + 1 >= argc)
				return need_value(called, slot->param, diag);
			value = argv[++*at];
		}
		return set_slot(slot, value, called, NULL, diag);
	}
	return 0;
}

int cf_params_parse(struct cf_params *params, int argc, char **argv, GPtrArray *operands,
		    struct cf_diag *diag)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		int rc = 0;

		if (!options || argv[i][0] != '-' || !argv[i][1])
			g_ptr_array_add(operands, argv[i]);
		else if (!strcmp(argv[i], "--"))
			options = false;
		else if (argv[i][1] == '-')
			rc = parse_long(params, argc, argv, &i, diag);
		else
			rc = parse_short(params, argc, argv, &i, diag);
		if (rc < 0)
			return -1;
	}
	return 0;
}

bool cf_params_has(const struct cf_params *params, const char *name)
{
	return find(params, name);
}

bool cf_params_is_set(const struct cf_params *params, const char *name)
{
	const struct slot *slot = find(params, name);

	g_assert(slot);
	return slot->set;
}

static const struct slot *typed(const struct cf_params *params, const char *name, enum cf_param_type type)
{
	const struct slot *slot = find(params, name);

	g_assert(slot && slot->param->type == type);
	return slot;
}

bool cf_params_bool(const struct cf_params *params, const char *name)
{
	return typed(params, name, CF_PARAM_BOOL)->i;
}

int64_t cf_params_int(const struct cf_params *params, const char *name)
{
	return typed(params, name, CF_PARAM_INT)->i;
}

double cf_params_number(const struct cf_params *params, const char *name)
{
	return typed(params, name, CF_PARAM_NUMBER)->d;
}

const char *cf_params_string(const struct cf_params *params, const char *name)
{
	const struct slot *slot = find(params, name);

	g_assert(slot && slot->param->type != CF_PARAM_BOOL && slot->param->type != CF_PARAM_LIST);
	return slot->text;
}

const char *const *cf_params_list(const struct cf_params *params, const char *name)
{
	return (const char *const *)typed(params, name, CF_PARAM_LIST)->list->pdata;
}

int64_t cf_params_time(const struct cf_params *params, const char *name)
{
	return typed(params, name, CF_PARAM_TIME)->i;
}

#define HELP_WIDTH 79
#define HELP_COLUMN_MAX 28

/* "  -n, --top N", in display columns of ASCII. */
static char *help_option(const struct cf_param *param)
{
	GString *out = g_string_new(NULL);

	if (param->letter)
		g_string_append_printf(out, "  -%c, --%s", param->letter, param->name);
	else
		g_string_append_printf(out, "      --%s", param->name);
	if (param->type != CF_PARAM_BOOL)
		g_string_append_printf(out, " %s", placeholder(param));
	return g_string_free(out, FALSE);
}

/* The help line with what a table knows besides: choices and default. */
static char *help_text(const struct cf_param *param)
{
	GString *out = g_string_new(param->help);

	if (param->type == CF_PARAM_CHOICE) {
		g_autofree char *all = g_strjoinv(", ", (char **)param->choices);

		g_string_append_printf(out, ": %s", all);
	}
	if (param->fallback && param->type != CF_PARAM_BOOL)
		g_string_append_printf(out, " (default %s)", param->fallback);
	return g_string_free(out, FALSE);
}

/* Appends text word by word from column on, continued on lines that are indented as far. */
static void wrap(GString *out, const char *text, size_t column)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	size_t at = column;

	for (char **word = words; *word; word++) {
		size_t width = (size_t)g_utf8_strlen(*word, -1);

		if (at > column && at + 1 + width > HELP_WIDTH) {
			g_string_append_printf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			g_string_append_c(out, ' ');
			at++;
		}
		g_string_append(out, *word);
		at += width;
	}
	g_string_append_c(out, '\n');
}

char *cf_params_help(const struct cf_param *const *tables)
{
	GString *out = g_string_new(NULL);
	size_t column = 0;

	for (const struct cf_param *const *table = tables; *table; table++)
		for (const struct cf_param *param = *table; param->name; param++) {
			g_autofree char *option = help_option(param);
			size_t width = (size_t)g_utf8_strlen(option, -1) + 2;

			if (width > column && width <= HELP_COLUMN_MAX)
				column = width;
		}
	for (; *tables; tables++)
		for (const struct cf_param *param = *tables; param->name; param++) {
			g_autofree char *option = help_option(param), *text = help_text(param);
			size_t width = (size_t)g_utf8_strlen(option, -1);

			g_string_append(out, option);
			if (width + 2 > column)
				g_string_append_printf(out, "\n%*s", (int)column, "");
			else
				g_string_append_printf(out, "%*s", (int)(column - width), "");
			wrap(out, text, column);
		}
	return g_string_free(out, FALSE);
}

#define WORD_MAX 64

/* Edit distance with transpositions of neighbours (optimal string alignment); words of at most WORD_MAX. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= m; j++)
		last[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN(best, last[j] + 1);
			best = MIN(best, row[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, before[j - 2] + 1);
			row[j] = best;
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

const char *cf_nearest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word), best = MAX(2, len / 3) + 1;
	const char *found = NULL;

	if (len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t name_len = strlen(names[i]), d;

		if (name_len > WORD_MAX)
			continue;
		d = distance(word, len, names[i], name_len);
		/* A word of which nothing is left is no guess. */
		if (d < best && d < MAX(len, name_len)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
