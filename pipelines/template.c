/* SPDX-License-Identifier: MIT */
/* template: Markdown -> the document that it describes, with the places of its analyses. */
#include "pipelines/template.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdbool.h>
#include <string.h>

#include "core/params.h"
#include "pipelines/markdown_cost.h"

/* HTML headings go to 6, so do Markdown's. */
#define LEVELS 7
/* Nested quotes and lists that a person writes; deeper ones are refused before anything walks them. */
#define DEPTH_MAX 64
/* A template can be shorter than what it asks for: a report is at most that many analyses and values. */
#define LINES_MAX 200u
#define VALUES_MAX ((size_t)16 << 20)
#define ERRORS_MAX 20u

struct build {
	const char *path;
	GHashTable *variables;
	struct cf_doc *doc;
	GPtrArray *lines;
	struct cf_diag *diag;
	struct cf_node *at;               /* where blocks and inlines are appended now */
	struct cf_node *sections[LEVELS]; /* open section of each heading level; [0] is the root */
	size_t values;                    /* bytes put in for variables */
	unsigned errors;
	bool stopped; /* nothing more is read */
};

/* --- variables ---------------------------------------------------------------------------------------- */

static struct cf_loc location(const struct build *b, int line)
{
	return (struct cf_loc){ .path = b->path, .line = (uint32_t)MAX(line, 1) };
}

/* What is said of a template that is all wrong has an end. */
static void mistake(struct build *b, const struct cf_loc *loc, const char *text)
{
	cf_error_as(b->diag, CF_STATUS_USAGE, loc, "%s", text);
	if (++b->errors == ERRORS_MAX) {
		cf_error_as(b->diag, CF_STATUS_USAGE, loc, "too many errors; nothing after this is read");
		b->stopped = true;
	}
}

static void stop(struct build *b, const struct cf_loc *loc, const char *text)
{
	cf_error_as(b->diag, CF_STATUS_USAGE, loc, "%s", text);
	b->errors++;
	b->stopped = true;
}

static void unknown_variable(struct build *b, const char *name, int line)
{
	g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(b->variables), (GCompareFunc)strcmp);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = cf_visible(name, -1, 80);
	g_autofree char *text = NULL;
	struct cf_loc loc = location(b, line);
	const char *nearest;

	for (GList *k = keys; k; k = k->next)
		g_ptr_array_add(names, k->data);
	nearest = cf_nearest(name, (const char *const *)names->pdata, names->len);
	text = nearest ? g_strdup_printf("unknown variable '%s'; did you mean '%s'?", shown, nearest)
		       : g_strdup_printf("unknown variable '%s'; --set %s=... gives it a value", shown,
					 shown);
	mistake(b, &loc, text);
}

static void put_value(struct build *b, GString *out, const char *value, int line)
{
	struct cf_loc loc = location(b, line);
	size_t len = strlen(value);

	if (len > VALUES_MAX - b->values) {
		stop(b, &loc, "the values of the variables before and here take more than 16 MiB");
		return;
	}
	b->values += len;
	g_string_append_len(out, value, (gssize)len);
}

