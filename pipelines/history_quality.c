/* SPDX-License-Identifier: MIT */
/* history_quality: what a reader of a history's numbers must know, from the flags of its commits and files. */
#include "pipelines/history_quality.h"

struct remark {
	uint16_t flag;
	const char *key, *text, *cure;
};

static const struct remark remarks[] = {
	{ CF_COMMIT_SHALLOW, "shallow",
	  "commits whose parents aren't in the clone: what they changed isn't known",
	  "git fetch --unshallow, then ingest again" },
	{ CF_COMMIT_MISSING, "missing-files",
	  "commits with files that aren't in this partial clone: lines aren't counted",
	  "git fetch --refetch --no-filter, then ingest --again" },
	{ CF_COMMIT_CUT, "cut-commits", "commits with more files or folders than are read of one",
	  "--path reads a part of them" },
	{ CF_COMMIT_BIG, "big-files", "commits with files of more than 128 MiB: their lines aren't counted",
	  "--exclude leaves them out" },
	{ CF_COMMIT_RENAMES_CUT, "rename-limit",
	  "commits with more than 1000 x 1000 candidates for renames: changed files weren't compared",
	  "--path reads a part of them" },
	{ CF_COMMIT_STRANGE, "strange-names", "commits with entries whose names can't be, left out", NULL },
};

static void remark_files(struct cf_history *history)
{
	int64_t unparsed = 0;

	for (guint i = 0; i < history->code_files->len; i++)
		unparsed += g_array_index(history->code_files, struct cf_code_file, i).unparsed;
	if (unparsed)
		cf_history_quality(history, "unparsed-files", NULL, unparsed, NULL,
				   "source files at the head whose functions aren't known");
}

void cf_history_add_quality(struct cf_history *history, const GArray *commits, int64_t functions)
{
	int64_t counts[G_N_ELEMENTS(remarks)] = { 0 }, diffed = 0;

	for (guint i = 0; i < commits->len; i++) {
		uint16_t flags = g_array_index(commits, struct cf_known_commit, i).flags;

		diffed += (flags & CF_COMMIT_DIFFED) != 0;
		for (size_t r = 0; r < G_N_ELEMENTS(remarks); r++)
			counts[r] += (flags & remarks[r].flag) != 0;
	}
	for (size_t r = 0; r < G_N_ELEMENTS(remarks); r++)
		if (counts[r])
			cf_history_quality(history, remarks[r].key, NULL, counts[r], remarks[r].cure, "%s",
					   remarks[r].text);
	if (diffed > functions)
		cf_history_quality(
			history, "functions-window", NULL, diffed - functions, NULL,
			"older commits of which it isn't told which functions they changed (--functions)");
	remark_files(history);
}
