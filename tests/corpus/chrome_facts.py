#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Chrome traces to the facts that a script found: time and number of complete events and of pairs of begin and end
by name, and what was unmatched. Asynchronous calls are left out of the comparison by their kind."""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))


def rows(store, sql):
    done = subprocess.run([CALLFLOW, "--store", store, "query", "-f", "json", sql], capture_output=True, check=True)
    return json.loads(done.stdout)["sections"][0]["tables"][0]["rows"]


def expected_calls(facts):
    """Time in ns and number by name; None where the facts list only the largest and a name isn't among them."""
    calls, complete = collections.defaultdict(lambda: [0, 0]), True
    lists = [facts["X_total_dur_top20"]] + ([facts["BE"]["total_dur_top20"]] if "BE" in facts else [])
    for top in lists:
        complete &= len(top) < 20
        for name, total, count in top:
            calls[name or ""][0] += round(total * 1000)
            calls[name or ""][1] += count
    return calls, complete


def check(path, facts):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "a.db")
        done = subprocess.run([CALLFLOW, "--store", store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            return [done.stderr.decode()]
        got = {name: [total, count] for name, total, count in rows(
            store, "SELECT name, sum(duration_ns), count(*) FROM v_span WHERE kind != 'async' GROUP BY name")}
        quality = dict(rows(store, "SELECT key, count FROM run_quality WHERE subject IS NULL"))
    calls, complete = expected_calls(facts)
    for name, (total, count) in calls.items():
        have = got.get(name, [0, 0])
        # Microseconds that are no whole nanoseconds are rounded, each for itself. A name may be in one of the two lists
        # and too small for the other.
        slack = count if have[1] == count else 0
        if have[0] < total - slack or have[1] < count or complete and (have[0] > total + slack or have[1] > count):
            problems.append(f"{name}: {have}, expected {[total, count]}")
    if "BE" in facts:
        for key, fact in (("unmatched-ends", "unmatched_E"), ("unfinished-calls", "unclosed_B")):
            if quality.get(key, 0) != facts["BE"][fact]:
                problems.append(f"{key}: {quality.get(key, 0)}, expected {facts['BE'][fact]}")
    return problems


def main():
    passed = failed = 0
    paths = [p for p in sorted(glob.glob(os.path.join(SHARED, "corpus/chrome-trace/*"))) if not p.endswith(".expect.json")]
    if not paths:
        print("chrome: skipped: no corpus here\nchrome_facts: 0 passed, 0 failed, 1 skipped")
        return 0
    for path in paths:
        with open(path + ".expect.json", encoding="utf-8") as file:
            problems = check(path, json.load(file))
        failed += bool(problems)
        passed += not problems
        for problem in problems[:6]:
            print(f"chrome: {os.path.basename(path)}: {problem}")
    print(f"chrome_facts: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
