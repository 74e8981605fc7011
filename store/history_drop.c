/* SPDX-License-Identifier: MIT */
/* history_drop: finds the stored commits that a new head can't reach, and removes them. */
#include "store/history.h"

#include <string.h>

#include "core/hash.h"
#include "store/statement.h"

/* A stored commit. Its parents are a range of the graph's oids. */
struct node {
	uint32_t id;
	uint32_t first_parent, parents;
	int64_t order;
	uint16_t flags;
	gboolean reached;
};

struct graph {
	GArray *nodes;      /* struct node, in order of ids */
	GArray *oids;       /* struct cf_oid of the nodes */
	GArray *parents;    /* struct cf_oid */
	GHashTable *by_oid; /* struct cf_oid * (in oids) -> index + 1 */
	GArray *queue;      /* guint */
};

static guint hash_oid(gconstpointer oid)
{
	return (guint)cf_hash_bytes(oid, CF_OID_SIZE, cf_hash_seed);
}

static gboolean equal_oids(gconstpointer a, gconstpointer b)
{
	return cf_oid_equal(a, b);
}

static int load_graph(struct graph *g, struct cf_store *store, int64_t repo, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_COMMIT_GRAPH, diag) == 0) {
		cf_stmt_bind_int(&stmt, repo);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct node node = { .id = cf_stmt_id(&stmt), .first_parent = g->parents->len };
			struct cf_oid oid = { { 0 } };
			size_t len;
			const void *data = cf_stmt_blob(&stmt, &len);

			if (len == CF_OID_SIZE)
				memcpy(oid.bytes, data, len);
			data = cf_stmt_blob(&stmt, &len);
			node.parents = (uint32_t)(len / CF_OID_SIZE);
			if (node.parents)
				g_array_append_vals(g->parents, data, node.parents);
			node.order = cf_stmt_int(&stmt);
			node.flags = (uint16_t)cf_stmt_int(&stmt);
			g_array_append_val(g->nodes, node);
			g_array_append_val(g->oids, oid);
		}
	}
	cf_stmt_close(&stmt);
	for (guint i = 0; i < g->oids->len; i++)
		g_hash_table_insert(g->by_oid, &g_array_index(g->oids, struct cf_oid, i),
				    GUINT_TO_POINTER(i + 1));
	return step;
}

static void reach(struct graph *g, const struct cf_oid *oid)
{
	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_oid, oid));
	struct node *node;

	if (!at)
		return;
	at--;
	node = &g_array_index(g->nodes, struct node, at);
	if (node->reached)
		return;
	node->reached = TRUE;
	g_array_append_val(g->queue, at);
}

static void reach_all(struct graph *g, const struct cf_history *history)
{
	reach(g, &history->head);
	for (guint i = 0; i < history->parents->len; i++) {
		const struct cf_parent *parent = &g_array_index(history->parents, struct cf_parent, i);

		if (parent->commit == CF_NONE)
			reach(g, &parent->oid);
	}
	while (g->queue->len) {
		guint at = g_array_index(g->queue, guint, g->queue->len - 1);
		struct node node = g_array_index(g->nodes, struct node, at);

		g_array_set_size(g->queue, g->queue->len - 1);
		for (uint32_t i = 0; i < node.parents; i++)
			reach(g, &g_array_index(g->parents, struct cf_oid, node.first_parent + i));
	}
}

static int drop_rest(const struct graph *g, struct cf_store *store, int64_t repo, struct cf_diag *diag)
{
	static const enum cf_sql drops[] = { CF_SQL_DROP_COMMIT, CF_SQL_DROP_COMMIT_COAUTHORS,
					     CF_SQL_DROP_COMMIT_CHANGES, CF_SQL_DROP_COMMIT_FUNCS };
	struct cf_stmt stmts[G_N_ELEMENTS(drops)] = { 0 };
	int result = 0;

	for (size_t s = 0; result == 0 && s < G_N_ELEMENTS(drops); s++)
		result = cf_stmt_open(&stmts[s], store, drops[s], diag);
	for (guint i = 0; result == 0 && i < g->nodes->len; i++) {
		const struct node *node = &g_array_index(g->nodes, struct node, i);

		for (size_t s = 0; !node->reached && result == 0 && s < G_N_ELEMENTS(drops); s++) {
			cf_stmt_bind_int(&stmts[s], repo);
			cf_stmt_bind_int(&stmts[s], node->id);
			result = cf_stmt_run(&stmts[s]);
		}
	}
	for (size_t s = 0; s < G_N_ELEMENTS(drops); s++)
		cf_stmt_close(&stmts[s]);
	return result;
}

static void graph_init(struct graph *g)
{
	g->nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
	g->oids = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	g->parents = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	g->by_oid = g_hash_table_new(hash_oid, equal_oids);
	g->queue = g_array_new(FALSE, FALSE, sizeof(guint));
}

static void graph_clear(struct graph *g)
{
	g_array_unref(g->nodes);
	g_array_unref(g->oids);
	g_array_unref(g->parents);
	g_hash_table_unref(g->by_oid);
	g_array_unref(g->queue);
}

/* The usual case: all that is stored can be reached from the old head, and that from the new one. -1: said. */
static int is_forward(struct cf_store *store, int64_t repo, const struct cf_history *history,
		      struct cf_diag *diag)
{
	struct cf_repo *old = NULL;
	int forward;

	if (cf_store_repo_by_id(store, repo, &old, diag) != 0)
		return -1;
	if (!old)
		return cf_store_damaged(store, "the repository is gone", diag);
	forward = cf_oid_equal(&old->head, &history->head);
	for (guint i = 0; !forward && i < history->parents->len; i++)
		forward = cf_oid_equal(&g_array_index(history->parents, struct cf_parent, i).oid, &old->head);
	cf_repo_free(old);
	return forward;
}

GArray *cf_store_kept_commits(struct cf_store *store, int64_t repo, const struct cf_history *history,
			      struct cf_diag *diag)
{
	GArray *kept = NULL;
	struct graph g;

	graph_init(&g);
	if (load_graph(&g, store, repo, diag) == 0) {
		reach_all(&g, history);
		kept = g_array_new(FALSE, FALSE, sizeof(struct cf_known_commit));
		for (guint i = 0; i < g.nodes->len; i++) {
			const struct node *node = &g_array_index(g.nodes, struct node, i);
			struct cf_known_commit one = { g_array_index(g.oids, struct cf_oid, i), node->order,
						       node->flags };

			if (node->reached)
				g_array_append_val(kept, one);
		}
	}
	graph_clear(&g);
	return kept;
}

int cf_store_drop_unreachable(struct cf_store *store, int64_t repo, const struct cf_history *history,
			      struct cf_diag *diag)
{
	int forward = is_forward(store, repo, history, diag);
	struct graph g;
	int result;

	if (forward)
		return forward < 0 ? -1 : 0;
	graph_init(&g);
	result = load_graph(&g, store, repo, diag);
	if (result == 0) {
		reach_all(&g, history);
		result = drop_rest(&g, store, repo, diag);
	}
	graph_clear(&g);
	return result;
}
