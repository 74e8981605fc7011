#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds V8 profiles to the facts that a script found: samples or sizes by function and line, and their sums."""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))


def rows(path, sql):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "a.db")
        done = subprocess.run([CALLFLOW, "--store", store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        done = subprocess.run([CALLFLOW, "--store", store, "query", "-f", "json", sql], capture_output=True, check=True)
    return json.loads(done.stdout)["sections"][0]["tables"][0]["rows"]


def check(path, facts):
    heap = "total_selfSize" in facts
    metric, column = ("heap size", "self") if heap else ("samples", "self_samples")
    got = rows(path, f"SELECT function, file, {column} FROM v_func WHERE metric = '{metric}'")
    total, names = sum(value for _, _, value in got), collections.Counter()
    for function, file, value in got:
        names[("" if function.startswith("(anonymous):") else function, file or "")] += value
    expected = facts["total_selfSize"] if heap else facts["samples"]
    problems = [] if total == expected else [f"sum {total}, expected {expected}"]
    # One function of ours may be several nodes of one name and script there: the largest are at least there.
    for name, url, _, value in facts.get("top10_selfSize") or facts.get("top10_self_sample_count") or facts["top10_self_hitCount"]:
        if names[(name, url)] < value:
            problems.append(f"{name} {url}: {names[(name, url)]}, expected {value}")
    return problems


def main():
    passed = failed = 0
    paths = [p for kind in ("cpuprofile", "heapprofile") for p in sorted(glob.glob(os.path.join(SHARED, "corpus", kind, "*")))
             if not p.endswith(".expect.json")]
    if not paths:
        print("v8: skipped: no corpus here\nv8_facts: 0 passed, 0 failed, 1 skipped")
        return 0
    for path in paths:
        with open(path + ".expect.json", encoding="utf-8") as file:
            problems = check(path, json.load(file))
        failed += bool(problems)
        passed += not problems
        for problem in problems[:8]:
            print(f"v8: {os.path.basename(path)}: {problem}")
    print(f"v8_facts: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
