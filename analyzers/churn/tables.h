/* SPDX-License-Identifier: MIT */
/* tables: the questions that a history answers, each with a table of its own. */
#ifndef CF_ANALYZERS_CHURN_TABLES_H
#define CF_ANALYZERS_CHURN_TABLES_H

#include "analyzers/churn/answers.h"

/* Sections of pages, in their order. */
enum cf_churn_topic {
	CF_TOPIC_OVERVIEW,
	CF_TOPIC_WHERE,
	CF_TOPIC_WHO,
	CF_TOPIC_TOGETHER,
	CF_TOPIC_COST,
	CF_TOPIC_WHEN
};
#define CF_TOPICS (CF_TOPIC_WHEN + 1)
const char *cf_churn_topic_title(enum cf_churn_topic topic);

struct cf_churn_question {
	const char *
		id; /* of the table, and the word for --by; API, those that code-maat has are called as there */
	enum cf_churn_topic topic;
	void (*present)(struct cf_churn_answers *answers, struct cf_node *section);
};
extern const struct cf_churn_question cf_churn_questions[]; /* ends with an id of NULL */
/* Each of the words is a question: -1 with a message. */
int cf_churn_check_questions(const char *const *words, struct cf_diag *diag);
const struct cf_churn_question *cf_churn_question(const char *id); /* NULL: none */

/* --- for the files that present ------------------------------------------------------------------------------------- */

#define CF_CHURN_COLUMNS_MAX 16
/* A table of a question, with the command that computes it again. */
struct cf_node *cf_churn_table(struct cf_churn_answers *answers, struct cf_node *section, const char *id,
			       const char *caption, const struct cf_column *columns, size_t n);
/* Rows to show of all. */
guint cf_churn_rows(const struct cf_churn_answers *answers, size_t all);
/* The line that says how many more there are: "620 more files (-n 0 shows all)". One and many: "file", "files". */
void cf_churn_rest(struct cf_churn_answers *answers, struct cf_node *table, size_t shown, size_t all,
		   const char *one, const char *many);
/* "file" and "files", or what --group makes of them; the same of people. */
const char *cf_churn_entity_word(const struct cf_churn_answers *answers, gboolean many);
const char *cf_churn_author_word(const struct cf_churn_answers *answers, gboolean many);
/* The columns of an entity and of an author. */
#define CF_CHURN_ENTITY                                                         \
	{                                                                       \
		"entity", "file", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE \
	}
#define CF_CHURN_AUTHOR                                          \
	{                                                        \
		"author", "author", CF_UNIT_NONE, CF_COLUMN_NAME \
	}
void cf_churn_entity_cell(struct cf_churn_answers *answers, struct cf_node *table, uint32_t entity);
void cf_churn_author_cell(struct cf_churn_answers *answers, struct cf_node *table, uint32_t author);
/* Title of a column of shares of cost: "cpu %", or "cost %". */
const char *cf_churn_cost_title(const struct cf_churn_answers *answers);

/*
 * Entities with revisions in the order of compare, then by name. The caller frees; CF_NONE ends them.
 */
uint32_t *cf_churn_order(const struct cf_churn_answers *answers,
			 int (*compare)(const struct cf_churn_answers *answers, uint32_t a, uint32_t b));

/* tables_where.c */
void cf_churn_present_hotspots(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_refactoring(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_risk(struct cf_churn_answers *answers, struct cf_node *section);
/* Says of which commits functions are known. */
void cf_churn_functions_note(struct cf_churn_answers *answers, struct cf_node *section);
/* rows: GArray of struct cf_churn_func. */
void cf_churn_functions_table(struct cf_churn_answers *answers, struct cf_node *section, const char *caption,
			      const GArray *rows);
void cf_churn_present_functions(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_cost(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_cost_functions(struct cf_churn_answers *answers, struct cf_node *section);
/* tables_files.c */
void cf_churn_present_summary(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_quality(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_revisions(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_entity_churn(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_age(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_relative(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_coupling(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_soc(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_trend(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_abs_churn(struct cf_churn_answers *answers, struct cf_node *section);
/* tables_people.c */
/* "truck factor 5 (bots left out: github-actions[bot])". Caller frees. */
char *cf_churn_truck_text(struct cf_churn_answers *answers);
void cf_churn_present_truck_factor(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_authors(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_author_churn(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_main_dev(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_main_dev_by_revs(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_entity_ownership(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_fragmentation(struct cf_churn_answers *answers, struct cf_node *section);
void cf_churn_present_communication(struct cf_churn_answers *answers, struct cf_node *section);

#endif
