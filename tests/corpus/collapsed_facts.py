#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds collapsed stacks to the facts that a script found in them: sums, and the largest functions by self and total."""
import collections
import os
import re
import sys
import tempfile

import corpus


# What has no name but an address or a module is one row "[unresolved]" per module here.
UNRESOLVED = re.compile(r"^(\[.*\]|unknown)(\[\+[0-9a-f]+\])?$")
# Where the facts are another kind of thing than callflow stores.
OTHERWISE = {"perf-cycles-instructions-01-collapsed-all-diff.txt": "two columns, taken here for before and after, there for a name"}


def check(run, facts):
    own, total = collections.Counter(), collections.Counter()
    for name, self_cost, total_cost in run.rows("SELECT function, self, total FROM v_func"):
        own[name] += self_cost
        total[name] += total_cost
    # Fractions are kept as thousandths, where there are any.
    factor = 1 if facts["total"] == int(facts["total"]) else 1000
    weight = run.rows("SELECT sum(weight) FROM v_thread")[0][0]
    problems = [] if weight == round(facts["total"] * factor) else [f"sum: {weight}, expected {facts['total']}"]
    for key, got in (("top10_self", own), ("top10_inclusive", total)):
        for name, value in facts[key]:
            # "_[k]" and its like are kinds of frames, not names.
            plain = re.sub(r"_\[[kij]\]$", "", name)
            if not UNRESOLVED.match(plain) and got[plain] != round(value * factor):
                problems.append(f"{key} {name}: {got[plain]}, expected {value}")
    return problems


def main():
    verdicts = corpus.Verdicts("collapsed_facts", "collapsed")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases("collapsed"):
            if os.path.basename(path) in OTHERWISE:
                verdicts.skip(name, f"{os.path.basename(path)}: {OTHERWISE[os.path.basename(path)]}")
                continue
            try:
                problems = check(corpus.Run(folder, path), facts)
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
