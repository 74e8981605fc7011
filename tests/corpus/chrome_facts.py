#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Chrome traces to the facts that a script found: time and number of complete events and of pairs of begin and end
by name, and what was unmatched. Asynchronous calls are left out of the comparison by their kind."""
import collections
import sys
import tempfile

import corpus


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


def check(run, facts):
    problems = []
    got = {name: [total, count] for name, total, count in run.rows(
        "SELECT name, sum(duration_ns), count(*) FROM v_span WHERE kind != 'async' GROUP BY name")}
    quality = dict(run.rows("SELECT key, count FROM run_quality WHERE subject IS NULL"))
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
    verdicts = corpus.Verdicts("chrome_facts", "chrome-trace")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases("chrome-trace"):
            try:
                problems = check(corpus.Run(folder, path), facts)
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
