/* SPDX-License-Identifier: MIT */
/* git_log: the history of a repository from what `git log --numstat` printed. */
#include "ingest/format.h"

#include <stdlib.h>

#include "core/sum.h"
#include "core/unit.h"

/*
 * Three forms, told apart by their first line:
 *	--1a2b3c4--2013-08-29--Name		git log --numstat --date=short --pretty=format:'--%h--%ad--%aN'
 *	[1a2b3c4] Name 2013-08-29 Subject	git log --numstat --date=short --pretty=format:'[%h] %aN %ad %s'
 *	commit 1a2b...				git log --numstat
 * The first two are what code-maat reads.
 */
#define VERSION 1
/* Lines that a probe looks at. */
#define LOOK 200
#define DATE_LEN 10
#define NS_PER_S INT64_C(1000000000)

enum form { FORM_NONE, FORM_DASHES, FORM_BRACKETS, FORM_PLAIN };

struct log {
	struct cf_history *history;
	struct cf_lines lines;
	enum form form;
	gboolean open;        /* a commit was begun */
	struct cf_commit now; /* its row so far; ranges are kept in the history's */
	GString *subject;
	int64_t unknown; /* lines */
	struct cf_diag *diag;
};

/* ---- lines ---- */

static size_t hex_run(struct cf_slice s)
{
	size_t n = 0;

	while (n < s.len && g_ascii_isxdigit(s.data[n]))
		n++;
	return n;
}

static struct cf_slice from(struct cf_slice s, uint64_t start)
{
	start = MIN(start, s.len);
	return (struct cf_slice){ s.data + start, s.len - start };
}

static gboolean begins(struct cf_slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && memcmp(s.data, text, len) == 0;
}

static struct cf_slice strip(struct cf_slice s)
{
	while (s.len && g_ascii_isspace(s.data[0]))
		s = from(s, 1);
	while (s.len && g_ascii_isspace(s.data[s.len - 1]))
		s.len--;
	return s;
}

/* "2013-08-29" */
static gboolean is_date(struct cf_slice s)
{
	static const char shape[] = "dddd-dd-dd";

	if (s.len < DATE_LEN)
		return FALSE;
	for (int i = 0; i < DATE_LEN; i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(s.data[i]) : s.data[i] != '-')
			return FALSE;
	return TRUE;
}

/* Where a date stands between blanks, or the length. */
static uint64_t find_date(struct cf_slice s)
{
	for (uint64_t i = 1; i + DATE_LEN <= s.len; i++)
		if (s.data[i - 1] == ' ' && is_date(from(s, i)) &&
		    (i + DATE_LEN == s.len || s.data[i + DATE_LEN] == ' '))
			return i;
	return s.len;
}

static enum form form_of(struct cf_slice line)
{
	size_t hex;

	if (begins(line, "--")) {
		hex = hex_run(from(line, 2));
		return hex && begins(from(line, 2 + hex), "--") && is_date(from(line, 4 + hex)) &&
				       begins(from(line, 4 + hex + DATE_LEN), "--")
			       ? FORM_DASHES
			       : FORM_NONE;
	}
	if (begins(line, "[")) {
		hex = hex_run(from(line, 1));
		return hex && begins(from(line, 1 + hex), "] ") && find_date(line) < line.len ? FORM_BRACKETS
											      : FORM_NONE;
	}
	if (begins(line, "commit ") && hex_run(from(line, 7)) == CF_OID_HEX)
		return FORM_PLAIN;
	return FORM_NONE;
}

