/* SPDX-License-Identifier: MIT */
/* file: reads the header, event attributes and feature sections of a perf.data file. */
#include "ingest/perf/file.h"

#include <inttypes.h>
#include <string.h>

#include "core/hash.h"
#include "ingest/perf/names.h"

/*
 * Layout (tools/perf/Documentation/perf.data-file-format.txt): a header of 104 bytes names three sections
 * (offset, size): attributes, data, and an unused one; then a bitmap of 256 features. The feature sections'
 * own table follows the data, one (offset, size) per set bit.
 */
#define HEADER_SIZE 104
#define PIPE_HEADER_SIZE 16
/* More than these no real recording has; they bound what a damaged one can cost. */
#define ATTRIBUTES_MAX 16384
#define IDS_MAX (1 << 22)
#define BUILD_IDS_MAX (1 << 18)
#define ARGUMENTS_MAX (1 << 16)

enum feature {
	FEATURE_BUILD_ID = 2,
	FEATURE_HOSTNAME = 3,
	FEATURE_OSRELEASE = 4,
	FEATURE_ARCH = 6,
	FEATURE_CPUDESC = 8,
	FEATURE_CMDLINE = 11,
	FEATURE_EVENT_DESC = 12,
	FEATURE_AUXTRACE = 18,
	FEATURE_STAT = 19,
	FEATURE_DIR_FORMAT = 24,
	FEATURE_COMPRESSED = 27,
	FEATURE_CLOCK_DATA = 29
};

int cf_perf_file_damaged(struct cf_perf_file *file, uint64_t offset, const char *fmt, ...)
{
	struct cf_loc loc = { .path = file->path, .offset = offset };
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	if (!file->partial)
		return cf_error(file->diag, &loc, "%s; --partial keeps what is before", text);
	file->damaged = TRUE;
	cf_trace_quality(file->trace, "partial", NULL, 0, 0, "record again",
			 "the file is damaged at 0x%" PRIx64 ": %s; only what is before was read", offset,
			 text);
	return 0;
}

int cf_perf_file_refused(struct cf_perf_file *file, uint64_t offset, const char *what)
{
	struct cf_loc loc = { .path = file->path, .offset = offset };

	return cf_error(file->diag, &loc, "%s is not supported yet", what);
}

/* --- a bounded cursor over one section ------------------------------------------------------------------ */

struct cursor {
	struct cf_slice left;
	uint64_t offset; /* of left in the file */
};

static gboolean take(struct cursor *c, uint64_t n, const uint8_t **bytes)
{
	if (n > c->left.len)
		return FALSE;
	*bytes = c->left.data;
	c->left.data += n;
	c->left.len -= n;
	c->offset += n;
	return TRUE;
}

static gboolean take_u32(struct cursor *c, uint32_t *value)
{
	const uint8_t *p;

	if (!take(c, 4, &p))
		return FALSE;
	*value = cf_u32(p);
	return TRUE;
}

/* A length and that many bytes, padded with NULs. */
static gboolean take_string(struct cursor *c, char **text)
{
	const uint8_t *p;
	uint32_t len;

	if (!take_u32(c, &len) || !take(c, len, &p))
		return FALSE;
	g_free(*text);
	*text = g_strndup((const char *)p, len);
	return TRUE;
}

static gboolean section(const struct cf_perf_file *file, uint64_t at, struct cursor *out)
{
	out->offset = cf_u64(file->bytes.data + at);
	return cf_slice_sub(file->bytes, out->offset, cf_u64(file->bytes.data + at + 8), &out->left);
}

/* --- feature sections ----------------------------------------------------------------------------------- */

#define BUILD_ID_HAS_SIZE (1u << 15)
#define BUILD_ID_HEAD \
	36 /* record header 8, pid 4, build id 20, its size 1, reserved 3; then the file name \
	    */

