/* SPDX-License-Identifier: MIT */
/* demangle: names of C++, Rust and OCaml functions as their programmers wrote them. */
#ifndef CF_INGEST_PERF_DEMANGLE_H
#define CF_INGEST_PERF_DEMANGLE_H

#include <glib.h>

/*
 * The name without parameters and return type (and, for Rust, without its hash), as perf report shows it.
 * len < 0: NUL-terminated. NULL when it isn't mangled, is over 32 KiB, or would grow over 64 KiB. Caller
 * frees.
 */
char *cf_demangle(const char *name, gssize len);
/* The same with the parameters. */
char *cf_demangle_with_parameters(const char *name, gssize len);

#endif
