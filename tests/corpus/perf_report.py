#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares `callflow top` with `perf report`, function by function, for the recordings of the tree or those named.

usage: perf_report.py [--symfs DIR] [--kallsyms FILE] [FILE...]

Self period and sample count per (module, function) must be equal; perf's unresolved rows (hex addresses) are summed per
module, and so are linkage table entries (NAME@plt): perf up to 6.2 names them by the order of the relocations, which is
wrong where IFUNCs are among them (libc). What callflow adds to tell functions of one name apart, parameters of overloads
and files or numbers of static functions, is taken off first. Totals per thread name must be equal too.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "..", "data", "demo")
CALLFLOW = os.path.join(os.environ.get("O", "build"), "callflow")


def run(*command):
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def module_name(dso):
    if dso.startswith("[kernel.kallsyms]"):
        return "[kernel]"
    if dso.startswith("[JIT] tid"):
        return "[JIT]"
    return os.path.basename(dso) if dso.startswith("/") else dso


def perf_events(data, options, sort, fields):
    """[(event, [fields...])] of perf report, one list per event in the file's order."""
    code, out, err = run("perf", "report", "-i", data, "--stdio", "--no-children", "-g", "none", "-s", sort, "-F",
                         fields, "--percent-limit", "0", "-t", "\t", "--no-branch-stack", "--no-group", "--force", *options)
    if code:
        raise RuntimeError(err.strip() or "perf report failed")
    events, rows = [], None
    for line in out.splitlines():
        found = re.match(r"# Samples: .* of events? '(.*)'$", line)
        if found:
            rows = []
            events.append((found.group(1), rows))
        elif line and not line.startswith("#") and rows is not None:
            rows.append([field.strip() for field in line.split("\t")])
    return events


def perf_threads(data):
    """{event: {thread name: period}}; from perf script, since perf report cuts the names."""
    code, out, err = run("perf", "script", "-i", data, "--force", "-G", "-F", "comm,event,period")
    if code:
        raise RuntimeError(err.strip() or "perf script failed")
    sums = collections.defaultdict(collections.Counter)
    for line in out.splitlines():
        found = re.match(r"\s*(.*?)\s+(\d+)\s+(\S+):\s*$", line)
        if found:
            sums[found.group(3)][found.group(1)] += int(found.group(2))
    return sums


def by_function(rows):
    sums = collections.defaultdict(lambda: [0, 0])
    for period, samples, dso, symbol in rows:
        name = re.sub(r"^\[.\] ", "", symbol)
        if re.fullmatch(r"0x[0-9a-f]+", name):
            name = "[unresolved]"
        if name.endswith("@plt"):
            name = "@plt"
        row = sums[(module_name(dso), name)]
        row[0] += int(period)
        row[1] += int(samples)
    return {key: tuple(value) for key, value in sums.items()}


def table(data, options, metric, by):
    code, out, err = run(CALLFLOW, "top", "-n", "0", "--by", by, "--metric", metric, "-f", "json", *options, data)
    if code:
        raise RuntimeError(err.strip())
    for section in json.loads(out)["sections"]:
        for found in section["tables"]:
            if found["id"] == by + "s":
                ids = [column["id"] for column in found["columns"]]
                return [dict(zip(ids, row)) for row in found["rows"]]
    raise RuntimeError("no table of " + by + "s")


def named_threads(options, metric):
    """{thread name: period}: unlike `top --by thread`, a thread that was renamed has both of its names."""
    code, out, err = run(CALLFLOW, *options, "query", "-f", "json", "SELECT thread, sum(weight) FROM v_thread WHERE "
                         "run = (SELECT max(run) FROM v_thread) AND metric = '" + metric + "' GROUP BY thread")
    if code:
        raise RuntimeError(err.strip())
    rows = json.loads(out)["sections"][0]["tables"][0]["rows"]
    return collections.Counter({name: weight for name, weight in rows})


def as_perf(module, name, theirs):
    """The name that perf has for it: without the place of a static function, and without parameters."""
    plain = re.sub(r" \([^ ():]+\)$", "", name)
    for candidate in (name, plain, re.sub(r"\(((?!operator).)*\)[ a-z&]*$", "", plain)):
        if (module, candidate) in theirs:
            return candidate
    return name


def compare(data, options, store):
    problems = []
    environment = ["--store", store]
    code, _, err = run(CALLFLOW, *environment, "-q", "ingest", *options, data)
    if code:
        return ["ingest: " + err.strip()]
    for event, rows in perf_events(data, options, "dso,sym", "period,sample,dso,sym"):
        theirs = by_function(rows)
        ours = collections.defaultdict(lambda: [0, 0])
        for row in table("@", environment, event, "function"):
            if row["self_count"] or row["self"]:
                name = "@plt" if row["function"].endswith("@plt") else as_perf(row["module"], row["function"], theirs)
                sums = ours[(row["module"], name)]
                sums[0] += row["self"]
                sums[1] += row["self_count"]
        ours = {key: tuple(value) for key, value in ours.items()}
        for key in sorted(set(ours) | set(theirs)):
            if ours.get(key) != theirs.get(key):
                problems.append("%s: %s in %s: perf %s, callflow %s" % (event, key[1], key[0], theirs.get(key), ours.get(key)))
    for event, theirs in perf_threads(data).items():
        ours = named_threads(environment, event)
        if {k: v for k, v in ours.items() if v} != {k: v for k, v in theirs.items() if v}:
            problems.append("%s: threads: perf %s, callflow %s" % (event, dict(theirs), dict(ours)))
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--symfs")
    parser.add_argument("--kallsyms")
    parser.add_argument("files", nargs="*")
    given = parser.parse_args()
    if run("perf", "--version")[0]:
        print("perf_report: skipped: perf isn't here")
        print("perf_report: 0 passed, 0 failed, 1 skipped")
        return 0
    if not given.files:
        given.symfs, given.kallsyms = os.path.join(DEMO, "symfs"), os.path.join(DEMO, "kallsyms")
        given.files = sorted(os.path.join(DEMO, name) for name in os.listdir(DEMO) if name.endswith(".perf.data"))
    options = []
    if given.symfs:
        options += ["--symfs", given.symfs]
    if given.kallsyms:
        options += ["--kallsyms", given.kallsyms]
    failed = 0
    for data in given.files:
        store = os.path.join(os.environ.get("TMPDIR", "/tmp"), "callflow-perf-report-%d.db" % os.getpid())
        try:
            problems = compare(data, options, store)
        except RuntimeError as error:
            problems = [str(error)]
        finally:
            if os.path.exists(store):
                os.remove(store)
        for problem in problems[:20]:
            print("perf_report: %s: %s" % (os.path.basename(data), problem))
        if len(problems) > 20:
            print("perf_report: %s: %d more" % (os.path.basename(data), len(problems) - 20))
        failed += bool(problems)
    print("perf_report: %d passed, %d failed" % (len(given.files) - failed, failed))
    return failed > 0


sys.exit(main())
