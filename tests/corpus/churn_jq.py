#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares callflow churn of jq's history with tables that another program computed from `git log --numstat`.

CF_JQ is a clone of jqlang/jq that has the commit of meta.json; the tables are CF_SHARED/refs/churn/jq. Rows of tables are
compared in their order where it is unique, else as sets. Some tables of the reference are cut after 500 rows: then these.
"""
import collections
import csv
import decimal
import json
import os
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.join(os.environ.get("O", "build"), "callflow")
TABLES = os.path.join(SHARED, "refs/churn/jq")
REPOSITORY = os.environ.get("CF_JQ", "")
AS_OF = "2026-08-01"
# What the reference took for program text.
SOURCES = [f"--include=*.{e}" for e in ("c", "h", "l", "y", "py", "cpp")]

counts = collections.Counter()


def check(what, got, want):
    if got == want:
        counts["passed"] += 1
        return
    counts["failed"] += 1
    print(f"churn_jq: {what} differs")
    if isinstance(want, list) and isinstance(got, list):
        print(f"  {len(got)} rows, expected {len(want)}")
        for g, w in [(g, w) for g, w in zip(got, want) if g != w][:3]:
            print(f"  got      {g}\n  expected {w}")
    else:
        print(f"  got {got}, expected {want}")


def reference(name):
    with open(os.path.join(TABLES, name + ".tsv"), newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def callflow(store, *args):
    done = subprocess.run([CALLFLOW, "--store", store, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print("churn_jq:", " ".join(args), done.stderr)
        counts["failed"] += 1
    return done.stdout


def tables(store, *args):
    report = json.loads(callflow(store, "churn", "-f", "json", *args) or '{"sections": []}')
    found = {}
    for section in report["sections"]:
        for table in section["tables"]:
            ids = [column["id"] for column in table["columns"]]
            found[table["id"]] = [dict(zip(ids, row)) for row in table["rows"]]
    return found


def two_decimals(value):
    """0.625 is 0.63, as code-maat rounds."""
    return str(decimal.Decimal(repr(float(value))).quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP))


# Table: the columns of the reference.
COLUMNS = {
    "summary": ["statistic", "value"],
    "revisions": ["entity", "n_revs"],
    "authors": ["entity", "n_authors", "n_revs"],
    "entity-churn": ["entity", "added", "deleted", "commits"],
    "abs-churn": ["date", "added", "deleted", "commits"],
    "author-churn": ["author", "added", "deleted", "commits"],
    "main-dev": ["entity", "main_dev", "added", "total_added", "ownership"],
    "main-dev-by-revs": ["entity", "main_dev", "added", "total_added", "ownership"],
    "entity-ownership": ["entity", "author", "added", "deleted"],
    "fragmentation": ["entity", "fractal_value", "total_revs"],
    "coupling": ["entity", "coupled", "degree", "average_revs", "first_entity_revisions", "second_entity_revisions",
                 "shared_revisions"],
    "soc": ["entity", "soc"],
    "age": ["entity", "age_months"],
    "communication": ["author", "peer", "shared", "average", "strength"],
}
# Rounded in the reference, whole numbers, too.
DECIMALS = {"ownership", "fractal_value"}


def rows_of(table, columns):
    return [[two_decimals(row[c]) if c in DECIMALS else str(row[c]) for c in columns] for row in table]


def compare_tables(store, meta):
    found = tables(store, "--as-of", AS_OF)
    for name, columns in COLUMNS.items():
        got, want = rows_of(found[name], columns), reference(name)
        check(name + ": number of rows", len(got), meta[name + ".tsv"]["rows"])
        got = got[:len(want)]
        # Equal numbers: code-maat leaves ties in any order, and so may we.
        check(name, got if got == want else sorted(got), want if got == want else sorted(want))


def compare_truck(store):
    found = tables(store, "--as-of", AS_OF, "--by", "truck-factor", "--bots")["truck-factor"]
    check("truck-factor with bots", rows_of(found, ["removed_author", "files_authored"]), reference("truck-factor"))
    found = tables(store, "--as-of", AS_OF, "--by", "truck-factor")["truck-factor"]
    check("no bots in the truck factor", [row["removed_author"] for row in found if "[bot]" in row["removed_author"]], [])


def compare_hotspots(store):
    found = tables(store, "--as-of", AS_OF, "--by", "hotspots", *SOURCES)["hotspots"]
    columns = ["entity", "n_revs", "lines", "nonblank", "indent4_sum"]
    check("hotspots", sorted([*(str(r[c]) for c in columns), f"{r['score']:.6f}"] for r in found),
          sorted(reference("hotspots")))
    check("hotspots: highest first", [r["entity"] for r in found[:20]], [r[0] for r in reference("hotspots")[:20]])
    # More of them, with what else is program text: the biggest stay the same.
    found = tables(store, "--as-of", AS_OF, "--by", "hotspots")["hotspots"]
    check("hotspots by default", [r["entity"] for r in found[:20]], [r[0] for r in reference("hotspots")[:20]])


def compare_relative(store, meta):
    found = tables(store, "--since", "2023-01-01", "--as-of", "2024-12-31", "--by", "nagappan-ball", *SOURCES)
    got = {row["measure"]: row["value"] for row in found["nagappan-ball"]}
    for name, value in meta["nagappan_ball_2023_2024"].items():
        check(name, f"{got.get(name):.12g}", f"{value:.12g}")


def main():
    if not os.path.isdir(TABLES) or not os.path.isdir(REPOSITORY):
        print(f"churn_jq: skipped: CF_JQ isn't a clone of jqlang/jq, or there is no {TABLES}")
        print("churn_jq: 0 passed, 0 failed, 1 skipped")
        return 0
    with open(os.path.join(TABLES, "meta.json"), encoding="utf-8") as file:
        meta = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "jq.db")
        callflow(store, "-q", "ingest", "--revision", meta["head"], REPOSITORY)
        compare_tables(store, meta)
        compare_truck(store)
        compare_hotspots(store)
        compare_relative(store, meta)
    print(f"churn_jq: {counts['passed']} passed, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
