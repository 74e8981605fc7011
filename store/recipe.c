/* SPDX-License-Identifier: MIT */
/* recipe: queries on the views that give a table's numbers again, for readers to try and change. */
#include "store/statement.h"

#include "core/memory.h"

/* Owned by GLib, unlike what sqlite3_mprintf returns. */
static char *take(char *sql)
{
	char *copy;

	if (!sql)
		cf_memory_out();
	copy = g_strdup(sql);
	sqlite3_free(sql);
	return copy;
}

/* LIMIT -1 is all. */
static gint64 all_or(int64_t limit)
{
	return limit > 0 ? limit : -1;
}

char *cf_store_functions_sql(int64_t run, const char *metric, gboolean by_total, int64_t limit)
{
	return take(sqlite3_mprintf(
		"SELECT function, module, self, total, self_samples, total_samples, file, line\n"
		"FROM v_func WHERE run = %lld AND metric = %Q\n"
		"ORDER BY %s DESC, module, function, kind LIMIT %lld",
		(long long)run, metric, by_total ? "total" : "self", (long long)all_or(limit)));
}

char *cf_store_threads_sql(int64_t run, const char *metric, int64_t limit)
{
	return take(sqlite3_mprintf("SELECT thread, pid, tid, weight, samples\n"
				    "FROM v_thread WHERE run = %lld AND metric = %Q\n"
				    "ORDER BY weight DESC, thread, pid, tid LIMIT %lld",
				    (long long)run, metric, (long long)all_or(limit)));
}
