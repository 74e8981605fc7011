/* SPDX-License-Identifier: MIT */
/* people: who is who: .mailmap, and which accounts are programs. */
#include "core/people.h"

#include "core/hash.h"

/* Services whose accounts don't end in "[bot]". */
static const char *const services[] = { "dependabot",       "dependabot-preview",
					"renovate-bot",     "renovate",
					"github-actions",   "greenkeeper",
					"travis-ci",        "circleci",
					"jenkins",          "gitlab-bot",
					"pre-commit-ci",    "codecov-io",
					"semantic-release", "semantic-release-bot",
					"mergify",          "snyk-bot",
					"allcontributors",  "weblate",
					"pyup-bot",         "imgbot",
					"k8s-ci-robot",     "bors",
					"web-flow" };

/* What a line says of an address, or of a name with that address. NULL: not given. */
struct entry {
	char *name, *email;
};

struct mailmap {
	GHashTable *by_email; /* lower-case address -> struct entry * */
	GHashTable *by_both;  /* lower-case "name\naddress" -> struct entry * */
};

static void entry_free(gpointer data)
{
	struct entry *entry = data;

	g_free(entry->name);
	g_free(entry->email);
	g_free(entry);
}

/* "NAME <EMAIL>" at *rest; name may be missing. FALSE: no address. */
static gboolean take_pair(const char **rest, char **name, char **email)
{
	const char *open = strchr(*rest, '<'), *close = open ? strchr(open, '>') : NULL;

	if (!close)
		return FALSE;
	*name = g_strstrip(g_strndup(*rest, (gsize)(open - *rest)));
	*email = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));
	*rest = close + 1;
	return TRUE;
}

static char *key_of(const char *name, const char *email)
{
	g_autofree char *both = name ? g_strconcat(name, "\n", email, NULL) : g_strdup(email);

	return g_ascii_strdown(both, -1);
}

static void set(GHashTable *table, char *key, const char *name, const char *email)
{
	struct entry *entry = g_hash_table_lookup(table, key);

	if (!entry) {
		entry = g_new0(struct entry, 1);
		g_hash_table_insert(table, g_strdup(key), entry);
	}
	if (name && *name) {
		g_free(entry->name);
		entry->name = g_strdup(name);
	}
	if (email && *email) {
		g_free(entry->email);
		entry->email = g_strdup(email);
	}
	g_free(key);
}

/*
 * Proper Name <commit@email>; <proper@email> <commit@email>; Proper Name <proper@email> <commit@email>;
 * Proper Name <proper@email> Commit Name <commit@email>.
 */
static void add_line(struct mailmap *map, const char *line)
{
	g_autofree char *name = NULL, *email = NULL, *old_name = NULL, *old_email = NULL;

	if (*line == '#' || !take_pair(&line, &name, &email))
		return;
	if (!take_pair(&line, &old_name, &old_email))
		set(map->by_email, key_of(NULL, email), name, NULL);
	else if (!*old_name)
		set(map->by_email, key_of(NULL, old_email), name, email);
	else
		set(map->by_both, key_of(old_name, old_email), name, email);
}

static void add_text(struct mailmap *map, struct cf_slice text)
{
	struct cf_lines lines;
	struct cf_slice line;

	cf_lines_init(&lines, ".mailmap", text);
	while (cf_lines_next(&lines, &line)) {
		g_autofree char *owned = g_strndup((const char *)line.data, line.len);

		add_line(map, owned);
	}
}

static const struct entry *find(const struct mailmap *map, const char *name, const char *email)
{
	g_autofree char *both = key_of(name, email), *alone = key_of(NULL, email);
	const struct entry *entry = g_hash_table_lookup(map->by_both, both);

	return entry ? entry : g_hash_table_lookup(map->by_email, alone);
}

static gboolean is_service(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
		if (g_ascii_strcasecmp(name, services[i]) == 0)
			return TRUE;
	return FALSE;
}

/* "name[bot]", "12345+name[bot]@users.noreply.github.com", or a known service by name or address. */
static gboolean is_bot(const char *name, const char *email)
{
	const char *at = strrchr(email, '@');
	g_autofree char *local = g_strndup(email, at ? (gsize)(at - email) : strlen(email));
	const char *plus = strchr(local, '+');

	return g_str_has_suffix(name, "[bot]") || g_str_has_suffix(local, "[bot]") || is_service(name) ||
	       is_service(plus ? plus + 1 : local);
}

static void map_init(struct mailmap *map)
{
	map->by_email = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, entry_free);
	map->by_both = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, entry_free);
}

static void map_clear(struct mailmap *map)
{
	g_hash_table_unref(map->by_email);
	g_hash_table_unref(map->by_both);
}

static void call(struct cf_history *history, struct cf_person *person, const struct entry *entry)
{
	if (entry && entry->name)
		person->name = cf_dict_str(history->dict, entry->name, -1);
	if (entry && entry->email)
		person->email = cf_dict_str(history->dict, entry->email, -1);
	person->bot = is_bot(cf_history_text(history, person->name), cf_history_text(history, person->email));
}

void cf_people_map(struct cf_history *history, const struct cf_slice *texts, size_t n)
{
	struct mailmap map;

	map_init(&map);
	for (size_t i = 0; i < n; i++)
		add_text(&map, texts[i]);
	for (guint i = 0; i < history->persons->len; i++) {
		struct cf_person *person = &g_array_index(history->persons, struct cf_person, i);

		person->name = person->raw_name;
		person->email = person->raw_email;
		call(history, person,
		     find(&map, cf_history_text(history, person->raw_name),
			  cf_history_text(history, person->raw_email)));
	}
	map_clear(&map);
}

void cf_people_map_more(struct cf_history *history, struct cf_slice text)
{
	struct mailmap map;

	map_init(&map);
	add_text(&map, text);
	for (guint i = 0; i < history->persons->len; i++) {
		struct cf_person *person = &g_array_index(history->persons, struct cf_person, i);
		const struct entry *entry = find(&map, cf_history_text(history, person->raw_name),
						 cf_history_text(history, person->raw_email));

		if (!entry)
			entry = find(&map, cf_history_text(history, person->name),
				     cf_history_text(history, person->email));
		call(history, person, entry);
	}
	map_clear(&map);
}
