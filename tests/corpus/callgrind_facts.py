#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `callflow ingest` takes from callgrind and cachegrind files with what callgrind_annotate says of them: events
and totals, the cost of each function and file, and inclusive costs of functions that don't recurse. The corpus' files have
its answers beside them; of these and of the recordings in the tree it is asked again where it is installed, for every
function, and so it is of what `callflow export --to callgrind` makes of each run.

callgrind_annotate takes the cost of a call that was made 0 times for the function's own, so files with "calls=0" are summed
here instead. Where the file of a function changes without fl= or fe= it goes on in the wrong one: functions are compared
over all files then.
"""
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

REFUSED = ("callgrind.dot.64042.0.1",)  # Graphviz
PLACE = re.compile(r"( \([^()/]+\.[A-Za-z+]+\))?( \(\d+\))?$")  # "init (dlfcn.c)": of static functions of one name


def callflow(*arguments):
    done = subprocess.run([corpus.CALLFLOW, *arguments], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def rows(store, sql):
    code, out, err = callflow("--store", store, "query", "-f", "json", sql)
    if code:
        raise RuntimeError(err.strip())
    return json.loads(out)["sections"][0]["tables"][0]["rows"]


def split_name(text):
    """'dir/file.c:function [object]' -> (file, function, object or None); the function may have colons, the file none."""
    match = re.match(r"^(.*) \[(/[^\]]*|\?\?\?|\[[a-z]*\])\]$", text)  # not "[clone .isra.0]"
    name, obj = (match.group(1), match.group(2)) if match else (text, None)
    file, _, function = name.partition(":")
    return file, function, obj


def annotate(data, inclusive):
    """Totals, events and rows {(file, function): [costs]} as callgrind_annotate prints them."""
    done = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no",
                           "--inclusive=" + ("yes" if inclusive else "no"), os.path.abspath(data)],
                          capture_output=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    events, totals, found, table = None, None, collections.defaultdict(lambda: None), False
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("Events recorded:"):
            events = line.split(":", 1)[1].split()
        elif line.endswith("PROGRAM TOTALS"):
            totals = [number(word) for word in line.split()[:len(events)]]
        elif line.endswith("file:function"):
            table = True
        elif table and line and line[0] != "-":
            words = line.split(None, len(events))
            file, function, _ = split_name(words[len(events)])
            costs = [number(word) for word in words[:len(events)]]
            known = found[file, function]
            found[file, function] = costs if known is None else [a + b for a, b in zip(known, costs)]
    return totals, events, dict(found)


def number(word):
    return 0 if word == "." else int(word.replace(",", ""))


def counts_no_calls(data):
    with open(data, "rb") as text:
        return any(line.startswith(b"calls=0") for line in text)


class Run:
    """A run as the store has it."""

    def __init__(self, store, run):
        where = " WHERE run = %d" % run
        self.events = [row[0] for row in rows(store, "SELECT n.text FROM run_metric m JOIN str n ON n.id = m.name"
                                              + where + " ORDER BY m.metric")]
        self.totals = {row[0]: row[1] for row in rows(
            store, "SELECT n.text, m.weight FROM run_metric m JOIN str n ON n.id = m.name" + where)}
        self.by_file, self.by_function = collections.Counter(), collections.Counter()
        for metric, file, function, self_cost in rows(
                store, "SELECT metric, file, function, sum(self) FROM v_line" + where + " GROUP BY 1, 2, 3"):
            self.by_file[metric, file, PLACE.sub("", function)] += self_cost
            self.by_function[metric, PLACE.sub("", function)] += self_cost
        self.functions = collections.defaultdict(list)
        for metric, function, module, self_cost, total in rows(
                store, "SELECT metric, function, module, self, total FROM v_func" + where):
            self.functions[metric, PLACE.sub("", function)].append((module, self_cost, total))
        self.recursive = self.find_cycles(rows(
            store, "SELECT DISTINCT caller, caller_module, callee, callee_module FROM v_edge" + where))

    @staticmethod
    def find_cycles(edges):
        """Names of functions that call themselves or each other."""
        calls, back = collections.defaultdict(set), collections.defaultdict(set)
        found = set()
        for caller, caller_module, callee, callee_module in edges:
            a, b = (caller, caller_module), (callee, callee_module)
            if not caller:
                continue
            if a == b:
                found.add(PLACE.sub("", caller))
            calls[a].add(b)
            back[b].add(a)
        # Kosaraju
        order, seen = [], set()
        for start in list(calls):
            stack = [(start, iter(calls[start]))] if start not in seen else []
            seen.add(start)
            while stack:
                node, rest = stack[-1]
                for callee in rest:
                    if callee not in seen:
                        seen.add(callee)
                        stack.append((callee, iter(calls[callee])))
                        break
                else:
                    order.append(node)
                    stack.pop()
        done = set()
        for start in reversed(order):
            group, stack = [], [start]
            while stack:
                node = stack.pop()
                if node in done:
                    continue
                done.add(node)
                group.append(node)
                stack.extend(back[node] - done)
            if len(group) > 1:
                found.update(PLACE.sub("", name) for name, _ in group)
        return found


def own_name(text):
    return "[unresolved]" if text in ("???", "") else PLACE.sub("", text)


def own_file(text):
    return "" if text == "???" else text


def compare_totals(run, events, totals):
    problems = []
    if events is not None and run.events[:len(events)] != events:
        problems.append("events: %s, expected %s" % (run.events, events))
    for event, total in zip(events or [], totals or []):
        if run.totals.get(event) != total:
            problems.append("total of %s: %s, expected %s" % (event, run.totals.get(event), total))
    return problems


def compare_self(run, events, found):
    """By file and function where both agree on the file, by function always."""
    problems, sums, listed = [], collections.Counter(), 0
    for (file, function), costs in found.items():
        for event, cost in zip(events, costs):
            sums[event, own_name(function)] += cost
    wrong = {key for key, cost in sums.items() if run.by_function[key] != cost}
    for event, function in sorted(wrong):
        problems.append("%s of %s: %d, expected %d" % (event, function, run.by_function[event, function],
                                                       sums[event, function]))
    for (file, function), costs in found.items():
        for event, cost in zip(events, costs):
            listed += run.by_file[event, own_file(file), own_name(function)] != cost
    return problems, listed


def compare_inclusive(run, events, found):
    problems, checked = [], 0
    names = collections.Counter(own_name(function) for _, function in found)
    for (_, function), costs in found.items():
        name = own_name(function)
        # Several files are several functions to it, and one that recurses counts its own calls.
        if names[name] > 1 or name in run.recursive:
            continue
        for event, cost in zip(events, costs):
            have = run.functions[event, name]
            if not cost and not have:
                continue
            if len(have) != 1:
                continue
            checked += 1
            if have[0][2] != cost:
                problems.append("inclusive %s of %s: %d, expected %d" % (event, name, have[0][2], cost))
    return problems, checked


def compare_listed(run, facts):
    """With the rows that the corpus lists."""
    problems = []
    events = facts["self"]["events"]
    for kind in ("self", "inclusive"):
        names = collections.Counter(split_name(text)[1] for text, _ in facts[kind]["top20"])
        for text, costs in facts[kind]["top20"]:
            file, function, _ = split_name(text)
            name = own_name(function)
            for event, cost in zip(events, costs):
                if kind == "self":
                    have = [value for (metric, other, what), value in run.by_file.items()
                            if metric == event and what == name and (own_file(file) == other or other.endswith("/" + file))]
                    if cost not in have and cost != run.by_function[event, name]:
                        problems.append("self %s of %s: %s, expected %d" % (event, text, have, cost))
                elif name not in run.recursive and names[function] == 1:
                    have = [total for _, _, total in run.functions[event, name]]
                    if have != [cost] and len(have) == 1:
                        problems.append("inclusive %s of %s: %s, expected %d" % (event, text, have, cost))
    return problems


def ask(data, run, quiet):
    """Problems with what callgrind_annotate says of every function."""
    totals, events, found = annotate(data, False)
    problems = compare_totals(run, events, totals)
    wrong, elsewhere = compare_self(run, events, found)
    _, _, inclusive = annotate(data, True)
    more, checked = compare_inclusive(run, events, inclusive)
    if not quiet:
        print("callgrind_facts: %s: %d rows of self cost, %d in another file; %d of inclusive cost"
              % (os.path.basename(data), len(found), elsewhere, checked))
    return problems + wrong + more


def compare_export(store, run, data, folder):
    """The run written again says the same, to callgrind_annotate and when it is read again."""
    out = os.path.join(folder, "again.callgrind")
    code, _, err = callflow("--store", store, "-q", "export", "--to", "callgrind", "-o", out)
    if code:
        return ["export: " + err.strip()]
    again = os.path.join(folder, "again.db")
    code, _, err = callflow("--store", again, "-q", "ingest", out)
    if code or err:
        return ["its export: " + err.strip()]
    second = Run(again, 1)
    os.remove(again)
    problems = []
    if second.totals != run.totals or +second.by_file != +run.by_file:
        problems.append("its export has other costs")
    if not counts_no_calls(data):
        for key, have in run.functions.items():
            if second.functions[key] != have and key[1] not in run.recursive:
                problems.append("its export has another cost of %s: %s, expected %s" % (key, second.functions[key], have))
                break
    if shutil.which("callgrind_annotate"):
        problems += ["its export: " + text for text in ask(out, second, True)]
    return problems


def check(data, facts, folder):
    store = os.path.join(folder, "facts.db")
    code, _, err = callflow("--store", store, "-q", "ingest", data)
    try:
        if os.path.basename(data) in REFUSED:
            return [] if code == 3 and "unknown format" in err else ["status %d instead of a refusal: %s" % (code, err.strip())]
        if code:
            return ["refused: " + err.strip()]
        run = Run(store, 1)
        problems = []
        zero = counts_no_calls(data)
        if facts and not zero:
            problems += compare_totals(run, facts["self"]["events"], facts["self"]["program_totals"])
            problems += compare_listed(run, facts)
        if shutil.which("callgrind_annotate") and not zero and facts is not None:
            problems += ask(data, run, False)
        elif zero:
            problems += compare_totals(run, *sum_up(data))
        return problems + compare_export(store, run, data, folder)
    finally:
        if os.path.exists(store):
            os.remove(store)


def sum_up(data):
    """Events and totals by the definition: every cost line that doesn't follow a calls=, jump= or jcnd= line."""
    events, totals, columns, skip = [], collections.Counter(), 1, False
    with open(data, encoding="utf-8", errors="replace") as text:
        for line in text:
            if line.startswith("events:"):
                events = line.split()[1:]
            elif line.startswith("positions:"):
                columns = len(line.split()) - 1
            elif re.match(r"(calls|jump|jcnd)=", line):
                skip = True
            elif line[:1].isdigit() or line[:1] in "+-*" and line.strip():
                for event, cost in zip(events, [] if skip else line.split()[columns:]):
                    totals[event] += int(cost)
                skip = False
    return events, [totals[event] for event in events]


