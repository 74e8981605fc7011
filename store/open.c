/* SPDX-License-Identifier: MIT */
/* open: opening, migrating and closing the store, and its transactions. */
#include "store/statement.h"
#include "store/trie.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 5000
/* Dirty pages of one ingest stay in memory up to this many KiB, so that readers aren't locked out early. */
#define WRITE_CACHE "PRAGMA cache_size=-65536"

static const char *const migrations[] = {
#include "gen/store/schema/0001-init.sql.inc"
	,
#include "gen/store/schema/0002-views.sql.inc"
	,
#include "gen/store/schema/0003-facts.sql.inc"
	,
#include "gen/store/schema/0004-history.sql.inc"
	,
#include "gen/store/schema/0005-coauthors.sql.inc"
};
#define SCHEMA_VERSION ((int64_t)G_N_ELEMENTS(migrations))

/* The first 100 bytes of an SQLite file, as far as they concern us. */
struct header {
	gboolean empty; /* no bytes at all: what an ingest leaves that was killed before its first commit */
	gboolean suspicious; /* last written or cut by something else than this SQLite */
	uint32_t application_id, user_version;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/*
 * Looks at the file before SQLite does: anything but a callflow store, or nothing, is refused here, before a
 * single byte could be written. 1: there is no file.
 */
static int look(const char *path, struct header *header, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	uint8_t bytes[100];
	struct stat st;
	ssize_t got;
	uint32_t page, pages;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), err;

	*header = (struct header){ 0 };
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 && errno == ELOOP)
		return cf_error(diag, &loc, "is a symbolic link; name the store itself");
	if (fd < 0)
		return cf_error_errno(diag, &loc, errno, "cannot open the store");
	got = fstat(fd, &st) == 0 ? 0 : -1;
	if (got == 0 && S_ISREG(st.st_mode)) {
		do {
			got = pread(fd, bytes, sizeof(bytes), 0);
		} while (got < 0 && errno == EINTR);
	}
	err = errno;
	close(fd);
	if (got < 0)
		return cf_error_errno(diag, &loc, err, "cannot read the store");
	if (!S_ISREG(st.st_mode))
		return cf_error(diag, &loc, "not a callflow store (not a regular file)");
	if (got == 0 && st.st_size == 0) {
		header->empty = TRUE;
		return 0;
	}
	if (got < (ssize_t)sizeof(bytes) || memcmp(bytes, "SQLite format 3", 16) != 0)
		return cf_error(diag, &loc, "not a callflow store (no SQLite file)");
	header->application_id = be32(bytes + 68);
	header->user_version = be32(bytes + 60);
	if (header->application_id != CF_STORE_APPLICATION_ID)
		return cf_error(diag, &loc,
				"not a callflow store (a database of another application, id 0x%08x)",
				header->application_id);
	if (header->user_version > SCHEMA_VERSION)
		return cf_error(
			diag, &loc,
			"store of a newer callflow (schema %u, this one knows up to %d): update callflow",
			header->user_version, (int)SCHEMA_VERSION);
	page = (uint32_t)bytes[16] << 8 | bytes[17];
	page = page == 1 ? 65536 : page;
	pages = be32(bytes + 28);
	header->suspicious =
		be32(bytes + 24) != be32(bytes + 92) || (uint64_t)page * pages != (uint64_t)st.st_size;
	return 0;
}

/* 0600 whatever the umask, never through a link, before SQLite could make it with other permissions. */
static int create_file(const char *path, gboolean *created, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	*created = fd >= 0;
	if (fd < 0 && errno != EEXIST)
		return cf_error_errno(diag, &loc, errno, "cannot create the store");
	if (fd >= 0)
		close(fd);
	return 0;
}

static int get_pragma(struct cf_store *store, const char *sql, int64_t *value, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open_text(&stmt, store, sql, diag) == 0) {
		step = cf_stmt_step(&stmt);
		if (step > 0)
			*value = cf_stmt_int(&stmt);
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

static int configure(struct cf_store *store, struct cf_diag *diag)
{
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
	/* Sorters stay in memory: a read-only open must not leave anything behind, also not in /tmp. */
	return cf_store_exec(store, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY", diag);
}

/* SQLite's NOFOLLOW refuses links anywhere in a path; only the last part must not be one. */
static char *without_links(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
	g_autofree char *real = realpath(folder, NULL);

	return real ? g_build_filename(real, base, NULL) : g_strdup(path);
}

static int connect_file(struct cf_store *store, int flags, struct cf_diag *diag)
{
	g_autofree char *path = without_links(store->path);
	int code =
		sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK) {
		code = store->db ? sqlite3_extended_errcode(store->db) : code;
		return cf_store_fail(store, code, diag);
	}
	return configure(store, diag);
}

/*
 * The first read takes a shared lock, and finds what a killed writer left: a hot journal can only be rolled
 * back by a connection that may write, so a reader opens one for that moment.
 */
static int settle(struct cf_store *store, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = store->path };
	g_autofree char *path = without_links(store->path);
	int code = sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	sqlite3 *writer = NULL;

	if (code == SQLITE_OK)
		return 0;
	code = sqlite3_extended_errcode(store->db);
	if (store->mode != CF_STORE_READ ||
	    (code != SQLITE_READONLY_ROLLBACK && code != SQLITE_READONLY_RECOVERY &&
	     code != SQLITE_READONLY_CANTLOCK && (code & 0xff) != SQLITE_CANTOPEN))
		return cf_store_fail(store, code, diag);
	code = sqlite3_open_v2(path, &writer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(writer, BUSY_MS);
		code = sqlite3_exec(writer, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	}
	sqlite3_close(writer);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return 0;
	if ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN)
		return cf_error_as(
			diag, CF_STATUS_SYSTEM, &loc,
			"the last writer was interrupted, and undoing what it left needs write permission");
	return cf_store_fail(store, code, diag);
}

