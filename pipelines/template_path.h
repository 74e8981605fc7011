/* SPDX-License-Identifier: MIT */
/* template_path: where report templates of the user's own are looked for by name. */
#ifndef CF_PIPELINES_TEMPLATE_PATH_H
#define CF_PIPELINES_TEMPLATE_PATH_H

#include <glib.h>

/*
 * NAME.md in a folder of $CALLFLOW_TEMPLATES (separated by colons), which goes before the templates that come with the
 * program; and in callflow/templates of $XDG_CONFIG_HOME or ~/.config, which comes behind them. Only absolute folders
 * count. NULL: there is none. Caller frees.
 */
char *cf_template_path_first(const char *name);
char *cf_template_path_last(const char *name);

/* May a template be called so? Letters, digits, - and _; what is no name is a path. */
gboolean cf_template_is_name(const char *name);

#endif
