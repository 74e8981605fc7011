#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds results of load tests to the facts that a script found in them."""
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))
TIMES = {"us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}
BYTES = {"B": 1, "KB": 1024, "MB": 1024 ** 2, "GB": 1024 ** 3}


class Run:
    """A file in a store of its own."""

    def __init__(self, folder, path):
        self.store = os.path.join(folder, os.path.basename(path) + ".db")
        done = subprocess.run([CALLFLOW, "--store", self.store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode().strip())

    def rows(self, sql):
        done = subprocess.run([CALLFLOW, "--store", self.store, "query", "-f", "json", sql], capture_output=True, check=True)
        tables = json.loads(done.stdout)["sections"][0]["tables"]
        return tables[0]["rows"] if tables else []

    def series(self):
        """The values of each series."""
        found = {}
        for name, value in self.rows("SELECT series, value FROM v_series ORDER BY series, seq"):
            found.setdefault(name, []).append(value)
        return found


def differ(what, got, want):
    """Numbers within what a double of another unit may lose."""
    if isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
        return [line for i, (a, b) in enumerate(zip(got, want)) for line in differ(f"{what} {i}", a, b)]
    if isinstance(want, (int, float)) and isinstance(got, (int, float)):
        return [] if math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9) else [f"{what}: {got}, expected {want}"]
    return [] if got == want else [f"{what}: {got}, expected {want}"]


def amount(text, units):
    number, unit = re.fullmatch(r"([0-9.]+)([a-zA-Z]+)", text).groups()
    return float(number) * units[unit]


def check_wrk(run, facts):
    series = run.series()
    problems = differ("requests/s", series["throughput"], [float(value) for value in facts["requests_sec"]])
    problems += differ("transfer", series["transfer"], [amount(value, BYTES) for value in facts["transfer_sec"]])
    problems += differ("requests", series["requests"], [int(value[0]) for value in facts["req_lines"]])
    stats = [line.split() for line in facts["latency_lines"] if "Distribution" not in line]
    for i, name in enumerate(("mean", "stdev", "max")):
        problems += differ(name, series["latency " + name], [amount(line[i], TIMES) for line in stats])
    # The second distribution of wrk2 repeats the percentiles of the first.
    seen = {}
    for percent, value in facts["percentiles"]:
        seen.setdefault(f"{float(percent):g}", []).append(amount(value, TIMES))
    for percent, values in seen.items():
        if percent != "100":
            problems += differ("p" + percent, series["latency p" + percent] + series.get(f"latency p{percent} (uncorrected)", []),
                               values)
    tables = sum(len(values) for name, values in series.items() if name.startswith("latency by percentile"))
    problems += differ("table", tables, facts["hdr_spectrum_rows"])
    bad = [sum(int(n) for n in re.findall(r"\d+", line)) for line in facts["socket_errors"]] or [0] * facts["runs"]
    return problems + differ("errors", series["errors"], [b / (r + b) for b, r in zip(bad, series["requests"])])


CHECKS = {"wrk": check_wrk}


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, check in CHECKS.items():
            for path in sorted(glob.glob(os.path.join(SHARED, "corpus", kind, "*.expect.json"))):
                recording = path[:-len(".expect.json")]
                with open(path, encoding="utf-8") as file:
                    facts = json.load(file)
                try:
                    problems = check(Run(folder, recording), facts)
                except (RuntimeError, KeyError) as error:
                    problems = [repr(error)]
                failed += bool(problems)
                passed += not problems
                for problem in problems[:8]:
                    print(f"{kind}: {os.path.basename(recording)}: {problem}")
    skipped = not passed + failed
    if skipped:
        print("load: skipped: no corpus here")
    print(f"load_facts: {passed} passed, {failed} failed, {int(skipped)} skipped")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
