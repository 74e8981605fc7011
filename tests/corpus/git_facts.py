#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `callflow ingest` takes from the corpus' bundles and logs with facts that git itself, or an independent
reader, found; and, where $CF_JQ names a clone of jqlang/jq, the churn of its files and people with independently computed
tables, and the complexity of its functions with pmccabe's.
"""
import collections
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.join(os.environ.get("O", "build"), "callflow")
results = []


def check(what, ours, expected):
    results.append(ours == expected)
    if ours != expected:
        print("git_facts: %s: %r, expected %r" % (what, ours, expected))


def ingest(folder, *arguments):
    store = os.path.join(folder, "store.db")
    if os.path.exists(store):
        os.remove(store)
    subprocess.run([CALLFLOW, "-q", "--store", store, "ingest", *arguments], stdout=subprocess.DEVNULL, check=True)
    return sqlite3.connect("file:%s?mode=ro" % store, uri=True)


def bundle(path, folder):
    with open(path + ".expect.json") as file:
        facts = json.load(file)
    db, name = ingest(folder, path), os.path.basename(path)

    def one(sql):
        return db.execute(sql).fetchone()
    check(name + " head, commits, merges, authors", one("SELECT head, commits, merges, authors FROM v_repo"),
          tuple(facts[key] for key in ("head", "commits", "merges", "authors")))
    check(name + " times", one("SELECT strftime('%s', min(author_time_utc)) + 0, strftime('%s', max(author_time_utc)) + 0 FROM v_commit"),
          (facts["first_author_time"], facts["last_author_time"]))
    check(name + " files", one("SELECT count(*) FROM v_repo_file"), (facts["files_at_head"],))
    top = collections.Counter(author for (author,) in db.execute("SELECT author FROM v_commit"))
    check(name + " authors", [top[author] for author, _ in facts["top_authors"]], [count for _, count in facts["top_authors"]])
    numstat = facts["numstat_no_merges_no_renames"]
    # A rename counts as a deletion and an addition of the whole file, as without -M.
    check(name + " lines", one("SELECT sum(coalesce(new_lines, added_lines)), sum(coalesce(old_lines, deleted_lines)), sum(binary) FROM v_change"),
          (numstat["added"], numstat["deleted"], numstat["binary_entries"]))
    check(name + " paths", one("SELECT count(*) FROM (SELECT path FROM v_change UNION SELECT renamed_from FROM v_change "
                               "WHERE renamed_from IS NOT NULL)"), (numstat["distinct_paths"],))
    revisions = collections.Counter(path for (path,) in db.execute(
        "SELECT path FROM v_change UNION ALL SELECT renamed_from FROM v_change WHERE renamed_from IS NOT NULL"))
    for path_name, count in numstat.get("top20_by_revisions", []):
        check("%s revisions of %s" % (name, path_name), revisions[path_name], count)


def ranges(text, path):
    """(first line, last line, name) of the functions of a file, by universal-ctags."""
    request = json.dumps({"command": "generate-tags", "filename": "f" + os.path.splitext(path)[1], "size": len(text)}).encode() + b"\n"
    out = subprocess.run(["ctags", "--options=NONE", "--_interactive", "--fields=NneKs"], input=request + text, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True).stdout
    found = []
    for line in out.splitlines():
        tag = json.loads(line)
        if tag.get("kind") in ("function", "method") and "end" in tag and not tag["name"].startswith("anonymous"):
            scope = ".".join(part for part in tag.get("scope", "").split(".") if part and not part.startswith("anonymous"))
            found.append((tag["line"], tag["end"], (scope + "." if scope else "") + tag["name"]))
    return found


def inner(functions, line):
    """The name of the innermost function around a line, or None."""
    around = [f for f in functions if f[0] <= line <= f[1]]
    return max(around, key=lambda f: (f[0], -f[1]))[2] if around else None


def functions(path, folder):
    """Lines per function of each commit, by the hunks of git diff and ctags on both sides."""
    clone = os.path.join(folder, "clone")
    subprocess.run(["git", "clone", "-q", "--bare", path, clone], check=True, stderr=subprocess.DEVNULL)
    db = ingest(folder, "--functions", "60", path)
    ours = collections.defaultdict(dict)
    for commit, file, name, added, deleted in db.execute(
            'SELECT "commit", path, function, added_lines, deleted_lines FROM v_func_change'):
        ours[commit][file, name] = (added, deleted)

    def git(*arguments):
        return subprocess.run(["git", "-C", clone, *arguments], stdout=subprocess.PIPE, check=True).stdout
    recent = [c for (c,) in db.execute('SELECT "commit" FROM v_commit WHERE diffed ORDER BY position DESC LIMIT 60')]
    for commit in recent:
        parent = commit + "^" if db.execute('SELECT parents FROM v_commit WHERE "commit" = ?', (commit,)).fetchone()[0] else \
            "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        expected = collections.defaultdict(lambda: [0, 0])
        for file, old in db.execute('SELECT path, renamed_from FROM v_change WHERE "commit" = ?', (commit,)):
            if os.path.splitext(file)[1] not in (".py", ".rs", ".js", ".sh"):
                continue
            sides = []
            for revision, name in ((parent, old or file), (commit, file)):
                shown = subprocess.run(["git", "-C", clone, "show", "%s:%s" % (revision, name)], capture_output=True)
                sides.append(ranges(shown.stdout, name) if shown.returncode == 0 else [])
            separator = "::" if file.endswith(".rs") else "."
            # With context, as git log -p has them: without, git looks for other places to put a hunk.
            at = None
            for line in git("diff", "-M", parent, commit, "--", old or file, file).split(b"\n"):
                hunk = re.match(rb"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@", line)
                if hunk:
                    at = [int(hunk[1]), int(hunk[2])]
                elif at and line[:1] in b"+- ":
                    for side, sign in ((0, b"-"), (1, b"+")):
                        name = inner(sides[side], at[side]) if line[:1] == sign else None
                        if name:
                            expected[file, name.replace(".", separator)][1 - side] += 1
                        at[side] += line[:1] in (sign, b" ")
        check("%s functions of %s" % (os.path.basename(path), commit), ours[commit], {k: tuple(v) for k, v in expected.items()})


def log(path, folder):
    with open(path + ".expect.json") as file:
        facts = json.load(file)
    db = ingest(folder, path)
    check(os.path.basename(path), db.execute("SELECT count(*), sum(added_lines), sum(deleted_lines) FROM v_change").fetchone(),
          (facts["numstat_lines"], facts["added"], facts["deleted"]))
    # The counter of the facts knew only one of the forms.
    if facts["commit_headers"]:
        check(os.path.basename(path) + " commits", db.execute("SELECT commits FROM v_repo").fetchone(), (facts["commit_headers"],))


def table(name):
    with open(os.path.join(SHARED, "refs", "churn", "jq", name)) as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]


def jq(clone, folder):
    with open(os.path.join(SHARED, "refs", "churn", "jq", "meta.json")) as file:
        head = json.load(file)["head"]
    db = ingest(folder, "--revision", head, clone)
    # Without renames, as the tables are.
    db.execute("CREATE TEMP VIEW split AS SELECT repo, \"commit\", path, coalesce(new_lines, added_lines, 0) AS added, "
               "CASE WHEN renamed_from IS NULL THEN coalesce(deleted_lines, 0) ELSE 0 END AS deleted FROM v_change UNION ALL "
               "SELECT repo, \"commit\", renamed_from, 0, coalesce(old_lines, 0) FROM v_change WHERE renamed_from IS NOT NULL")
    churn = {path: (str(added), str(deleted), str(n)) for path, added, deleted, n in db.execute(
        "SELECT path, sum(added), sum(deleted), count(*) FROM split GROUP BY path")}
    check("jq entity-churn", churn, {row[0]: tuple(row[1:4]) for row in table("entity-churn.tsv")})
    people = {author: (str(added), str(deleted), str(n)) for author, added, deleted, n in db.execute(
        "SELECT author, sum(added), sum(deleted), count(DISTINCT \"commit\") FROM split JOIN v_commit USING (repo, \"commit\") GROUP BY author")}
    check("jq author-churn", people, {row[0]: tuple(row[1:4]) for row in table("author-churn.tsv")})
    lines = {path: (str(lines), str(nonblank), str(indent)) for path, lines, nonblank, indent in db.execute(
        "SELECT path, lines, nonblank_lines, indentation FROM v_repo_file")}
    for row in table("hotspots.tsv"):
        check("jq lines of " + row[0], lines.get(row[0]), tuple(row[2:5]))
    functions = collections.defaultdict(dict)
    for path, name, first, complexity in db.execute("SELECT path, function, first_line, complexity FROM v_repo_func"):
        functions[os.path.basename(path), name][first] = complexity
    with open(os.path.join(SHARED, "refs", "quality", "pmccabe_total.txt")) as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            match = re.match(r"(.*)\((\d+)\): (.*)", fields[5])
            # pmccabe takes an attribute for the name of a function, and the lines of some begin with their type.
            if functions and match and match[3] != "__declspec":
                found = functions[match[1], match[3]]
                near = min(found, key=lambda first: abs(first - int(fields[3])), default=None)
                check("jq complexity of " + fields[5], found.get(near), int(fields[1]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(glob.glob(os.path.join(SHARED, "corpus", "git-bundle", "*.bundle"))):
            bundle(path, folder)
            if "Universal" in subprocess.run("ctags --version", shell=True, capture_output=True, text=True).stdout and "hunter" in path:
                functions(path, folder)
        for path in sorted(glob.glob(os.path.join(SHARED, "corpus", "git-log", "*"))):
            if not path.endswith(".json"):
                log(path, folder)
        skipped = 0
        if os.environ.get("CF_JQ") and os.path.isdir(os.path.join(SHARED, "refs")):
            jq(os.environ["CF_JQ"], folder)
        else:
            print("git_facts: skipped: no clone of jqlang/jq in $CF_JQ")
            skipped = 1
    if not results:
        print("git_facts: skipped: the corpus isn't here")
        skipped += 1
    print("format git", results.count(True), results.count(False), skipped)
    print("git_facts: %d passed, %d failed, %d skipped" % (results.count(True), results.count(False), skipped))
    return results.count(False) > 0


sys.exit(main())
