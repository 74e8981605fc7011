/* SPDX-License-Identifier: MIT */
/* maps: who is in which team, and which paths make one part of the architecture. */
#include "analyzers/churn/maps.h"

#include "core/glob.h"
#include "core/hash.h"

#include <string.h>

static void group_clear(gpointer data)
{
	struct cf_path_group *group = data;

	g_free(group->glob);
	g_free(group->name);
}

static int bad_line(const char *path, uint32_t line, const char *text, const char *expected,
		    struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path, .line = line };
	g_autofree char *shown = cf_visible(text, -1, 80);

	return cf_error_as(diag, CF_STATUS_USAGE, &loc, "'%s': expected %s", shown, expected);
}

/* `GLOB => NAME`. */
static int add_group(GArray *groups, const char *path, uint32_t line, char *text, struct cf_diag *diag)
{
	struct cf_path_group group;
	char *arrow = strstr(text, "=>");

	if (!arrow)
		return bad_line(path, line, text, "GLOB => NAME", diag);
	group.name = g_strstrip(g_strdup(arrow + 2));
	*arrow = '\0';
	group.glob = g_strdup(g_strstrip(text));
	g_array_append_val(groups, group);
	if (*group.glob == '^')
		return bad_line(path, line, group.glob, "a glob, as in .gitignore, no regular expression",
				diag);
	if (!*group.glob || !*group.name)
		return bad_line(path, line, text, "GLOB => NAME", diag);
	return 0;
}

GArray *cf_groups_parse(const char *path, struct cf_slice text, struct cf_diag *diag)
{
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct cf_path_group));
	struct cf_lines lines;

	g_array_set_clear_func(groups, group_clear);
	cf_lines_init(&lines, path, text);
	for (char *setting; (setting = cf_lines_next_setting(&lines));) {
		g_autofree char *owned = setting;

		if (add_group(groups, path, lines.loc.line, setting, diag) != 0) {
			g_array_unref(groups);
			return NULL;
		}
	}
	return groups;
}

const char *cf_groups_find(const GArray *groups, const char *path)
{
	for (guint i = 0; i < groups->len; i++) {
		const struct cf_path_group *group = &g_array_index(groups, struct cf_path_group, i);

		if (cf_glob_path(group->glob, path, true))
			return group->name;
	}
	return NULL;
}

/* Blanks around it, then one pair of double quotes. */
static char *unquoted(const char *text, size_t len)
{
	char *field = g_strstrip(g_strndup(text, len));
	size_t n = strlen(field);

	if (n >= 2 && field[0] == '"' && field[n - 1] == '"') {
		memmove(field, field + 1, n - 2);
		field[n - 2] = '\0';
	}
	return field;
}

static int add_team(GHashTable *teams, const char *path, uint32_t line, const char *text,
		    struct cf_diag *diag)
{
	const char *comma = strrchr(text, ',');
	g_autofree char *author = comma ? unquoted(text, (size_t)(comma - text)) : NULL;
	g_autofree char *team = comma ? unquoted(comma + 1, strlen(comma + 1)) : NULL;

	if (!comma || !*author || !*team)
		return bad_line(path, line, text, "AUTHOR,TEAM", diag);
	if (g_hash_table_size(teams) == 0 && g_ascii_strcasecmp(author, "author") == 0 &&
	    g_ascii_strcasecmp(team, "team") == 0)
		return 0;
	g_hash_table_replace(teams, g_steal_pointer(&author), g_steal_pointer(&team));
	return 0;
}

GHashTable *cf_teams_parse(const char *path, struct cf_slice text, struct cf_diag *diag)
{
	GHashTable *teams = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);
	struct cf_lines lines;

	cf_lines_init(&lines, path, text);
	for (char *setting; (setting = cf_lines_next_setting(&lines));) {
		g_autofree char *owned = setting;

		if (add_team(teams, path, lines.loc.line, setting, diag) != 0) {
			g_hash_table_unref(teams);
			return NULL;
		}
	}
	return teams;
}
