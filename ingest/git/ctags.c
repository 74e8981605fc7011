/* SPDX-License-Identifier: MIT */
/* ctags: where functions begin and end, as universal-ctags sees it. */
#include "ingest/git/ctags.h"

#include "core/spawn.h"

/* Of one run: a batch that takes longer, or says more, is tried file by file. 4 MB take a fraction of a second. */
#define SECONDS 20
#define SECONDS_FILE 5
#define OUTPUT_MAX ((size_t)64 << 20)
/* After as many failed runs, or as long in them, something is wrong with ctags, not with the files. */
#define FAILURES_MAX 50
#define LOST_MAX (INT64_C(40) * G_USEC_PER_SEC)
/* Longer names, of all scopes together, are nobody's. */
#define NAME_BYTES 1000

static const char *const kinds[] = { "function",        "func",       "method",
				     "singletonMethod", "subroutine", "procedure" };

static void func_clear(gpointer data)
{
	g_free(((struct cf_ctags_func *)data)->name);
}

GArray *cf_ctags_funcs_new(void)
{
	GArray *funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_ctags_func));

	g_array_set_clear_func(funcs, func_clear);
	return funcs;
}

/* ---- its answer: one flat object a line ---- */

/* A string at the start of *p, after its quote; *p: behind it. NULL: it doesn't end. Caller frees. */
static char *take_string(struct cf_slice *p)
{
	g_autoptr(GString) text = g_string_new(NULL);

	while (p->len && p->data[0] != '"') {
		size_t used = 1;
		uint8_t c = p->data[0];

		if (c == '\\') {
			if (p->len < 2)
				return NULL;
			c = p->data[1];
			used = 2;
			if (c == 'u') {
				uint64_t code;
				struct cf_slice digits;

				if (!cf_slice_sub(*p, 2, 4, &digits) || !cf_parse_u64(digits, 16, &code))
					return NULL;
				if (code && (code < 0xd800 || code > 0xdfff))
					g_string_append_unichar(text, (gunichar)code);
				c = 0;
				used = 6;
			} else if (c == 'n') {
				c = '\n';
			} else if (c == 't') {
				c = '\t';
			}
		}
		if (c)
			g_string_append_c(text, (char)c);
		p->data += used;
		p->len -= used;
	}
	if (!p->len)
		return NULL;
	p->data++;
	p->len--;
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* What of a tag's members is used. */
struct tag {
	char *type, *name, *kind, *scope;
	uint64_t line, end;
};

static void tag_clear(struct tag *tag)
{
	g_free(tag->type);
	g_free(tag->name);
	g_free(tag->kind);
	g_free(tag->scope);
}

static void skip_to(struct cf_slice *p, const char *any)
{
	while (p->len && !strchr(any, p->data[0])) {
		p->data++;
		p->len--;
	}
}

static void keep(char **member, char *value)
{
	g_free(*member);
	*member = value;
}

/* "key": "text" or "key": 12, separated by commas; what else a value may be is skipped. */
static void parse_tag(struct cf_slice line, struct tag *tag)
{
	for (skip_to(&line, "\""); line.len; skip_to(&line, "\"")) {
		g_autofree char *key = NULL, *text = NULL;
		struct cf_slice number;
		uint64_t value = 0;

		line.data++;
		line.len--;
		key = take_string(&line);
		skip_to(&line, ":");
		while (line.len && (line.data[0] == ':' || line.data[0] == ' ')) {
			line.data++;
			line.len--;
		}
		if (!key || !line.len)
			return;
		if (line.data[0] == '"') {
			line.data++;
			line.len--;
			text = take_string(&line);
			if (!text)
				return;
		} else {
			number = line;
			skip_to(&line, ",}");
			number.len -= line.len;
			if (!cf_parse_u64(number, 10, &value))
				value = 0;
		}
		if (text && strcmp(key, "_type") == 0)
			keep(&tag->type, g_steal_pointer(&text));
		else if (text && strcmp(key, "name") == 0)
			keep(&tag->name, g_steal_pointer(&text));
		else if (text && strcmp(key, "kind") == 0)
			keep(&tag->kind, g_steal_pointer(&text));
		else if (text && strcmp(key, "scope") == 0)
			keep(&tag->scope, g_steal_pointer(&text));
		else if (strcmp(key, "line") == 0)
			tag->line = value;
		else if (strcmp(key, "end") == 0)
			tag->end = value;
	}
}

static gboolean is_func(const struct tag *tag)
{
	if (!tag->name || !tag->kind || !tag->line || tag->end < tag->line || tag->end > UINT32_MAX)
		return FALSE;
	/* ctags makes names up for what has none; they change with what stands around. */
	if (g_str_has_prefix(tag->name, "__anon") || g_str_has_prefix(tag->name, "anonymous"))
		return FALSE;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(tag->kind, kinds[i]) == 0)
			return TRUE;
	return FALSE;
}

