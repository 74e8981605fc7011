/* SPDX-License-Identifier: MIT */
/* json_shape: which members the beginning of a JSON text has, for the probes of JSON formats. */
#include "ingest/json_shape.h"

#include "core/hash.h"
#include "core/json_reader.h"

#define PREFIX_MAX (256 * 1024)
#define LEVELS_MAX 10 /* objects and arrays that are open: five of each */
#define PATHS_MAX 4096
#define PATH_BYTES_MAX 1024
#define TEXT_MAX 255

struct cf_json_shape {
	GHashTable *paths; /* char * -> char *: the first text there, "" for none */
};

struct walk {
	struct cf_json_shape *shape;
	struct cf_json_reader *json;
	GString *path;
	gsize ends[LEVELS_MAX + 1]; /* length of the path of what is open at each depth */
};

static void add(struct walk *walk)
{
	GHashTable *paths = walk->shape->paths;
	const struct cf_json_reader *json = walk->json;
	char *known;

	if (walk->path->len > PATH_BYTES_MAX)
		return;
	known = g_hash_table_lookup(paths, walk->path->str);
	if (known ? *known || json->token != CF_JSON_STRING : g_hash_table_size(paths) >= PATHS_MAX)
		return;
	g_hash_table_replace(paths, g_strdup(walk->path->str),
			     json->token == CF_JSON_STRING && json->text.len <= TEXT_MAX
				     ? g_strndup((const char *)json->text.data, json->text.len)
				     : g_strdup(""));
}

/* The path of the value that comes next in what is open. */
static void enter(struct walk *walk)
{
	g_string_truncate(walk->path, walk->ends[walk->json->depth]);
}

/* What is nested deeper is skipped. */
static enum cf_json_token next(struct cf_json_reader *json)
{
	for (;;) {
		enum cf_json_token token = cf_json_peek(json);

		if (json->depth < LEVELS_MAX || (token != CF_JSON_OBJECT && token != CF_JSON_ARRAY))
			return cf_json_next(json);
		if (!cf_json_skip(json))
			return CF_JSON_END;
	}
}

static void walk_document(struct walk *walk)
{
	struct cf_json_reader *json = walk->json;
	enum cf_json_token token;

	g_string_truncate(walk->path, 0);
	while ((token = next(json)) != CF_JSON_ERROR && token != CF_JSON_END) {
		switch (token) {
		case CF_JSON_KEY:
			enter(walk);
			if (walk->path->len)
				g_string_append_c(walk->path, '.');
			g_string_append_len(walk->path, (const char *)json->key.data,
					    (gssize)MIN(json->key.len, 100));
			break;
		case CF_JSON_OBJECT_END:
		case CF_JSON_ARRAY_END:
			enter(walk);
			break;
		case CF_JSON_OBJECT:
		case CF_JSON_ARRAY:
			add(walk);
			if (token == CF_JSON_ARRAY)
				g_string_append(walk->path, "[]");
			walk->ends[json->depth] = walk->path->len;
			break;
		default:
			add(walk);
			enter(walk);
		}
	}
}

struct cf_json_shape *cf_json_shape_new(struct cf_slice bytes)
{
	struct cf_slice prefix = { bytes.data, MIN(bytes.len, PREFIX_MAX) };
	struct cf_json_shape *shape;
	struct cf_json_reader json;
	struct walk walk = { 0 };

	cf_json_reader_init(&json, "", prefix,
			    CF_JSON_NOT_FINITE | CF_JSON_TRAILING_COMMA | CF_JSON_KEEP_DAMAGED |
				    CF_JSON_MAY_BE_CUT,
			    NULL);
	if (cf_json_peek(&json) != CF_JSON_OBJECT && cf_json_peek(&json) != CF_JSON_ARRAY) {
		cf_json_reader_release(&json);
		return NULL;
	}
	shape = g_new0(struct cf_json_shape, 1);
	shape->paths = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);
	walk = (struct walk){ .shape = shape, .json = &json, .path = g_string_new(NULL) };
	while (cf_json_document(&json))
		walk_document(&walk);
	g_string_free(walk.path, TRUE);
	cf_json_reader_release(&json);
	return shape;
}

void cf_json_shape_free(struct cf_json_shape *shape)
{
	if (!shape)
		return;
	g_hash_table_unref(shape->paths);
	g_free(shape);
}

bool cf_json_shape_has(const struct cf_json_shape *shape, const char *path)
{
	return shape && g_hash_table_contains(shape->paths, path);
}

const char *cf_json_shape_text(const struct cf_json_shape *shape, const char *path)
{
	const char *text = shape ? g_hash_table_lookup(shape->paths, path) : NULL;

	return text && *text ? text : NULL;
}
