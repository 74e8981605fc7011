/* SPDX-License-Identifier: MIT */
/* unpack: what lies in gzip and zstd files. */
#ifndef CF_PIPELINES_UNPACK_H
#define CF_PIPELINES_UNPACK_H

#include "core/files.h"

/* "gzip", "zstd", or NULL: by the first bytes. */
const char *cf_unpack_kind(struct cf_slice bytes);

/*
 * The content of packed, which is of such a kind: in memory up to 64 MiB, beyond that in a file without a name in
 * $TMPDIR, of at most half of what is free there. Several members one after another are read as one. Damaged, more than cap
 * bytes, or more than 1000 times the packed size (beyond 64 MiB): -1 with a located message; nothing is to be released then.
 * path is that of packed.
 */
int cf_unpack(const struct cf_file *packed, uint64_t cap, struct cf_file *unpacked, struct cf_diag *diag);

/* "zlib 1.2.13, zstd 1.5.4". Caller frees. */
char *cf_unpack_library_versions(void);

#endif
