#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Firefox profiles to the facts that a script found: samples and their weights, the innermost functions, markers."""
import collections
import re
import sys
import tempfile

import corpus


def check(run, facts):
    functions = run.rows("SELECT function, self_samples FROM v_func WHERE metric = 'samples'")
    # Samples without a stack count in their thread alone.
    weight, samples = run.rows("SELECT sum(weight), sum(samples) FROM v_thread WHERE metric = 'samples'")[0]
    markers = run.rows("SELECT coalesce(sum(count), 0) FROM run_quality WHERE key = 'markers'")[0][0]
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
    verdicts = corpus.Verdicts("firefox_facts", "firefox-profile")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases("firefox-profile"):
            try:
                problems = check(corpus.Run(folder, path), facts)
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