/*
 * Tables of ours must be plain tables, and nothing may run by itself: a store from elsewhere could bring
 * triggers, or views in the place of tables.
 */
static int check_schema(struct cf_store *store, struct cf_diag *diag)
{
	int64_t strange = 0;

	if (cf_store_get_int(store, CF_SQL_STRANGE_SCHEMA, NULL, &strange, diag) != 0)
		return -1;
	return strange ? cf_store_damaged(store, "its schema was changed by another program", diag) : 0;
}

static int quick_check(struct cf_store *store, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open_text(&stmt, store, "PRAGMA quick_check(1)", diag) == 0 && cf_stmt_step(&stmt) > 0) {
		const char *text = cf_stmt_text(&stmt);

		result = g_strcmp0(text, "ok") == 0
				 ? 0
				 : cf_store_damaged(store, *text ? text : "quick_check fails", diag);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int apply_migrations(struct cf_store *store, int64_t from, struct cf_diag *diag)
{
	g_autofree char *stamp = g_strdup_printf("PRAGMA application_id=%d; PRAGMA user_version=%d",
						 CF_STORE_APPLICATION_ID, (int)SCHEMA_VERSION);

	for (int64_t i = from; i < SCHEMA_VERSION; i++)
		if (cf_store_exec(store, migrations[i], diag) != 0)
			return -1;
	return cf_store_exec(store, stamp, diag);
}

static int open_memory(struct cf_store *store, struct cf_diag *diag)
{
	int code = sqlite3_open_v2(":memory:", &store->db,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK)
		return cf_store_fail(store, code, diag);
	if (configure(store, diag) != 0 || cf_store_exec(store, "BEGIN", diag) != 0 ||
	    apply_migrations(store, 0, diag) != 0)
		return -1;
	return cf_store_exec(store, "COMMIT", diag);
}

/*
 * quick_check reads the whole file, which is too much for each `top`. SQLite checks the cells of the pages
 * that it touches (cell_size_check) and says "malformed" by itself; the whole check is for files whose header
 * shows that they were cut or written by something else, and before an older schema is changed.
 */
static int open_file(struct cf_store *store, const struct header *header, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = store->path };
	gboolean write = store->mode != CF_STORE_READ;
	int64_t version = 0;

	if (connect_file(store, write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, diag) != 0 ||
	    settle(store, diag) != 0)
		return -1;
	if (header->empty)
		return 0;
	/* Rolling back may have changed what the raw header said: back to an empty file, at worst. */
	if (get_pragma(store, "PRAGMA user_version", &version, diag) != 0)
		return -1;
	if (version == 0) {
		if (write)
			return 0;
		return cf_error(diag, &loc, "empty store (an ingest was interrupted): ingest again");
	}
	if (check_schema(store, diag) != 0)
		return -1;
	if ((header->suspicious || (write && version < SCHEMA_VERSION)) && quick_check(store, diag) != 0)
		return -1;
	if (!write && version < SCHEMA_VERSION)
		return cf_error(diag, &loc,
				"store of an older callflow (schema %d): any ingest into it updates it",
				(int)version);
	return write ? cf_store_exec(store, WRITE_CACHE, diag) : 0;
}

/*
 * What a writer finds: a file that can't be written is refused before anything is imported, and one without a
 * schema yet (another process is making it, or was killed while it did) is asked like one that isn't there.
 */
static int check_writable(struct cf_store *store, struct cf_diag *diag)
{
	int64_t version = 0;

	if (sqlite3_db_readonly(store->db, "main") == 1)
		return cf_store_fail(store, SQLITE_READONLY, diag);
	if (get_pragma(store, "PRAGMA user_version", &version, diag) != 0)
		return -1;
	if (version == 0) {
		sqlite3_close(store->db);
		store->db = NULL;
		store->pending = TRUE;
	}
	/* Now, as there may be nothing new to write: readers were told that any ingest updates it. */
	if (version == 0 || version >= SCHEMA_VERSION)
		return 0;
	return cf_store_begin(store, diag) != 0 ? -1 : cf_store_commit(store, diag);
}