static int read_build_ids(struct cf_perf_file *file, struct cursor c)
{
	while (c.left.len > 0) {
		struct cf_perf_build_id *id;
		const uint8_t *p;
		uint64_t at = c.offset;
		uint16_t size = c.left.len >= 8 ? cf_u16(c.left.data + 6) : 0;
		char *name;

		if (size < BUILD_ID_HEAD || g_hash_table_size(file->modules) >= BUILD_IDS_MAX ||
		    !take(&c, size, &p))
			return cf_perf_file_damaged(file, at, "damaged list of build ids");
		id = g_new0(struct cf_perf_build_id, 1);
		memcpy(id->bytes, p + 12, sizeof(id->bytes));
		id->len =
			cf_u16(p + 4) & BUILD_ID_HAS_SIZE ? MIN(p[32], sizeof(id->bytes)) : sizeof(id->bytes);
		/* Shorter ones (MD5) were once padded with zeros to 20. */
		while (!(cf_u16(p + 4) & BUILD_ID_HAS_SIZE) && id->len >= 4 &&
		       !cf_u32(id->bytes + id->len - 4))
			id->len -= 4;
		name = g_strndup((const char *)p + BUILD_ID_HEAD, size - BUILD_ID_HEAD);
		if (id->len > 0 && !g_hash_table_contains(file->modules, name)) {
			g_hash_table_insert(file->modules, name, id);
		} else {
			g_free(name);
			g_free(id);
		}
	}
	return 0;
}

static int read_arguments(struct cf_perf_file *file, struct cursor c)
{
	uint32_t n;

	if (!take_u32(&c, &n) || n > c.left.len / 4 || n > ARGUMENTS_MAX)
		return cf_perf_file_damaged(file, c.offset, "damaged command line");
	while (n-- > 0) {
		char *text = NULL;

		if (!take_string(&c, &text))
			return cf_perf_file_damaged(file, c.offset, "damaged command line");
		g_ptr_array_add(file->arguments, text);
	}
	return 0;
}

static int read_event_names(struct cf_perf_file *file, struct cursor c)
{
	uint32_t n, attr_size;

	if (!take_u32(&c, &n) || !take_u32(&c, &attr_size))
		return cf_perf_file_damaged(file, c.offset, "damaged list of event names");
	/* They come in the order of the attributes. */
	for (uint32_t i = 0; i < n && i < file->events->len; i++) {
		struct cf_perf_event *event = &g_array_index(file->events, struct cf_perf_event, i);
		const uint8_t *p;
		uint32_t n_ids;

		if (!take(&c, attr_size, &p) || !take_u32(&c, &n_ids) || !take_string(&c, &event->name) ||
		    !take(&c, (uint64_t)n_ids * 8, &p))
			return cf_perf_file_damaged(file, c.offset, "damaged list of event names");
	}
	return 0;
}

static int read_clock(struct cf_perf_file *file, struct cursor c)
{
	const uint8_t *p;

	if (!take(&c, 24, &p))
		return cf_perf_file_damaged(file, c.offset, "damaged clock section");
	if (cf_u32(p) != 1)
		return 0;
	file->has_clock = TRUE;
	file->wall_ns = cf_u64(p + 8);
	file->clock_ns = cf_u64(p + 16);
	return 0;
}

static int read_text(struct cf_perf_file *file, struct cursor c, char **text)
{
	if (!take_string(&c, text))
		return cf_perf_file_damaged(file, c.offset, "damaged text in the file's description");
	return 0;
}

static int read_feature(struct cf_perf_file *file, unsigned bit, struct cursor c)
{
	switch (bit) {
	case FEATURE_BUILD_ID:
		return read_build_ids(file, c);
	case FEATURE_HOSTNAME:
		return read_text(file, c, &file->host);
	case FEATURE_OSRELEASE:
		return read_text(file, c, &file->release);
	case FEATURE_ARCH:
		return read_text(file, c, &file->arch);
	case FEATURE_CPUDESC:
		return read_text(file, c, &file->cpu);
	case FEATURE_CMDLINE:
		return read_arguments(file, c);
	case FEATURE_EVENT_DESC:
		return read_event_names(file, c);
	case FEATURE_CLOCK_DATA:
		return read_clock(file, c);
	default:
		return 0;
	}
}

static gboolean has_feature(const struct cf_perf_file *file, unsigned bit)
{
	return cf_u64(file->bytes.data + 72 + bit / 64 * 8) >> (bit % 64) & 1;
}

static int read_features(struct cf_perf_file *file)
{
	uint64_t at = file->end;

	for (unsigned bit = 0; bit < 256; bit++) {
		struct cursor c;

		if (!has_feature(file, bit))
			continue;
		if (file->bytes.len - at < 16)
			return cf_perf_file_damaged(file, at, "the file ends in its table of sections");
		if (!section(file, at, &c))
			return cf_perf_file_damaged(
				file, at, "section %u is not inside the file (%" G_GUINT64_FORMAT " bytes)",
				bit, file->bytes.len);
		if (read_feature(file, bit, c) < 0)
			return -1;
		at += 16;
	}
	return 0;
}

