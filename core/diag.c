/* SPDX-License-Identifier: MIT */
/* diag: located messages, each emitted once, where its cause is known. */
#include "core/diag.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Longer messages are cut: a name from an input can't fill a log. */
#define TEXT_MAX 4000

gboolean cf_is_unseen(gunichar c)
{
	if (c < 0x7f)
		return c < 0x20;
	switch (c) {
	case 0x034f: /* combining grapheme joiner */
	case 0x115f: /* Hangul fillers */
	case 0x1160:
	case 0x3164:
	case 0xffa0:
		return TRUE;
	default:
		break;
	}
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return TRUE;
	default:
		/* Variation selectors. */
		return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff);
	}
}

char *cf_visible(const char *text, gssize len, size_t max)
{
	size_t size = len < 0 ? strlen(text) : (size_t)len;
	size_t end = max && size > max ? max : size, i = 0;
	GString *out = g_string_sized_new(end + 4);

	while (i < end) {
		/* Looks at whole characters of the full text, so that a cut never makes half a character. */
		gunichar c = g_utf8_get_char_validated(text + i, (gssize)(size - i));

		if (text[i] == '\0' || c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf(out, "\\x%02x", (unsigned char)text[i]);
			i++;
			continue;
		}
		size_t n = (size_t)g_unichar_to_utf8(c, NULL);
		if (i + n > end)
			break;
		if (!cf_is_unseen(c))
			g_string_append_len(out, text + i, (gssize)n);
		else
			g_string_append_printf(out,
					       c < 0x80      ? "\\x%02x"
					       : c < 0x10000 ? "\\u%04x"
							     : "\\U%08x",
					       (unsigned)c);
		i += n;
	}
	if (i < size)
		g_string_append(out, "...");
	return g_string_free(out, FALSE);
}

char *cf_loc_text(const struct cf_loc *loc)
{
	g_autofree char *path = NULL;

	if (!loc || !loc->path)
		return g_strdup("");
	path = cf_visible(loc->path, -1, 0);
	if (loc->line && loc->col)
		return g_strdup_printf("%s:%u:%u", path, loc->line, loc->col);
	if (loc->line)
		return g_strdup_printf("%s:%u", path, loc->line);
	if (loc->offset)
		return g_strdup_printf("%s@0x%" G_GINT64_MODIFIER "x", path, loc->offset);
	return g_steal_pointer(&path);
}

/* One write per message where the system allows it, so that lines of parallel processes don't mix. */
static void write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* nowhere left to complain to */
		data += n;
		len -= (size_t)n;
	}
}

static void print(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	static const char *const words[] = { "", "warning: ", "error: " };
	g_autofree char *where = cf_loc_text(loc);
	g_autofree char *line = NULL;

	line = g_strdup_printf("callflow: %s%s%s%s\n", where, *where ? ": " : "", words[severity], text);
	write_all(STDERR_FILENO, line, strlen(line));
}

static void print_errors(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	if (severity == CF_ERROR)
		print(ctx, severity, loc, text);
}

void cf_diag_init_stderr(struct cf_diag *diag, gboolean quiet)
{
	*diag = (struct cf_diag){ .consume = quiet ? print_errors : print };
}

static void emit(struct cf_diag *diag, enum cf_severity severity, const struct cf_loc *loc,
		 const char *suffix, const char *fmt, va_list args)
{
	g_autofree char *raw = NULL, *text = NULL;

	if (!diag->consume)
		return;
	raw = g_strdup_vprintf(fmt, args);
	if (suffix) {
		char *with = g_strdup_printf("%s: %s", raw, suffix);

		g_free(raw);
		raw = with;
	}
	text = cf_visible(raw, -1, TEXT_MAX);
	diag->consume(diag->ctx, severity, loc, text);
}

static void count_error(struct cf_diag *diag, enum cf_status status)
{
	if (!diag->errors || (diag->status == CF_STATUS_INPUT && status == CF_STATUS_SYSTEM))
		diag->status = status;
	diag->errors++;
}

int cf_error(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...)
{
	va_list args;

	count_error(diag, CF_STATUS_INPUT);
	va_start(args, fmt);
	emit(diag, CF_ERROR, loc, NULL, fmt, args);
	va_end(args);
	return -1;
}

int cf_error_as(struct cf_diag *diag, enum cf_status status, const struct cf_loc *loc, const char *fmt, ...)
{
	va_list args;

	count_error(diag, status);
	va_start(args, fmt);
	emit(diag, CF_ERROR, loc, NULL, fmt, args);
	va_end(args);
	return -1;
}

/* What is wrong with the path that was given, as opposed to the system's own trouble. */
static enum cf_status status_of_errno(int err)
{
	switch (err) {
	case ENOENT:
	case EACCES:
	case EPERM:
	case EISDIR:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENXIO:
	case EINVAL:
	case EFBIG:
	case EEXIST:
		return CF_STATUS_INPUT;
	default:
		return CF_STATUS_SYSTEM;
	}
}

int cf_error_errno(struct cf_diag *diag, const struct cf_loc *loc, int err, const char *fmt, ...)
{
	/* The untranslated text: messages are the same in every locale. */
	const char *what = strerrordesc_np(err);
	va_list args;

	count_error(diag, status_of_errno(err));
	va_start(args, fmt);
	emit(diag, CF_ERROR, loc, what ? what : "unknown error", fmt, args);
	va_end(args);
	return -1;
}

void cf_warn(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...)
{
	va_list args;

	diag->warnings++;
	va_start(args, fmt);
	emit(diag, CF_WARNING, loc, NULL, fmt, args);
	va_end(args);
}

void cf_note(struct cf_diag *diag, const struct cf_loc *loc, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	emit(diag, CF_NOTE, loc, NULL, fmt, args);
	va_end(args);
}
