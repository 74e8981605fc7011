#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds speedscope files to the sums that a script found per profile, and to themselves when exported and read again."""
import json
import os
import subprocess
import sys
import tempfile

import corpus

UNITS = {"seconds": 10**9, "milliseconds": 10**6, "microseconds": 1000}


def callflow(store, *arguments):
    done = subprocess.run([corpus.CALLFLOW, "--store", store, *arguments], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def functions(store):
    out = callflow(store, "query", "-f", "json", "SELECT metric, function, self, total FROM v_func ORDER BY 1, 2")
    return json.loads(out)["sections"][0]["tables"][0]["rows"]


def check(path, facts, folder):
    store, again, out = (os.path.join(folder, name) for name in ("a.db", "b.db", "x.speedscope.json"))
    callflow(store, "-q", "ingest", path)
    got = functions(store)
    expected = sum(round(p.get("self_sum", p.get("total_weight")) * UNITS.get(p["unit"], 1)) for p in facts["profiles"])
    problems = []
    if sum(row[2] for row in got) != expected:
        problems.append(f"sum {sum(row[2] for row in got)}, expected {expected}")
    if expected:
        callflow(store, "export", "--to", "speedscope", "-o", out)
        callflow(again, "-q", "ingest", out)
        if functions(again) != got:
            problems.append("differs when exported and read again")
    return problems


def main():
    verdicts = corpus.Verdicts("speedscope_facts", "speedscope")
    for name, path, facts in corpus.cases("speedscope"):
        with tempfile.TemporaryDirectory() as folder:
            verdicts.add(name, path, check(path, facts, folder))
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
