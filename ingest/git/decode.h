/* SPDX-License-Identifier: MIT */
/* decode: turns the frames of a reader into a history; checks all of them. */
#ifndef CF_INGEST_GIT_DECODE_H
#define CF_INGEST_GIT_DECODE_H

#include "core/history.h"
#include "ingest/git/wire.h"

struct cf_git_decoder {
	struct cf_history *history;
	const struct cf_history *stored; /* what the reader didn't look at again; or NULL */
	GPtrArray *texts;                /* char *: path, content, path ... of .mailmap and its like */
	gboolean ended;                  /* the end frame came */
	char *error;                     /* what the reader said when it gave up */
	GHashTable *known;               /* private: path -> file of stored */
};
void cf_git_decoder_init(struct cf_git_decoder *decoder, struct cf_history *history,
			 const struct cf_history *stored);
void cf_git_decoder_clear(struct cf_git_decoder *decoder);
/* For cf_sandbox_run; ctx is a decoder. */
int cf_git_decode(void *ctx, enum cf_wire_type type, struct cf_wire_in *in);

#endif
