#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds speedscope files to the sums that a script found per profile, and to themselves when exported and read again."""
import glob
import json
import os
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))
UNITS = {"seconds": 10**9, "milliseconds": 10**6, "microseconds": 1000}


def callflow(store, *arguments):
    done = subprocess.run([CALLFLOW, "--store", store, *arguments], capture_output=True, check=False)
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
    passed = failed = 0
    paths = [p for p in sorted(glob.glob(os.path.join(SHARED, "corpus/speedscope/*"))) if not p.endswith(".expect.json")]
    if not paths:
        print("speedscope: skipped: no corpus here\nspeedscope_facts: 0 passed, 0 failed, 1 skipped")
        return 0
    for path in paths:
        with open(path + ".expect.json", encoding="utf-8") as file, tempfile.TemporaryDirectory() as folder:
            problems = check(path, json.load(file), folder)
        failed += bool(problems)
        passed += not problems
        for problem in problems:
            print(f"speedscope: {os.path.basename(path)}: {problem}")
    print(f"speedscope_facts: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
