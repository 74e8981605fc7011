/* SPDX-License-Identifier: MIT */
/* path_pattern: what the path of a file says of its run. */
#ifndef CF_PIPELINES_PATH_PATTERN_H
#define CF_PIPELINES_PATH_PATTERN_H

#include "store/store.h"

/*
 * A pattern such as "bench/{time}-{commit}-{label.host}.json" is matched against the end of path, from the beginning of
 * a folder or file name. A field never takes a '/':
 *
 *	{time}      2026-11-23, 2026-11-23T06:02:11Z, 20261123T060211Z, 20261123-0602, seconds since the epoch
 *	{commit}    4 to 64 hexadecimal digits
 *	{name}      name of the run
 *	{label.K}   label K
 *	{}          anything
 *
 * *out becomes flags, completed by what the path says and flags don't; free it with cf_path_pattern_clear. pattern NULL:
 * a copy of flags. A pattern that is none, a path that doesn't match and a field that can't be read: -1 with a message.
 */
int cf_path_pattern_flags(const char *pattern, const char *path, const struct cf_run_flags *flags,
			  struct cf_run_flags *out, struct cf_diag *diag);
void cf_path_pattern_clear(struct cf_run_flags *out);

#endif
