/* SPDX-License-Identifier: MIT */
/* cmd_query: the user's own SQL, and the views that it may use. */
#include "cli/command.h"

#include <string.h>

#include "cli/operand.h"
#include "cli/output.h"

struct result {
	struct cf_doc *doc;
	struct cf_node *section, *table; /* table NULL until the columns are known */
};

/* Values are printed as they are: whoever writes SQL wants 24260000000, not 24.26 s. */
static void begin_table(struct result *result, int columns, const char *const *names)
{
	g_autofree struct cf_column *described = g_new0(struct cf_column, columns);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (int i = 0; i < columns; i++) {
		g_autofree char *unique = g_strdup(names[i]);

		for (int n = 2; g_hash_table_contains(seen, unique); n++) {
			g_free(unique);
			unique = g_strdup_printf("%s-%d", names[i], n);
		}
		described[i] = (struct cf_column){ .id = cf_doc_str(result->doc, unique),
						   .title = cf_doc_str(result->doc, names[i]),
						   .unit = CF_UNIT_RAW,
						   .flags = CF_COLUMN_ELIDE };
		g_hash_table_add(seen, (gpointer)described[i].id);
	}
	result->table =
		cf_doc_table(result->doc, result->section, "result", NULL, described, (size_t)columns);
}

static int on_row(void *ctx, int columns, const char *const *names, const char *const *values,
		  const int *types)
{
	struct result *result = ctx;

	if (columns <= 0)
		return 0;
	if (!result->table)
		begin_table(result, columns, names);
	for (int i = 0; values && i < columns; i++) {
		gint64 number;

		if (types[i] == CF_SQL_TYPE_NULL || !values[i])
			cf_table_empty(result->table);
		else if (types[i] == CF_SQL_TYPE_INTEGER &&
			 g_ascii_string_to_signed(values[i], 10, G_MININT64, G_MAXINT64, &number, NULL))
			cf_table_int(result->table, number);
		else if (types[i] == CF_SQL_TYPE_FLOAT)
			cf_table_double(result->table, g_ascii_strtod(values[i], NULL));
		else
			cf_table_text(result->doc, result->table, values[i]);
	}
	return 0;
}

static int query(struct cf_cli *cli, struct cf_store *store, const struct cf_renderer *renderer)
{
	struct result result = { .doc = cf_doc_new(NULL) };
	int status;

	result.section = cf_doc_section(result.doc, result.doc->root, "query", NULL);
	if (cli->operands->len)
		status = cf_store_query(store, g_ptr_array_index(cli->operands, 0), on_row, &result,
					&cli->diag);
	else
		status = cf_store_views(store, on_row, &result, &cli->diag);
	if (status == 0)
		status = cf_output_doc(cli, renderer, result.doc);
	cf_doc_free(result.doc);
	return status;
}

static int run(struct cf_cli *cli)
{
	const struct cf_renderer *renderer;
	struct cf_store *store;
	int result;

	if (cf_cli_operands_at_most(cli, 1, "query [SQL]") < 0)
		return -1;
	renderer = cf_output_renderer(cli, "text");
	if (!renderer)
		return -1;
	store = cf_operand_store(cli, CF_STORE_READ);
	if (!store)
		return -1;
	result = query(cli, store, renderer);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static const char *const examples[] = {
	"callflow query",
	"callflow query 'SELECT run, name, samples FROM v_run'",
	"callflow query -f csv 'SELECT * FROM v_func' -o functions.csv",
	NULL,
};

const struct cf_command cf_command_query = {
	.name = "query",
	.group = "Share",
	.summary = "ask the store in SQL; without SQL: its views",
	.synopsis = "[SQL]",
	.examples = examples,
	.flags = CF_COMMAND_OUTPUT,
	.run = run,
};
