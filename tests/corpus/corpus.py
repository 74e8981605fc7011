# SPDX-License-Identifier: MIT
"""What the scripts here share: the corpus' files, a run in a store of its own, and verdicts per format."""
import glob
import json
import os
import subprocess

SHARED = os.environ.get("CF_SHARED", "../shared")
CALLFLOW = os.path.abspath(os.path.join(os.environ.get("O", "build"), "callflow"))


class Refused(RuntimeError):
    """What callflow says of a file that it doesn't take."""


class Run:
    """A file in a store of its own."""

    def __init__(self, folder, path):
        self.store = os.path.join(folder, os.path.basename(path) + ".db")
        done = subprocess.run([CALLFLOW, "--store", self.store, "-q", "ingest", path], capture_output=True, check=False)
        if done.returncode:
            raise Refused(done.stderr.decode("utf-8", "replace").strip())

    def rows(self, sql):
        done = subprocess.run([CALLFLOW, "--store", self.store, "query", "-f", "json", sql], capture_output=True, check=True)
        tables = json.loads(done.stdout)["sections"][0]["tables"]
        return tables[0]["rows"] if tables else []

    def series(self):
        """The values of each series."""
        found = {}
        for name, value in self.rows("SELECT series, value FROM v_series ORDER BY series, seq"):
            found.setdefault(name, []).append(value)
        return found


def cases(*formats):
    """Format, path and facts of the files of these formats that have facts."""
    for name in formats:
        for path in sorted(glob.glob(os.path.join(SHARED, "corpus", name, "*.expect.json"))):
            with open(path, encoding="utf-8") as facts:
                yield name, path[:-len(".expect.json")], json.load(facts)


class Verdicts:
    """Counts per format; run.sh adds up the lines that finish prints."""

    def __init__(self, name, *formats):
        self.name = name
        self.counts = {one: [0, 0, 0] for one in formats}

    def add(self, kind, path, problems):
        self.counts.setdefault(kind, [0, 0, 0])[bool(problems)] += 1
        for problem in problems[:8]:
            print(f"{kind}: {os.path.basename(path)}: {problem}")

    def skip(self, kind, why):
        self.counts.setdefault(kind, [0, 0, 0])[2] += 1
        print(f"{kind}: skipped: {why}")

    def finish(self):
        """The exit status."""
        for kind, counts in self.counts.items():
            if not sum(counts):
                self.skip(kind, f"no corpus in {SHARED}")
        for kind, (passed, failed, skipped) in sorted(self.counts.items()):
            print(f"format {kind} {passed} {failed} {skipped}")
        passed, failed, skipped = (sum(column) for column in zip(*self.counts.values()))
        print(f"{self.name}: {passed} passed, {failed} failed, {skipped} skipped")
        return failed != 0
