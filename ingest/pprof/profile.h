/* SPDX-License-Identifier: MIT */
/* profile: what samples of a pprof profile refer to. */
#ifndef CF_INGEST_PPROF_PROFILE_H
#define CF_INGEST_PPROF_PROFILE_H

#include "core/table.h"
#include "ingest/format.h"
#include "ingest/pprof/wire.h"

/* Names, units and paths are numbers of strings. Ids are the file's own. */
struct cf_pprof_mapping {
	uint64_t id, file, build_id; /* file, build_id: strings */
	struct cf_module module;     /* the reader's */
};

struct cf_pprof_function {
	uint64_t id, name, system_name, file;
	int64_t line;
};

/* A location's frames, innermost first, are frames[first] and the count - 1 that follow. */
struct cf_pprof_location {
	uint64_t id, mapping;
	uint32_t first, count;
};

struct cf_pprof_line {
	uint64_t function;
	int64_t line;
};

/* More sample types are an error. */
#define CF_PPROF_TYPES_MAX 64
struct cf_pprof_type {
	uint64_t type, unit;
};

/* Field numbers of Profile. */
enum cf_pprof_field {
	CF_PPROF_SAMPLE_TYPE = 1,
	CF_PPROF_SAMPLE,
	CF_PPROF_MAPPING,
	CF_PPROF_LOCATION,
	CF_PPROF_FUNCTION,
	CF_PPROF_STRING,
	CF_PPROF_DROP_FRAMES,
	CF_PPROF_KEEP_FRAMES,
	CF_PPROF_TIME,
	CF_PPROF_DURATION,
	CF_PPROF_DEFAULT_TYPE = 14
};

struct cf_pprof {
	const struct cf_input *input;
	struct cf_diag *diag;
	GArray *strings;   /* struct cf_slice, into input */
	GArray *functions; /* struct cf_pprof_function */
	GArray *mappings;  /* struct cf_pprof_mapping */
	GArray *locations; /* struct cf_pprof_location */
	GArray *lines;     /* struct cf_pprof_line, of all locations */
	struct cf_pprof_type types[CF_PPROF_TYPES_MAX];
	unsigned n_types;
	uint64_t default_type, drop_frames;                      /* strings, 0 none */
	int64_t time, duration;                                  /* ns */
	struct cf_table function_ids, mapping_ids, location_ids; /* private */
};

/* Everything but the samples. -1 with a message; to be released either way. */
int cf_pprof_gather(struct cf_pprof *profile, const struct cf_input *input, struct cf_diag *diag);
void cf_pprof_release(struct cf_pprof *profile);

/* Empty for one that isn't there. */
struct cf_slice cf_pprof_string(const struct cf_pprof *profile, uint64_t index);
/* By the file's id, or NULL. */
struct cf_pprof_mapping *cf_pprof_mapping(const struct cf_pprof *profile, uint64_t id);
const struct cf_pprof_function *cf_pprof_function(const struct cf_pprof *profile, uint64_t id);
const struct cf_pprof_location *cf_pprof_location(const struct cf_pprof *profile, uint64_t id);

/* An error at a byte of the input. Returns -1. */
int cf_pprof_fail(const struct cf_pprof *profile, const uint8_t *at, const char *what);
#define CF_PPROF_NO_MESSAGE "damaged profile: expected a field of a protocol buffer message"

#endif
