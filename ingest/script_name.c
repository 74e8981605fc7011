/* SPDX-License-Identifier: MIT */
/* script_name: what a script is called, of its URL. */
#include "ingest/script_name.h"

#include <glib.h>
#include <string.h>

const char *cf_script_name(const char *url)
{
	const char *last = g_strrstr(url, "/node_modules/"), *slash;

	if (last && last[strlen("/node_modules/")])
		return last + strlen("/node_modules/");
	last = strrchr(url, '/');
	if (!last || !last[1])
		return url;
	slash = g_strrstr_len(url, last - url, "/");
	return slash && slash + 1 < last ? slash + 1 : last + 1;
}
