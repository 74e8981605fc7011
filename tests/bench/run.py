#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures callflow against its peers: CPU seconds (user + system, children included) of whole commands, as ratios of
one run on the same file, with the mark that each is held to.

usage: run.py [FILE.perf.data | callgrind.out...]
                                      BENCH_MB=100  size of the recording that is made when no file is given
                                      BENCH_JSON_MB=100 the same of the JSON traces; the mark is for 1024
                                      FLAMEGRAPH=DIR where stackcollapse-perf.pl and flamegraph.pl are
                                      BENCH_ROUNDS=3 the least of so many times counts
                                      BENCH_HISTORY=52 so many runs of 100000 stacks, for regress over all functions
                                      BENCH_REPOSITORIES=DIR:DIR git repositories, against git log --numstat -M
"""
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
O = os.path.join(TOP, os.environ.get("O", "build"))
CALLFLOW = os.path.join(O, "callflow")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
FLAMEGRAPH = os.environ.get("FLAMEGRAPH") or os.path.dirname(shutil.which("stackcollapse-perf.pl") or "")
failed = 0


def cpu(command, rounds=ROUNDS):
    """Least CPU seconds of a shell command."""
    best = None
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = subprocess.call(["bash", "-o", "pipefail", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            raise RuntimeError("fails (%d): %s" % (code, command))
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = used if best is None else min(best, used)
    return best


def anonymous_peak(command):
    """Peak of resident memory that isn't file-backed, in MiB."""
    peak = 0
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        try:
            with open("/proc/%d/status" % child.pid) as status:
                for line in status:
                    if line.startswith("RssAnon:"):
                        peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.002)
    return peak / 1024


def row(what, ours, peer, ratio, mark, holds):
    global failed
    failed += not holds
    print("%-46s %9s %9s %9s   %-9s %s" % (what, ours, peer, ratio, mark, "" if holds else "MISSED"), flush=True)


def faster(what, ours, peer, least):
    row(what, "%.3f s" % ours, "%.3f s" % peer, "%.1fx" % (peer / ours), ">= %gx" % least, peer / ours >= least)


def at_most(what, ours, peer, most):
    row(what, "%.3f s" % ours, "%.3f s" % peer, "%.2fx" % (ours / peer), "<= %gx" % most, ours / peer <= most)