/* "12<tab>3<tab>path"; "-" for both numbers of binary files. */
static gboolean take_numbers(struct cf_slice line, struct cf_change *change, struct cf_slice *path)
{
	uint64_t values[2];
	int dashes = 0;

	for (int i = 0; i < 2; i++) {
		const uint8_t *tab = line.len ? memchr(line.data, '\t', line.len) : NULL;
		struct cf_slice number;

		if (!tab)
			return FALSE;
		number = (struct cf_slice){ line.data, (uint64_t)(tab - line.data) };
		values[i] = 0;
		if (number.len == 1 && number.data[0] == '-')
			dashes++;
		else if (!cf_parse_u64(number, 10, &values[i]) || values[i] > UINT32_MAX)
			return FALSE;
		line = from(line, number.len + 1);
	}
	if (dashes == 1 || !line.len)
		return FALSE;
	change->added = (uint32_t)values[0];
	change->deleted = (uint32_t)values[1];
	change->flags = dashes ? CF_CHANGE_BINARY : 0;
	*path = line;
	return TRUE;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_lines lines;
	struct cf_slice line, path;
	struct cf_change change = { 0 };
	enum form form = FORM_NONE;

	*why = "no commit of git log --numstat";
	cf_lines_init(&lines, input->path, input->bytes);
	for (int i = 0; i < LOOK && cf_lines_next(&lines, &line); i++) {
		if (form == FORM_NONE && !line.len)
			continue;
		if (form == FORM_NONE)
			form = form_of(line);
		if (form == FORM_NONE)
			return CF_BID_NO;
		if (take_numbers(line, &change, &path))
			return CF_BID_SHAPE;
	}
	if (form == FORM_NONE)
		return CF_BID_NO;
	*why = "commits, but no lines of --numstat: git log --numstat";
	return CF_BID_NEAR;
}

/* ---- paths ---- */

