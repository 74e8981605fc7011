#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what callflow stores of a repository with `git log --numstat`, row by row: git_numstat.py CALLFLOW REPOSITORY...

Without renames every row must be equal. With them, the commits that differ are counted: ties between equally similar files
are git's to break. CF_RENAME_SHARE is the share that may (0.001)."""
import os, subprocess, sys, tempfile


def git_rows(repo, renames, revision):
    """{commit: {path: (old path or '', added, deleted)}} of commits that aren't merges"""
    out = subprocess.run(
        ['git', '-C', repo, '-c', 'core.quotepath=off', '-c', 'core.attributesFile=/dev/null', 'log', revision, '--no-merges', '-z', '--numstat',
         '--format=%x01%H', renames], stdout=subprocess.PIPE, check=True).stdout
    commits = {}
    for block in out.split(b'\x01')[1:]:
        fields = block.lstrip(b'\0').split(b'\0')
        head, rows = fields[0].strip().decode(), {}
        commits[head] = rows
        fields = [f.lstrip(b'\n') for f in fields[1:]]
        i = 0
        while i < len(fields):
            if not fields[i]:
                i += 1
                continue
            added, deleted, path = fields[i].split(b'\t', 2)
            old = b''
            if not path:
                old, path = fields[i + 1], fields[i + 2]
                i += 2
            rows[path] = (old, added, deleted)
            i += 1
    return commits


def our_rows(callflow, store, renames):
    sql = ('SELECT c.hash, CAST(p.text AS BLOB), CAST(coalesce(f.text, \'\') AS BLOB), h.added, h.deleted, h.old_lines, h.new_lines, '
           'char(h.status), h.flags & 1 FROM repo_change h JOIN repo_commit c ON c.repo = h.repo AND c.id = h.id '
           'JOIN str p ON p.id = h.path LEFT JOIN str f ON f.id = h.old_path')
    import sqlite3
    db = sqlite3.connect('file:%s?mode=ro' % store, uri=True)
    db.text_factory = bytes
    commits = {h.hex(): {} for (h,) in db.execute('SELECT hash FROM repo_commit WHERE length(parents) <= 20')}

    def text(n):
        return b'-' if n is None else b'%d' % n
    for commit, path, old, added, deleted, old_lines, new_lines, status, binary in db.execute(sql):
        rows = commits.get(commit.hex())
        if rows is None:
            continue
        if status == b'R' and not renames:
            rows[old] = (b'', b'-' if old_lines is None else b'0', text(old_lines))
            rows[path] = (b'', text(new_lines), b'-' if new_lines is None else b'0')
        else:
            rows[path] = (old if status == b'R' else b'', text(added), text(deleted))
    return commits


def compare(callflow, repo, store, renames, shown=5):
    theirs = git_rows(repo, '-M' if renames else '--no-renames', os.environ.get('CF_REVISION', 'HEAD'))
    ours = our_rows(callflow, store, renames)
    differ = [c for c in theirs if theirs[c] != ours.get(c)]
    extra = [c for c in ours if c not in theirs]
    for commit in differ[:shown]:
        a, b = theirs[commit], ours.get(commit, {})
        paths = sorted(p for p in set(a) | set(b) if a.get(p) != b.get(p))
        print('  %s: %d paths differ' % (commit, len(paths)))
        for p in paths[:4]:
            print('    %r: git %r, callflow %r' % (p, a.get(p), b.get(p)))
    return len(theirs), len(differ), len(extra)


def main():
    callflow, failed = sys.argv[1], 0
    share = float(os.environ.get('CF_RENAME_SHARE', '0.001'))
    for repo in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            store = os.path.join(folder, 'store.db')
            subprocess.run([callflow, '-q', '--store', store, 'ingest', '--revision', os.environ.get('CF_REVISION', 'HEAD'), repo],
                           stdout=subprocess.DEVNULL, check=True)
            for renames in (False, True):
                commits, differ, extra = compare(callflow, repo, store, renames)
                fine = extra == 0 and differ <= (share * commits if renames else 0)
                print('%s %s: %d commits, %d differ, %d extra: %s' %
                      (repo, 'with -M' if renames else 'without renames', commits, differ, extra, 'fine' if fine else 'FAILED'))
                failed += not fine
    sys.exit(1 if failed else 0)


main()
