# SPDX-License-Identifier: MIT
# profile: what the filters and sets of runs show of the demo's recordings.
# shellcheck shell=sh

demo=$CF_TOP/tests/data/demo
callflow -q ingest --symfs "$demo/symfs" --kallsyms "$demo/kallsyms" "$demo/orders-switches.perf.data" "$demo/orders.perf.data" >/dev/null

# Column 2 of a table in CSV, of the row whose first column is that name; else the sum over all rows.
cell() { awk -F, -v name="$1" '$1 == name { print $2 }' ../out; }
sum() { awk -F, 'NR > 1 { sum += $2 } END { printf "%d\n", sum }' ../out; }

# The kernel's part is the module [kernel] of show, and with the user's part it is the whole.
status 0 callflow show 2 -f csv
kernel=$(awk -F, '$3 == "[kernel]" { print $2 }' ../out)
all=$(awk -F, '$1 == "cpu-clock" { print $5 }' ../out)
that test "$kernel" -gt 0
that test "$all" -gt "$kernel"
status 0 callflow top 2 --kernel --by module -f csv -n 0
is "$(cell '[kernel]')" "$kernel"
is "$(sum)" "$kernel"
status 0 callflow top 2 --user --by module -f csv -n 0
is "$(cell orders)" $((all - kernel))
is "$(sum)" $((all - kernel))
status 0 callflow top 2 --kernel
has out "% ($(awk -v ns=$((all - kernel)) 'BEGIN { printf "%.2f s", ns / 1e9 }'), "
status 0 callflow top 2 --kernel -n 0 -f csv
has out ",[kernel],"
hasnt out ",orders,"
status 0 callflow top 2 --user -n 0 -f csv
has out ",orders,"
hasnt out ",[kernel],"

# A set of runs by ids; a metric that one of them lacks.
status 0 callflow top 1,2
has out "run 1  orders"
has out "run 2  orders"
cp ../out ../set
status 0 callflow top orders:2
that cmp ../set ../out
status 0 callflow top 1,2 --metric context-switches
has out "run 2 has no context-switches and adds nothing here"
status 0 callflow export 1,2 --metric context-switches
has err "run 2 has no context-switches and adds nothing here"
status 0 callflow report summary 1,2
has out "orders in 2 runs used 1.65 s of CPU on 6 threads"
status 0 callflow report summary 1,2 -f markdown
has out "callflow top --by function --top 20 2,1"
