#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Has exports read by the tools that they are made for, which must find the same totals and own costs: callgrind_annotate,
`go tool pprof`, and speedscope's own importer, where CF_SPEEDSCOPE names a clone of jlfwong/speedscope in which `npm install`
was run; nothing downloads it.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import callgrind_facts
import corpus

DEMO = "tests/data/demo"
RUNS = (("orders", ["--symfs", f"{DEMO}/symfs", "--kallsyms", f"{DEMO}/kallsyms", f"{DEMO}/orders.perf.data"], "cpu-clock"),
        ("calls", ["tests/data/callgrind/full.callgrind"], "Ir"), ("shop", ["tests/data/firefox-profile/processed-70.json"], "cpu time"))
EXPORTS = {"speedscope": "speedscope.json", "pprof": "pb.gz", "callgrind": "callgrind", "chrome": "trace.json", "collapsed": "folded"}


def callflow(*arguments):
    return subprocess.run([corpus.CALLFLOW, *arguments], capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout


def costs(store, metric):
    rows = json.loads(callflow("--store", store, "query", "-f", "json",
                               f"SELECT function, sum(self) FROM v_func WHERE metric = '{metric}' AND self > 0 GROUP BY 1"))
    return dict(rows["sections"][0]["tables"][0]["rows"])


def differ(what, got, want, exact=True):
    near = got == want if exact else abs(got - want) <= max(1e-6 * abs(want), 1)
    return [] if near else [f"{what}: {got}, expected {want}"]


def annotate(path, want):
    totals, _, found = callgrind_facts.annotate(path, False)
    own = collections.Counter()
    for (_, function), values in found.items():
        own[callgrind_facts.own_name(function)] += values[0]
    problems = differ("total", totals[0], sum(want.values()))
    for name, value in want.items():
        # A URL for a file isn't told from the function's name.
        if not name.startswith("[") and not any(file.startswith("https") for file, _ in found):
            problems += differ(name, own[name], value)
    return problems


def go(path, want):
    done = subprocess.run(["go", "tool", "pprof", "-raw", path], capture_output=True, check=True, text=True)
    total = sum(int(line.split(":")[0].split()[-1]) for line in re.findall(r"^ +[\d ]+: .*$", done.stdout, re.MULTILINE))
    return differ("total", total, sum(want.values()))


def bundle(folder):
    out = os.path.join(folder, "speedscope.js")
    source = os.environ["CF_SPEEDSCOPE"]
    subprocess.run(["node_modules/.bin/esbuild", os.path.abspath("tests/peers/speedscope.ts"), "--bundle", "--platform=node",
                    "--log-level=error", "--loader:.wasm=binary", f"--alias:speedscope-import={source}/src/import",
                    f"--outfile={out}"], cwd=source, check=True)
    return out


def speedscope(program, run, kind, path, want):
    done = subprocess.run(["node", program, path], capture_output=True, check=False, text=True)
    if done.returncode or not done.stdout:
        return [done.stderr[-300:] or "isn't loaded"]
    profiles = [json.loads(line) for line in done.stdout.splitlines()]
    # Of several metrics ours is the first; a metric may have several threads.
    if kind == "callgrind":
        profiles = profiles[:1]
    elif kind == "speedscope":
        metric = next(m for name, _, m in RUNS if name == run)
        profiles = [p for p in profiles if p["name"].endswith(metric)]
    own = collections.Counter()
    for profile in profiles:
        factor = {"microseconds": 1000}.get(profile["unit"], 1) if run != "calls" else 1
        for name, value in profile["self"].items():
            own[re.sub(r"_\[[kij]\]$", "", name)] += value * factor
    problems = differ("total", sum(own.values()), sum(want.values()), exact=False)
    # It makes a tree of callgrind's calls in a way of its own: own costs are shared out there, with the same total.
    for name, value in want.items() if kind != "callgrind" else ():
        # Of stacks made from calls small ones are left out, as "[pruned]".
        if not name.startswith("[") and abs(own[name] - value) > own["[pruned]"]:
            problems += differ(name, own[name], value, exact=False)
    return problems


def main():
    verdicts = corpus.Verdicts("peers", "exports")
    with tempfile.TemporaryDirectory() as folder:
        program = bundle(folder) if os.environ.get("CF_SPEEDSCOPE") and shutil.which("node") else None
        for tool, there in (("callgrind_annotate", shutil.which("callgrind_annotate")), ("go", shutil.which("go")),
                            ("speedscope (CF_SPEEDSCOPE)", program)):
            if not there:
                verdicts.skip("exports", f"{tool} isn't here")
        for name, arguments, metric in RUNS:
            store = os.path.join(folder, name + ".db")
            callflow("--store", store, "-q", "ingest", *arguments)
            want = costs(store, metric)
            for kind, extension in EXPORTS.items():
                path = os.path.join(folder, f"{name}.{extension}")
                callflow("--store", store, "export", "--to", kind, "--metric", metric, "-o", path)
                if kind == "callgrind" and shutil.which("callgrind_annotate"):
                    verdicts.add("exports", f"{name} by callgrind_annotate", annotate(path, want))
                if kind == "pprof" and shutil.which("go"):
                    verdicts.add("exports", f"{name} by go tool pprof", go(path, want))
                if program:
                    verdicts.add("exports", f"{name} as {kind} by speedscope", speedscope(program, name, kind, path, want))
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
