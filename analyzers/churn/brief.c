/* SPDX-License-Identifier: MIT */
/* brief: what to say first about a history. */
#include "analyzers/churn/brief.h"

#include "analyzers/churn/days.h"
#include "analyzers/churn/tables.h"

#include <string.h>

/* Hex digits that tell commits apart for people. */
#define HASH_SHOWN 7
/* Of the data: the table has them all. */
#define REMARKS 3

/* "1840 commits", "1 file". */
static void append_count(GString *text, int64_t n, const char *one, const char *many)
{
	g_string_append_printf(text, "%" G_GINT64_FORMAT " %s", n, n == 1 ? one : many);
}

static char *window_text(const struct cf_churn_answers *a)
{
	const struct cf_churn *churn = a->churn;
	char from[CF_DAY_TEXT], to[CF_DAY_TEXT];

	cf_day_text(churn->since, from);
	cf_day_text(churn->as_of, to);
	if (churn->has_since)
		return g_strdup_printf("%s to %s", from, to);
	return g_strdup_printf("%s to %s", a->history->shallow ? "what a shallow clone has" : "all history",
			       to);
}

static void present_left_out(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_churn *churn = a->churn;
	g_autoptr(GString) text = g_string_new(NULL);

	if (churn->ignored) {
		append_count(text, churn->ignored, "commit", "commits");
		g_string_append(text, " of .git-blame-ignore-revs");
	}
	if (churn->excluded) {
		g_string_append(text, text->len ? ", " : "");
		append_count(text, churn->excluded, "path", "paths");
		g_string_append(text, " by --include, --exclude or --no-generated");
	}
	if (churn->ungrouped) {
		g_string_append(text, text->len ? ", " : "");
		append_count(text, churn->ungrouped, "path", "paths");
		g_string_append(text, " in no group");
	}
	if (text->len)
		cf_doc_para(a->analysis->doc, section, "left out: %s", text->str);
}

