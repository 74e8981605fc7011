/* SPDX-License-Identifier: MIT */
/* kallsyms: the kernel's and its modules' functions by address. */
#include "ingest/perf/kallsyms.h"

#include <string.h>
#include <sys/stat.h>

#define KALLSYMS_MAX (256u * 1024 * 1024)

static void swallow(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text) {}

/* Functions and data, as perf keeps them: data end the functions before them. */
static gboolean is_wanted(char type)
{
	return strchr("TtWwDdBb", type) != NULL;
}

static enum cf_binding binding_of(char type)
{
	if (type == 'W')
		return CF_BINDING_WEAK;
	return g_ascii_isupper(type) ? CF_BINDING_GLOBAL : CF_BINDING_LOCAL;
}

/* "ffffffff81000000 T _text", "ffffffffc0201000 t init\t[ext4]". FALSE: another kind of line. */
static gboolean parse(const char *line, const char *end, struct cf_symbol_entry *symbol, char *type)
{
	uint64_t address = 0;
	const char *p = line;

	for (; p < end && g_ascii_isxdigit(*p); p++)
		address = address << 4 | (unsigned)g_ascii_xdigit_value(*p);
	if (p == line || p - line > 16 || end - p < 4 || p[0] != ' ' || p[2] != ' ')
		return FALSE;
	*type = p[1];
	if (end[-1] == '\r')
		end--;
	symbol->start = address;
	symbol->name = p + 3;
	symbol->len = (uint32_t)MIN(end - symbol->name, 1 << 20);
	return symbol->len > 0;
}

static size_t bare_len(const struct cf_symbol_entry *entry)
{
	const char *tab = memchr(entry->name, '\t', entry->len);

	return tab ? (size_t)(tab - entry->name) : entry->len;
}

char *cf_kallsyms_name(const struct cf_symbol_entry *entry)
{
	return g_strndup(entry->name, bare_len(entry));
}

int cf_kallsyms_load(struct cf_kallsyms *kallsyms, const char *path, const char *ref_symbol,
		     uint64_t ref_address)
{
	struct cf_diag quiet = { .consume = swallow };
	size_t ref_len = ref_symbol ? strlen(ref_symbol) : 0;
	gboolean shifted = FALSE;
	const char *p, *end;

	*kallsyms = (struct cf_kallsyms){ .hidden = TRUE };
	if (cf_file_open(&kallsyms->file, path, KALLSYMS_MAX, &quiet) != 0)
		return -1;
	cf_symbol_table_init(&kallsyms->table);
	p = (const char *)kallsyms->file.bytes.data;
	end = p + kallsyms->file.bytes.len;
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;
		struct cf_symbol_entry symbol;
		char type;

		if (parse(p, stop, &symbol, &type)) {
			if (symbol.start)
				kallsyms->hidden = FALSE;
			if (!shifted && ref_len && symbol.len == ref_len &&
			    !memcmp(symbol.name, ref_symbol, ref_len)) {
				kallsyms->shift = symbol.start - ref_address;
				shifted = TRUE;
			}
			if (is_wanted(type) && symbol.name[0] != '$')
				cf_symbol_table_add(&kallsyms->table, symbol.start, 0, binding_of(type),
						    symbol.name, symbol.len);
		}
		p = newline ? newline + 1 : end;
	}
	if (!kallsyms->table.entries->len) {
		cf_kallsyms_release(kallsyms);
		return -1;
	}
	if (!kallsyms->hidden) {
		cf_symbol_table_settle(&kallsyms->table, TRUE);
		cf_symbol_table_seal(&kallsyms->table);
	}
	return 0;
}

int cf_kallsyms_check(const char *path, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	gboolean found = FALSE;
	struct cf_file file;
	struct stat st;
	const char *p, *end;

	/* What comes through a pipe comes once, and is for whoever asks for the names. */
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		return 0;
	if (cf_file_open(&file, path, KALLSYMS_MAX, diag) != 0)
		return -1;
	p = (const char *)file.bytes.data;
	end = p + file.bytes.len;
	while (p < end && !found) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		struct cf_symbol_entry symbol;
		char type;

		found = parse(p, newline ? newline : end, &symbol, &type) && is_wanted(type);
		p = newline ? newline + 1 : end;
	}
	cf_file_release(&file);
	return found ? 0 : cf_error(diag, &loc, "has no symbols as in /proc/kallsyms (--kallsyms)");
}

void cf_kallsyms_release(struct cf_kallsyms *kallsyms)
{
	cf_symbol_table_clear(&kallsyms->table);
	cf_file_release(&kallsyms->file);
}

const struct cf_symbol_entry *cf_kallsyms_find(const struct cf_kallsyms *kallsyms, uint64_t address,
					       const char *module)
{
	const struct cf_symbol_entry *entry;
	size_t bare, len = module ? strlen(module) : 0;

	if (kallsyms->hidden)
		return NULL;
	entry = cf_symbol_table_find(&kallsyms->table, address + kallsyms->shift);
	if (!entry)
		return NULL;
	bare = bare_len(entry);
	if (!module)
		return bare == entry->len ? entry : NULL;
	/* "\t[module]" */
	return entry->len == bare + len + 3 && !memcmp(entry->name + bare + 2, module, len) ? entry : NULL;
}
