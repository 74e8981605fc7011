/* SPDX-License-Identifier: MIT */
/* measure: lines, indentation and origin of a file's text. */
#ifndef CF_INGEST_GIT_MEASURE_H
#define CF_INGEST_GIT_MEASURE_H

#include "core/reader.h"

struct cf_measure {
	uint32_t lines, nonblank;
	uint32_t indent; /* sum over lines of what they begin with: four spaces or a tab are a step */
	bool generated;  /* says so in its first lines */
};
struct cf_measure cf_measure_text(struct cf_slice text);

#endif
