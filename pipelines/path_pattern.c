/* SPDX-License-Identifier: MIT */
/* path_pattern: what the path of a file says of its run. */
#include "pipelines/path_pattern.h"

#include <stdbool.h>
#include <string.h>

#define DATE "[0-9]{4}-?[0-9]{2}-?[0-9]{2}"
#define CLOCK "[0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?"
#define ZONE "(?:Z|[+-][0-9]{2}:[0-9]{2})?"

static const struct {
	const char *field, *regex;
} fields[] = {
	{ "time", "(" DATE "(?:[T_-]" CLOCK ZONE ")?|[0-9]{9,11})" },
	{ "commit", "([0-9a-fA-F]{4,64})" },
	{ "name", "([^/]+?)" },
	{ "", "([^/]*?)" },
};

static const char *field_regex(const char *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (!strcmp(field, fields[i].field))
			return fields[i].regex;
	return g_str_has_prefix(field, "label.") && field[6] && !strpbrk(field, "=,~@/") ? "([^/]+?)" : NULL;
}

/* names: char *, of the fields in order. NULL with a message. */
static char *to_regex(const char *pattern, GPtrArray *names, struct cf_diag *diag)
{
	g_autoptr(GString) regex = g_string_new("(?:^|/)");

	for (const char *p = pattern; *p;) {
		const char *open = p + strcspn(p, "{"), *close = open + strcspn(open, "}");
		g_autofree char *literal = g_regex_escape_string(p, (gint)(open - p)), *field = NULL;

		g_string_append(regex, literal);
		if (!*open)
			break;
		field = g_strndup(open + 1, (gsize)(close - open - 1));
		if (!*close || !field_regex(field)) {
			g_autofree char *shown = cf_visible(field, -1, 80);

			cf_error_as(diag, CF_STATUS_USAGE, NULL,
				    "--path-pattern: '{%s' is no field; expected {time}, {commit}, {name}, "
				    "{label.KEY} "
				    "or {}",
				    shown);
			return NULL;
		}
		g_string_append(regex, field_regex(field));
		g_ptr_array_add(names, g_steal_pointer(&field));
		p = close + 1;
	}
	g_string_append(regex, "$");
	return g_strdup(regex->str);
}

/* "20261123T060211Z" and "20261123-0602" are dates as well. */
static bool parse_time(const char *text, int64_t *ns)
{
	g_autoptr(GString) full = g_string_new(NULL);
	const char *p = text;

	if (strspn(text, "0123456789") == strlen(text) && strlen(text) > 8) {
		g_string_printf(full, "@%s", text);
		return cf_time_parse(full->str, ns);
	}
	for (int digits = 0; *p; p++) {
		if (*p == 'Z' || *p == '+' || (*p == '-' && digits > 8))
			break;
		if (!g_ascii_isdigit(*p))
			continue;
		if (digits == 4 || digits == 6)
			g_string_append_c(full, '-');
		else if (digits == 8)
			g_string_append_c(full, 'T');
		else if (digits == 10 || digits == 12)
			g_string_append_c(full, ':');
		g_string_append_c(full, *p);
		digits++;
	}
	g_string_append(full, p);
	return cf_time_parse(full->str, ns);
}

static int set_field(struct cf_run_flags *out, const char *field, char *value, struct cf_diag *diag)
{
	if (!strcmp(field, "time")) {
		if (out->start_source != CF_START_NONE)
			return 0;
		if (!parse_time(value, &out->start_ns))
			return cf_error(diag, NULL, "--path-pattern: '%s' is no time", value);
		out->start_source = CF_START_USER;
	} else if (!strcmp(field, "commit") && !out->commit) {
		out->commit = g_ascii_strdown(value, -1);
	} else if (!strcmp(field, "name") && !out->name) {
		out->name = g_strdup(value);
	} else if (g_str_has_prefix(field, "label.") && !g_hash_table_contains(out->labels, field + 6)) {
		g_hash_table_insert(out->labels, g_strdup(field + 6), g_strdup(value));
	}
	return 0;
}

static void copy_flags(const struct cf_run_flags *flags, struct cf_run_flags *out)
{
	GHashTableIter iter;
	gpointer key, value;

	*out = *flags;
	out->name = g_strdup(flags->name);
	out->commit = g_strdup(flags->commit);
	out->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!flags->labels)
		return;
	g_hash_table_iter_init(&iter, flags->labels);
	while (g_hash_table_iter_next(&iter, &key, &value))
		g_hash_table_insert(out->labels, g_strdup(key), g_strdup(value));
}

void cf_path_pattern_clear(struct cf_run_flags *out)
{
	g_free((char *)out->name);
	g_free((char *)out->commit);
	if (out->labels)
		g_hash_table_unref(out->labels);
	*out = (struct cf_run_flags){ 0 };
}

static int apply(const char *pattern, const char *path, struct cf_run_flags *out, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = to_regex(pattern, names, diag);
	g_autoptr(GRegex) regex = text ? g_regex_new(text, G_REGEX_RAW, 0, NULL) : NULL;
	g_autoptr(GMatchInfo) info = NULL;
	struct cf_loc loc = { .path = path };
	int result = 0;

	if (!regex)
		return -1;
	if (!g_regex_match(regex, path, 0, &info))
		return cf_error(diag, &loc, "doesn't match --path-pattern '%s'", pattern);
	for (guint i = 0; result == 0 && i < names->len; i++) {
		g_autofree char *value = g_match_info_fetch(info, (gint)i + 1);

		result = set_field(out, g_ptr_array_index(names, i), value, diag);
	}
	return result;
}

int cf_path_pattern_flags(const char *pattern, const char *path, const struct cf_run_flags *flags,
			  struct cf_run_flags *out, struct cf_diag *diag)
{
	copy_flags(flags, out);
	if (!pattern || apply(pattern, path, out, diag) == 0)
		return 0;
	cf_path_pattern_clear(out);
	return -1;
}