/* text with each {{name}} replaced. Caller frees. */
static char *substitute(struct build *b, const char *text, int line)
{
	GString *out = g_string_new(NULL);
	const char *open, *close;

	while (!b->stopped && (open = strstr(text, "{{")) && (close = strstr(open + 2, "}}"))) {
		g_autofree char *name = g_strstrip(g_strndup(open + 2, (gsize)(close - open - 2)));
		const char *value = g_hash_table_lookup(b->variables, name);

		g_string_append_len(out, text, open - text);
		if (value)
			put_value(b, out, value, line);
		else
			unknown_variable(b, name, line);
		text = close + 2;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

/* --- analysis lines ----------------------------------------------------------------------------------- */

static void setting_free(gpointer data)
{
	struct cf_template_setting *setting = data;

	g_free(setting->key);
	g_free(setting->value);
	g_free(setting);
}

void cf_template_line_free(struct cf_template_line *line)
{
	g_free((char *)line->loc.path);
	g_free(line->analysis);
	g_free(line->id);
	g_free(line->title);
	g_ptr_array_unref(line->settings);
	g_free(line);
}

/*
 * The next word of *text, with "..." and '...' taken off wherever they stand in it and \ before a quote or
 * backslash inside "...". NULL at the end; *bad when a quote isn't closed; *key_len: up to its first bare =,
 * or 0. Caller frees.
 */
static char *next_word(const char **text, bool *bad, size_t *key_len)
{
	const char *s = *text + strspn(*text, " \t");
	GString *word;
	char quote = 0;

	*key_len = 0;
	if (*s == '\0' || *s == '#')
		return NULL;
	word = g_string_new(NULL);
	for (; *s && (quote || (*s != ' ' && *s != '\t')); s++) {
		if (quote == '"' && *s == '\\' && (s[1] == '"' || s[1] == '\\'))
			g_string_append_c(word, *++s);
		else if (quote && *s == quote)
			quote = 0;
		else if (!quote && (*s == '"' || *s == '\''))
			quote = *s;
		else {
			if (!quote && *s == '=' && *key_len == 0)
				*key_len = word->len;
			g_string_append_c(word, *s);
		}
	}
	*bad = quote != 0;
	*text = s;
	return g_string_free(word, FALSE);
}

static void add_setting(struct build *b, struct cf_template_line *line, const char *word, size_t key_len)
{
	struct cf_template_setting *setting = g_new0(struct cf_template_setting, 1);

	if (key_len) {
		setting->key = g_strndup(word, key_len);
		setting->value = substitute(b, word + key_len + 1, (int)line->loc.line);
	} else {
		setting->key = substitute(b, word, (int)line->loc.line);
	}
	if (setting->value && strcmp(setting->key, "id") == 0) {
		g_free(line->id);
		line->id = g_steal_pointer(&setting->value);
		setting_free(setting);
	} else if (setting->value && strcmp(setting->key, "title") == 0) {
		g_free(line->title);
		line->title = g_steal_pointer(&setting->value);
		setting_free(setting);
	} else if (!setting->value && strcmp(setting->key, "optional") == 0) {
		line->optional = TRUE;
		setting_free(setting);
	} else {
		g_ptr_array_add(line->settings, setting);
	}
}

static void parse_line(struct build *b, const char *text, int number)
{
	bool bad = false;
	size_t key_len;
	char *word = next_word(&text, &bad, &key_len);
	struct cf_loc loc = location(b, number);
	struct cf_template_line *line;

	if (!word)
		return;
	if (b->lines->len == LINES_MAX) {
		g_autofree char *many = g_strdup_printf("more than %u analyses in one report", LINES_MAX);

		stop(b, &loc, many);
		g_free(word);
		return;
	}
	line = g_new0(struct cf_template_line, 1);
	line->loc = loc;
	line->loc.path = g_strdup(b->path);
	line->analysis = word;
	line->settings = g_ptr_array_new_with_free_func(setting_free);
	g_ptr_array_add(b->lines, line);
	while (!bad && (word = next_word(&text, &bad, &key_len))) {
		add_setting(b, line, word, key_len);
		g_free(word);
	}
	if (bad)
		mistake(b, &line->loc, "a quote isn't closed");
	if (!line->id)
		line->id = g_strdup(line->analysis);
	line->section = cf_doc_section(b->doc, b->at, line->id, line->title);
}

static void parse_block(struct build *b, const char *literal, int first_line)
{
	g_auto(GStrv) rows = g_strsplit(literal, "\n", -1);

	for (int i = 0; rows[i] && !b->stopped; i++)
		parse_line(b, g_strchomp(rows[i]), first_line + i);
}

/* --- Markdown ----------------------------------------------------------------------------------------- */

/* All text below node, variables put in. Caller frees. */
static char *flat_text(struct build *b, cmark_node *node)
{
	GString *text = g_string_new(NULL);
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(n);
		const char *literal = cmark_node_get_literal(n);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_TEXT && literal) {
			g_autofree char *put = substitute(b, literal, cmark_node_get_start_line(n));

			g_string_append(text, put);
		} else if ((type == CMARK_NODE_CODE || type == CMARK_NODE_HTML_INLINE) && literal) {
			g_string_append(text, literal);
		} else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
			g_string_append_c(text, ' ');
		}
	}
	cmark_iter_free(iter);
	return g_string_free(text, FALSE);
}

/*
 * "What we saw, {{week}}" -> "part-what-we-saw": from the template's own words, so that it is the same in
 * every report. The prefix keeps headings from taking the ids of analyses and their tables. Caller frees.
 */
