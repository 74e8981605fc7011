#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds recordings of memory tools to the facts that scripts and the tools themselves found."""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import corpus


class Run(corpus.Run):
    """With what memory profiles have."""

    def sums(self):
        """Weight and count of each metric."""
        return {metric: (weight, count) for metric, weight, count in
                self.rows("SELECT metric, sum(self), sum(self_samples) FROM v_func GROUP BY metric")}

    def points(self, name):
        return [(x, value) for x, value in self.rows(f"SELECT x, value FROM v_series WHERE series = '{name}' ORDER BY seq")]


def differ(what, got, want):
    return [] if got == want else [f"{what}: {got}, expected {want}"]


LEAKS = {"Leak_DefinitelyLost": "definitely lost", "Leak_IndirectlyLost": "indirectly lost",
         "Leak_PossiblyLost": "possibly lost", "Leak_StillReachable": "still reachable"}


def check_memcheck(run, facts):
    sums = run.sums()
    # Filtered files have "..." for the names of modules: what is counted isn't touched by that.
    problems = []
    for kind, number in facts["by_kind"].items():
        if kind in LEAKS:
            problems += differ(kind, sums.get(LEAKS[kind]),
                               (facts["leaked_bytes_by_kind"][kind], facts["leaked_blocks_by_kind"][kind]))
        else:
            problems += differ(kind, sums.get(kind, (0, 0))[1], number)
    problems += differ("kinds", len(sums), len(facts["by_kind"]))
    label, command = run.rows("SELECT labels, command FROM v_run")[0]
    problems += differ("tool", label, "tool=" + facts["tool"])
    problems += differ("program", command.split()[0], facts["argv"][0])
    # A leak belongs to who called malloc; the innermost frames of errors are as in the file.
    innermost = {name for name, in run.rows("SELECT function FROM v_func WHERE self_samples > 0")}
    for name, _ in facts["top10_first_frame_fn"]:
        if name not in innermost and not name.startswith("0x") and not re.match("malloc|calloc|realloc|operator new", name):
            problems.append(f"{name} is innermost nowhere")
    return problems


def check_leak_reference(run, facts):
    """leak1.c: the summary that memcheck prints as text, which counts indirect bytes once."""
    printed = {"definitely lost": facts["definitely"], "indirectly lost": facts["indirectly"],
               "possibly lost": facts["possibly"], "still reachable": facts["still_reachable"]}
    return differ("sums", run.sums(), {metric: tuple(value) for metric, value in printed.items()})


def frame_name(text):
    """The function in "0x12: f(int) (in /lib/x.so)", and what the importer calls the rest of massif's words."""
    if "below massif's threshold" in text:
        return "[below threshold]"
    name = text.split(": ", 1)[1].rsplit(" (", 1)[0]
    return "[unresolved]" if name == "???" else name


def check_massif(run, facts):
    factor = 1000000 if facts["time_unit"] == "ms" else 1
    heap, total, stacks = run.points("heap"), run.points("total"), run.points("stacks")
    sums = run.sums()
    problems = differ("snapshots", len(heap), facts["snapshots"])
    problems += differ("trees", len(sums), sum(n for kind, n in facts["by_tree"].items() if kind != "empty"))
    problems += differ("largest heap", max(value for _, value in heap), facts["max_heap_B"])
    problems += differ("largest total", max(value for _, value in total), facts["max_total_B"])
    problems += differ("largest stacks", max((value for _, value in stacks), default=0), facts["max_stacks_B"])
    problems += differ("last time", total[-1][0], facts["last_time"] * factor)
    problems += differ("command", run.rows("SELECT command FROM v_run")[0][0], facts["cmd"])
    if facts["peak_snapshot"] is None:
        return problems
    problems += differ("peak heap", sums.get("heap at peak", (0, 0))[0], facts["peak_heap_B"])
    problems += differ("peak total", total[facts["peak_snapshot"]][1], facts["peak_total_B"])
    own, places = collections.Counter(), collections.Counter()
    for function, value in run.rows("SELECT function, self FROM v_func WHERE metric = 'heap at peak'"):
        own[function] += value
    for value, text in facts["peak_tree_depth1"]:
        places[frame_name(text)] += value
    for name, value in places.items():
        # Only the first places are listed; a function may have more.
        if own[name] < value or (len(facts["peak_tree_depth1"]) < 15 and own[name] != value):
            problems.append(f"{name}: {own[name]}, expected {value}")
    return problems


