/* SPDX-License-Identifier: MIT */
/* lacks: why a module's addresses have no names, and what would help, in words. */
#ifndef CF_INGEST_PERF_LACKS_H
#define CF_INGEST_PERF_LACKS_H

#include "core/trace.h"
#include "ingest/perf/symbol_files.h"

/* Adds the quality row "unresolved" of one module; path: of its file, or NULL. */
void cf_lack_quality(struct cf_trace *trace, const char *module, const char *path, enum cf_lack lack,
		     int64_t count, int64_t weight);
/* Adds the quality row "unchecked" of a module whose file can't be told from a later one. */
void cf_unchecked_quality(struct cf_trace *trace, const char *module, int64_t count, int64_t weight);

#endif