/* --- header and attributes ------------------------------------------------------------------------------ */

static int read_event(struct cf_perf_file *file, uint64_t at, uint64_t entry_size)
{
	struct cf_perf_event event = { 0 };
	const uint8_t *entry = file->bytes.data + at;
	struct cursor ids;
	uint32_t size = cf_u32(entry + 4);

	/* A size of 0 is the first version of the structure. */
	if (size == 0)
		size = PERF_ATTR_SIZE_VER0;
	if (size < PERF_ATTR_SIZE_VER0 || size > entry_size - 16)
		size = (uint32_t)(entry_size - 16);
	memcpy(&event.attr, entry, MIN(size, sizeof(event.attr)));
	if (!section(file, at + entry_size - 16, &ids) || ids.left.len % 8)
		return cf_error(file->diag,
				&(struct cf_loc){ .path = file->path, .offset = at + entry_size - 16 },
				"the ids of an event are not inside the file");
	event.ids = ids.left;
	g_array_append_val(file->events, event);
	file->n_ids += ids.left.len / 8;
	if (file->n_ids > IDS_MAX)
		return cf_error(file->diag,
				&(struct cf_loc){ .path = file->path, .offset = at + entry_size - 16 },
				"the events have more than %d ids", IDS_MAX);
	if (event.attr.sample_type & PERF_SAMPLE_STACK_USER)
		return cf_perf_file_refused(file, at, "a recording with user stacks (--call-graph dwarf)");
	if ((event.attr.sample_type & PERF_SAMPLE_READ) && (event.attr.read_format & PERF_FORMAT_GROUP))
		return cf_perf_file_refused(file, at, "a recording of SAMPLE_READ groups (leader sampling)");
	if (event.attr.sample_type & PERF_SAMPLE_AUX)
		return cf_perf_file_refused(file, at, "a recording with AUX area samples");
	return 0;
}

static int read_events(struct cf_perf_file *file)
{
	uint64_t entry_size = cf_u64(file->bytes.data + 16);
	struct cf_loc loc = { .path = file->path, .offset = 16 };
	struct cursor attrs;

	if (entry_size < PERF_ATTR_SIZE_VER0 + 16 || entry_size > G_MAXUINT16)
		return cf_error(file->diag, &loc,
				"an event's attributes take %" G_GUINT64_FORMAT
				" bytes, expected 80 to 65535",
				entry_size);
	loc.offset = 24;
	if (!section(file, 24, &attrs))
		return cf_error(file->diag, &loc,
				"the event attributes are not inside the file (%" G_GUINT64_FORMAT " bytes)",
				file->bytes.len);
	if (attrs.left.len < entry_size || attrs.left.len / entry_size > ATTRIBUTES_MAX)
		return cf_error(file->diag, &loc,
				"the file has %" G_GUINT64_FORMAT " events, expected 1 to %d",
				attrs.left.len / entry_size, ATTRIBUTES_MAX);
	for (uint64_t i = 0; i < attrs.left.len / entry_size; i++)
		if (read_event(file, attrs.offset + i * entry_size, entry_size) < 0)
			return -1;
	return 0;
}

static int find_records(struct cf_perf_file *file)
{
	uint64_t offset = cf_u64(file->bytes.data + 40), size = cf_u64(file->bytes.data + 48);
	struct cf_loc loc = { .path = file->path, .offset = 40 };

	if (offset < HEADER_SIZE || offset > file->bytes.len)
		return cf_error(file->diag, &loc,
				"the records begin at 0x%" PRIx64 ", the file has %" G_GUINT64_FORMAT
				" bytes",
				offset, file->bytes.len);
	file->begin = offset;
	if (size == 0) {
		/* The size is written last. */
		file->unfinished = TRUE;
		file->end = file->bytes.len;
		return 0;
	}
	file->end = file->bytes.len;
	if (size <= file->bytes.len - offset) {
		file->end = offset + size;
		return 0;
	}
	loc.offset = file->bytes.len;
	file->unfinished = TRUE;
	return cf_perf_file_damaged(file, file->bytes.len,
				    "the file is cut short: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
				    " bytes of records are there",
				    file->bytes.len - offset, size);
}

