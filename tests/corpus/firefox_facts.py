#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Firefox profiles to the facts that a script found: samples and their weights, the innermost functions, markers."""
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))


def query(store, sql):
    done = subprocess.run([CALLFLOW, "--store", store, "query", "-f", "json", sql], capture_output=True, check=True)
    return json.loads(done.stdout)["sections"][0]["tables"][0]["rows"]


def check(path, facts):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "a.db")
        done = subprocess.run([CALLFLOW, "--store", store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            return [done.stderr.decode().strip()]
        functions = query(store, "SELECT function, self_samples FROM v_func WHERE metric = 'samples'")
        # Samples without a stack count in their thread alone.
        weight, samples = query(store, "SELECT sum(weight), sum(samples) FROM v_thread WHERE metric = 'samples'")[0]
        markers = query(store, "SELECT coalesce(sum(count), 0) FROM run_quality WHERE key = 'markers'")[0][0]
    names, problems = collections.Counter(), []
    for function, count in functions:
        names[function] += count
    expected = collections.Counter()
    for thread in facts["thread_list"]:
        for leaf, count in thread["top5_leaf_by_sample_count"]:
            # "work (file:12)" and "work (in libwork.so)" are work here, with a file or a module.
            expected[re.sub(r" \((in [^)]*|[^()]*:\d+)\)$", "", leaf)] += count
    # The five of each thread are at least there; below the fifth there may be more.
    for leaf, count in expected.items():
        if names[leaf] < count:
            problems.append(f"{leaf}: {names[leaf]}, expected {count}")
    for what, got, want in (
        ("samples", samples, facts["total_samples"]),
        ("weight", weight, sum(t.get("weight_sum", t["samples"]) for t in facts["thread_list"])),
        ("markers", markers, sum(t["markers"] or 0 for t in facts["thread_list"])),
    ):
        if got != want:
            problems.append(f"{what}: {got}, expected {want}")
    return problems


def main():
    passed = failed = 0
    paths = [p for p in sorted(glob.glob(os.path.join(SHARED, "corpus/firefox-profile/*"))) if not p.endswith(".expect.json")]
    if not paths:
        print("firefox: skipped: no corpus here\nfirefox_facts: 0 passed, 0 failed, 1 skipped")
        return 0
    for path in paths:
        with open(path + ".expect.json", encoding="utf-8") as file:
            problems = check(path, json.load(file))
        failed += bool(problems)
        passed += not problems
        for problem in problems:
            print(f"firefox: {os.path.basename(path)}: {problem}")
    print(f"firefox_facts: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
