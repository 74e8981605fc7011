/* SPDX-License-Identifier: MIT */
/* version: the libraries that importers run with. */
#include "ingest/format.h"

#include <elfutils/libdwfl.h>

char *cf_ingest_library_versions(void)
{
	return g_strdup_printf("elfutils %s", dwfl_version(NULL));
}
