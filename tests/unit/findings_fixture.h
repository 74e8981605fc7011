/* SPDX-License-Identifier: MIT */
/* findings_fixture: a document with a finding of each kind, and names that try to be more than names. */
#ifndef CF_TESTS_FINDINGS_FIXTURE_H
#define CF_TESTS_FINDINGS_FIXTURE_H

#include "core/finding.h"
#include "tests/unit/render_figures.h"

static inline struct cf_finding finding_slower(void)
{
	struct cf_finding f =
		cf_finding_init(CF_FINDING_REGRESSION, CF_SUBJECT_FUNCTION, "compare", "dictFind");

	f.severity = CF_FINDING_MAJOR;
	f.module = "redis-server";
	f.metric = "cpu-clock";
	f.file = "./src/dict.c";
	f.line = 487;
	f.unit = CF_UNIT_NS;
	f.before = 1.21e9;
	f.after = 1.66e9;
	f.ratio = 1.372;
	f.ratio_lo = 1.271;
	f.ratio_hi = 1.47;
	f.p = 0.0001;
	f.q = 0.0008;
	f.reason = "significant (q 0.0008) and more than 2 %";
	f.suspect = "9f8e7d6 \"dict: probe linearly\" touched dict.c:487-512";
	f.next = "callflow callers dictFind 2";
	return f;
}

static inline struct cf_doc *findings_doc(gboolean gated)
{
	struct cf_doc *doc = cf_doc_new("main against nightly");
	struct cf_node *section = cf_doc_section(doc, doc->root, "compare", NULL);
	struct cf_node *node = cf_doc_findings(doc, section, "compare-findings"), *other;
	struct cf_finding f = finding_slower();

	cf_doc_add_input(doc, 1, "main", "9f86d081884c7d659a2feaa0c55ad015",
			 "base  1  main     2026-11-16 06:02Z  1a2b3c4   24183 samples   24.26 s");
	cf_doc_add_input(doc, 2, "nightly", "60303ae22b998861bce3b28f33eec1be",
			 "this  2  nightly  2026-11-23 06:02Z  9f8e7d6   24730 samples   24.80 s");
	cf_doc_finding(doc, node, &f)->failing = gated;
	f = cf_finding_init(CF_FINDING_IMPROVEMENT, CF_SUBJECT_FUNCTION, "compare", "siphash");
	f.module = "redis-server";
	f.metric = "cpu-clock";
	f.unit = CF_UNIT_NS;
	f.before = 2.27e9;
	f.after = 2.02e9;
	f.ratio = 0.89;
	f.ratio_lo = 0.84;
	f.ratio_hi = 0.94;
	f.q = 0.016;
	cf_doc_finding(doc, node, &f);
	f = cf_finding_init(CF_FINDING_UNSURE, CF_SUBJECT_FUNCTION, "compare", "listDelNode");
	f.metric = "cpu-clock";
	f.reason = "too few samples: record 4 runs a side";
	cf_doc_finding(doc, node, &f);
	other = cf_doc_findings(doc, section, "regress-findings");
	f = cf_finding_init(CF_FINDING_REGRESSION, CF_SUBJECT_BENCHMARK, "regress", "BM_Put/1024");
	f.severity = CF_FINDING_CRITICAL;
	f.state = CF_FINDING_KNOWN;
	f.metric = "throughput";
	f.unit_text = "req/s";
	f.before = 190;
	f.after = 120;
	f.ratio = 120. / 190;
	f.place = "1a2b3c4";
	f.file = "/usr/src/b\xff%20 c.c";
	cf_doc_finding(doc, other, &f);
	f = cf_finding_init(CF_FINDING_BUDGET, CF_SUBJECT_OPERATION, "regress", "GET /orders");
	f.severity = CF_FINDING_CRITICAL;
	f.module = "shop";
	f.metric = "p95";
	f.unit = CF_UNIT_NS;
	f.after = 3e8;
	f.reason = "more than 250 ms (budget:3)";
	cf_doc_finding(doc, other, &f)->failing = gated;
	for (size_t i = 0; i < G_N_ELEMENTS(hostile_names); i++) {
		f = cf_finding_init(CF_FINDING_ANOMALY, CF_SUBJECT_RUN, "regress", hostile_names[i]);
		f.module = hostile_names[(i + 1) % G_N_ELEMENTS(hostile_names)];
		f.metric = hostile_names[(i + 2) % G_N_ELEMENTS(hostile_names)];
		f.file = hostile_names[(i + 3) % G_N_ELEMENTS(hostile_names)];
		f.reason = f.name;
		f.suspect = f.module;
		f.next = f.metric;
		f.state = CF_FINDING_NEW;
		f.after = 12;
		cf_doc_finding(doc, other, &f);
	}
	if (gated) {
		doc->gated = TRUE;
		cf_doc_fail(doc, "compare failed: 1 regression: dictFind (redis-server) +37.2 % (--fail-on "
				 "regression)");
	}
	cf_doc_para(doc, section, "One function is slower.");
	return doc;
}

#endif
