#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""callflow compare on Go benchmarks says what benchstat says of them: medians, their intervals, changes, p, and where it
says nothing ("~"). refs/regression/benchstat has the benchmarks and what benchstat printed.
"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

REFS = os.path.abspath(os.path.join(os.environ.get("CF_SHARED", "../shared"), "refs", "regression", "benchstat"))
PROGRAM = os.path.join(os.path.abspath(os.environ.get("O", "build")), "callflow")
SCALE = 1e9  # seconds there, nanoseconds here
passed, failed = 0, 0


def check(good, *what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("compare_benchstat:", *what)


def rows(*options):
    arguments = ["compare", os.path.join(REFS, "old.txt"), os.path.join(REFS, "new.txt"), "-f", "json", *options]
    out = subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout
    report = json.loads(out)["sections"][0]
    table = report["tables"][0]
    columns = [column["id"] for column in table["columns"]]
    return {row[0].split(".")[-1]: dict(zip(columns, row)) for row in table["rows"]}, out


def interval(median, lo, hi):
    """The farther end in whole percent."""
    if lo is None:
        return "∞"
    return "%.0f%%" % (100 * max(hi / median - 1, 1 - lo / median))


def compare(name, expected, got):
    before, before_ci, after, after_ci, change, p = expected
    check(abs(got["before"] - float(before) * SCALE) <= 1e-9 * got["before"], name, "median before", got["before"], before)
    check(abs(got["after"] - float(after) * SCALE) <= 1e-9 * got["after"], name, "median after", got["after"], after)
    for side, want in (("before", before_ci), ("after", after_ci)):
        have = interval(got[side], got[side + "_lo"], got[side + "_hi"])
        check(have == want, name, "interval", side, have, "expected", want)
    want_p, n = re.fullmatch(r"p=([0-9.]+) n=(\S+)", p).groups()
    check("%.3f" % got["p"] == want_p, name, "p", got["p"], "expected", want_p)
    have_n = "%d" % got["n_before"] if got["n_before"] == got["n_after"] else "%d+%d" % (got["n_before"], got["n_after"])
    check(have_n == n, name, "n", have_n, "expected", n)
    # benchstat corrects for no other test and knows no least effect, so its mark is at p itself
    significant = got["p"] <= 0.05 and min(got["n_before"], got["n_after"]) >= 4
    check(significant == (change != "~"), name, "significance", got["p"], change)
    if change != "~":
        have = "%+.2f%%" % ((got["after"] / got["before"] - 1) * 100)
        check(have == change, name, "change", have, "expected", change)


def main():
    if not os.path.isdir(REFS):
        print("compare_benchstat: 0 passed, 0 failed, 1 skipped")
        return 0
    with open(os.path.join(REFS, "benchstat_expected.csv"), encoding="utf-8", newline="") as file:
        expected = {row[0]: row[1:] for row in csv.reader(file) if len(row) == 7 and row[0]}
    geomean = expected.pop("geomean")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        got, out = rows()
        check(len(got) == len(expected) == 12, "%d series, %d expected" % (len(got), len(expected)))
        for name, values in expected.items():
            compare(name, values, got[name])
        check("ratios of medians: %s %%" % geomean[4].rstrip("%") in out, "geometric mean", geomean[4])
        # what few values, ties and equal values must lead to
        for name, verdict in {"N3v3_separated": "unsure", "N1v1": "unsure", "N2v2": "unsure", "N5v5_separated": "regressed",
                              "N6v6_all_equal": "same", "N200v200_0p5pct": "small", "N30v30_bimodal_null": "same"}.items():
            check(got[name]["verdict"] == verdict, name, got[name]["verdict"], "expected", verdict)
        os.chdir("/")
    print("compare_benchstat: %d passed, %d failed, 0 skipped" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
