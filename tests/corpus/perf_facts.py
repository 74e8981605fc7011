#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `callflow ingest` takes from the corpus' perf.data files with the facts that an independent reader found:
samples and periods in all, by event and by thread name must be equal. Files of kinds that aren't supported must be
refused with an error that names the kind, damaged ones without a crash, and neither may leave anything in the store.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

import corpus

# Features and sample types that this version refuses, and what the error must say.
AUXTRACE, DIR_FORMAT, COMPRESSED = 18, 24, 27
STACK_USER = 0x2000
LISTED_COMMS = 20  # the facts list the largest only


def refusal(raw):
    """Words that must be in the error, or None for a file that must be read."""
    if raw.get("magic") == "PERFFILE":
        return "version 1"
    if raw.get("magic") not in ("PERFILE2", "2ELIFREP"):
        return "unknown format"
    if raw["endian"] != sys.byteorder:
        return "byte order"
    if raw["pipe_mode"]:
        return "pipe mode"
    features = raw["features"] or []
    if AUXTRACE in features:
        return "AUX"
    if DIR_FORMAT in features:
        return "directory format"
    if COMPRESSED in features:
        return "compressed"
    if any(int(event["sample_type"], 16) & STACK_USER for event in raw["events"]):
        return "user stacks"
    return None


def callflow(*arguments):
    done = subprocess.run([corpus.CALLFLOW, *arguments], capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def rows(store, sql):
    code, out, err = callflow("--store", store, "query", "-f", "json", sql)
    if code:
        raise RuntimeError(err.strip())
    return json.loads(out)["sections"][0]["tables"][0]["rows"]


def compare(raw, names, store):
    problems = []
    events, comms = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0])
    for event, comm, samples, period in rows(store, "SELECT metric, thread, samples, weight FROM v_thread"):
        for sums in (events[event], comms[comm]):
            sums[0] += samples
            sums[1] += period
    total = [sum(column) for column in zip(*events.values())] or [0, 0]
    if total != [raw["total_samples"], raw["total_period"]]:
        problems.append("total: %s, expected %s" % (total, [raw["total_samples"], raw["total_period"]]))
    want = collections.defaultdict(lambda: [0, 0])
    for event in raw["events"]:
        name = event["name"] or names.get(event["samples"])
        if event["samples"]:
            want[name][0] += event["samples"]
            want[name][1] += event["period"]
    if None not in want and dict(want) != dict(events):
        problems.append("events: %s, expected %s" % (dict(events), dict(want)))
    known = {comm: [sums["samples"], sums["period"]] for comm, sums in raw["by_comm_raw"].items()}
    for comm in sorted(set(known) | (set(comms) if len(known) < LISTED_COMMS else set())):
        if comms.get(comm) != known.get(comm):
            problems.append("thread %s: %s, expected %s" % (comm, comms.get(comm), known.get(comm)))
    return problems


def perf_names(facts):
    """Event names that perf gave, by number of samples, for files that carry none."""
    events = facts["perf61"]["report"].get("events", [])
    counts = [event["samples"] for event in events]
    return {event["samples"]: event["event"] for event in events if counts.count(event["samples"]) == 1}


def check(facts, data, folder):
    raw = facts["raw"]
    store = os.path.join(folder, "facts.db")
    code, _, err = callflow("--store", store, "-q", "ingest", data)
    words = "" if "-fuzz" in data else refusal(raw)
    try:
        if words is None:
            return ["refused: " + err.strip()] if code else compare(raw, perf_names(facts), store)
        if code not in (0, 3) or (code == 0 and words):
            return ["status %d instead of being refused (%s): %s" % (code, words, err.strip()[-500:])]
        if words not in err:
            return ["the error doesn't say '%s': %s" % (words, err.strip())]
        if code and os.path.exists(store) and rows(store, "SELECT count(*) FROM v_run") != [[0]]:
            return ["refused, but something was stored"]
        return []
    finally:
        if os.path.exists(store):
            os.remove(store)


def main():
    verdicts = corpus.Verdicts("perf_facts", "perf.data")
    formats = [os.path.basename(path) for path in glob.glob(os.path.join(corpus.SHARED, "corpus", "perf.data*"))]
    with tempfile.TemporaryDirectory() as folder:
        for name, data, facts in corpus.cases(*formats):
            if os.path.isfile(data):
                try:
                    problems = check(facts, data, folder)
                except RuntimeError as error:
                    problems = [str(error)]
                verdicts.add(name, data, problems)
    return verdicts.finish()


sys.exit(main())
