#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the architecture of traces and collapsed stacks to what a script finds in their spans and stacks: who calls whom,
how often and for how long, coupling, levels and cycles.
"""
import collections
import json
import subprocess
import sys
import tempfile

import corpus


def tables(run, *options):
    done = subprocess.run([corpus.CALLFLOW, "--store", run.store, "architecture", "-n", "0", "-f", "json", *options],
                          capture_output=True, check=True)
    found = {}
    for section in json.loads(done.stdout)["sections"]:
        for table in section["tables"]:
            names = [column["id"] for column in table["columns"]]
            found[table["id"]] = [dict(zip(names, row)) for row in table["rows"]]
    return found


def components(nodes, edges):
    """S. R. Kosaraju's, by M. Sharir, 1981: the number of each node's component."""
    forward, backward = collections.defaultdict(set), collections.defaultdict(set)
    for a, b in edges:
        forward[a].add(b)
        backward[b].add(a)
    order, seen = [], set()
    for start in nodes:
        stack = [(start, None)]
        while stack:
            node, children = stack.pop()
            if children is None:
                if node in seen:
                    continue
                seen.add(node)
                children = iter(sorted(forward[node]))
            for child in children:
                if child not in seen:
                    stack += [(node, children), (child, None)]
                    break
            else:
                order.append(node)
    number = {}
    for start in reversed(order):
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in number:
                number[node] = start
                stack += [other for other in backward[node] if other not in number]
    return number


def levels(nodes, edges, number):
    below = collections.defaultdict(set)
    for a, b in edges:
        if number[a] != number[b]:
            below[number[a]].add(number[b])
    level = {}
    todo = [number[node] for node in nodes]
    while todo:
        top = todo[-1]
        missing = [other for other in below[top] if other not in level]
        if missing:
            todo += missing
        else:
            level[top] = 1 + max((level[other] for other in below[top]), default=-1)
            todo.pop()
    return {node: level[number[node]] for node in nodes}


def check_structure(got, nodes, edges):
    problems = []
    edges = {(a, b) for a, b in edges if a != b}
    number = components(nodes, edges)
    level = levels(nodes, edges, number)
    sizes = collections.Counter(number.values())
    rows = {row["part"]: row for row in got["dependencies"]}
    if set(rows) != set(nodes):
        return [f"parts: {sorted(set(rows) ^ set(nodes))[:4]}"]
    cycles = collections.defaultdict(set)
    for node in nodes:
        row = rows[node]
        expected = (sum(b == node for _, b in edges), sum(a == node for a, _ in edges), level[node], sizes[number[node]] > 1)
        found = (row["afferent"], row["efferent"], row["level"], row["cycle"] is not None)
        if found != expected:
            problems.append(f"{node}: used by, uses, level, cycle {found}, expected {expected}")
        if row["cycle"] is not None:
            cycles[row["cycle"]].add(number[node])
    problems += [f"cycle {cycle} is several" for cycle, members in cycles.items() if len(members) != 1]
    return problems


def check_spans(run):
    spans = run.rows("SELECT span, parent, service, name, peer, duration_ns, status FROM v_span ORDER BY span")
    service = {span[0]: span[2] or "[unnamed service]" for span in spans}
    children = collections.defaultdict(list)
    calls, time, failed, nodes = collections.Counter(), collections.Counter(), collections.Counter(), set(service.values())
    for span in spans:
        if span[1]:
            children[span[1]].append(span)
    for number, parent, _, _, peer, duration, status in spans:
        to = None
        if parent and service[parent] != service[number]:
            to = (service[parent], service[number])
        ends = [to] if to else []
        if peer and not any(service[child[0]] != service[number] for child in children[number]):
            nodes.add(peer)
            ends.append((service[number], peer))
        for pair in ends:
            if pair[0] != pair[1]:
                calls[pair] += 1
                time[pair] += duration
                failed[pair] += status == "error"
    got = tables(run, "--part", "dependencies", "--part", "map")
    problems = check_structure(got, nodes, calls)
    if len(nodes) <= 30 and len(calls) <= 80:
        edges = {(row["from"], row["to"]): (row["count"], row["weight"] or 0) for row in got["map-edges"]}
        expected = {pair: (calls[pair], time[pair]) for pair in calls}
        problems += [f"{pair}: {edges.get(pair)}, expected {expected.get(pair)}"
                     for pair in set(edges) | set(expected) if edges.get(pair) != expected.get(pair)]
    return problems


def check_stacks(run):
    nodes, edges = set(), set()
    for (folded,) in run.rows("SELECT DISTINCT folded FROM v_stack"):
        frames = folded.split(";")[1:] # behind the thread group
        nodes.update(frames)
        edges.update(zip(frames, frames[1:]))
    return check_structure(tables(run, "--by", "function", "--part", "dependencies"), nodes, edges)


def main():
    formats = ("otlp-json", "jaeger-json", "zipkin-v2", "collapsed")
    verdicts = corpus.Verdicts("architecture_facts", *formats)
    with tempfile.TemporaryDirectory() as folder:
        for name, path, _ in corpus.cases(*formats):
            try:
                run = corpus.Run(folder, path)
                problems = check_stacks(run) if name == "collapsed" else check_spans(run)
            except corpus.Refused as refusal:
                problems = [str(refusal)]
            verdicts.add(name, path, problems)
    return verdicts.finish()


if __name__ == "__main__":
    sys.exit(main())