/* Scope and name; parts of the scope without a name of their own are left out. Caller frees. */
static char *full_name(const struct tag *tag, const char *separator)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_auto(GStrv) parts = g_strsplit(tag->scope ? tag->scope : "", separator, 100);

	for (guint i = 0; parts[i]; i++)
		if (*parts[i] && !g_str_has_prefix(parts[i], "__anon") &&
		    !g_str_has_prefix(parts[i], "anonymous"))
			g_string_append_printf(name, "%s%s", parts[i], separator);
	g_string_append(name, tag->name);
	g_string_truncate(name, MIN(name->len, NAME_BYTES));
	return g_string_free(g_steal_pointer(&name), FALSE);
}

static gint compare_funcs(gconstpointer a, gconstpointer b)
{
	const struct cf_ctags_func *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Gives the tags of the answer to the files, in the order of the questions. How many were answered. */
static guint read_answer(struct cf_ctags *ctags, struct cf_ctags_file *files, guint n, const GString *answer)
{
	struct cf_lines lines;
	struct cf_slice line;
	guint done = 0;

	cf_lines_init(&lines, "ctags", (struct cf_slice){ (const uint8_t *)answer->str, answer->len });
	while (done < n && cf_lines_next(&lines, &line)) {
		struct tag tag = { NULL };

		parse_tag(line, &tag);
		if (tag.type && strcmp(tag.type, "completed") == 0) {
			g_array_sort(files[done++].funcs, compare_funcs);
		} else if (tag.type && strcmp(tag.type, "tag") == 0 && is_func(&tag)) {
			struct cf_ctags_func func = { full_name(&tag, files[done].language->separator),
						      (uint32_t)tag.line, (uint32_t)tag.end };

			g_array_append_val(files[done].funcs, func);
		}
		tag_clear(&tag);
	}
	return done;
}

/* ---- the question ---- */

static int ask_once(struct cf_ctags *ctags, struct cf_ctags_file *files, guint n)
{
	static const char *const argv[] = {
		"ctags",       "--options=NONE", "--_interactive=sandbox", "--fields=NneKs",
		"--quiet=yes", "--kinds-C=f",    "--kinds-C++=f",          NULL
	};
	g_autoptr(GString) question = g_string_new(NULL), answer = g_string_new(NULL);
	struct cf_diag silent = { 0 };
	guint done;

	for (guint i = 0; i < n; i++) {
		/* The name tells the language and nothing else: one of our own, not the repository's. */
		g_string_append_printf(
			question,
			"{\"command\":\"generate-tags\",\"filename\":\"f.%s\",\"size\":%" G_GUINT64_FORMAT
			"}\n",
			files[i].language->extension, files[i].content.len);
		g_string_append_len(question, (const char *)files[i].content.data,
				    (gssize)files[i].content.len);
	}
	if (cf_spawn(argv, (struct cf_slice){ (const uint8_t *)question->str, question->len },
		     n == 1 ? SECONDS_FILE : SECONDS, OUTPUT_MAX, answer, &silent) != 0)
		return -1;
	if (!strstr(answer->str, "Universal Ctags")) {
		ctags->absent = TRUE;
		return -1;
	}
	done = read_answer(ctags, files, n, answer);
	return done == n ? 0 : -1;
}

static gboolean gave_up(const struct cf_ctags *ctags)
{
	return ctags->absent || ctags->failures >= FAILURES_MAX || ctags->lost_us >= LOST_MAX;
}

static int ask(struct cf_ctags *ctags, struct cf_ctags_file *files, guint n)
{
	int64_t start = g_get_monotonic_time();

	if (gave_up(ctags))
		return -1;
	if (ask_once(ctags, files, n) == 0)
		return 0;
	ctags->failures += !ctags->absent;
	ctags->lost_us += g_get_monotonic_time() - start;
	return -1;
}

void cf_ctags_look(struct cf_ctags *ctags, struct cf_ctags_file *files, guint n)
{
	g_autofree char *found = ctags->absent ? NULL : g_find_program_in_path("ctags");

	if (!found)
		ctags->absent = TRUE;
	if (n == 0 || ask(ctags, files, n) == 0)
		return;
	for (guint i = 0; i < n; i++) {
		g_array_set_size(files[i].funcs, 0);
		if (n == 1 || ask(ctags, &files[i], 1) != 0) {
			g_array_set_size(files[i].funcs, 0);
			files[i].failed = TRUE;
		}
	}
}
