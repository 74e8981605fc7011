/* SPDX-License-Identifier: MIT */
/* location: what Firefox and its kin write of a frame in one string. */
#ifndef CF_INGEST_FIREFOX_LOCATION_H
#define CF_INGEST_FIREFOX_LOCATION_H

#include "core/reader.h"

struct cf_firefox_location {
	struct cf_slice name;   /* never empty, unless the text is */
	struct cf_slice module; /* "libc.so.6", or empty */
	struct cf_slice file;   /* a script's URL, or empty */
	uint32_t line;          /* 0 unknown */
};

/*
 * "work (in libwork.so)", perhaps with " + 1234" behind it, "work (https://example.com/a.js:12:3)", "a.js:12", or a plain
 * name. Parts are borrowed from text.
 */
struct cf_firefox_location cf_firefox_location(struct cf_slice text);

#endif
