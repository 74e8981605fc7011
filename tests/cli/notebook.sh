# SPDX-License-Identifier: MIT
# notebook: notebooks are valid, and their cells compute the numbers that stand above them.
# shellcheck shell=sh disable=SC2016

# The Python that has nbformat, where there is one: only it can judge notebooks.
python=
for p in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! "$p" -c 'import nbformat' 2>/dev/null || python=$p
done
: "${python:=python3}"
if "$python" -c 'import nbformat' 2>/dev/null; then validates=1; else
	validates=
	echo "skipped: no python3-nbformat, so notebooks aren't validated"
fi

# Runs the code cells that may be run, one after the other, and prints what they print.
cat >../run.py <<'EOF'
import json, sys
notebook = json.load(open(sys.argv[1], encoding="utf-8"))
names = {}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code" and "skip-execution" not in cell["metadata"].get("tags", []):
        print("#", cell["id"])
        exec("".join(cell["source"]), names)
EOF
valid() { # file
	[ -z "$validates" ] || status 0 "$python" -c 'import nbformat, sys
nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT))' "$1"
}

demo=$CF_TOP/tests/data/demo
status 0 callflow -q ingest --symfs "$demo/symfs" --kallsyms "$demo/kallsyms" "$demo/orders.perf.data"
status 0 callflow report -o report.ipynb
valid report.ipynb
cp report.ipynb again.ipynb
status 0 callflow report -o report.ipynb
that cmp report.ipynb again.ipynb

# What the cells print is what the commands print: the rows of functions, column by column.
status 0 python3 ../run.py report.ipynb
sed -n '/^# compute-functions$/,/^# /p' ../out | grep -v '^#' | awk 'NR > 1 { n = $0; sub(/  .*/, "", n); print n }' >functions
status 0 callflow query -f csv "SELECT function FROM v_func WHERE run = 1 AND metric = 'cpu-clock' ORDER BY self DESC, module, function, kind LIMIT 20"
sed 1d ../out | sed 's/^"\(.*\)"$/\1/' >expected
that cmp functions expected
status 0 callflow top -n 20 -f csv
sed 1d ../out | sed -e 's/^"\([^"]*\)".*/\1/' -e 't' -e 's/,.*//' >expected
that cmp functions expected

# The weights too: one column of numbers against the other.
status 0 callflow top -n 3 -o top.ipynb
valid top.ipynb
status 0 python3 ../run.py top.ipynb
cp ../out printed
status 0 callflow top -n 3 -f csv
for weight in $(sed 1d ../out | awk -F, '{ print $3 }'); do
	that grep -q "  $weight  " printed
done

# What the views can't say is computed by the command itself, with words that only words are.
status 0 callflow top -n 3 --focus "find.*|'; touch stolen" -o focus.ipynb
valid focus.ipynb
status 0 python3 ../run.py focus.ipynb
has out "find_customer"
that [ ! -e stolen ]
status 0 callflow callers find_customer -o callers.ipynb
valid callers.ipynb
status 0 python3 ../run.py callers.ipynb
has out "handle_batch"

# A store that isn't there is an error, not a new file.
mv callflow.db ../moved.db
try python3 ../run.py top.ipynb
that [ "$status" != 0 ]
that [ ! -e callflow.db ]
status 0 env CALLFLOW_STORE="$PWD/../moved.db" python3 ../run.py top.ipynb
has out "find_customer"
mv ../moved.db callflow.db

# Hostile names, and no store at all.
status 0 callflow -q ingest "$CF_TOP/tests/browser/hostile.folded"
status 0 callflow report -o hostile.ipynb
valid hostile.ipynb
status 0 python3 ../run.py hostile.ipynb
has out "</script><script>alert(1)</script>"
hasnt out "$(printf '\033')"
mkdir ../nowhere
cd ../nowhere || exit
status 0 callflow -q top "$demo/orders.perf.data" -o memory.ipynb
valid memory.ipynb
that [ -s memory.ipynb ]
is "$(grep -c sqlite3 memory.ipynb)" 0
