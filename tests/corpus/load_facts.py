#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds results of load tests to the facts that a script found in them."""
import glob
import json
import math
import os
import re
import sys
import tempfile

import corpus

TIMES = {"us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}
BYTES = {"B": 1, "KB": 1024, "MB": 1024 ** 2, "GB": 1024 ** 3}


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


def check_jmeter(run, facts):
    series = run.series()
    labels = {name[len("requests "):]: values[0] for name, values in series.items() if name.startswith("requests ")}
    if "samples" not in facts:
        return differ("samples", sum(labels.values()), facts["lines"])
    problems = differ("labels", sorted(labels), sorted(facts["by_label"]))
    for label, want in facts["by_label"].items():
        problems += differ(label + " samples", labels.get(label), want["n"])
        problems += differ(label + " mean", series.get("latency mean " + label, [0])[0], want["mean"] * 1e6)
        problems += differ(label + " max", series.get("latency max " + label, [0])[0], want["max"] * 1e6)
        problems += differ(label + " errors", series.get("errors " + label, [0])[0], want["fail"] / want["n"])
        latencies = series.get("latency " + label, [])
        problems += differ(label + " kept", len(latencies), want["n"] if facts["samples"] <= 20000 else 0)
    every = sorted(value / 1e6 for label in labels for value in series.get("latency " + label, []))
    problems += differ("sum", sum(every), facts["sum_ms"])
    start, duration = run.rows("SELECT CASE start_source WHEN 'input' THEN start_ns END, duration_ns FROM v_run")[0]
    if "first_ts" in facts:
        problems += differ("start", start, facts["first_ts"] * 1000000)
        if duration < (facts["last_ts"] - facts["first_ts"]) * 1000000:
            problems.append(f"duration: {duration}, expected at least to the start of the last sample")
    # The script adds transactions to the requests that they consist of; JMeter's reports don't.
    transactions = sum(count for count, in run.rows("SELECT count FROM run_quality WHERE key = 'transactions'"))
    problems += differ("whole", series["requests"][0], facts["samples"] - transactions)
    if not transactions:
        for name, want in (("mean", "mean_ms"), ("p50", "median_ms"), ("min", "min_ms"), ("max", "max_ms"), ("p90", "p90_nearest_rank")):
            problems += differ(name, series["latency " + name][0], facts[want] * 1e6)
        problems += differ("errors", series["errors"][0], facts["failures"] / facts["samples"])
    return problems


def check_k6(run, facts):
    series = run.series()
    problems = []
    for metric in ("http_req_duration", "http_reqs", "iterations", "http_req_failed"):
        factor = 1e6 if metric == "http_req_duration" else 1
        for stat, value in facts[metric].items():
            problems += differ(f"{metric} {stat}", series.get(f"{metric} {stat}", [None])[0], value * factor)
    for name in facts["metrics"]:
        if not any(one.startswith(name + " ") for one in series):
            problems.append(f"{name} has no series")
    common = {"mean": "avg", "p50": "med", "p90": "p(90)", "p95": "p(95)", "min": "min", "max": "max"}
    for ours, theirs in common.items():
        problems += differ(ours, series["latency " + ours][0], facts["http_req_duration"][theirs] * 1e6)
    problems += differ("throughput", series["throughput"][0], facts["http_reqs"]["rate"])
    problems += differ("errors", series["errors"][0], facts["http_req_failed"]["rate"])
    for name, passes, fails in facts["checks"]:
        got = [values[0] for check, values in series.items() if check.startswith("check ") and check.endswith(name)]
        problems += differ("check " + name, got, [passes / (passes + fails)])
    crossed = run.rows("SELECT count(*) FROM run_quality WHERE key = 'threshold-crossed'")[0][0]
    broken = sum(not rule["ok"] for rules in facts["thresholds"].values() for rule in rules.values())
    return problems + differ("thresholds", crossed, broken)


def interpolated(values, share):
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (place - low)


def check_k6_points(run, path):
    """The sums of our own points, computed once more."""
    points = {}
    with open(path, encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line["type"] == "Point":
                points.setdefault(line["metric"], []).append(line["data"])
    series = run.series()
    durations = [point["value"] * 1e6 for point in points["http_req_duration"]]
    failed = [point["value"] for point in points["http_req_failed"]]
    problems = differ("requests", series["requests"], [len(points["http_reqs"])])
    problems += differ("mean", series["latency mean"], [sum(durations) / len(durations)])
    for name, share in (("p50", .5), ("p90", .9), ("p95", .95), ("p99", .99), ("max", 1)):
        problems += differ(name, series["latency " + name], [interpolated(durations, share)])
        for endpoint in {point["tags"]["name"] for point in points["http_reqs"]}:
            own = [point["value"] * 1e6 for point in points["http_req_duration"] if point["tags"]["name"] == endpoint]
            problems += differ(f"{name} {endpoint}", series[f"latency {name} {endpoint}"], [interpolated(own, share)])
    return problems + differ("errors", series["errors"], [sum(failed) / len(failed)])


def check_jmeter_forms(folder):
    """One log in four forms is the same log."""
    found = [corpus.Run(folder, path).series() for path in sorted(glob.glob("tests/data/jmeter-jtl/*"))]
    return [] if len(found) == 4 and all(one == found[0] for one in found) else ["the forms of one log differ"]


CHECKS = {"wrk": check_wrk, "jmeter-jtl": check_jmeter, "k6": check_k6}


def main():
    verdicts = corpus.Verdicts("load_facts", *CHECKS)
    with tempfile.TemporaryDirectory() as folder:
        for name, path, facts in corpus.cases(*CHECKS):
            try:
                problems = CHECKS[name](corpus.Run(folder, path), facts)
            except (corpus.Refused, KeyError) as error:
                problems = [repr(error)]
            verdicts.add(name, path, problems)
        verdicts.add("k6", "tests/data/k6/points.json",
                     check_k6_points(corpus.Run(folder, "tests/data/k6/points.json"), "tests/data/k6/points.json"))
        verdicts.add("jmeter-jtl", "tests/data/jmeter-jtl", check_jmeter_forms(folder))
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
