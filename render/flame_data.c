/* SPDX-License-Identifier: MIT */
/* flame_data: what the script of a flame graph knows of it, as JSON. */
#include "render/flame_data.h"

#include <string.h>

#include "core/json.h"
#include "render/escape.h"
#include "render/flame_difference.h"

#define MORE_BYTES (128 * 1024) /* of other metrics' data: a report is to stay one that can be mailed */

/* A function as the script knows it. */
struct face {
	uint32_t name, module, color;
};

static guint face_hash(gconstpointer key)
{
	const struct face *face = key;

	return (face->name * 2654435761u ^ face->module) * 2654435761u ^ face->color;
}

static gboolean face_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(struct face)) == 0;
}

/* Numbers the names that boxes use, in order of first use. */
struct name_table {
	uint32_t *ids; /* per name of the tree; 0 unused, else id + 1 */
	GArray *used;  /* uint32_t: index into the tree's names */
};

static uint32_t name_id(struct name_table *names, uint32_t name)
{
	if (!names->ids[name]) {
		g_array_append_val(names->used, name);
		names->ids[name] = names->used->len;
	}
	return names->ids[name] - 1;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Totals mostly are multiples of the sampling period: what they share is written once. */
static int64_t common_factor(const GArray *boxes)
{
	uint64_t factor = 0;

	for (guint i = 0; i < boxes->len && factor != 1; i++) {
		int64_t total = g_array_index(boxes, struct cf_flame_box, i).total;

		factor = gcd(factor, total < 0 ? -(uint64_t)total : (uint64_t)total);
	}
	return factor && factor <= G_MAXINT64 ? (int64_t)factor : 1;
}

static void json_names(struct cf_json *json, const struct cf_flame_scene *scene, const GArray *used)
{
	cf_json_key(json, "names");
	cf_json_begin_array(json);
	for (guint i = 0; i < used->len; i++) {
		const char *name = g_ptr_array_index(scene->tree->names, g_array_index(used, uint32_t, i));
		g_autofree char *printable = cf_escape_xml_text(name);

		cf_json_string(json, printable);
	}
	cf_json_end_array(json);
}

static void json_legend(struct cf_json *json, const struct cf_flame_scene *scene)
{
	cf_json_key(json, "legend");
	cf_json_begin_array(json);
	for (guint i = 0; i < scene->legend->len; i++) {
		const struct cf_flame_legend *entry =
			&g_array_index(scene->legend, struct cf_flame_legend, i);

		cf_json_begin_array(json);
		cf_json_string(json, entry->label);
		cf_json_string(json, entry->module);
		cf_json_int(json, entry->swatch ? (int64_t)entry->color : -1);
		cf_json_end_array(json);
	}
	cf_json_end_array(json);
}

/* What the picture says when widths or colours are of something else. */
static void json_words(struct cf_json *json)
{
	for (int absolute = 0; absolute <= 1; absolute++) {
		cf_json_key(json, absolute ? "differenceWords" : "ratioWords");
		cf_json_begin_array(json);
		for (size_t i = 0; i < CF_FLAME_STEPS; i++)
			cf_json_string(json,
				       cf_flame_difference_legend(cf_flame_difference_order[i], absolute));
		for (int widths = CF_TREE_AFTER; widths <= CF_TREE_BOTH; widths++) {
			g_autofree char *note =
				cf_flame_difference_note((enum cf_tree_widths)widths, absolute);

			cf_json_string(json, note);
		}
		cf_json_end_array(json);
	}
}

/* Before, after, both and mark of each box; what the widths and colours are of at first. */
static void json_diffs(struct cf_json *json, const struct cf_flame_scene *scene)
{
	static const char *const widths[] = { "after", "before", "both" };
	const struct cf_tree *tree = scene->tree;

	cf_json_key(json, "widths");
	cf_json_string(json, widths[tree->widths]);
	cf_json_key(json, "absolute");
	cf_json_bool(json, tree->absolute);
	cf_json_key(json, "colors");
	cf_json_int(json, CF_FLAME_DIFF_COLOR);
	json_words(json);
	cf_json_key(json, "diffs");
	cf_json_begin_array(json);
	for (guint i = 0; i < scene->layout.diffs->len; i++) {
		const struct cf_flame_diff *diff =
			&g_array_index(scene->layout.diffs, struct cf_flame_diff, i);
		const struct cf_flame_box *box = &g_array_index(scene->layout.boxes, struct cf_flame_box, i);

		cf_json_int(json, diff->before);
		cf_json_int(json, diff->after);
		cf_json_int(json, diff->both);
		cf_json_int(json, box->pruned
					  ? CF_TREE_QUIET
					  : g_array_index(tree->diffs, struct cf_tree_diff, box->node).mark);
	}
	cf_json_end_array(json);
}

/*
 * Four numbers a box: how far back its parent stands, its face (of an "other" box: minus the number of frames
 * in it), total / factor, samples. Positions follow from the totals, unless negative weights forbid that.
 */
static void json_frames(struct cf_json *json, const struct cf_flame_scene *scene)
{
	const GArray *boxes = scene->layout.boxes;
	const struct cf_tree *tree = scene->tree;
	struct name_table names = { .ids = g_new0(uint32_t, tree->names->len),
				    .used = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
	GHashTable *ids = g_hash_table_new(face_hash, face_equal);
	struct face *faces = g_new0(struct face, boxes->len);
	uint32_t *face_of = g_new0(uint32_t, boxes->len), n = 0;
	int64_t factor = common_factor(boxes);

	for (guint i = 0; i < boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(boxes, struct cf_flame_box, i);
		const struct cf_tree_node *node = &g_array_index(tree->nodes, struct cf_tree_node, box->node);
		gpointer id;

		if (box->pruned)
			continue;
		faces[n] = (struct face){ name_id(&names, node->name), name_id(&names, node->module),
					  scene->colors[i] };
		if (!g_hash_table_lookup_extended(ids, &faces[n], NULL, &id)) {
			id = GUINT_TO_POINTER(n);
			g_hash_table_insert(ids, &faces[n++], id);
		}
		face_of[i] = GPOINTER_TO_UINT(id);
	}
	json_names(json, scene, names.used);
	cf_json_key(json, "faces");
	cf_json_begin_array(json);
	for (uint32_t i = 0; i < n; i++) {
		cf_json_int(json, faces[i].name);
		cf_json_int(json, faces[i].module);
		cf_json_int(json, faces[i].color);
	}
	cf_json_end_array(json);
	cf_json_key(json, "factor");
	cf_json_int(json, factor);
	cf_json_key(json, "boxes");
	cf_json_begin_array(json);
	for (guint i = 0; i < boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(boxes, struct cf_flame_box, i);

		cf_json_int(json, i - box->parent);
		cf_json_int(json, box->pruned ? -(int64_t)box->pruned : face_of[i]);
		cf_json_int(json, box->total / factor);
		cf_json_int(json, box->count);
	}
	cf_json_end_array(json);
	if (scene->layout.diffs)
		json_diffs(json, scene);
	if (scene->layout.negative_nodes) {
		cf_json_key(json, "extents");
		cf_json_begin_array(json);
		for (guint i = 0; i < boxes->len; i++) {
			cf_json_double(json, g_array_index(boxes, struct cf_flame_box, i).x);
			cf_json_double(json, g_array_index(boxes, struct cf_flame_box, i).width);
		}
		cf_json_end_array(json);
	}
	g_hash_table_destroy(ids);
	g_free(faces);
	g_free(face_of);
	g_free(names.ids);
	g_array_free(names.used, TRUE);
}

static void json_strings(struct cf_json *json, const char *key, const GPtrArray *strings)
{
	cf_json_key(json, key);
	cf_json_begin_array(json);
	for (guint i = 0; i < strings->len; i++)
		cf_json_string(json, g_ptr_array_index(strings, i));
	cf_json_end_array(json);
}

/* What the script knows of one tree. more: those of other metrics, complete; NULL: none. */
static void json_scene(struct cf_json *json, const struct cf_flame_scene *scene, const GPtrArray *more)
{
	cf_json_begin_object(json);
	cf_json_key(json, "title");
	cf_json_string(json, scene->title);
	cf_json_key(json, "metric");
	cf_json_string(json, scene->tree->metric);
	cf_json_key(json, "unit");
	cf_json_string(json, cf_unit_name(scene->tree->unit));
	cf_json_key(json, "icicle");
	cf_json_bool(json, scene->icicle);
	cf_json_key(json, "inverted");
	cf_json_bool(json, scene->tree->inverted);
	cf_json_key(json, "threads");
	cf_json_bool(json, scene->tree->threads);
	cf_json_key(json, "levels");
	cf_json_int(json, scene->layout.max_levels);
	json_strings(json, "runs", scene->runs);
	json_strings(json, "notes", scene->notes);
	json_legend(json, scene);
	json_frames(json, scene);
	if (more && more->len) {
		cf_json_key(json, "more");
		cf_json_begin_array(json);
		for (guint i = 0; i < more->len; i++)
			cf_json_raw(json, g_ptr_array_index(more, i));
		cf_json_end_array(json);
	}
	cf_json_end_object(json);
}

/* The trees after the first, as many as there is room for. */
static GPtrArray *other_metrics(const struct cf_flame_scene *scene, const struct cf_render_opts *opts)
{
	GPtrArray *more = g_ptr_array_new_with_free_func(g_free);
	size_t used = 0;

	for (const struct cf_tree *tree = scene->tree->next; tree; tree = tree->next) {
		struct cf_out *memory = cf_out_memory();
		struct cf_flame_scene other;
		struct cf_json json;
		const char *data;
		size_t len;

		cf_flame_scene_init(&other, tree, scene->title, NULL, opts);
		cf_json_init(&json, memory);
		json_scene(&json, &other, NULL);
		data = cf_out_text(memory, &len);
		if (used + len <= MORE_BYTES)
			g_ptr_array_add(more, g_strndup(data, len));
		used += len;
		cf_flame_scene_clear(&other);
		cf_out_abort(memory);
	}
	return more;
}

void cf_flame_data_write(const struct cf_flame_scene *scene, const struct cf_render_opts *opts,
			 struct cf_out *out)
{
	g_autoptr(GPtrArray) more = other_metrics(scene, opts);
	struct cf_json json;

	cf_json_init(&json, out);
	json_scene(&json, scene, more);
}