def record(folder, megabytes):
    """A recording of about so many megabytes: of the order service, which keeps frame pointers."""
    data = os.path.join(folder, "bench.perf.data")
    orders = os.path.join(TOP, "tests", "data", "demo", "symfs", "opt", "demo", "orders")
    work = "for i in $(seq 1000); do %s 40000; done" % orders
    recorder = subprocess.Popen(["perf", "record", "-q", "-F", "20000", "-g", "-e", "cpu-clock", "-o", data, "--", "bash", "-c", work],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while recorder.poll() is None and (not os.path.exists(data) or os.path.getsize(data) < megabytes << 20):
        time.sleep(0.1)
    if recorder.poll() is None:
        os.killpg(recorder.pid, 2)
        recorder.wait()
    return data


def measure(data, folder):
    size = os.path.getsize(data) / 2**20
    store = os.path.join(folder, "bench.db")
    fresh = "rm -f %s; %s --store %s -q ingest %s" % (store, CALLFLOW, store, data)
    print("%s, %.1f MiB" % (os.path.basename(data), size))
    ours = cpu(fresh)
    script = cpu("perf script -i %s" % data, 1 if size > 20 else ROUNDS)
    if size >= 10:
        if FLAMEGRAPH:
            faster("ingest : perf script | stackcollapse-perf.pl", ours,
                   cpu("perf script -i %s | %s/stackcollapse-perf.pl" % (data, FLAMEGRAPH), 1), 25 if size >= 300 else 12)
        else:
            print("skipped: stackcollapse-perf.pl isn't here (FLAMEGRAPH=DIR)")
        faster("ingest : perf script", ours, script, 3)
        at_most("ingest : walk.c", ours, cpu("%s/tests/bench/walk %s" % (O, data)), 3)
        stored = os.path.getsize(store) / 2**20
        row("store : file", "%.1f MiB" % stored, "%.1f MiB" % size, "%.2fx" % (stored / size), "<= 0.4x", stored <= 0.4 * size)
        os.remove(store)
        peak = anonymous_peak([CALLFLOW, "--store", store, "-q", "ingest", data])
        row("ingest, resident beyond mapped pages", "%.0f MiB" % peak, "", "", "<= 250", peak <= 250)
    else:
        row("ingest : perf script + 15 ms", "%.3f s" % ours, "%.3f s" % script, "", "", ours <= script + 0.015)
        empty = os.path.join(folder, "empty.db")
        subprocess.call("printf 'a 1\\n' >%s/one.txt; rm -f %s; %s --store %s -q ingest %s/one.txt" % (folder, empty, CALLFLOW, empty, folder),
                        shell=True, stdout=subprocess.DEVNULL)
        grown = (os.path.getsize(store) - os.path.getsize(empty)) / 2**10
        row("store grows", "%.0f KiB" % grown, "%.0f KiB" % (size * 1024), "", "0.4x+64K", grown <= 0.4 * size * 1024 + 64)
    top = cpu("%s --store %s top" % (CALLFLOW, store), 10)
    row("top", "%.1f ms" % (top * 1000), "", "", "<= 20 ms", top <= 0.020)
    if size >= 100:
        faster("top : perf report", top, cpu("perf report -i %s --stdio --no-children -g none" % data, 1), 20)


def write_callgrind(folder, megabytes):
    """A profile by instruction of about so many megabytes: of functions that call later ones, as a large program has."""
    chance = random.Random(7)
    path = os.path.join(folder, "bench.callgrind")
    functions = megabytes * 540
    name = "library::module%d::Thing<int, std::allocator<int> >::operation%d(int, char const*)"
    total, named, files = 0, set(), set()

    def number(key, ident, text):
        known = named if key.endswith("fn") else files
        first = ident not in known
        known.add(ident)
        return "%s=(%d)%s\n" % (key, ident, " " + text if first else "")

    body = []
    for f in range(functions):
        # A line has about seven instructions, not all in a row.
        n, address, first = chance.randrange(20, 200), 0x400000 + 4096 * f, chance.randrange(1, 3000)
        line = first
        body.append("\n" + number("fl", f // 20 + 1, "/build/src/module%d/file.cc" % (f // 20))
                    + number("fn", f + 1, name % (f // 20, f)))
        body.append("0x%x %d %d\n" % (address, line, chance.randrange(1, 500)))
        total += int(body[-1].split()[2])
        for i in range(n):
            cost = chance.randrange(1, 100000)
            step = 0 if chance.random() < 0.55 else first + chance.randrange(n // 7 + 1) - line
            line += step
            body.append("+%d %s %d\n" % (chance.randrange(1, 8), "*" if step == 0 else "%+d" % step, cost))
            total += cost
            if i % 12 == 5:
                body.append("jcnd=%d/%d +%d +2\n* *\n" % (cost, cost, chance.randrange(2, 90)))
            if i % 25 == 20 and f + 1 < functions:
                callee = chance.randrange(f + 1, min(f + 400, functions))
                body.append(number("cfi", callee // 20 + 1, "/build/src/module%d/file.cc" % (callee // 20))
                            + number("cfn", callee + 1, name % (callee // 20, callee))
                            + "calls=%d 0x%x 1\n* * %d\n" % (chance.randrange(1, 50), 0x400000 + 4096 * callee,
                                                             chance.randrange(1, 10000000)))
    with open(path, "w", encoding="ascii") as out:
        out.write("# callgrind format\nversion: 1\ncreator: bench\ncmd: bench\n\npositions: instr line\nevents: Ir\n"
                  "summary: %d\n\nob=(1) /usr/lib/libbench.so\n" % total)
        out.writelines(body)
        out.write("\ntotals: %d\n" % total)
    return path


def measure_callgrind(data, folder):
    """Against callgrind_annotate, which must say the same of every function."""
    sys.path.insert(0, os.path.join(TOP, "tests", "corpus"))
    import callgrind_facts  # pylint: disable=import-outside-toplevel

    callgrind_facts.corpus.CALLFLOW = CALLFLOW
    store = os.path.join(folder, "callgrind.db")
    print("%s, %.1f MiB" % (os.path.basename(data), os.path.getsize(data) / 2**20))
    ours = cpu("rm -f %s; %s --store %s -q ingest %s" % (store, CALLFLOW, store, data))
    faster("ingest : callgrind_annotate", ours, cpu("callgrind_annotate --threshold=100 --auto=no %s" % data, 1), 20)
    totals, events, found = callgrind_facts.annotate(data, False)
    run = callgrind_facts.Run(store, 1)
    wrong = callgrind_facts.compare_totals(run, events, totals) + callgrind_facts.compare_self(run, events, found)[0]
    row("self costs that differ", str(len(wrong)), "", "", "0", not wrong)
    top = cpu("%s --store %s top" % (CALLFLOW, store), 10)
    row("top", "%.1f ms" % (top * 1000), "", "", "<= 20 ms", top <= 0.020)


def write_chrome(folder, megabytes):
    """A trace of about so many megabytes, as a browser writes it: tasks of threads with calls in them, counters, requests."""
    chance, path = random.Random(7), os.path.join(folder, "bench.trace.json")
    names = ["%s::%s" % (a, b) for a in ("RunTask", "V8.Execute", "Layout", "Paint", "ParseHTML", "FunctionCall", "GC", "Network")
             for b in ("Begin", "Update", "Commit", "Schedule", "Dispatch", "Finish")]
    request = now = 0
    with open(path, "w", encoding="ascii") as out:
        out.write('{"displayTimeUnit":"ms","traceEvents":[\n')
        for tid in range(1, 9):
            out.write('{"ph":"M","name":"thread_name","pid":17,"tid":%d,"ts":0,"args":{"name":"Thread %d"}},\n' % (tid, tid))
        while out.tell() < megabytes << 20:
            rows = []
            for _ in range(200):
                tid, length = chance.randrange(1, 9), chance.randrange(200, 4000)
                now += 600
                rows.append('{"args":{"src_file":"../../base/task/sequence.cc","src_func":"Run%d"},"cat":"toplevel","dur":%d,"name":"%s",'
                            '"ph":"X","pid":17,"tdur":%d,"tid":%d,"ts":%d.%03d,"tts":%d},\n'
                            % (chance.randrange(40), length, names[chance.randrange(48)], length // 2, tid, now, length % 1000, now))
                at = now
                for _ in range(chance.randrange(8)):
                    step = chance.randrange(1, 60)
                    rows.append('{"args":{"data":{"functionName":"f%d","lineNumber":%d,"scriptId":"%d","url":"https://example.com/app/main.js"}},'
                                '"cat":"devtools.timeline","dur":%d.5,"name":"%s","ph":"X","pid":17,"tid":%d,"ts":%d},\n'
                                % (step, at % 4000, step % 30, step // 2, names[step % 48], tid, at))
                    at += step
                if now % 7 == 0:
                    request += 1
                    rows.append('{"cat":"net","id":"0x%x","name":"request","ph":"b","pid":17,"tid":%d,"ts":%d},\n'
                                '{"cat":"net","id":"0x%x","name":"request","ph":"e","pid":17,"tid":%d,"ts":%d},\n'
                                % (request, tid, now, request, tid, now + length))
                if now % 11 == 0:
                    rows.append('{"args":{"bytes":%d},"cat":"mem","name":"heap","ph":"C","pid":17,"tid":1,"ts":%d},\n' % (length * 4096, now))
            out.write("".join(rows))
        out.write('{"ph":"M","name":"process_name","pid":17,"args":{"name":"browser"}}]}\n')
    return path


def write_otlp(folder, megabytes):
    """Spans of about so many megabytes, a document a line, as the collector's file exporter writes them."""
    chance, path = random.Random(7), os.path.join(folder, "bench.otlp.jsonl")
    services = ["frontend", "checkout", "cart", "currency", "payment", "shipping", "catalog", "ads"]
    now = 1700000000000000000
    with open(path, "w", encoding="ascii") as out:
        while out.tell() < megabytes << 20:
            resources = []
            for service in chance.sample(services, 3):
                spans = []
                for _ in range(8):
                    trace, parent = "%032x" % chance.getrandbits(128), ""
                    for depth in range(chance.randrange(1, 6)):
                        ident, start = "%016x" % chance.getrandbits(64), now + 1000 * depth
                        spans.append('{"traceId":"%s","spanId":"%s","parentSpanId":"%s","flags":1,"name":"%s","kind":%d,"startTimeUnixNano":"%d",'
                                     '"endTimeUnixNano":"%d","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},'
                                     '{"key":"server.address","value":{"stringValue":"%s.svc"}},{"key":"http.response.status_code",'
                                     '"value":{"intValue":"200"}},{"key":"url.path","value":{"stringValue":"/api/%s/%d"}}],"status":{}}'
                                     % (trace, ident, parent, "oteldemo.%sService/Get%d" % (service, depth), 1 + depth % 3, start,
                                        start + chance.randrange(10**5, 10**8) // (depth + 1), service, service, now % 1000))
                        parent = ident
                    now += 1234567
                resources.append('{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}},{"key":"host.name",'
                                 '"value":{"stringValue":"node-%d"}}]},"scopeSpans":[{"scope":{"name":"otelhttp","version":"0.49.0"},"spans":[%s]}]}'
                                 % (service, now % 5, ",".join(spans)))
            out.write('{"resourceSpans":[%s]}\n' % ",".join(resources))
    return path


def measure_json(data, folder, mark):
    """Against yajl, which only looks at the syntax."""
    yajl = os.path.join(O, "tests", "bench", "yajl")
    store, size = os.path.join(folder, "json.db"), os.path.getsize(data) / 2**20
    print("%s, %.1f MiB" % (os.path.basename(data), size))
    ours, peer = cpu("rm -f %s; %s --store %s -q ingest %s" % (store, CALLFLOW, store, data)), cpu("%s %s" % (yajl, data))
    if mark:
        at_most("ingest : yajl's bare parse", ours, peer, 1.5)
    else:
        row("ingest : yajl's bare parse", "%.3f s" % ours, "%.3f s" % peer, "%.2fx" % (ours / peer), "", True)
    os.remove(store)
    most = peak([CALLFLOW, "--store", store, "-q", "ingest", data])
    row("ingest, resident", "%.0f MiB" % most, "", "", "< 100", most < 100)


def measure_traces(folder):
    yajl = os.path.join(O, "tests", "bench", "yajl")
    if subprocess.call([os.environ.get("CC", "cc"), "-O2", "-o", yajl, os.path.join(HERE, "yajl.c"), "-lyajl"], stderr=subprocess.DEVNULL):
        print("skipped: yajl isn't here (libyajl-dev)")
        return
    megabytes = int(os.environ.get("BENCH_JSON_MB", "100"))
    # What is kept of a trace, at most 250,000 of its calls, weighs less in a large one.
    trace = write_chrome(folder, megabytes)
    measure_json(trace, folder, megabytes >= 1024)
    os.remove(trace)
    spans = write_otlp(folder, 100)
    measure_json(spans, folder, True)
    os.remove(spans)


def write_folded(folder, frames, functions):
    """Collapsed stacks that make about so many boxes: as of a large program, each much like the one before."""
    chance = random.Random(5)
    path = os.path.join(folder, "bench.folded")
    names = ["ns%d::Class%d<int, std::string>::method%d" % (i % 40, i % 300, i) for i in range(functions)]
    boxes, stack, lines = set(), [], []
    while len(boxes) < frames:
        del stack[int(min(len(stack), chance.random() ** 0.5 * len(stack) + 1)):]
        for _ in range(min(chance.randrange(1, 12), 80 - len(stack))):
            stack.append(names[chance.randrange(len(names) if len(stack) > 6 else 30)])
            boxes.add(hash(tuple(stack)))
        lines.append("%s %d" % (";".join(stack), chance.paretovariate(1.1)))
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")
    return path


def measure_folded(folder):
    flamegraph = os.path.join(FLAMEGRAPH, "flamegraph.pl")
    if not os.path.exists(flamegraph):
        print("skipped: flamegraph.pl isn't here (FLAMEGRAPH=DIR)")
        return
    for frames, names in ((100000, 2000), (100000, 20000), (1000000, 20000)):
        data = write_folded(folder, frames, names)
        print("bench.folded, %d boxes, %d names, %.1f MiB" % (frames, names, os.path.getsize(data) / 2**20))
        faster("flamegraph : flamegraph.pl", cpu("cd %s && %s -q flamegraph -o flame.svg %s" % (folder, os.path.abspath(CALLFLOW), data)),
               cpu("%s %s" % (flamegraph, data), 1), 5)


def measure_flame():
    """Drawing alone, in one process."""
    for line in subprocess.check_output([os.path.join(O, "tests", "bench", "flame")]).decode().splitlines():
        what, value, size = line.split()
        if what == "uncounted":
            row("flame graph, frames lost of %s" % size, value, "", "", "0", value == "0")
        elif what == "layout":
            row("flame graph, layout and pruning", value + " s", "", "", "", True)
        else:
            most = {"svg": 1, "png": 0.5, "html": 1}[what]
            row("flame graph -> %s, %d KiB" % (what, int(size) / 1024), value + " s", "", "", "<= %g s" % most, float(value) <= most)


def write_history(folder, runs, stacks):
    """Collapsed recordings of one program of 3000 functions: the same stacks, each time with other counts, and a tenth of
    them slower halfway and in the last run, as paths are read only where something changed."""
    generator, known, paths = random.Random(5), {}, []
    while len(known) < stacks:
        function, frames = 0, ["main"]
        for _ in range(generator.randint(6, 22)):
            function = (function * 7 + generator.randint(1, 5)) % 3000
            frames.append("fn_%d" % function)
        known[";".join(frames)] = None
    for run in range(runs):
        counts, slower = random.Random(run), 1 + (run >= runs // 2) + (run == runs - 1)
        paths.append(os.path.join(folder, "history%02d.txt" % run))
        with open(paths[-1], "w", encoding="utf-8") as file:
            for stack in known:
                file.write("%s %d\n" % (stack, counts.randint(1, 9) * (slower if stack.endswith("7") else 1)))
    return paths


def measure_compare(folder):
    store = os.path.join(folder, "history.db")
    paths = write_history(folder, 52, 100000)
    subprocess.check_call([CALLFLOW, "--store", store, "-q", "ingest", "--name", "main", *paths], stdout=subprocess.DEVNULL)
    for path in paths:
        os.remove(path)
    print("52 runs of 100000 stacks")
    for what, sides in (("compare, one run a side", "main~1 main"), ("compare, 26 runs a side", "main~26:26 main:26")):
        ours = cpu("%s --store %s compare %s" % (CALLFLOW, store, sides))
        row(what, "%.0f ms" % (ours * 1000), "", "", "< 500 ms", ours < 0.5)
    os.remove(store)


def is_callgrind(path):
    with open(path, "rb") as data:
        return b"events:" in data.read(65536)


def peak(command):
    """Largest resident memory of a command's processes, mapped files and all, in MiB."""
    return int(subprocess.check_output([os.path.join(O, "tests", "bench", "peak"), *command], stderr=subprocess.DEVNULL)) / 1024


def measure_repository(repo, folder):
    store = os.path.join(folder, "history.db")
    ingest = "%s --store %s -q ingest %s" % (CALLFLOW, store, repo)
    commits = int(subprocess.check_output(["git", "-C", repo, "rev-list", "--count", "HEAD"]))
    print("%s, %d commits" % (repo, commits))
    git = cpu("git -C %s log --numstat -M" % repo, 1 if commits > 5000 else ROUNDS)
    at_most("ingest : git log --numstat -M", cpu("rm -f %s; %s" % (store, ingest), 1 if commits > 5000 else ROUNDS), git,
            1 if 5000 < commits <= 50000 else 1.5)
    again = cpu(ingest, 10)
    row("ingest again, nothing new", "%.0f ms" % (again * 1000), "", "", "< 50 ms", again < 0.05)
    row("warehouse", "%.1f MiB" % (os.path.getsize(store) / 2**20), "", "", "", True)
    os.remove(store)
    most = peak([CALLFLOW, "--store", store, "-q", "ingest", repo])
    row("ingest, resident", "%.0f MiB" % most, "", "", "< 500", most < 500)


def measure_history(runs, folder):
    """A nightly profile of 10000 functions in 100000 stacks, of which one gets a third slower halfway."""
    chance = random.Random(1)
    store, path = os.path.join(folder, "nightly.db"), os.path.join(folder, "nightly.txt")
    names = ["ns::mod%d::fn_%d" % (i % 50, i) for i in range(10000)]
    stacks = [";".join(["main"] + [names[int(chance.random() ** 2 * len(names))] for _ in range(chance.randrange(4, 13))])
              for _ in range(100000)]
    level = [chance.randrange(1, 41) for _ in stacks]
    print("history of %d runs, %d stacks each" % (runs, len(stacks)))
    for run in range(runs):
        with open(path, "w", encoding="ascii") as out:
            for stack, samples in zip(stacks, level):
                slow = 1.33 if run >= runs // 2 and stack.endswith("::fn_100") else 1
                out.write("%s %d\n" % (stack, max(1, round(chance.gauss(samples * slow, samples ** 0.5)))))
        subprocess.check_call([CALLFLOW, "--store", store, "-q", "ingest", "--name", "nightly", "--time", "@%d" % (86400 * run), path],
                              stdout=subprocess.DEVNULL)
    row("warehouse", "%.1f MiB" % (os.path.getsize(store) / 2**20), "", "", "", True)
    regress = "%s --store %s regress nightly" % (CALLFLOW, store)
    ours = cpu(regress)
    row("regress over all functions", "%.2f s" % ours, "", "", "< 10 s", ours < 10)
    said = subprocess.check_output(regress + " -f csv", shell=True, text=True).splitlines()[1:]
    row("findings, of one slower function", str(len(said)), "", "", "1", len(said) == 1 and "fn_100," in said[0])


def main():
    folder = tempfile.mkdtemp(prefix="callflow-bench-")
    try:
        os.makedirs(os.path.join(O, "tests", "bench"), exist_ok=True)
        for tool in ("walk", "peak"):
            subprocess.check_call([os.environ.get("CC", "cc"), "-O2", "-o", os.path.join(O, "tests", "bench", tool),
                                   os.path.join(HERE, tool + ".c")])
        print("%-46s %9s %9s %9s   %s" % ("CPU time, least of %d" % ROUNDS, "callflow", "peer", "ratio", "mark"))
        for repo in [r for r in os.environ.get("BENCH_REPOSITORIES", "").split(":") if r]:
            measure_repository(repo, folder)
        if int(os.environ.get("BENCH_HISTORY", "0")):
            measure_history(int(os.environ["BENCH_HISTORY"]), folder)
        files = sys.argv[1:]
        if not files:
            if not shutil.which("perf"):
                print("skipped: perf isn't here, and no file is named")
                return 0
            files = [os.path.join(TOP, "tests", "data", "demo", "orders.perf.data"), record(folder, int(os.environ.get("BENCH_MB", "100")))]
            if shutil.which("callgrind_annotate"):
                files.append(write_callgrind(folder, 60))
            else:
                print("skipped: callgrind_annotate isn't here")
            measure_traces(folder)
        for data in files:
            (measure_callgrind if is_callgrind(data) else measure)(data, folder)
        measure_folded(folder)
        measure_flame()
        measure_compare(folder)
    finally:
        shutil.rmtree(folder)
    print("bench: %d marks missed" % failed)
    return failed > 0


sys.exit(main())