struct cf_store *cf_store_open(const char *path, enum cf_store_mode mode, struct cf_diag *diag)
{
	struct cf_store *store = g_new0(struct cf_store, 1);
	struct cf_loc loc = { .path = path };
	struct header header;
	int result = 0;

	store->mode = mode;
	store->path = g_strdup(mode == CF_STORE_MEMORY ? ":memory:" : path);
	if (mode == CF_STORE_MEMORY)
		result = open_memory(store, diag);
	else
		result = look(path, &header, diag);
	if (result > 0 && mode == CF_STORE_CREATE) {
		g_autofree char *folder = g_path_get_dirname(path);

		/* Said now, not after an hour of importing. */
		store->pending = TRUE;
		result = access(folder, W_OK | X_OK) == 0
				 ? 0
				 : cf_error_errno(diag, &loc, errno, "cannot create the store");
	} else if (result > 0) {
		result = cf_error_errno(diag, &loc, ENOENT, "cannot open the store");
	} else if (result == 0 && mode == CF_STORE_READ && header.empty) {
		result = cf_error(diag, &loc, "empty store (an ingest was interrupted): ingest again");
	} else if (result == 0 && mode != CF_STORE_MEMORY) {
		result = open_file(store, &header, diag);
		if (result == 0 && mode != CF_STORE_READ)
			result = check_writable(store, diag);
	}
	if (result != 0) {
		sqlite3_close(store->db);
		g_free(store->path);
		g_free(store);
		return NULL;
	}
	return store;
}

int cf_store_close(struct cf_store *store, struct cf_diag *diag)
{
	int result = 0;

	if (!store)
		return 0;
	if (store->db && !sqlite3_get_autocommit(store->db))
		cf_store_rollback(store);
	if (store->db) {
		int code = sqlite3_close(store->db);

		if (code != SQLITE_OK)
			result = cf_store_fail(store, code, diag);
	}
	cf_trie_free(store->trie);
	g_free(store->path);
	g_free(store);
	return result;
}

gboolean cf_store_is_in_memory(const struct cf_store *store)
{
	return strcmp(store->path, ":memory:") == 0;
}

const char *cf_store_path(const struct cf_store *store)
{
	return store->path;
}

int cf_store_ready(struct cf_store *store, struct cf_diag *diag)
{
	return store->db ? 0 : open_memory(store, diag);
}

/*
 * The file appears with the first transaction, so an ingest that finds nothing to store leaves nothing
 * behind. One that fails while it writes leaves an empty file at worst: taking that away could take it from
 * another process that has just opened it.
 */
static int create_pending(struct cf_store *store, struct cf_diag *diag)
{
	struct header header;
	int result;

	sqlite3_close(store->db);
	store->db = NULL;
	if (create_file(store->path, &store->created, diag) != 0)
		return -1;
	result = look(store->path, &header, diag);
	if (result > 0)
		return cf_error_errno(diag, &(struct cf_loc){ .path = store->path }, ENOENT,
				      "cannot open the store");
	if (result < 0 || open_file(store, &header, diag) != 0)
		return -1;
	store->pending = FALSE;
	return cf_store_exec(store, WRITE_CACHE, diag);
}

int cf_store_begin(struct cf_store *store, struct cf_diag *diag)
{
	int64_t version = 0, objects = 0;

	if (store->mode == CF_STORE_READ)
		return cf_error_as(diag, CF_STATUS_SYSTEM, &(struct cf_loc){ .path = store->path },
				   "the store was opened for reading");
	if (store->pending && create_pending(store, diag) != 0)
		return -1;
	if (cf_store_exec(store, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; BEGIN IMMEDIATE",
			  diag) != 0)
		return -1;
	/* Under the lock: another process may have made or migrated the store since it was opened. */
	if (get_pragma(store, "PRAGMA user_version", &version, diag) != 0)
		goto fail;
	if (version > SCHEMA_VERSION) {
		cf_store_damaged(store, "it was updated by a newer callflow meanwhile", diag);
		goto fail;
	}
	if (version == 0) {
		if (get_pragma(store, "SELECT count(*) FROM sqlite_schema", &objects, diag) != 0)
			goto fail;
		if (objects) {
			cf_store_damaged(store, "tables without a version", diag);
			goto fail;
		}
	}
	if (version < SCHEMA_VERSION && apply_migrations(store, version, diag) != 0)
		goto fail;
	return 0;
fail:
	cf_store_rollback(store);
	return -1;
}

int cf_store_commit(struct cf_store *store, struct cf_diag *diag)
{
	if (cf_store_exec(store, "COMMIT", diag) != 0) {
		cf_store_rollback(store);
		return -1;
	}
	if (store->created)
		cf_note(diag, NULL, "created store %s", store->path);
	store->created = FALSE;
	return 0;
}

void cf_store_rollback(struct cf_store *store)
{
	/* Nothing to say: the cause was said, and a failed rollback is finished by the next open. */
	if (store->db && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

const char *cf_store_library_version(void)
{
	return sqlite3_libversion();
}
