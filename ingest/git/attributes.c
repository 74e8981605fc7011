/* SPDX-License-Identifier: MIT */
/* attributes: which paths .gitattributes calls generated or vendored. */
#include "ingest/git/attributes.h"

#include "core/glob.h"

/* More rules of that kind than anybody writes; each is tried on each path. */
#define RULES_MAX 200
/* Bytes of patterns times bytes of paths that are compared: no file of rules takes longer than a second or so. */
#define WORK_MAX (UINT64_C(1000) * 1000 * 1000)

struct rule {
	char *folder, *pattern;
	size_t depth; /* length of the folder */
	size_t pattern_len;
	guint order;
	guint8 set, clear; /* enum cf_path_flags */
};

struct cf_attributes {
	GArray *rules; /* struct rule */
};

static void rule_clear(gpointer data)
{
	struct rule *rule = data;

	g_free(rule->folder);
	g_free(rule->pattern);
}

struct cf_attributes *cf_attributes_new(void)
{
	struct cf_attributes *attributes = g_new0(struct cf_attributes, 1);

	attributes->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	g_array_set_clear_func(attributes->rules, rule_clear);
	return attributes;
}

void cf_attributes_free(struct cf_attributes *attributes)
{
	if (!attributes)
		return;
	g_array_unref(attributes->rules);
	g_free(attributes);
}

/* "linguist-generated", "-linguist-generated", "linguist-generated=false". */
static void take_attribute(struct rule *rule, const char *text)
{
	gboolean off = *text == '-' || *text == '!';
	const char *name = text + off, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	guint8 flag = 0;

	if (len == strlen("linguist-generated") && strncmp(name, "linguist-generated", len) == 0)
		flag = CF_PATH_GENERATED;
	if (len == strlen("linguist-vendored") && strncmp(name, "linguist-vendored", len) == 0)
		flag = CF_PATH_VENDORED;
	if (equals && g_ascii_strcasecmp(equals + 1, "false") == 0)
		off = TRUE;
	rule->set = (guint8)(off ? rule->set & ~flag : rule->set | flag);
	rule->clear = (guint8)(off ? rule->clear | flag : rule->clear & ~flag);
}

void cf_attributes_add(struct cf_attributes *attributes, const char *folder, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] && attributes->rules->len < RULES_MAX; i++) {
		g_auto(GStrv) words = g_strsplit_set(g_strstrip(lines[i]), " \t", -1);
		struct rule rule = { .depth = strlen(folder), .order = attributes->rules->len };

		if (!words[0] || !*words[0] || *words[0] == '#' || *words[0] == '[')
			continue;
		for (guint w = 1; words[w]; w++)
			take_attribute(&rule, words[w]);
		if (!rule.set && !rule.clear)
			continue;
		rule.folder = g_strdup(folder);
		rule.pattern = g_strdup(words[0]);
		rule.pattern_len = strlen(words[0]);
		g_array_append_val(attributes->rules, rule);
	}
}

static gint compare_rules(gconstpointer a, gconstpointer b)
{
	const struct rule *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static guint8 flags_of(const struct cf_attributes *attributes, const char *path, uint64_t *work)
{
	guint8 flags = 0;
	size_t len = strlen(path);

	for (guint i = 0; i < attributes->rules->len; i++) {
		const struct rule *rule = &g_array_index(attributes->rules, struct rule, i);

		/* A pattern of attributes matches what it names; what is beneath has to be said with stars. */
		*work += rule->pattern_len * len;
		if (*work < WORK_MAX && strncmp(path, rule->folder, rule->depth) == 0 &&
		    cf_glob_path(rule->pattern, path + rule->depth, false))
			flags = (guint8)((flags & ~rule->clear) | rule->set);
	}
	return flags;
}

void cf_attributes_apply(const struct cf_attributes *attributes, struct cf_history *history)
{
	const guint8 ours = CF_PATH_GENERATED | CF_PATH_VENDORED;
	uint64_t work = 0;

	g_array_sort(attributes->rules, compare_rules);
	for (guint i = 0; i < history->paths->len; i++) {
		struct cf_history_path *path = &g_array_index(history->paths, struct cf_history_path, i);

		path->flags = (uint8_t)(path->flags & ~ours);
		if (attributes->rules->len)
			path->flags |= flags_of(attributes, cf_history_text(history, path->path), &work);
	}
	if (work >= WORK_MAX)
		cf_history_quality(history, "attributes", NULL, 0, NULL,
				   ".gitattributes has more rules than are tried on all paths");
}