static char *slug(cmark_node *heading)
{
	GString *id = g_string_new("part");
	cmark_iter *iter = cmark_iter_new(heading);
	bool inside = false, gap = true;

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		const char *s = cmark_node_get_literal(cmark_iter_get_node(iter));

		for (; s && *s; s++) {
			if (strncmp(s, "{{", 2) == 0)
				inside = true;
			if (!inside && g_ascii_isalnum(*s)) {
				if (gap)
					g_string_append_c(id, '-');
				g_string_append_c(id, g_ascii_tolower(*s));
				gap = false;
			} else {
				gap = true;
			}
			if (strncmp(s, "}}", 2) == 0)
				inside = false;
		}
		gap = true;
	}
	cmark_iter_free(iter);
	return g_string_free(id, FALSE);
}

static void heading(struct build *b, cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);
	g_autofree char *title = flat_text(b, node);
	g_autofree char *id = NULL;
	struct cf_node *parent;

	if (level == 1 && !b->doc->title) {
		cf_doc_set_title(b->doc, title);
		return;
	}
	id = slug(node);
	for (int i = level; i < LEVELS; i++)
		b->sections[i] = NULL;
	parent = b->sections[0];
	for (int i = 1; i < level; i++)
		if (b->sections[i])
			parent = b->sections[i];
	b->sections[level] = cf_doc_section(b->doc, parent, id, title);
	b->at = b->sections[level];
}

static void code_block(struct build *b, cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	const char *literal = cmark_node_get_literal(node);
	int line = cmark_node_get_start_line(node);

	if (info && strcmp(info, "callflow") == 0) {
		parse_block(b, literal ? literal : "", line + 1);
		return;
	}
	cf_doc_add(b->doc, b->at, CF_CODE, literal ? literal : "")->language =
		(char *)cf_doc_str(b->doc, info && *info ? info : NULL);
}

static void html_block(struct build *b, cmark_node *node)
{
	g_autofree char *text = g_strstrip(g_strdup(cmark_node_get_literal(node)));

	if (g_str_has_prefix(text, "<!--") && g_str_has_suffix(text, "-->"))
		return;
	cf_doc_add(b->doc, cf_doc_add(b->doc, b->at, CF_PARA, NULL), CF_TEXT, text);
}

/* A whole table at once: its cells hold text. */
static void table(struct build *b, cmark_node *node)
{
	g_autoptr(GArray) columns = g_array_new(FALSE, TRUE, sizeof(struct cf_column));
	cmark_node *row = cmark_node_first_child(node);
	struct cf_node *out;

	for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
		g_autofree char *title = flat_text(b, cell);
		g_autofree char *id = slug(cell);
		struct cf_column column = { .id = cf_doc_str(b->doc, id),
					    .title = cf_doc_str(b->doc, title) };

		g_array_append_val(columns, column);
	}
	out = cf_doc_table(b->doc, b->at, "table", NULL, (const struct cf_column *)(void *)columns->data,
			   columns->len);
	while ((row = cmark_node_next(row))) {
		guint n = 0;

		for (cmark_node *cell = cmark_node_first_child(row); cell && n < columns->len;
		     cell = cmark_node_next(cell), n++) {
			g_autofree char *text = flat_text(b, cell);

			cf_table_text(b->doc, out, text);
		}
		for (; n < columns->len; n++)
			cf_table_empty(out);
	}
}

static void descend(struct build *b, enum cf_kind kind, const char *text)
{
	b->at = cf_doc_add(b->doc, b->at, kind, text);
}

/* TRUE when the children of node are dealt with as well. */
static bool enter(struct build *b, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	const char *literal = cmark_node_get_literal(node);

	switch (type) {
	case CMARK_NODE_HEADING:
		heading(b, node);
		return true;
	case CMARK_NODE_CODE_BLOCK:
		code_block(b, node);
		return true;
	case CMARK_NODE_HTML_BLOCK:
		html_block(b, node);
		return true;
	case CMARK_NODE_THEMATIC_BREAK:
		cf_doc_add(b->doc, b->at, CF_RULE, NULL);
		return true;
	case CMARK_NODE_BLOCK_QUOTE:
		b->at = cf_doc_callout(b->doc, b->at, CF_LEVEL_INFO);
		return false;
	case CMARK_NODE_LIST:
		descend(b, CF_LIST, NULL);
		b->at->ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
		return false;
	case CMARK_NODE_ITEM:
		descend(b, CF_ITEM, NULL);
		return false;
	case CMARK_NODE_PARAGRAPH:
		/* The first paragraph of an item is its inline content. */
		if (b->at->kind != CF_ITEM || b->at->first)
			descend(b, CF_PARA, NULL);
		return false;
	case CMARK_NODE_TEXT: {
		g_autofree char *text = substitute(b, literal, cmark_node_get_start_line(node));

		cf_doc_add(b->doc, b->at, CF_TEXT, text);
		return true;
	}
	case CMARK_NODE_HTML_INLINE:
		if (!g_str_has_prefix(literal, "<!--"))
			cf_doc_add(b->doc, b->at, CF_TEXT, literal);
		return true;
	case CMARK_NODE_CODE:
		cf_doc_add(b->doc, b->at, CF_CODE, literal);
		return true;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		cf_doc_add(b->doc, b->at, CF_TEXT, " ");
		return true;
	case CMARK_NODE_EMPH:
		descend(b, CF_EMPH, NULL);
		return false;
	case CMARK_NODE_STRONG:
		descend(b, CF_STRONG, NULL);
		return false;
	case CMARK_NODE_LINK:
		descend(b, CF_LINK, cmark_node_get_url(node));
		return false;
	default:
		break;
	}
	if (strcmp(cmark_node_get_type_string(node), "table") == 0) {
		table(b, node);
		return true;
	}
	/* Pictures, strikethrough: what they say stands where they stood. */
	return false;
}

