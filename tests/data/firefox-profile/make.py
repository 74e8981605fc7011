#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the profiles in this folder: one small recording in three forms that the Firefox Profiler has had."""
import json
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
# main calls draw of a script and malloc of libc, which inlines a check.
LIBS = [{"name": "shop", "path": "/opt/shop/shop", "debugName": "shop", "breakpadId": "0" * 33},
        {"name": "libc.so.6", "path": "/usr/lib/libc.so.6", "debugName": "libc.so.6", "breakpadId": "1" * 33}]
FUNCS = [("main", 0, None, None), ("draw", None, "https://example.com/shop/draw.js", 10), ("malloc", 1, None, None),
         ("check_size", 1, "malloc.c", 40), ("0x1234", 0, None, None)]
FRAMES = [(0, 0, None), (1, 0, 12), (2, 0, None), (3, 1, 44), (4, 0, None)]
STACKS = [(0, None), (1, 0), (2, 1), (3, 2), (4, 0)]
SAMPLES = [(1, 0.0, 0), (1, 1.0, 900), (3, 2.0, 1000), (4, 3.5, 1400), (None, 4.0, 0)]


def columns(rows, *names, **more):
    return {**{name: [row[i] for row in rows] for i, name in enumerate(names)}, **more, "length": len(rows)}


class Strings(list):
    def number(self, text):
        if text is None:
            return None
        if text not in self:
            self.append(text)
        return self.index(text)


def tables(strings, version):
    """Of all frames and stacks, as they are since that version."""
    resources = [lib["name"] for lib in LIBS] + ["https://example.com"]
    funcs = [(strings.number(name), 2 if lib is None else lib, lib is None, lib is None, strings.number(file), line, None)
             for name, lib, file, line in FUNCS]
    if version >= 58:
        sources = Strings()
        names = [None if file is None else sources.number(file) for _, _, file, _ in FUNCS]
        funcs = [f[:4] + (names[i],) + f[5:] for i, f in enumerate(funcs)]
    result = {
        "frameTable": columns([(-1, FUNCS[f][1] if FUNCS[f][1] is not None else -1, depth, 0, 0, f, None, None, line, None)
                               for f, depth, line in FRAMES],
                              "address", "lib", "inlineDepth", "category", "subcategory", "func", "nativeSymbol",
                              "innerWindowID", "line", "column"),
        "funcTable": columns(funcs, "name", "resource", "isJS", "relevantForJS", "source" if version >= 58 else "fileName",
                             "lineNumber", "columnNumber"),
        "resourceTable": columns([(strings.number(name), i if i < len(LIBS) else None, None, 1 if i < len(LIBS) else 3)
                                  for i, name in enumerate(resources)], "name", "lib", "host", "type"),
        "nativeSymbols": columns([], "libIndex", "address", "name", "functionSize"),
    }
    if version >= 70:
        del result["resourceTable"]["lib"]
        result["stackTable"] = columns([(f, 0 if p is None else i - p) for i, (f, p) in enumerate(STACKS)],
                                       "frame", "prefixOffset")
    else:
        del result["frameTable"]["lib"]
        result["stackTable"] = columns(STACKS, "frame", "prefix")
    if version >= 58:
        result["sources"] = columns([(None, strings.number(name)) for name in sources], "id", "filename")
    return result


def markers(strings):
    return columns([(strings.number("Paint"), 0.5, 0.9, 1, 0, {"type": "Paint"})],
                   "name", "startTime", "endTime", "phase", "category", "data")


def meta(version):
    return {"interval": 1, "startTime": 1700000000000, "processType": 0, "product": "shop", "oscpu": "Linux", "version": 30,
            "preprocessedProfileVersion": version, "categories": [{"name": "Other", "color": "grey", "subcategories": ["Other"]}],
            "sampleUnits": {"time": "ms", "eventDelay": "ms", "threadCPUDelta": "\u00b5s"}, "markerSchema": []}


def processed(version):
    strings = Strings()
    shared = tables(strings, version)
    samples = columns(SAMPLES, "stack", "time", "threadCPUDelta", weight=[1, 1, 2, 1, 1], weightType="samples")
    thread = {"processType": "default", "processName": "shop", "name": "GeckoMain", "isMainThread": True, "pid": "17", "tid": 17,
              "samples": samples, "markers": markers(strings),
              "jsAllocations": columns([(2.5, "Array", "JSObject", "Object", 64, False, 1)], "time", "className", "typeName",
                                       "coarseType", "weight", "inNursery", "stack", weightType="bytes"),
              "nativeAllocations": columns([(2.0, 4096, 2), (3.0, -96, 2)], "time", "weight", "stack", weightType="bytes")}
    counter = {"name": "malloc", "category": "Memory", "description": "", "pid": "17", "mainThreadIndex": 0}
    counts = columns([(0.0, 1000), (2.0, 500), (4.0, -200)], "time", "count")
    profile = {"meta": meta(version), "libs": LIBS, "pages": [], "threads": [thread], "counters": [counter]}
    if version >= 60:
        profile["shared"] = {**shared, "stringArray": strings}
        counter["samples"] = counts
    else:
        thread.update(shared, stringArray=strings)
        counter["sampleGroups"] = [{"id": 0, "samples": counts}]
    return profile


def gecko():
    def rows(fields, data):
        return {"schema": {name: i for i, name in enumerate(fields)}, "data": data}

    strings = Strings()
    for name, lib, file, line in FUNCS:
        text = name if name.startswith("0x") else f"{name} (in {LIBS[lib]['name']})" if lib is not None else f"{name} ({file}:{line}:5)"
        strings.number(text)
    thread = {"name": "GeckoMain", "processType": "default", "pid": 17, "tid": 17,
              "samples": rows(["stack", "time", "eventDelay"], [[stack, time, 0] for stack, time, _ in SAMPLES]),
              "markers": rows(["name", "startTime", "endTime", "phase", "category", "data"], [[0, 0.5, 0.9, 1, 0]]),
              "frameTable": rows(["location", "relevantForJS", "innerWindowID", "implementation", "line"],
                                 [[f, False] if line is None else [f, False, 0, None, line] for f, _, line in FRAMES]),
              "stackTable": rows(["prefix", "frame"], [[prefix, frame] for frame, prefix in STACKS]), "stringTable": strings}
    base = meta(0)
    del base["preprocessedProfileVersion"]
    return {"meta": base, "libs": LIBS, "threads": [thread], "processes": [{"meta": base, "libs": [], "threads": [
        dict(thread, name="Web Content", pid=18, tid=18)], "processes": []}]}


for name, profile in (("processed-41", processed(41)), ("processed-70", processed(70)), ("gecko", gecko())):
    with open(os.path.join(FOLDER, name + ".json"), "w", encoding="utf-8") as out:
        json.dump(profile, out, separators=(",", ":"))
        out.write("\n")
