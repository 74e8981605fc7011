/* SPDX-License-Identifier: MIT */
/* frame_text: frames as valgrind's tools write them: "0x48465EF: calloc (vg_replace_malloc.c:1328)". */
#ifndef CF_INGEST_FRAME_TEXT_H
#define CF_INGEST_FRAME_TEXT_H

#include "core/reader.h"
#include "ingest/memory/sites.h"

/*
 * Fills frame, inlined aside, from "0xADDRESS: NAME (FILE:LINE)", also with a column after the line, "0xADDRESS: NAME (in
 * OBJECT)" or what there is of it. Returns the address, 0 when there is none.
 */
uint64_t cf_frame_from_text(struct cf_dict *dict, struct cf_slice text, struct cf_site_frame *frame);

#endif
