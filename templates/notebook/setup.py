# SPDX-License-Identifier: MIT
# Reads the store that this report was made from, and changes nothing in it. Where the store is somewhere else now,
# set CALLFLOW_STORE before Jupyter starts. The views that can be asked are described in callflow-store(5).
import contextlib
import os
import pathlib
import sqlite3
import subprocess

STORE = os.environ.get("CALLFLOW_STORE", REPORTED_STORE)


def shown(value):
    """A value as text; what can't be seen in a name is spelled out."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def query(sql, *values):
    """Prints the rows that a query gives."""
    uri = pathlib.Path(STORE).resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as store:
        store.text_factory = lambda name: name.decode("utf-8", "replace")
        cursor = store.execute(sql, values)
        rows = [[column[0] for column in cursor.description]]
        rows += [[shown(value) for value in row] for row in cursor]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(value.ljust(width) for value, width in zip(row, widths)).rstrip())


def runs(*ids):
    """Prints what is known of runs."""
    wanted = ", ".join("?" for _ in ids)
    query(f"SELECT run, name, start_utc, samples, weight, unit, metric, source_hash FROM v_run "
          f"WHERE run IN ({wanted}) ORDER BY run", *ids)


def callflow(*arguments):
    """Prints what a command answers."""
    command = ["callflow", "--store", STORE, *arguments]
    print(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout, end="")
