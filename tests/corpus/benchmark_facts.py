#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds results of benchmarks to the facts that a script found in them; those without facts to what this one finds."""
import json
import math
import os
import re
import statistics
import sys
import tempfile

import corpus

UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
STATS = ("mean", "stddev", "min", "max", "median")


def differ(what, got, want):
    same = len(got) == len(want) and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(got, want))
    return [] if same else [f"{what}: {got[:8]}, expected {want[:8]}"]


def check_hyperfine(run, facts):
    series, problems = run.series(), []
    for result in facts["results"]:
        times = series.pop(result["command"] + "".join(f" {k}={v}" for k, v in (result["parameters"] or {}).items()), [])
        problems += differ("runs", [len(times)], [result["runs"]])
        if times:
            got = [statistics.mean(times), statistics.stdev(times), min(times), max(times), statistics.median(times)]
            problems += differ(result["command"], got, [result[key] * 1e9 for key in STATS])
    problems += [f"{name} is no command" for name in series if not name.endswith((" (user)", " (system)"))]
    failed = sum(count for result in facts["results"] for code, count in result["exit_codes"].items() if code != "0")
    return problems + differ("failed", [run.rows("SELECT coalesce(sum(count), 0) FROM run_quality WHERE key = 'failed-repetitions'")[0][0]], [failed])


def check_google(run, facts):
    """The facts have rows of all kinds; aggregates are taken only where there are no repetitions."""
    want = {}
    for name, real, cpu, _, unit, aggregate in facts["rows"]:
        if real is not None and unit is not None and not aggregate:
            want.setdefault(name, []).append(real * UNITS[unit])
            want.setdefault(name + " (cpu)", []).append(cpu * UNITS[unit])
    got = run.series()
    if facts["by_run_type"].get("aggregate") == facts["benchmarks"]:
        # The facts don't name the aggregates that ours have in brackets.
        got = {re.sub(r" \((cpu, )?\w+\)$", lambda m: " (cpu)" if m[1] else "", name): values for name, values in got.items()}
    problems = [line for name, values in want.items() for line in differ(name, got.get(name, []), values)]
    start = run.rows("SELECT strftime('%Y-%m-%d %H:%M:%S', start_utc) FROM v_run")[0][0]
    return problems + ([] if start == facts["context"]["date"] else [f"start: {start}, expected {facts['context']['date']}"])


def check_pytest(run, facts):
    problems, series = [], run.series()
    for name, mean, stddev, rounds in facts["rows"]:
        # With --benchmark-save-data the rounds are there, else their statistics.
        got = series.get(name + " (mean)", []) + series.get(name + " (stddev)", [])
        if not got and len(series.get(name, [])) == rounds:
            got = [statistics.mean(series[name]), statistics.stdev(series[name])]
        problems += differ(name, got, [mean * 1e9, stddev * 1e9])
    commit, start = run.rows("SELECT \"commit\", strftime('%Y-%m-%dT%H:%M:%S', start_utc) FROM v_run")[0]
    if commit != facts["commit"] or start != facts["datetime"][:19]:
        problems.append(f"commit and time: {commit} {start}, expected {facts['commit']} {facts['datetime']}")
    return problems


CHECKS = {"hyperfine": check_hyperfine, "google-benchmark": check_google, "pytest-benchmark": check_pytest}
# Where the facts are another kind of thing than callflow stores.
OTHERWISE = {"test4_run.json": "no benchmark in it has a time: refused"}


def go(text):
    """Every pair of a number and a unit."""
    found = {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 4 and fields[0].startswith("Benchmark"):
            for value, unit in zip(fields[2::2], fields[3::2]):
                name = fields[0][len("Benchmark"):] + ("" if unit == "ns/op" else f" ({unit})")
                found.setdefault(name, []).append(float(value))
    return found


def criterion(text):
    found = {}
    for name, value, spread in re.findall(r"^test (.*) \.\.\. bench:\s+([\d,]+) ns/iter \(\+/- ([\d,]+)\)$", text, re.MULTILINE):
        found[name] = [float(value.replace(",", ""))]
        found[name + " (+/-)"] = [float(spread.replace(",", ""))]
    return found


def jmh(text):
    found = {}
    for benchmark in json.loads(text):
        metric = benchmark["primaryMetric"]
        assert metric["scoreUnit"] == "ops/s"
        found[benchmark["benchmark"]] = [value for fork in metric["rawData"] for value in fork]
    return found


OTHERS = {"go-benchmark": ("go_output.txt", go), "criterion": ("criterion_output.txt", criterion), "jmh": ("jmh_output.json", jmh)}


def check_other(folder, path, read):
    with open(path, encoding="utf-8") as file:
        want = read(file.read())
    got = corpus.Run(folder, path).series()
    names = [] if got.keys() == want.keys() and want else [f"series: {sorted(got)}, expected {sorted(want)}"]
    return names + [line for name in want for line in differ(name, got.get(name, []), want[name])]


def main():
    verdicts = corpus.Verdicts("benchmark_facts", *CHECKS, *OTHERS)
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases(*CHECKS):
            refused = os.path.basename(path) in OTHERWISE
            try:
                run = corpus.Run(folder, path)
                problems = ["isn't refused"] if refused else CHECKS[name](run, facts)
            except corpus.Refused as refusal:
                problems = [] if refused else [str(refusal)]
            verdicts.add(name, path, problems)
        for name, (file, read) in OTHERS.items():
            path = os.path.join(corpus.SHARED, "corpus", "other-bench", file)
            if os.path.exists(path):
                verdicts.add(name, path, check_other(folder, path, read))
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