def together(folder):
    """One run of the files of its threads is the sum of both."""
    store = os.path.join(folder, "threads.db")
    files = sorted(glob.glob("tests/data/callgrind/threads.callgrind-0*"))
    code, _, err = callflow("--store", store, "-q", "ingest", "--together", *files)
    if code:
        return ["refused: " + err.strip()]
    run = Run(store, 1)
    threads = {row[0]: row[1] for row in rows(store, "SELECT tid, weight FROM v_thread")}
    os.remove(store)
    sums = [sum_up(file) for file in files]
    problems = compare_totals(run, sums[0][0], [a + b for a, b in zip(sums[0][1], sums[1][1])])
    if threads != {1: sums[0][1][0], 2: sums[1][1][0]}:
        problems.append("threads: %s" % threads)
    return problems


def sampled(folder):
    """A recording of samples, written as calls: the same own costs, to callgrind_annotate too."""
    store, out = os.path.join(folder, "demo.db"), os.path.join(folder, "demo.callgrind")
    demo = "tests/data/demo/"
    code, _, err = callflow("--store", store, "-q", "ingest", "--symfs", demo + "symfs", "--kallsyms", demo + "kallsyms",
                            demo + "orders.perf.data")
    if code == 0:
        code, _, err = callflow("--store", store, "-q", "export", "-o", out)
    if code:
        return [err.strip()]
    own = collections.Counter()
    for metric, function, self_cost in rows(store, "SELECT metric, function, self FROM v_func"):
        own[metric, function] += self_cost
    totals = {row[0]: row[1] for row in rows(store, "SELECT metric, weight FROM v_run")}
    again = os.path.join(folder, "demo-again.db")
    code, _, err = callflow("--store", again, "-q", "ingest", out)
    if code or err:
        return ["its export: " + err.strip()]
    run = Run(again, 1)
    problems = []
    if run.totals != totals:
        problems.append("its export's totals: %s, expected %s" % (run.totals, totals))
    if +run.by_function != +own:
        problems.append("its export has other costs")
    return problems + (ask(out, run, True) if shutil.which("callgrind_annotate") else [])


def main():
    verdicts = corpus.Verdicts("callgrind_facts", "callgrind")
    cases = [(data, {}) for data in sorted(glob.glob("tests/data/callgrind/*callgrind*"))]
    listed = [(path, facts) for _, path, facts in corpus.cases("callgrind")]
    if not listed:
        verdicts.skip("callgrind", "no corpus in %s" % corpus.SHARED)
    if not shutil.which("callgrind_annotate"):
        verdicts.skip("callgrind", "callgrind_annotate isn't here")
    with tempfile.TemporaryDirectory() as folder:
        for data, facts in cases + listed:
            if os.path.isfile(data):
                verdicts.add("callgrind", data, check(data, facts, folder))
        verdicts.add("callgrind", "threads together", together(folder))
        verdicts.add("callgrind", "orders.perf.data", sampled(folder))
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
