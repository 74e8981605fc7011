#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small results of benchmark tools that aren't everywhere, into the folders of their formats."""
import json
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def write(folder, name, text):
    os.makedirs(os.path.join(FOLDER, folder), exist_ok=True)
    with open(os.path.join(FOLDER, folder, name), "w", encoding="utf-8") as out:
        out.write(text if isinstance(text, str) else json.dumps(text, indent=1) + "\n")


def google_row(name, real, cpu, aggregate=None, **more):
    kind = {"run_type": "aggregate", "aggregate_name": aggregate, "aggregate_unit": "time"} if aggregate else {"run_type": "iteration", "iterations": 1000}
    return {"name": name + ("_" + aggregate if aggregate else ""), "run_name": name, "repetitions": 2, "threads": 1, **kind, "real_time": real,
            "cpu_time": cpu, "time_unit": "us", **more}


write("google-benchmark", "sort.json", {
    "context": {"date": "2026-11-20T08:00:00+00:00", "host_name": "bench1", "executable": "./sort_bench", "num_cpus": 8, "mhz_per_cpu": 3000,
                "cpu_scaling_enabled": False, "library_build_type": "release"},
    "benchmarks": [google_row("BM_Sort/1024", 12.5, 12.25, bytes_per_second=327680000.0), google_row("BM_Sort/1024", 13.0, 12.75, bytes_per_second=315076923.0),
                   google_row("BM_Sort/1024", 12.75, 12.5, "mean"), {"name": "BM_Bad", "run_name": "BM_Bad", "run_type": "iteration",
                                                                      "error_occurred": True, "error_message": "no input"}]})
write("pytest-benchmark", "rounds.json", {
    "machine_info": {"node": "bench1", "system": "Linux", "cpu": {"brand_raw": "Some CPU"}},
    "commit_info": {"id": "0123456789abcdef0123456789abcdef01234567", "project": "shop", "dirty": False, "branch": "main"},
    "benchmarks": [{"name": "test_price", "fullname": "tests/test_price.py::test_price", "params": None,
                    "stats": {"min": 0.5e-3, "max": 0.75e-3, "mean": 0.625e-3, "stddev": 0.125e-3, "median": 0.625e-3, "rounds": 2, "data": [0.5e-3, 0.75e-3]}}],
    "datetime": "2026-11-20T08:00:00.000000", "version": "4.0.0"})
write("go-benchmark", "price.txt", "goos: linux\ngoarch: amd64\npkg: example.com/shop\ncpu: Some CPU\n"
      "BenchmarkPrice-8   \t 1000000\t      1234 ns/op\t     512 B/op\t       3 allocs/op\n"
      "BenchmarkPrice-8   \t 1000000\t      1250.5 ns/op\t     512 B/op\t       3 allocs/op\n"
      "BenchmarkCopy/1MiB-8 \t    5000\t    250000 ns/op\t4194.30 MB/s\nPASS\nok  \texample.com/shop\t3.2s\n")
write("criterion", "messages.json", "".join(json.dumps(message) + "\n" for message in (
    {"reason": "benchmark-complete", "id": "price/10", "report_directory": "target/criterion/price", "iteration_count": [10, 20, 30],
     "measured_values": [1000.0, 2100.0, 2950.0], "unit": "ns", "throughput": [], "typical": {"estimate": 100.0, "lower_bound": 98.0, "upper_bound": 103.0, "unit": "ns"}},
    {"reason": "group-complete", "group_name": "price", "benchmarks": ["price/10"], "report_directory": "target/criterion/price"})))
write("criterion", "bencher.txt", "\nrunning 2 tests\ntest price  ... bench:       1,234 ns/iter (+/- 56)\ntest checksum ... bench:         99 ns/iter (+/- 1)\n")
write("jmh", "price.json", [
    {"jmhVersion": "1.37", "benchmark": "shop.Price.total", "mode": "avgt", "threads": 1, "forks": 2, "params": {"items": "10"},
     "primaryMetric": {"score": 1.5, "scoreError": "NaN", "scoreUnit": "us/op", "rawData": [[1.5, 1.25], [1.75]]}, "secondaryMetrics": {}},
    {"jmhVersion": "1.37", "benchmark": "shop.Price.orders", "mode": "thrpt", "threads": 4, "forks": 1,
     "primaryMetric": {"score": 2.5, "scoreError": 0.1, "scoreUnit": "ops/ms", "rawData": [[2.5]]},
     "secondaryMetrics": {"\u00b7gc.alloc.rate": {"score": 7.0, "scoreUnit": "MB/sec", "rawData": [[7.0]]}}}])
write("callflow-tracer", "login.json", {
    "nodes": [{"name": "login", "module": "app", "full_name": "app.login", "call_count": 2, "total_time": 0.5, "avg_time": 0.25,
               "arguments": [{"args": "('bob',)", "kwargs": None}, {"args": None, "kwargs": "{'user': 'eve'}"}]},
              {"name": "main", "module": "__main__", "full_name": "__main__.main", "call_count": 0, "total_time": 0.0, "avg_time": 0.0, "arguments": []}],
    "edges": [{"caller": "__main__.main", "callee": "app.login", "call_count": 2, "total_time": 0.5, "avg_time": 0.25}],
    "metadata": {"total_nodes": 2, "total_edges": 1, "duration": 0.51}})
