/* SPDX-License-Identifier: MIT */
/* sequence: who says what to whom, in order. */
#ifndef CF_CORE_SEQUENCE_H
#define CF_CORE_SEQUENCE_H

#include "core/doc.h"
#include "core/figure.h"

struct cf_participant {
	const char *id;    /* API: unique in the sequence */
	const char *label; /* what readers see */
	enum cf_party kind;
};

enum cf_step_kind {
	CF_STEP_CALL,   /* from waits for to; from may be to */
	CF_STEP_RETURN, /* the answer to a call */
	CF_STEP_ASYNC,  /* from doesn't wait */
	CF_STEP_NOTE,   /* words about from up to to */
	CF_STEP_LOOP    /* the steps that have it as parent happen count times */
};
#define CF_STEP_KINDS (CF_STEP_LOOP + 1)

struct cf_step {
	uint32_t parent; /* index of the loop that it stands in; 0 for the whole */
	enum cf_step_kind kind;
	uint32_t from, to; /* indices into participants; unused in loops */
	const char *text;
	int64_t count;    /* how often it happens within its parent, 1 or more */
	int64_t duration; /* of one, in the sequence's unit; -1: not known */
	unsigned marks;   /* enum cf_mark */
};

struct cf_sequence {
	enum cf_unit unit;
	char *highlight;      /* what the highlight stands for: "critical path" */
	char *note;           /* stands below the picture, or NULL */
	GArray *participants; /* struct cf_participant, from left to right */
	GArray *steps;        /* struct cf_step in order; steps[0] is the whole; parents before children */
	uint32_t open;        /* private: the loop that is being filled */
	GStringChunk *text;   /* private */
	GHashTable *ids;      /* private */
};

struct cf_sequence *cf_sequence_new(enum cf_unit unit);
void cf_sequence_free(struct cf_sequence *sequence);
/* Found or added at the right; label NULL: the id. Text is copied. */
uint32_t cf_sequence_participant(struct cf_sequence *sequence, const char *id, const char *label,
				 enum cf_party kind);
/* Appends a message or note to the loop that is open: parent is set, text copied, count 0 becomes 1. Its index. */
uint32_t cf_sequence_add(struct cf_sequence *sequence, const struct cf_step *step);
/* What is added between the two happens count times; text may be NULL. They nest. */
void cf_sequence_begin(struct cf_sequence *sequence, const char *text, int64_t count);
void cf_sequence_end(struct cf_sequence *sequence);

static inline const struct cf_step *cf_step_at(const struct cf_sequence *sequence, uint32_t step)
{
	return &g_array_index(sequence->steps, struct cf_step, step);
}
static inline const struct cf_participant *cf_participant_at(const struct cf_sequence *sequence, uint32_t i)
{
	return &g_array_index(sequence->participants, struct cf_participant, i);
}
const char *cf_step_kind_name(enum cf_step_kind kind); /* "call", "return", "async", "note", "loop" */
/* Loops around each step; steps[0] has 0. Caller frees. */
uint32_t *cf_sequence_depths(const struct cf_sequence *sequence);

/*
 * As much of the beginning as fits into a picture: steps[1 .. n] with at most that many steps and participants.
 * columns[participant] is its place from the left, or most_participants where it has no part in them. Returns n;
 * *width is the number of participants that have one. The caller frees columns.
 */
uint32_t cf_sequence_fit(const struct cf_sequence *sequence, uint32_t most_steps, uint32_t most_participants,
			 uint32_t **columns, uint32_t *width);

/* A SEQUENCE node that owns the sequence, which has no loop open. Its child is the table ID-steps. */
struct cf_node *cf_doc_sequence(struct cf_doc *doc, struct cf_node *parent, const char *id,
				const char *caption, struct cf_sequence *sequence);

#endif