void cf_churn_present_header(struct cf_churn_answers *a, struct cf_node *section)
{
	char hex[CF_OID_HEX + 1], shown[HASH_SHOWN + 1] = "";
	g_autoptr(GString) text = g_string_new(a->history->name);
	g_autofree char *window = window_text(a);

	if (a->path)
		g_string_append_printf(text, " %s%s", a->path, a->file == CF_NONE ? "/" : "");
	g_string_append(text, "  ");
	append_count(text, a->churn->commits->len, "commit", "commits");
	g_string_append(text, ", ");
	append_count(text, a->sums->changed, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
	g_string_append(text, ", ");
	append_count(text, a->churn->authors->len, cf_churn_author_word(a, FALSE),
		     cf_churn_author_word(a, TRUE));
	cf_oid_hex(&a->history->head, hex);
	if (a->history->has_oids)
		g_strlcpy(shown, hex, sizeof(shown));
	g_string_append_printf(text, ", %s%s%s", window, *shown ? "  " : "", shown);
	cf_doc_para(a->analysis->doc, section, "%s", text->str);
	present_left_out(a, section);
}

/* What a reader must know of the data, worst first. */
static void present_remarks(struct cf_churn_answers *a, struct cf_node *section)
{
	guint shown = 0, more = 0;

	for (guint i = 0; i < a->history->quality->len; i++) {
		const struct cf_quality *row = &g_array_index(a->history->quality, struct cf_quality, i);

		/* The table of functions says that itself. */
		if (strcmp(row->key, "functions-window") == 0)
			continue;
		if (shown == REMARKS) {
			more++;
			continue;
		}
		cf_doc_para(a->analysis->doc, section, "quality: %s%s%s", row->text, row->cure ? "; " : "",
			    row->cure ? row->cure : "");
		shown++;
	}
	if (more)
		cf_doc_para(a->analysis->doc, section, "%u more remark%s: callflow churn --by quality", more,
			    more == 1 ? "" : "s");
}

/* Of the pairs that are still there, the one that changes together most often. */
static const struct cf_coupled *most_shared(struct cf_churn_answers *a, const GArray *pairs)
{
	const struct cf_coupled *most = NULL;

	for (guint i = 0; i < pairs->len; i++) {
		const struct cf_coupled *pair = &g_array_index(pairs, struct cf_coupled, i);
		gboolean there = !a->churn->has_head || (cf_churn_entity(a->churn, pair->entity)->at_head &&
							 cf_churn_entity(a->churn, pair->coupled)->at_head);

		if (there && (!most || pair->shared > most->shared))
			most = pair;
	}
	return most;
}

static void present_coupled(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_coupling *coupling = cf_churn_answer_coupling(a);
	const struct cf_coupled *most = most_shared(a, coupling->pairs);
	g_autoptr(GString) text = g_string_new(NULL);

	if (!coupling->pairs->len && !coupling->bulk)
		return;
	append_count(text, coupling->pairs->len, "pair", "pairs");
	g_string_append_printf(text, " of %s change%s together", cf_churn_entity_word(a, TRUE),
			       coupling->pairs->len == 1 ? "s" : "");
	if (most)
		g_string_append_printf(text, ", most often %s with %s (%u commits, %u %%)",
				       cf_churn_entity(a->churn, most->entity)->name,
				       cf_churn_entity(a->churn, most->coupled)->name, most->shared,
				       most->degree);
	if (coupling->bulk) {
		g_string_append(text, "; ");
		append_count(text, coupling->bulk, "bulk commit", "bulk commits");
		g_string_append_printf(text, " (> %d %s) left out", CF_COUPLING_BULK,
				       cf_churn_entity_word(a, TRUE));
	}
	cf_doc_para(a->analysis->doc, section, "%s", text->str);
}

static void present_cost_hint(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_run *run;

	if (!a->profile) {
		cf_doc_para(a->analysis->doc, section, "cpu %%: %s",
			    a->profile_miss ? a->profile_miss
					    : "not known; callflow ingest brings a profile in");
		return;
	}
	run = g_ptr_array_index(a->profile->set.runs, 0);
	if (a->profile->join->doubts->len)
		cf_doc_para(a->analysis->doc, section,
			    "%s of run %" G_GINT64_FORMAT
			    ": some of it could be in several files: callflow churn --by cost",
			    cf_churn_cost_title(a), run->id);
}

static void present_more(struct cf_churn_answers *a, struct cf_node *section)
{
	const GArray *spots = cf_churn_answer_hotspots(a);
	cf_doc_para(a->analysis->doc, section, "more: callflow churn --by coupling    callflow help churn");
	if (spots->len && !a->groups) {
		const char *name =
			cf_churn_entity(a->churn, g_array_index(spots, struct cf_hotspot, 0).entity)->name;
		g_autofree char *command = cf_command_with_argument("churn", name, NULL);

		cf_doc_para(a->analysis->doc, section, "one file: %s", command);
	}
}

static gboolean any_note(const struct cf_churn_answers *a, const GArray *spots, unsigned flag)
{
	for (guint i = 0; i < cf_churn_rows(a, spots->len); i++)
		if (cf_churn_entity(a->churn, g_array_index(spots, struct cf_hotspot, i).entity)->flags &
		    flag)
			return TRUE;
	return FALSE;
}

/* The first of the hotspots in words, where no table of them follows at once. */
static void present_first(struct cf_churn_answers *a, struct cf_node *section)
{
	const GArray *spots = cf_churn_answer_hotspots(a);
	const struct cf_churn_entity *entity;
	const struct cf_churn_sum *sum;
	g_autoptr(GString) text = g_string_new(NULL);
	uint32_t at;

	if (!spots->len)
		return;
	at = g_array_index(spots, struct cf_hotspot, 0).entity;
	entity = cf_churn_entity(a->churn, at);
	sum = cf_churn_sum(a->sums, at);
	g_string_printf(text, "first hotspot: %s, ", entity->name);
	append_count(text, sum->revs, "revision", "revisions");
	g_string_append(text, " by ");
	append_count(text, sum->authors, cf_churn_author_word(a, FALSE), cf_churn_author_word(a, TRUE));
	g_string_append_printf(text, ", %u lines", entity->nonblank);
	if (entity->complexity)
		g_string_append_printf(text, ", complexity %u", entity->complexity);
	if (a->profile && a->profile->share[at] > 0) {
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, a->profile->share[at]);

		g_string_append_printf(text, ", %s of %s", share, a->profile->ranking.metric);
	}
	cf_doc_para(a->analysis->doc, section, "%s", text->str);
}

static void present_truck(struct cf_churn_answers *a, struct cf_node *section)
{
	g_autofree char *truck = cf_churn_truck_text(a);

	cf_doc_para(a->analysis->doc, section, "%s", truck);
}

void cf_churn_present_lead(struct cf_churn_answers *a, struct cf_node *section)
{
	cf_churn_present_header(a, section);
	present_first(a, section);
	present_truck(a, section);
	present_coupled(a, section);
	present_cost_hint(a, section);
	present_remarks(a, section);
}

void cf_churn_present_brief(struct cf_churn_answers *a, struct cf_node *section)
{
	cf_churn_present_header(a, section);
	cf_churn_present_hotspots(a, section);
	if (any_note(a, cf_churn_answer_hotspots(a),
		     CF_PATH_GENERATED | CF_PATH_VENDORED | CF_PATH_LOOKS_GENERATED))
		cf_doc_para(a->analysis->doc, section,
			    "generated and vendored: --no-generated leaves them out, --exclude GLOB what it "
			    "matches");
	present_cost_hint(a, section);
	present_truck(a, section);
	present_coupled(a, section);
	present_remarks(a, section);
	if (!a->analysis->in_report)
		present_more(a, section);
}
