#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds V8 profiles to the facts that a script found: samples or sizes by function and line, and their sums."""
import collections
import sys
import tempfile

import corpus


def check(run, facts):
    heap = "total_selfSize" in facts
    metric, column = ("heap size", "self") if heap else ("samples", "self_samples")
    got = run.rows(f"SELECT function, file, {column} FROM v_func WHERE metric = '{metric}'")
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
    verdicts = corpus.Verdicts("v8_facts", "cpuprofile", "heapprofile")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases("cpuprofile", "heapprofile"):
            try:
                problems = check(corpus.Run(folder, path), facts)
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
