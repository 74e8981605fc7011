/* SPDX-License-Identifier: MIT */
/* version: the program's version and those of the libraries it runs with. */
#include "cli/command.h"

#include "cli/output.h"
#include "ingest/format.h"
#include "pipelines/import.h"
#include "pipelines/template.h"
#include "render/renderer.h"

int cf_cli_version(struct cf_cli *cli)
{
	g_autofree char *ingest = cf_ingest_library_versions(), *render = cf_render_library_versions();
	g_autofree char *hash = cf_import_library_version(), *markdown = cf_template_library_version();
	struct cf_out *out = cf_output_open_stdout(cli);

	if (!out)
		return -1;
	cf_out_printf(out, "callflow %s\nSQLite %s, GLib %u.%u.%u, %s, %s, %s, %s\n", CF_VERSION,
		      cf_store_library_version(), glib_major_version, glib_minor_version, glib_micro_version,
		      ingest, render, markdown, hash);
	return cf_output_close(cli, out);
}
