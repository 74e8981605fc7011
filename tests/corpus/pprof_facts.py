#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds pprof profiles to the facts that an independent reader and `go tool pprof` found: sums by sample type, the ten
largest functions by flat and cumulated value; and that a profile written by `callflow export` gives them again.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

import corpus

UNITS = {"nanoseconds": 1, "microseconds": 1000, "milliseconds": 10**6, "seconds": 10**9}


def callflow(store, *arguments):
    done = subprocess.run([corpus.CALLFLOW, "--store", store, *arguments], capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def rows(store, sql):
    code, out, err = callflow(store, "query", "-f", "json", sql)
    if code:
        raise RuntimeError(err.strip())
    return json.loads(out)["sections"][0]["tables"][0]["rows"]


def functions(store):
    flat, cum = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for metric, name, own, total in rows(store, "SELECT metric, function, self, total FROM v_func"):
        flat[metric][name] += own
        cum[metric][name] += total
    return flat, cum


def compare(facts, store):
    problems = []
    flat, cum = functions(store)
    for (kind, unit), total in zip(facts["sample_types"], facts["sums"]):
        got = sum(flat[kind].values())
        if got != total * UNITS.get(unit, 1):
            problems.append(f"{kind}: sum {got}, expected {total}")
    for facts_of, got in ((facts["top10_flat"], flat), (facts["top10_cum"], cum)):
        for key, top in facts_of.items():
            kind, unit = key.rsplit("/", 1)
            for name, value in top:
                # A name of one function in several modules is one row there, and several of ours; unresolved ones
                # are told apart by address there.
                if name.startswith(("0x", "<", "?")) or not value:
                    continue
                if got[kind][name] != value * UNITS.get(unit, 1):
                    problems.append(f"{key} {name}: {got[kind][name]}, expected {value}")
    return problems


def main():
    verdicts = corpus.Verdicts("pprof_facts", "pprof")
    for name, path, facts in corpus.cases("pprof"):
        with tempfile.TemporaryDirectory() as folder:
            store, again = os.path.join(folder, "a.db"), os.path.join(folder, "b.db")
            code, _, err = callflow(store, "-q", "ingest", path)
            if facts["format"] != "protobuf":
                problems = [] if code == 3 and "legacy profile" in err or "unknown format" in err else [err]
            elif code:
                problems = [err]
            else:
                problems = compare(facts, store)
                callflow(store, "export", "--to", "pprof", "-o", os.path.join(folder, "x.pb"))
                code, _, err = callflow(again, "-q", "ingest", os.path.join(folder, "x.pb"))
                problems += [err] if code else ["written and read again: " + p for p in compare(facts, again)]
        verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
