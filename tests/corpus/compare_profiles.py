#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""callflow compare on profiles of which the truth is known: how often it cries wolf, and what it finds.

32 recordings of one program of 40 functions, 16 before and 16 after six of them were changed
(refs/regression/profiles_16x2.tsv); and made-up programs of a thousand functions that only vary from run to run.
"""
import csv
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile

REFS = os.path.join(os.environ.get("CF_SHARED", "../shared"), "refs", "regression")
PROGRAM = os.path.join(os.path.abspath(os.environ.get("O", "build")), "callflow")
passed, failed = 0, 0


def check(good, *what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("compare_profiles:", *what)


def callflow(*arguments):
    return subprocess.run([PROGRAM, "--store", "callflow.db", *arguments], check=True, capture_output=True, text=True).stdout


def compare(base, run, *options):
    """Verdict of each function."""
    table = json.loads(callflow("compare", base, run, "-f", "json", *options))["sections"][0]["tables"][0]
    columns = [column["id"] for column in table["columns"]]
    name, verdict = columns.index("function"), columns.index("verdict")
    return {row[name]: row[verdict] for row in table["rows"]}


FOUND = {"regressed": 1, "new": 1, "improved": -1, "gone": -1}


def found(verdicts):
    return {name: FOUND[verdict] for name, verdict in verdicts.items() if verdict in FOUND}


def write(path, counts):
    with open(path, "w", encoding="utf-8") as file:
        for name, count in counts.items():
            if count:
                file.write("%s %d\n" % (name, count))


def count_right(truth, verdicts):
    """Found and true, found and false, true and not found. The wrong direction is false."""
    changed = found(verdicts)
    right = sum(truth.get(name) == sign for name, sign in changed.items())
    return right, len(changed) - right, len(truth) - right


def real_profiles(rows):
    with open(os.path.join(REFS, "profiles_16x2_expected.json"), encoding="utf-8") as file:
        truth = {name: 1 if ratio > 1 else -1 for name, ratio in json.load(file)["true_changes"].items()}
    ids = {"0": [], "1": []}
    for number, row in enumerate(rows, 1):
        counts = {"main;" + name: int(value) for name, value in row.items() if name.startswith("fn_")}
        write("%02d.txt" % number, counts)
        ids[row["version"]].append(str(number))
    callflow("-q", "ingest", *("%02d.txt" % number for number in range(1, len(rows) + 1)))

    alarms = [bool(found(compare(a, b))) for a, b in itertools.combinations(ids["0"], 2)]
    alarms += [bool(found(compare(a, b))) for a, b in itertools.combinations(ids["1"], 2)]
    rate = sum(alarms) / len(alarms)
    print("compare_profiles: %d pairs without a change: %.1f %% with a false alarm" % (len(alarms), rate * 100))
    check(rate <= 0.05, "false alarms in %.3f of the pairs" % rate)

    pairs = list(itertools.product(ids["0"], ids["1"]))
    right, wrong, missed = map(sum, zip(*(count_right(truth, compare(a, b)) for a, b in pairs)))
    precision = right / (right + wrong)
    print("compare_profiles: %d pairs with six changes: precision %.3f, recall %.3f" %
          (len(pairs), precision, right / (right + missed)))
    check(precision >= 0.93, "precision of single pairs %.3f" % precision)

    fours = [[",".join(side[i:i + 4]) for i in range(0, 16, 4)] for side in (ids["0"], ids["1"])]
    same = [bool(found(compare(a, b))) for side in fours for a, b in itertools.combinations(side, 2)]
    pairs = list(itertools.product(*fours))
    right, wrong, missed = map(sum, zip(*(count_right(truth, compare(a, b)) for a, b in pairs)))
    precision, recall = right / (right + wrong), right / (right + missed)
    print("compare_profiles: %d times 4 against 4: precision %.3f, recall %.3f; %d of %d equal ones with an alarm" %
          (len(pairs), precision, recall, sum(same), len(same)))
    check(precision >= 0.97 and recall >= 0.93, "4 against 4: precision %.3f, recall %.3f" % (precision, recall))
    check(sum(same) / len(same) <= 0.1, "4 against 4: false alarms in %d of %d" % (sum(same), len(same)))


def made_up_profiles():
    """15 % from run to run beyond sampling, in a thousand functions of very different cost."""
    generator = random.Random(20261127)
    weights = [400 * math.exp(generator.gauss(0, 1)) for _ in range(1000)]
    flagged = all_of_them = 0
    for trial in range(10):
        paths = []
        for side in "ab":
            # a sum of many independent small numbers is near enough to Poisson's
            mean = [weight * math.exp(generator.gauss(0, 0.15)) for weight in weights]
            counts = {"main;f%03d" % i: max(0, round(generator.gauss(m, math.sqrt(m)))) for i, m in enumerate(mean)}
            paths.append("noise%d%s.txt" % (trial, side))
            write(paths[-1], counts)
        callflow("-q", "ingest", "--name", "noise", *paths)
        verdicts = compare("noise~1", "noise")
        flagged += len(found(verdicts))
        all_of_them += len(verdicts)
    print("compare_profiles: 15 %% of noise and no change: %d of %d functions flagged" % (flagged, all_of_them))
    check(flagged <= all_of_them * 0.01, "noise: %d of %d functions flagged" % (flagged, all_of_them))


def main():
    global REFS
    REFS = os.path.abspath(REFS)
    path = os.path.join(REFS, "profiles_16x2.tsv")
    rows = None
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if rows:
            real_profiles(rows)
        made_up_profiles()
        os.chdir("/")
    print("compare_profiles: %d passed, %d failed, %d skipped" % (passed, failed, 0 if rows else 1))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