def check_growth_reference(run, facts):
    """grow.c: a saw-tooth heap with and without a leak."""
    heap = [value for _, value in run.points("heap")]
    return (differ("snapshots", len(heap), facts["snapshots"]) + differ("peak", max(heap), facts["peak"]) +
            differ("first and last", (heap[0], heap[-1]), (facts["first"], facts["last"])))


def check_dhat(run, facts):
    sums = run.sums()
    problems = differ("allocated", sums.get(facts["verb"].lower()), (facts["total_bytes"], facts["total_blocks"]))
    if facts["bklt"]:
        problems += differ("at peak", sums.get("heap at peak", (0, 0)), (facts["at_gmax_bytes"], facts["at_gmax_blocks"]))
        problems += differ("at end", sums.get("heap at end", (0, 0)), (facts["at_end_bytes"], facts["at_end_blocks"]))
    problems += differ("reads", sums.get("bytes read", (0, 0))[0], facts["reads"])
    problems += differ("writes", sums.get("bytes written", (0, 0))[0], facts["writes"])
    problems += differ("command", run.rows("SELECT command FROM v_run")[0][0], facts["cmd"])
    own = {function: value for function, value in run.rows("SELECT function, self FROM v_func WHERE metric = 'allocated'")}
    for value, _, text in facts["top10_pp_total_bytes"]:
        name = "(no stack)" if text is None else frame_name(text)
        if own.get(name, 0) < value:
            problems.append(f"{name}: {own.get(name)}, expected {value}")
    duration = {"µs": 1000, "instrs": 0}[facts["tu"]] * facts["te"]
    return problems + differ("duration", run.rows("SELECT duration_ns FROM v_run")[0][0] or 0, duration)


def heaptrack_prints(path, kind):
    """The sum of what heaptrack_print says of each stack."""
    with tempfile.NamedTemporaryFile() as stacks:
        subprocess.run(["heaptrack_print", "-f", path, "-F", stacks.name, "--flamegraph-cost-type", kind, "-a", "0", "-p", "0",
                        "-T", "0", "--disable-builtin-suppressions", "--disable-embedded-suppressions"],
                       capture_output=True, check=True)
        return sum(int(line.rsplit(b" ", 1)[1]) for line in stacks if line.strip())


def check_heaptrack(run, path):
    sums = run.sums()
    problems = differ("peak", sums["heap at peak"][0], heaptrack_prints(path, "peak"))
    problems += differ("leaked", sums["leaked"][0], heaptrack_prints(path, "leaked"))
    problems += differ("calls", sums["allocated"][1], heaptrack_prints(path, "allocations"))
    # heaptrack takes the first kind of allocation for temporary when it is freed after another free.
    temporary, theirs = sums.get("temporary", (0, 0))[0], heaptrack_prints(path, "temporary")
    return problems + ([] if theirs - 1 <= temporary <= theirs else differ("temporary", temporary, theirs))


CHECKS = {"memcheck-xml": check_memcheck, "massif": check_massif, "dhat": check_dhat}


def cases():
    """Name, path of the recording, check."""
    for kind, path, facts in corpus.cases(*CHECKS):
        yield kind, path, lambda run, kind=kind, facts=facts: CHECKS[kind](run, facts)
    expected = os.path.join(corpus.SHARED, "refs", "leaks", "expected.json")
    if os.path.exists(expected):
        with open(expected, encoding="utf-8") as file:
            facts = json.load(file)
        leaks = os.path.dirname(expected)
        yield "memcheck-xml", os.path.join(leaks, "leak1.memcheck.xml"), lambda run: check_leak_reference(run, facts["leak1_summary_printed"])
        for name in ("grow0", "grow1"):
            yield "massif", os.path.join(leaks, name + ".massif"), lambda run, name=name: check_growth_reference(run, facts[name])
    if shutil.which("heaptrack_print"):
        for path in sorted(glob.glob(os.path.join(corpus.SHARED, "refs", "leaks", "ht_*")) + glob.glob("tests/data/heaptrack/*.heaptrack")):
            yield "heaptrack", path, lambda run, path=path: check_heaptrack(run, path)


def main():
    verdicts = corpus.Verdicts("memory_facts", *CHECKS)
    with tempfile.TemporaryDirectory() as folder:
        for kind, path, check in cases():
            try:
                problems = check(Run(folder, path))
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(kind, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
