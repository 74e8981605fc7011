/* SPDX-License-Identifier: MIT */
/* brief: what to say first about a history, and about one file. */
#ifndef CF_ANALYZERS_CHURN_BRIEF_H
#define CF_ANALYZERS_CHURN_BRIEF_H

#include "analyzers/churn/answers.h"

/* The line that names the repository and what was counted, and one for what was left out. */
void cf_churn_present_header(struct cf_churn_answers *answers, struct cf_node *section);
/* The short answer: hotspots and some sentences. */
void cf_churn_present_brief(struct cf_churn_answers *answers, struct cf_node *section);
/* One file: its history by month, who, with what, its functions. answers->file is it. */
void cf_churn_present_file(struct cf_churn_answers *answers, struct cf_node *section);
/* What a page begins with: the header, the first hotspot, who knows it, what changes together, what isn't known. */
void cf_churn_present_lead(struct cf_churn_answers *answers, struct cf_node *section);

#endif
