#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `callflow ingest` stores of a repository with `git log --numstat`, row by row.

usage: git_numstat.py [REPOSITORY...]   default: $CF_REPOSITORIES (separated by ':') and the corpus' bundles
                                        CF_RENAME_SHARE=0.001 of the commits may have other renames than git's

Without renames every row has to be equal. With them, commits that differ are counted: ties between equally similar files
are git's to break.
"""
import glob
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.join(os.environ.get("O", "build"), "callflow")
SHARE = float(os.environ.get("CF_RENAME_SHARE", "0.001"))


def git_rows(repo, renames):
    """{commit: {path: (old path or b'', added, deleted)}} of the commits that aren't merges."""
    out = subprocess.run(["git", "-C", repo, "-c", "core.attributesFile=/dev/null", "log", "--no-merges", "-z", "--numstat",
                          "--format=%x01%H", renames], stdout=subprocess.PIPE, check=True).stdout
    commits = {}
    for block in out.split(b"\x01")[1:]:
        fields = [field.lstrip(b"\n") for field in block.lstrip(b"\0").split(b"\0")]
        rows = commits[fields[0].strip().decode()] = {}
        fields = iter(fields[1:])
        for field in fields:
            if not field:
                continue
            added, deleted, path = field.split(b"\t", 2)
            old = b""
            if not path:
                old, path = next(fields), next(fields)
            rows[path] = (old, added, deleted)
    return commits


def our_rows(store, renames):
    db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    db.text_factory = bytes
    commits = {name.decode(): {} for (name,) in db.execute('SELECT "commit" FROM v_commit WHERE parents < 2')}

    def text(lines):
        return b"-" if lines is None else b"%d" % lines
    for commit, path, old, added, deleted, old_lines, new_lines in db.execute(
            'SELECT "commit", path, renamed_from, added_lines, deleted_lines, old_lines, new_lines FROM v_change'):
        rows = commits.get(commit.decode())
        if rows is None:
            continue
        if old is not None and not renames:
            rows[old] = (b"", text(None if old_lines is None else 0), text(old_lines))
            rows[path] = (b"", text(new_lines), text(None if new_lines is None else 0))
        else:
            rows[path] = (old or b"", text(added), text(deleted))
    return commits


def compare(repo, store, renames):
    theirs, ours = git_rows(repo, "-M" if renames else "--no-renames"), our_rows(store, renames)
    differ = [commit for commit in theirs if theirs[commit] != ours.get(commit)]
    extra = len(ours.keys() - theirs.keys())
    for commit in differ[:5]:
        a, b = theirs[commit], ours.get(commit, {})
        for path in sorted(p for p in a.keys() | b.keys() if a.get(p) != b.get(p))[:4]:
            print("  %s %r: git %r, callflow %r" % (commit, path, a.get(path), b.get(path)))
    fine = extra == 0 and len(differ) <= (SHARE * len(theirs) if renames else 0)
    print("git_numstat: %s %s: %d commits, %d differ, %d too many%s" % (
        os.path.basename(repo), "with -M" if renames else "without renames", len(theirs), len(differ), extra, "" if fine else ": FAILED"))
    return fine


def check(repo, folder):
    store = os.path.join(folder, "store.db")
    subprocess.run([CALLFLOW, "-q", "--store", store, "ingest", "--functions", "0", repo], stdout=subprocess.DEVNULL, check=True)
    results = [compare(repo, store, False), compare(repo, store, True)]
    os.remove(store)
    return results


def main():
    results = []
    repositories = sys.argv[1:] or [r for r in os.environ.get("CF_REPOSITORIES", "").split(":") if r]
    bundles = [] if sys.argv[1:] else sorted(glob.glob(os.path.join(SHARED, "corpus", "git-bundle", "*.bundle")))
    if not shutil.which("git") or not repositories + bundles:
        print("git_numstat: skipped: git or the corpus isn't here")
        print("git_numstat: 0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for bundle in bundles:
            clone = os.path.join(folder, os.path.basename(bundle)[:-len(".bundle")])
            subprocess.run(["git", "clone", "-q", "--bare", bundle, clone], check=True, stderr=subprocess.DEVNULL)
            repositories.append(clone)
        for repo in repositories:
            results += check(repo, folder)
    print("git_numstat: %d passed, %d failed" % (results.count(True), results.count(False)))
    return results.count(False) > 0


sys.exit(main())