/* git quotes what has control characters, quotes or, by default, other than ASCII. Caller frees. */
static char *unquote(struct cf_slice s)
{
	static const char names[] = "abtnvfr", values[] = "\a\b\t\n\v\f\r";
	g_autoptr(GString) text = g_string_new(NULL);

	if (s.len < 2 || s.data[0] != '"' || s.data[s.len - 1] != '"')
		return g_strndup((const char *)s.data, s.len);
	for (uint64_t i = 1; i + 1 < s.len; i++) {
		uint8_t c = s.data[i];
		const char *name;

		if (c == '\\' && i + 2 < s.len) {
			c = s.data[++i];
			name = c ? strchr(names, c) : NULL;
			if (name) {
				c = (uint8_t)values[name - names];
			} else if (c >= '0' && c <= '3' && i + 3 < s.len) {
				c = (uint8_t)((c - '0') << 6 | (s.data[i + 1] & 7) << 3 |
					      (s.data[i + 2] & 7));
				i += 2;
			}
		}
		if (c)
			g_string_append_c(text, (char)c);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Joins two parts of a path; an empty folder between them leaves one slash. Caller frees. */
static char *join(const char *head, size_t head_len, const char *middle, size_t middle_len, const char *tail)
{
	if (!middle_len && *tail == '/' && (!head_len || head[head_len - 1] == '/'))
		tail++;
	return g_strdup_printf("%.*s%.*s%s", (int)head_len, head, (int)middle_len, middle, tail);
}

/* "a/{b => c}/d" or "b => c": both paths. FALSE: no rename. Callers free. */
static gboolean split_rename(const char *path, char **old_path, char **new_path)
{
	const char *arrow = strstr(path, " => "), *open, *close;

	if (!arrow)
		return FALSE;
	for (open = arrow; open > path && *open != '{';)
		open--;
	close = strchr(arrow, '}');
	if (*open == '{' && close) {
		size_t head = (size_t)(open - path);

		*old_path = join(path, head, open + 1, (size_t)(arrow - open - 1), close + 1);
		*new_path = join(path, head, arrow + 4, (size_t)(close - arrow - 4), close + 1);
	} else {
		*old_path = g_strndup(path, (gsize)(arrow - path));
		*new_path = g_strdup(arrow + 4);
	}
	return TRUE;
}

/* ---- commits ---- */

static void end_commit(struct log *log)
{
	if (!log->open)
		return;
	log->now.subject = cf_dict_str(log->history->dict, log->subject->str, (gssize)log->subject->len);
	if (log->now.author == CF_NONE) {
		log->now.author = cf_history_person(log->history, "", 0, "", 0);
		log->now.committer = log->now.author;
	}
	g_array_index(log->history->commits, struct cf_commit, log->history->commits->len - 1) = log->now;
	log->open = FALSE;
}

/* Short names are filled up with zeros; one that is there already gets a number at its end. */
static void begin_commit(struct log *log, struct cf_slice hex)
{
	char full[CF_OID_HEX + 1];
	struct cf_oid oid;
	uint32_t n = log->history->commits->len;

	end_commit(log);
	memset(full, '0', CF_OID_HEX);
	memcpy(full, hex.data, MIN(hex.len, CF_OID_HEX));
	cf_oid_parse(&oid, full, CF_OID_HEX);
	for (uint32_t i = n; cf_history_find(log->history, &oid) != CF_NONE; i++) {
		uint32_t mark = GUINT32_TO_BE(i + 1);

		memcpy(oid.bytes + CF_OID_SIZE - sizeof(mark), &mark, sizeof(mark));
	}
	if (hex.len < CF_OID_HEX)
		log->history->has_oids = FALSE;
	log->now = *cf_history_add_commit(log->history, &oid);
	log->now.flags = CF_COMMIT_DIFFED;
	log->open = TRUE;
	g_string_truncate(log->subject, 0);
}

static void set_author(struct log *log, struct cf_slice name, struct cf_slice email)
{
	log->now.author = cf_history_person(log->history, (const char *)name.data, (gssize)name.len,
					    (const char *)email.data, (gssize)email.len);
	log->now.committer = log->now.author;
}

static void set_time(struct log *log, int64_t seconds, int16_t zone)
{
	log->now.author_time = log->now.commit_time = seconds;
	log->now.author_zone = log->now.commit_zone = zone;
}

static gboolean set_date(struct log *log, struct cf_slice date)
{
	g_autofree char *text = g_strndup((const char *)date.data, DATE_LEN);
	int64_t ns;

	if (!cf_time_parse(text, &ns))
		return FALSE;
	set_time(log, ns / NS_PER_S, 0);
	return TRUE;
}

static gboolean begin_dashes(struct log *log, struct cf_slice line)
{
	size_t hex = hex_run(from(line, 2));

	begin_commit(log, (struct cf_slice){ line.data + 2, hex });
	set_author(log, strip(from(line, 4 + hex + DATE_LEN + 2)),
		   (struct cf_slice){ (const uint8_t *)"", 0 });
	return set_date(log, from(line, 4 + hex));
}

static gboolean begin_brackets(struct log *log, struct cf_slice line)
{
	size_t hex = hex_run(from(line, 1));
	uint64_t date = find_date(line), name = 3 + hex;
	struct cf_slice subject = strip(from(line, date + DATE_LEN));

	begin_commit(log, (struct cf_slice){ line.data + 1, hex });
	set_author(log, strip((struct cf_slice){ line.data + name, date > name ? date - name : 0 }),
		   (struct cf_slice){ (const uint8_t *)"", 0 });
	g_string_append_len(log->subject, (const char *)subject.data, (gssize)subject.len);
	return set_date(log, from(line, date));
}

/* ---- the plain form ---- */

/* "Name <email>" */
static void take_author(struct log *log, struct cf_slice text)
{
	const uint8_t *open = text.len ? memrchr(text.data, '<', text.len) : NULL;
	struct cf_slice email = { (const uint8_t *)"", 0 };

	if (open) {
		email = from(text, (uint64_t)(open + 1 - text.data));
		if (email.len && email.data[email.len - 1] == '>')
			email.len--;
		text.len = (uint64_t)(open - text.data);
	}
	set_author(log, strip(text), email);
}

/* "+0200" or "+02:00" */
static gboolean parse_zone(const char *text, int16_t *minutes)
{
	int digits[4], n = 0, sign = *text == '-' ? -1 : 1;

	*minutes = 0;
	if (strcmp(text, "Z") == 0)
		return TRUE;
	if (*text != '+' && *text != '-')
		return FALSE;
	for (text++; *text && n < 4; text++)
		if (g_ascii_isdigit(*text))
			digits[n++] = *text - '0';
		else if (*text != ':')
			return FALSE;
	if (n < 4)
		return FALSE;
	*minutes = (int16_t)(sign * ((digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]));
	return TRUE;
}

static int month_of(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *found = strlen(name) == 3 ? strstr(names, name) : NULL;

	return found && (found - names) % 3 == 0 ? (int)(found - names) / 3 + 1 : 0;
}

/* "2013-08-29" and "12:00:00" of that zone, in seconds. */
static gboolean join_time(const char *date, const char *clock, int16_t zone, int64_t *seconds)
{
	g_autofree char *text = g_strdup_printf("%sT%sZ", date, clock);
	int64_t ns;

	if (!cf_time_parse(text, &ns))
		return FALSE;
	*seconds = ns / NS_PER_S - (int64_t)zone * 60;
	return TRUE;
}

/* The date forms of git log: default, iso, iso-strict, short, unix and raw. */
static gboolean parse_time(char **words, guint n, int64_t *seconds, int16_t *zone)
{
	g_autofree char *date = NULL;
	struct cf_slice first = { (const uint8_t *)words[0], n ? strlen(words[0]) : 0 };
	int64_t ns;

	*zone = 0;
	if (n == 6 && month_of(words[1]) && parse_zone(words[5], zone)) {
		date = g_strdup_printf("%s-%02d-%s%s", words[4], month_of(words[1]),
				       strlen(words[2]) < 2 ? "0" : "", words[2]);
		return join_time(date, words[3], *zone, seconds);
	}
	if (n == 3 && is_date(first) && parse_zone(words[2], zone))
		return join_time(words[0], words[1], *zone, seconds);
	if (n == 1 && is_date(first)) {
		if (first.len > DATE_LEN + 9)
			parse_zone(words[0] + DATE_LEN + 9, zone);
		if (!cf_time_parse(words[0], &ns))
			return FALSE;
		*seconds = ns / NS_PER_S;
		return TRUE;
	}
	if (n == 2 && !parse_zone(words[1], zone))
		return FALSE;
	return n >= 1 && n <= 2 && cf_parse_i64(first, seconds);
}

static gboolean take_time(struct log *log, struct cf_slice text)
{
	g_autofree char *owned = g_strndup((const char *)text.data, text.len);
	g_auto(GStrv) words = g_strsplit(g_strstrip(owned), " ", 8);
	int64_t seconds;
	int16_t zone;
	guint n = 0;

	/* A day of one digit has a blank before it. */
	for (guint i = 0; words[i]; i++)
		if (*words[i])
			words[n++] = words[i];
		else
			g_free(words[i]);
	words[n] = NULL;
	if (!n || !parse_time(words, n, &seconds, &zone))
		return FALSE;
	set_time(log, seconds, zone);
	return TRUE;
}

/* "Merge: 1a2b3c4 5d6e7f8" */
static void take_parents(struct log *log, struct cf_slice text)
{
	g_autofree char *owned = g_strndup((const char *)text.data, text.len);
	g_auto(GStrv) words = g_strsplit(g_strstrip(owned), " ", 100);

	for (guint i = 0; words[i]; i++) {
		struct cf_parent parent = { .commit = CF_NONE };
		char full[CF_OID_HEX + 1];

		memset(full, '0', CF_OID_HEX);
		memcpy(full, words[i], MIN(strlen(words[i]), CF_OID_HEX));
		if (!cf_oid_parse(&parent.oid, full, CF_OID_HEX))
			continue;
		g_array_append_val(log->history->parents, parent);
		log->now.parents++;
	}
}

/* FALSE: no line of the plain form. */
static gboolean take_plain(struct log *log, struct cf_slice line)
{
	static const char *const skipped[] = { "Commit:", "CommitDate:", "Reflog", "Notes", "gpg:", NULL };

	if (begins(line, "    ")) {
		struct cf_slice text = strip(line);

		if (!log->subject->len)
			g_string_append_len(log->subject, (const char *)text.data, (gssize)text.len);
		return TRUE;
	}
	if (begins(line, "Author:"))
		take_author(log, strip(from(line, strlen("Author:"))));
	else if (begins(line, "Date:") || begins(line, "AuthorDate:"))
		return take_time(log, strip(from(line, strcspn((const char *)line.data, ":") + 1)));
	else if (begins(line, "Merge:"))
		take_parents(log, from(line, strlen("Merge:")));
	else {
		for (const char *const *s = skipped; *s; s++)
			if (begins(line, *s))
				return TRUE;
		return FALSE;
	}
	return TRUE;
}

/* ---- all lines ---- */

static gboolean take_change(struct log *log, struct cf_slice line)
{
	struct cf_change change = { .old_path = CF_NONE, .status = CF_CHANGE_MODIFIED };
	struct cf_slice path;
	g_autofree char *text = NULL, *old_path = NULL, *new_path = NULL;

	if (!log->open || !take_numbers(line, &change, &path))
		return FALSE;
	text = unquote(path);
	change.old_mode = change.new_mode = 0100644;
	if (split_rename(text, &old_path, &new_path)) {
		change.status = CF_CHANGE_RENAMED;
		change.old_path = cf_history_path(log->history, old_path, -1);
	}
	change.path = cf_history_path(log->history, new_path ? new_path : text, -1);
	g_array_append_val(log->history->changes, change);
	log->now.changes++;
	return TRUE;
}

static int take_line(struct log *log, struct cf_slice line)
{
	enum form form = form_of(line);
	gboolean dated = TRUE;

	if (form != FORM_NONE && form == log->form) {
		if (form == FORM_PLAIN)
			begin_commit(log, (struct cf_slice){ line.data + 7, CF_OID_HEX });
		else
			dated = form == FORM_DASHES ? begin_dashes(log, line) : begin_brackets(log, line);
		return dated ? 0 : cf_error(log->diag, &log->lines.loc, "a date that no calendar has");
	}
	if (!line.len || take_change(log, line))
		return 0;
	if (log->form == FORM_PLAIN && log->open && take_plain(log, line))
		return 0;
	if (log->form == FORM_PLAIN && begins(line, "Date:"))
		return cf_error(
			log->diag, &log->lines.loc,
			"a date that isn't known; expected git's default, iso, short, unix or raw form");
	log->unknown++;
	return 0;
}

/* A log has the newest first; the order of the commits is that of its lines. */
static void order_commits(struct cf_history *history)
{
	int64_t last = INT64_MIN;

	for (guint i = history->commits->len; i-- > 0;) {
		struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);

		commit->order = MAX(commit->commit_time, cf_add_sat(last, 1));
		last = commit->order;
	}
}

/* A repository's name: the file's, without what comes after the dot. */
static char *name_of(const char *path)
{
	char *base = g_path_get_basename(strcmp(path, "-") == 0 ? "stdin" : path), *dot = strrchr(base, '.');

	if (dot && dot != base)
		*dot = '\0';
	return base;
}

static char *place_of(const char *path)
{
	g_autofree char *real = realpath(path, NULL);

	return g_strdup(real ? real : path);
}

static int read_lines(struct log *log, struct cf_slice text)
{
	struct cf_slice line;

	while (cf_lines_next(&log->lines, &line)) {
		if (log->form == FORM_NONE)
			log->form = form_of(line);
		if (log->form == FORM_NONE && line.len)
			return cf_error(log->diag, &log->lines.loc, "no commit of git log --numstat");
		if (take_line(log, line) != 0)
			return -1;
	}
	end_commit(log);
	return 0;
}

static void finish(struct log *log)
{
	struct cf_history *h = log->history;

	if (h->commits->len)
		h->head = g_array_index(h->commits, struct cf_commit, 0).oid;
	if (log->unknown)
		cf_history_quality(h, "unknown-lines", NULL, log->unknown, NULL,
				   "lines that aren't of git log --numstat, left out");
	cf_history_quality(h, "text-log", NULL, 0, "ingest the repository itself",
			   "a log has neither files nor functions: sizes and complexity aren't known");
	order_commits(h);
	cf_history_sort(h);
}

static int read_history(const struct cf_input *input, const struct cf_params *params,
			const struct cf_history_known *known, struct cf_history *history,
			struct cf_diag *diag)
{
	struct log log = { .history = history, .diag = diag };
	g_autofree char *owned = NULL;
	struct cf_slice text;
	int result;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, diag) != 0)
		return -1;
	history->name = name_of(input->path);
	history->path = place_of(input->path);
	history->format = g_strdup("git-log");
	log.subject = g_string_new(NULL);
	cf_lines_init(&log.lines, input->path, text);
	result = read_lines(&log, text);
	if (result == 0)
		finish(&log);
	g_string_free(log.subject, TRUE);
	return result;
}

static int look(const struct cf_input *input, const struct cf_params *params, struct cf_history_look *look,
		struct cf_diag *diag)
{
	look->name = name_of(input->path);
	look->path = place_of(input->path);
	look->state = g_compute_checksum_for_data(G_CHECKSUM_SHA256, input->bytes.data, input->bytes.len);
	return 0;
}

static const struct cf_history_reader reader = { look, read_history, NULL };

const struct cf_format cf_format_git_log = {
	.name = "git-log",
	.summary = "history of a repository, as git log --numstat prints it",
	.version = VERSION,
	.probe = probe,
	.history = &reader,
};
