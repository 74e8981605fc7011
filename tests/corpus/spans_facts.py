#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds span traces (OTLP, Jaeger, Zipkin) to the facts that a script found: numbers of spans, traces, spans by service,
errors and kinds, and the time of the largest operations.
"""
import collections
import sys
import tempfile

import corpus

SPANS = "SELECT trace, service, name, kind, status, duration_ns, parent FROM v_span"


def check(facts, spans):
    problems = []

    def equal(what, got, expected):
        if got != expected:
            problems.append(f"{what}: {got}, expected {expected}")

    equal("spans", len(spans), facts["spans"])
    equal("traces", len({span[0] for span in spans}), facts["traces"])
    services = collections.Counter(span[1] for span in spans)
    for name, count in facts["services"].items() if isinstance(facts["services"], dict) else ():
        equal(f"spans of {name}", services["" if name in ("None", "null") else name], count)
    errors = sum(span[4] == "error" for span in spans)
    if facts["format"] == "otlp-json":
        equal("errors", errors, facts["status"].get("2", 0) + facts["status"].get("STATUS_CODE_ERROR", 0))
        by_name = collections.Counter()
        for span in spans:
            by_name[span[2]] += span[5]
        for name, total in facts["total_dur_by_name_top20"]:
            equal(f"time of {name}", by_name[name], total)
    else:
        key = "error_tagged_spans" if facts["format"] == "jaeger-json" else "error_tagged"
        equal("errors", errors, facts[key])
        by_operation = collections.Counter()
        for span in spans:
            by_operation[span[1], span[2]] += span[5]
        for service, name, total in facts.get("total_dur_us_by_service_op_top20") or facts["total_dur_us_top20"]:
            equal(f"time of {service} {name}", by_operation[service or "", name or ""], total * 1000)
    return problems


def main():
    formats = ("otlp-json", "jaeger-json", "zipkin-v2")
    verdicts = corpus.Verdicts("spans_facts", *formats)
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases(*formats):
            try:
                problems = check(facts, corpus.Run(folder, path).rows(SPANS))
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
