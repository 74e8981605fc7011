/* SPDX-License-Identifier: MIT */
/* objects: reads and caches the objects of a repository; nothing else of libgit2 touches its files. */
#include "ingest/git/objects.h"

#include "core/table.h"

/*
 * Neighbouring commits share nearly all trees, and a file's old version is the new one of an earlier commit, so that
 * half of all reads never reach the pack. Measured on 12,000 commits: more brings nothing.
 */
#define BLOB_CACHE ((size_t)64 << 20)
#define TREE_CACHE ((size_t)32 << 20)
/* libgit2 maps packs piece by piece: mapped pages count as memory of the process. */
#define WINDOW ((size_t)32 << 20)
#define MAPPED ((size_t)160 << 20)
/* A single object is read up to this size; larger ones aren't source code. */
#define OBJECT_MAX ((size_t)128 << 20)

struct entry {
	struct cf_oid oid;
	git_odb_object *object; /* NULL: not in use */
	struct cf_git_hashes *hashes;
	uint32_t newer, older; /* ids, 0 ends */
	uint32_t next_free;
};

/* Objects by name, the least recently used one leaves first. Ids count from 1. */
struct cache {
	const struct cf_git2 *lib;
	GArray *entries; /* struct entry; 0 unused */
	uint32_t *slots; /* open hashing by chains would need removal: heads of chains */
	uint32_t *chain; /* by id: next of the same slot */
	uint32_t mask, room;
	uint32_t newest, oldest, free;
	size_t bytes, limit;
};

struct cf_git_objects {
	const struct cf_git2 *lib;
	git_odb *odb;
	struct cache blobs, trees;
	char *reason;
};

/* ---- cache ---- */

static void cache_init(struct cache *cache, const struct cf_git2 *lib, size_t limit)
{
	struct entry none = { .object = NULL };

	cache->entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
	g_array_append_val(cache->entries, none);
	cache->mask = (1u << 17) - 1;
	cache->slots = g_new0(uint32_t, (size_t)cache->mask + 1);
	cache->room = 1024;
	cache->chain = g_new0(uint32_t, cache->room);
	cache->limit = limit;
	cache->lib = lib;
}

static struct entry *at(const struct cache *cache, uint32_t id)
{
	return &g_array_index(cache->entries, struct entry, id);
}

static void cache_clear(struct cache *cache)
{
	for (guint i = 1; i < cache->entries->len; i++)
		if (at(cache, i)->object) {
			cache->lib->git_odb_object_free(at(cache, i)->object);
			cf_git_hashes_unref(at(cache, i)->hashes);
		}
	g_array_unref(cache->entries);
	g_free(cache->slots);
	g_free(cache->chain);
}

static uint32_t *slot_of(const struct cache *cache, const struct cf_oid *oid)
{
	return &cache->slots[cf_hash(cf_u64(oid->bytes), cf_u64(oid->bytes + 8)) & cache->mask];
}

static void unlink_entry(struct cache *cache, uint32_t id)
{
	struct entry *entry = at(cache, id);

	if (entry->newer)
		at(cache, entry->newer)->older = entry->older;
	else
		cache->newest = entry->older;
	if (entry->older)
		at(cache, entry->older)->newer = entry->newer;
	else
		cache->oldest = entry->newer;
}

static void link_newest(struct cache *cache, uint32_t id)
{
	struct entry *entry = at(cache, id);

	entry->newer = 0;
	entry->older = cache->newest;
	if (cache->newest)
		at(cache, cache->newest)->newer = id;
	else
		cache->oldest = id;
	cache->newest = id;
}

static struct entry *cache_find(struct cache *cache, const struct cf_oid *oid)
{
	for (uint32_t id = *slot_of(cache, oid); id; id = cache->chain[id]) {
		if (!cf_oid_equal(&at(cache, id)->oid, oid))
			continue;
		if (cache->newest != id) {
			unlink_entry(cache, id);
			link_newest(cache, id);
		}
		return at(cache, id);
	}
	return NULL;
}

static void drop_oldest(struct cache *cache)
{
	uint32_t id = cache->oldest, *place;
	struct entry *entry = at(cache, id);

	for (place = slot_of(cache, &entry->oid); *place != id;)
		place = &cache->chain[*place];
	*place = cache->chain[id];
	unlink_entry(cache, id);
	cache->bytes -= cache->lib->git_odb_object_size(entry->object);
	cache->lib->git_odb_object_free(entry->object);
	cf_git_hashes_unref(entry->hashes);
	entry->object = NULL;
	entry->next_free = cache->free;
	cache->free = id;
}

static void cache_add(struct cache *cache, const struct cf_oid *oid, git_odb_object *object,
		      struct cf_git_hashes *hashes)
{
	uint32_t id = cache->free, *slot;

	if (id) {
		cache->free = at(cache, id)->next_free;
	} else {
		struct entry none = { .object = NULL };

		id = cache->entries->len;
		g_array_append_val(cache->entries, none);
		if (id >= cache->room) {
			cache->room *= 2;
			cache->chain = g_renew(uint32_t, cache->chain, cache->room);
		}
	}
	*at(cache, id) = (struct entry){ .oid = *oid, .object = object, .hashes = hashes };
	slot = slot_of(cache, oid);
	cache->chain[id] = *slot;
	*slot = id;
	link_newest(cache, id);
	cache->bytes += cache->lib->git_odb_object_size(object);
	while (cache->bytes > cache->limit)
		drop_oldest(cache);
}

