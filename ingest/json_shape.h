/* SPDX-License-Identifier: MIT */
/* json_shape: which members the beginning of a JSON text has, for the probes of JSON formats. */
#ifndef CF_INGEST_JSON_SHAPE_H
#define CF_INGEST_JSON_SHAPE_H

#include "core/reader.h"

struct cf_json_shape;

/* Of the first 256 KiB. NULL when the first character, blanks aside, is neither '{' nor '['. */
struct cf_json_shape *cf_json_shape_new(struct cf_slice bytes);
void cf_json_shape_free(struct cf_json_shape *shape);

/*
 * Is there a value at path: "traceEvents[].ph" is the member ph of an item of the top object's traceEvents, "[].ph" of
 * an item of the top array, "[]" any item. Members below five levels aren't looked at. shape NULL: false.
 */
bool cf_json_shape_has(const struct cf_json_shape *shape, const char *path);
/* The first text at path, or NULL when there is none of at most 255 bytes. Borrowed. */
const char *cf_json_shape_text(const struct cf_json_shape *shape, const char *path);

#endif