static void leave(struct build *b, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		if (b->at->kind == CF_PARA)
			b->at = b->at->parent;
		return;
	case CMARK_NODE_BLOCK_QUOTE:
	case CMARK_NODE_LIST:
	case CMARK_NODE_ITEM:
	case CMARK_NODE_EMPH:
	case CMARK_NODE_STRONG:
	case CMARK_NODE_LINK:
		b->at = b->at->parent;
		return;
	default:
		return;
	}
}

/* A heading inside a quote or list would open a section there. */
static bool misplaced(cmark_node *node, int depth)
{
	cmark_node_type type = cmark_node_get_type(node);
	const char *info = type == CMARK_NODE_CODE_BLOCK ? cmark_node_get_fence_info(node) : NULL;

	return depth > 1 && (type == CMARK_NODE_HEADING || (info && strcmp(info, "callflow") == 0));
}

static void walk(struct build *b, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;
	int depth = 0;

	while (!b->stopped && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		struct cf_loc loc = location(b, cmark_node_get_start_line(node));
		bool container = cmark_node_first_child(node) != NULL;

		if (event == CMARK_EVENT_EXIT) {
			depth -= container;
			leave(b, node);
			continue;
		}
		if (misplaced(node, depth) || depth > DEPTH_MAX) {
			cf_error_as(b->diag, CF_STATUS_USAGE, &loc,
				    depth > DEPTH_MAX
					    ? "nested more than %d deep"
					    : "headings and callflow blocks can't stand in quotes or lists",
				    DEPTH_MAX);
			b->errors++;
			break;
		}
		if (enter(b, node) && container) {
			cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
			leave(b, node);
		} else {
			depth += container;
		}
	}
	cmark_iter_free(iter);
}

static cmark_node *parse(struct cf_slice text, cmark_parser **parser)
{
	static const char *const extensions[] = { "table", "strikethrough" };

	/* Registered once per process and never released: a second registration would do nothing. */
	cmark_gfm_core_extensions_ensure_registered();
	*parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
		cmark_parser_attach_syntax_extension(*parser, cmark_find_syntax_extension(extensions[i]));
	cmark_parser_feed(*parser, (const char *)text.data, text.len);
	return cmark_parser_finish(*parser);
}

int cf_template_build(const char *path, struct cf_slice text, GHashTable *variables, struct cf_doc *doc,
		      GPtrArray *lines, struct cf_diag *diag)
{
	struct build b = { .path = path,
			   .variables = variables,
			   .doc = doc,
			   .lines = lines,
			   .diag = diag,
			   .at = doc->root };
	cmark_parser *parser;
	cmark_node *root;

	if (cf_markdown_check(path, text, diag) < 0)
		return -1;
	root = parse(text, &parser);
	b.sections[0] = doc->root;
	cmark_consolidate_text_nodes(root);
	walk(&b, root);
	cmark_node_free(root);
	cmark_parser_free(parser);
	return b.errors ? -1 : 0;
}

int cf_template_add_line(const struct cf_loc *loc, const char *text, GHashTable *variables,
			 struct cf_doc *doc, GPtrArray *lines, struct cf_diag *diag)
{
	struct build b = { .path = loc->path,
			   .variables = variables,
			   .doc = doc,
			   .lines = lines,
			   .diag = diag,
			   .at = doc->root };

	parse_line(&b, text, (int)loc->line);
	return b.errors ? -1 : 0;
}

char *cf_template_library_version(void)
{
	return g_strdup_printf("cmark-gfm %s", cmark_version_string());
}
