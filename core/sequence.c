/* SPDX-License-Identifier: MIT */
/* sequence: who says what to whom, in order. */
#include "core/sequence.h"

#include <string.h>

#include "core/hash.h"

struct cf_sequence *cf_sequence_new(enum cf_unit unit)
{
	struct cf_sequence *sequence = g_new0(struct cf_sequence, 1);
	const struct cf_step whole = { .kind = CF_STEP_LOOP, .text = "", .count = 1, .duration = -1 };

	sequence->unit = unit;
	sequence->highlight = g_strdup("critical path");
	sequence->participants = g_array_new(FALSE, TRUE, sizeof(struct cf_participant));
	sequence->steps = g_array_new(FALSE, TRUE, sizeof(struct cf_step));
	sequence->text = g_string_chunk_new(4096);
	sequence->ids = g_hash_table_new(cf_str_hash, g_str_equal);
	g_array_append_val(sequence->steps, whole);
	return sequence;
}

void cf_sequence_free(struct cf_sequence *sequence)
{
	if (!sequence)
		return;
	g_free(sequence->highlight);
	g_free(sequence->note);
	g_array_unref(sequence->participants);
	g_array_unref(sequence->steps);
	g_hash_table_destroy(sequence->ids);
	g_string_chunk_free(sequence->text);
	g_free(sequence);
}

uint32_t cf_sequence_participant(struct cf_sequence *sequence, const char *id, const char *label,
				 enum cf_party kind)
{
	struct cf_participant participant = { .kind = kind };
	gpointer index;

	if (g_hash_table_lookup_extended(sequence->ids, id, NULL, &index))
		return GPOINTER_TO_UINT(index);
	participant.id = g_string_chunk_insert(sequence->text, id);
	participant.label = label ? g_string_chunk_insert(sequence->text, label) : participant.id;
	g_hash_table_insert(sequence->ids, (gpointer)participant.id,
			    GUINT_TO_POINTER(sequence->participants->len));
	g_array_append_val(sequence->participants, participant);
	return sequence->participants->len - 1;
}

static uint32_t append(struct cf_sequence *sequence, struct cf_step step)
{
	step.parent = sequence->open;
	step.text = step.text ? g_string_chunk_insert(sequence->text, step.text) : "";
	step.count = MAX(step.count, 1);
	g_array_append_val(sequence->steps, step);
	return sequence->steps->len - 1;
}

uint32_t cf_sequence_add(struct cf_sequence *sequence, const struct cf_step *step)
{
	g_assert(step->kind != CF_STEP_LOOP);
	g_assert(step->from < sequence->participants->len && step->to < sequence->participants->len);
	return append(sequence, *step);
}

void cf_sequence_begin(struct cf_sequence *sequence, const char *text, int64_t count)
{
	sequence->open = append(sequence, (struct cf_step){
						  .kind = CF_STEP_LOOP,
						  .text = text,
						  .count = count,
						  .duration = -1,
					  });
}

void cf_sequence_end(struct cf_sequence *sequence)
{
	g_assert(sequence->open);
	sequence->open = cf_step_at(sequence, sequence->open)->parent;
}

const char *cf_step_kind_name(enum cf_step_kind kind)
{
	static const char *const names[CF_STEP_KINDS] = { "call", "return", "async", "note", "loop" };

	return names[kind];
}

uint32_t *cf_sequence_depths(const struct cf_sequence *sequence)
{
	uint32_t *depths = g_new0(uint32_t, sequence->steps->len);

	for (guint i = 1; i < sequence->steps->len; i++) {
		uint32_t parent = cf_step_at(sequence, i)->parent;

		depths[i] = parent ? depths[parent] + 1 : 0;
	}
	return depths;
}

