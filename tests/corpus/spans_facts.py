#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds span traces (OTLP, Jaeger, Zipkin) to the facts that a script found: numbers of spans, traces, spans by service,
errors and kinds, and the time of the largest operations.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))


def spans_of(path):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "a.db")
        done = subprocess.run([CALLFLOW, "--store", store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            return done.returncode, done.stderr.decode()
        sql = "SELECT trace, service, name, kind, status, duration_ns, parent FROM v_span"
        done = subprocess.run([CALLFLOW, "--store", store, "query", "-f", "json", sql], capture_output=True, check=True)
    return 0, json.loads(done.stdout)["sections"][0]["tables"][0]["rows"]


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
    passed = failed = 0
    paths = [p for kind in ("otlp-json", "jaeger-json", "zipkin-v2")
             for p in sorted(glob.glob(os.path.join(SHARED, "corpus", kind, "*"))) if not p.endswith(".expect.json")]
    if not paths:
        print("spans: skipped: no corpus here\nspans_facts: 0 passed, 0 failed, 1 skipped")
        return 0
    for path in paths:
        with open(path + ".expect.json", encoding="utf-8") as file:
            facts = json.load(file)
        code, spans = spans_of(path)
        problems = [spans] if code else check(facts, spans)
        failed += bool(problems)
        passed += not problems
        for problem in problems[:8]:
            print(f"spans: {os.path.basename(path)}: {problem}")
    print(f"spans_facts: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