/* ---- reading ---- */

static int add_folder(struct cf_git_objects *objects, const char *folder)
{
	git_odb_backend *backend = NULL;

	/* By hand, as git_odb_open would follow alternates to anywhere. */
	if (objects->lib->git_odb_backend_pack(&backend, folder) < 0 ||
	    objects->lib->git_odb_add_backend(objects->odb, backend, 2) < 0)
		return -1;
	if (objects->lib->git_odb_backend_loose(&backend, folder, -1, 0, 0, 0) < 0 ||
	    objects->lib->git_odb_add_backend(objects->odb, backend, 1) < 0)
		return -1;
	return 0;
}

struct cf_git_objects *cf_git_objects_open(const struct cf_git2 *lib, const char *const *folders,
					   gboolean verify)
{
	struct cf_git_objects *objects = g_new0(struct cf_git_objects, 1);

	objects->lib = lib;

	objects->lib->git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	objects->lib->git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, verify ? 1 : 0);
	objects->lib->git_libgit2_opts(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1);
	objects->lib->git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW);
	objects->lib->git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, MAPPED);
	objects->lib->git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, OBJECT_MAX);
	cache_init(&objects->blobs, lib, BLOB_CACHE);
	cache_init(&objects->trees, lib, TREE_CACHE);
	if (objects->lib->git_odb_new(&objects->odb) < 0)
		goto fail;
	for (; *folders; folders++)
		if (add_folder(objects, *folders) < 0)
			goto fail;
	return objects;
fail:
	cf_git_objects_free(objects);
	return NULL;
}

void cf_git_objects_free(struct cf_git_objects *objects)
{
	if (!objects)
		return;
	cache_clear(&objects->blobs);
	cache_clear(&objects->trees);
	objects->lib->git_odb_free(objects->odb);
	g_free(objects->reason);
	g_free(objects);
}

const struct cf_git2 *cf_git_objects_library(const struct cf_git_objects *objects)
{
	return objects->lib;
}

void cf_git_data_release(struct cf_git_objects *objects, struct cf_git_data *data)
{
	objects->lib->git_odb_object_free(data->object);
	cf_git_hashes_unref(data->hashes);
	*data = (struct cf_git_data){ .object = NULL };
}

const char *cf_git_objects_reason(const struct cf_git_objects *objects)
{
	return objects->reason ? objects->reason : "unknown";
}

static enum cf_git_read refuse(struct cf_git_objects *objects, const struct cf_oid *oid, const char *why)
{
	char hex[CF_OID_HEX + 1];

	cf_oid_hex(oid, hex);
	g_free(objects->reason);
	objects->reason = g_strdup_printf("object %s: %s", hex, why);
	return CF_GIT_CORRUPT;
}

/* What libgit2 said, as a verdict. */
static enum cf_git_read judge(struct cf_git_objects *objects, const struct cf_oid *oid, int error)
{
	const git_error *last = objects->lib->git_error_last();

	if (error == GIT_ENOTFOUND)
		return CF_GIT_MISSING;
	if (last && last->klass == GIT_ERROR_NOMEMORY)
		return CF_GIT_BIG;
	return refuse(objects, oid, last && last->message ? last->message : "cannot be read");
}

/* Reads the object itself. */
static enum cf_git_read fetch(struct cf_git_objects *objects, const struct cf_oid *oid, git_object_t type,
			      struct cf_git_data *data)
{
	git_oid id;
	int error;

	memcpy(id.id, oid->bytes, CF_OID_SIZE);
	error = objects->lib->git_odb_read(&data->object, objects->odb, &id);
	if (error < 0) {
		data->object = NULL;
		return judge(objects, oid, error);
	}
	if (objects->lib->git_odb_object_type(data->object) == type)
		return CF_GIT_OK;
	cf_git_data_release(objects, data);
	return refuse(objects, oid, "is of another type than what refers to it says");
}

enum cf_git_read cf_git_objects_read(struct cf_git_objects *objects, const struct cf_oid *oid,
				     git_object_t type, struct cf_git_data *data)
{
	struct cache *cache = type == GIT_OBJECT_BLOB   ? &objects->blobs
			      : type == GIT_OBJECT_TREE ? &objects->trees
							: NULL;
	const struct entry *entry = cache ? cache_find(cache, oid) : NULL;
	git_odb_object *shared;
	enum cf_git_read result;

	*data = (struct cf_git_data){ .object = NULL };
	if (entry) {
		objects->lib->git_odb_object_dup(&data->object, entry->object);
		data->hashes = cf_git_hashes_ref(entry->hashes);
	} else {
		result = fetch(objects, oid, type, data);
		if (result != CF_GIT_OK)
			return result;
		data->hashes = cf_git_hashes_new();
		if (cache && objects->lib->git_odb_object_dup(&shared, data->object) == 0)
			cache_add(cache, oid, shared, cf_git_hashes_ref(data->hashes));
	}
	data->bytes = (struct cf_slice){ objects->lib->git_odb_object_data(data->object),
					 objects->lib->git_odb_object_size(data->object) };
	return CF_GIT_OK;
}