uint32_t cf_sequence_fit(const struct cf_sequence *sequence, uint32_t most_steps, uint32_t most_participants,
			 uint32_t **columns, uint32_t *width)
{
	guint participants = sequence->participants->len;
	uint32_t *place = g_new(uint32_t, participants + 1), n = 0, used = 0;

	for (guint i = 0; i <= participants; i++)
		place[i] = most_participants;
	for (guint i = 1; i < sequence->steps->len && n < most_steps; i++, n++) {
		const struct cf_step *step = cf_step_at(sequence, i);
		uint32_t more;

		if (step->kind == CF_STEP_LOOP)
			continue;
		more = (place[step->from] == most_participants) +
		       (step->to != step->from && place[step->to] == most_participants);
		if (used + more > most_participants)
			break;
		used += more;
		place[step->from] = place[step->to] = 0;
	}
	/* From left to right as they are, whatever order they speak in. */
	*width = 0;
	for (guint i = 0; i < participants; i++)
		if (place[i] != most_participants)
			place[i] = (*width)++;
	*columns = place;
	return n;
}

static void add_step(struct cf_doc *doc, struct cf_node *table, const struct cf_sequence *sequence,
		     uint32_t i, const uint32_t *depths)
{
	const struct cf_step *step = cf_step_at(sequence, i);
	gboolean loop = step->kind == CF_STEP_LOOP;
	const struct cf_participant *from = loop ? NULL : cf_participant_at(sequence, step->from);
	const struct cf_participant *to = loop ? NULL : cf_participant_at(sequence, step->to);

	cf_table_int(table, i);
	if (step->parent)
		cf_table_int(table, step->parent);
	else
		cf_table_empty(table);
	cf_table_int(table, depths[i]);
	cf_table_text(doc, table, cf_step_kind_name(step->kind));
	cf_table_text(doc, table, from ? from->label : NULL);
	cf_table_text(doc, table, to ? to->label : NULL);
	cf_table_text(doc, table, step->text);
	cf_table_int(table, step->count);
	if (step->duration >= 0)
		cf_table_int(table, step->duration);
	else
		cf_table_empty(table);
	cf_table_text(doc, table, cf_mark_word(step->marks, sequence->highlight));
	cf_table_text(doc, table, from ? from->id : NULL);
	cf_table_text(doc, table, to ? to->id : NULL);
}

static void add_table(struct cf_doc *doc, struct cf_node *parent, const char *id,
		      const struct cf_sequence *sequence)
{
	g_autofree char *table_id = g_strconcat(id, "-steps", NULL);
	g_autofree uint32_t *depths = cf_sequence_depths(sequence);
	struct cf_column columns[] = {
		{ "step", "step", CF_UNIT_ID, 0 },
		{ "parent", "within", CF_UNIT_ID, CF_COLUMN_DATA },
		{ "depth", "depth", CF_UNIT_COUNT, CF_COLUMN_DATA },
		{ "kind", "kind", CF_UNIT_NONE, 0 },
		{ "from", "from", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "to", "to", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "text", "what", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "count", "times", CF_UNIT_COUNT, 0 },
		{ "duration", "each", sequence->unit, CF_COLUMN_DATA },
		{ "mark", "mark", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "from_id", "from id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
		{ "to_id", "to id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	};
	struct cf_node *table;

	/* A column that says nothing here is for programs only. */
	for (guint i = 1; i < sequence->steps->len; i++) {
		const struct cf_step *step = cf_step_at(sequence, i);

		if (step->parent)
			columns[1].flags = 0;
		if (step->duration >= 0)
			columns[8].flags = 0;
		if (step->marks)
			columns[9].flags = 0;
	}
	table = cf_doc_table(doc, parent, table_id, "Steps", columns, G_N_ELEMENTS(columns));
	for (guint i = 1; i < sequence->steps->len; i++)
		add_step(doc, table, sequence, i, depths);
}

struct cf_node *cf_doc_sequence(struct cf_doc *doc, struct cf_node *parent, const char *id,
				const char *caption, struct cf_sequence *sequence)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_SEQUENCE, caption);

	g_assert(!sequence->open);
	node->id = cf_doc_id(doc, id);
	node->sequence = sequence;
	add_table(doc, node, node->id, sequence);
	return node;
}