static int check_kind(struct cf_perf_file *file)
{
	static const struct {
		unsigned bit;
		const char *what;
	} unsupported[] = {
		/* perf stat claims every other feature as well. */
		{ FEATURE_STAT, "a file of perf stat record, which has counts and no samples," },
		{ FEATURE_AUXTRACE,
		  "a recording of an AUX area (AUXTRACE, as of Intel PT or ARM CoreSight)" },
		{ FEATURE_DIR_FORMAT, "the directory format (perf record --threads)" },
		{ FEATURE_COMPRESSED, "a compressed recording (zstd, perf record -z)" },
	};
	struct cf_loc loc = { .path = file->path };
	uint64_t size;

	if (file->bytes.len >= 8 && !memcmp(file->bytes.data, "PERFFILE", 8))
		return cf_perf_file_refused(file, 0,
					    "version 1 of perf.data (PERFFILE, before Linux 2.6.33)");
	if (file->bytes.len >= 8 &&
	    !memcmp(file->bytes.data, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "2ELIFREP" : "PERFILE2", 8))
		return cf_perf_file_refused(file, 0, "perf.data of the other byte order");
	if (file->bytes.len < 16)
		return cf_error(file->diag, &loc, "the file ends in its header");
	size = cf_u64(file->bytes.data + 8);
	if (size == PIPE_HEADER_SIZE)
		return cf_perf_file_refused(file, 8, "perf.data in pipe mode (perf record -o -)");
	loc.offset = 8;
	if (size != HEADER_SIZE)
		return cf_error(file->diag, &loc,
				"the header says it has %" G_GUINT64_FORMAT " bytes, expected %d", size,
				HEADER_SIZE);
	if (file->bytes.len < HEADER_SIZE) {
		loc.offset = file->bytes.len;
		return cf_error(file->diag, &loc, "the file ends in its header");
	}
	for (size_t i = 0; i < G_N_ELEMENTS(unsupported); i++)
		if (has_feature(file, unsupported[i].bit))
			return cf_perf_file_refused(file, 72, unsupported[i].what);
	return 0;
}

static void clear_event(gpointer data)
{
	g_free(((struct cf_perf_event *)data)->name);
}

/* Events of one name count the same time twice, so they stay two metrics: "cycles", "cycles #2". */
static void name_events(GArray *events)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(cf_str_hash, g_str_equal); /* name: its last number */

	for (guint i = 0; i < events->len; i++) {
		struct cf_perf_event *event = &g_array_index(events, struct cf_perf_event, i);
		g_autofree char *name = event->name && *event->name ? g_strdup(event->name)
								    : cf_perf_event_name(&event->attr);
		guint last = GPOINTER_TO_UINT(g_hash_table_lookup(taken, name));

		g_free(event->name);
		event->name = g_strdup(name);
		while (g_hash_table_contains(taken, event->name)) {
			g_free(event->name);
			event->name = g_strdup_printf("%s #%u", name, ++last);
		}
		g_hash_table_insert(taken, event->name, GUINT_TO_POINTER(1));
		if (last) /* the key that is there stays */
			g_hash_table_insert(taken, name, GUINT_TO_POINTER(last));
	}
}

int cf_perf_file_open(struct cf_perf_file *file, const struct cf_input *input, gboolean partial,
		      struct cf_trace *trace, struct cf_diag *diag)
{
	*file = (struct cf_perf_file){
		.path = input->path, .bytes = input->bytes, .diag = diag, .trace = trace, .partial = partial
	};
	file->events = g_array_new(FALSE, FALSE, sizeof(struct cf_perf_event));
	g_array_set_clear_func(file->events, clear_event);
	file->modules = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);
	file->arguments = g_ptr_array_new_with_free_func(g_free);
	if (check_kind(file) < 0 || read_events(file) < 0 || find_records(file) < 0)
		return -1;
	if (!file->unfinished && read_features(file) < 0)
		return -1;
	name_events(file->events);
	return 0;
}

void cf_perf_file_release(struct cf_perf_file *file)
{
	g_array_unref(file->events);
	g_hash_table_unref(file->modules);
	g_ptr_array_unref(file->arguments);
	g_free(file->host);
	g_free(file->release);
	g_free(file->arch);
	g_free(file->cpu);
}
