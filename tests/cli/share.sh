# SPDX-License-Identifier: MIT
# share: export, query and reports.
# shellcheck shell=sh

stacks
callflow -q ingest two.txt >/dev/null

status 0 callflow export
same out <<'EOF'
main;parse;read 15
main;price 30
main;price;round 5
EOF
cp ../out folded.txt
# What was exported is the same run again.
status 0 callflow ingest --name again folded.txt
status 0 callflow export again
that cmp ../out folded.txt
status 0 callflow export 1 --to json --focus round
has out '"main;price;round"'
has err "hidden by --focus"
hasnt out '"main;parse;read"'
status 0 callflow export 1 -o x.csv
is "$(head -n 1 x.csv)" "stack,thread,weight,samples"
status 0 callflow export 1 -f csv
that cmp x.csv ../out
status 2 callflow export --to svg
has err "callflow flamegraph -o FILE.svg"
status 2 callflow export --to html
has err "callflow report -o FILE.html"
status 2 callflow export --to xml
has err "known: callgrind, chrome, collapsed, pprof, speedscope, json, csv"
status 0 callflow export --logical
cp ../out logical
callflow -q --store second.db ingest two.txt >/dev/null
callflow -q --store second.db ingest --name again folded.txt >/dev/null
status 0 callflow --store second.db export --logical
that cmp ../out logical

status 0 callflow query
for view in v_run v_func v_module v_thread v_stack; do has out "$view"; done
status 0 callflow query -f csv "SELECT name, samples FROM v_run ORDER BY run"
same out <<'EOF'
name,samples
two,50
again,50
EOF
status 0 callflow query -f csv "SELECT 1 AS a, NULL AS b, 'x,y' AS c, 2.5 AS d"
same out <<'EOF'
a,b,c,d
1,,"x,y",2.5
EOF
status 0 callflow query -f csv "SELECT 1 AS a WHERE 0"
same out <<'EOF'
a
EOF
status 2 callflow query "SELEKT 1"
status 2 callflow query "DELETE FROM run"
status 2 callflow query "SELECT 1; DELETE FROM run"
status 0 callflow query -f csv "SELECT count(*) AS n FROM v_run"
has out 2

status 0 callflow report -f markdown summary 1
has out "# two"
has out "price"
status 0 callflow report summary again -o r.html
that grep -qi '<!DOCTYPE html>' r.html
cat >mine.md <<'EOF'
# {{who}} on {{run.name}}, week {{week}} of {{year}}

<b>not bold</b>

```callflow
top n=2 title="Top of {{run.name}}"
callers price
callers nosuchfunction
top run=elsewhere
```
EOF
status 0 callflow report mine.md 1 --set 'who=<i>We</i> | you' -f markdown
has out "on two, week"
has out "Top of two"
has out "Nothing to show here"
has out "callflow ingest --name elsewhere"
hasnt out "<b>"
hasnt out "<i>"
status 2 callflow report mine.md
same err <<'EOF'
callflow: mine.md:1: error: unknown variable 'who'; --set who=... gives it a value
EOF
# Every line is checked before the first analysis runs.
printf '# x\n\n```callflow\ntopp\ntop by=colour\ntop nn=1\n```\n' >bad.md
status 2 callflow report bad.md -o bad.html
has err "callflow: bad.md:4: error: no analysis 'topp'; did you mean 'top'?"
has err "bad.md:5: error:"
has err "bad.md:6: error:"
that test ! -e bad.html
# What is optional leaves no trace where a run has nothing of it; of a benchmark there are its measurements.
status 0 callflow ingest --name bench "$CF_TOP/tests/data/hyperfine/sort.json"
status 0 callflow report summary bench -f markdown
has out "14 measurements in 6 series"
has out "## Measurements"
has out "median of 5, 5.35 ms to 20.3 ms"
hasnt out "Nothing to show"
hasnt out "## Flame graph"
hasnt out "## Threads"
status 0 callflow summary bench
has out "measurements in 6 series"
status 3 callflow show --part measurements 1
has err "error: run 1 has no operations or series"
status 0 callflow show --part provenance 1
hasnt out "series"
printf '# x\n\n## Empty\n\n```callflow\nflamegraph optional\n```\n\n## Kept\n\nwords\n\n```callflow\ntop optional\n```\n' >optional.md
status 0 callflow report ./optional.md bench -f markdown
hasnt out "Empty"
has out "## Kept"
# A template is short; what it asks for has an end, and so has what is said of it.
{ echo '```callflow'; yes flamegraph | head -n 2000; echo '```'; } >flames.md
status 2 callflow report flames.md -o flames.html
same err <<'EOF'
callflow: flames.md:202: error: more than 200 analyses in one report
EOF
that test ! -e flames.html
yes '{{x}}' | head -n 10000 >values.md
status 2 callflow report values.md --set x="$(head -c 16384 /dev/zero | tr '\0' y)"
same err <<'EOF'
callflow: values.md:1025: error: the values of the variables before and here take more than 16 MiB
EOF
status 2 callflow report values.md
is "$(grep -c "unknown variable" ../err)" 20
has err "callflow: values.md:20: error: too many errors; nothing after this is read"
awk 'BEGIN { for (i = 0; i < 12000; i++) print "main;function" i " " 1 + i % 7 }' >wide.txt
callflow -q ingest wide.txt >/dev/null
{ echo '```callflow'; yes 'top n=0' | head -n 100; echo '```'; } >rows.md
status 2 callflow report rows.md wide
has err "callflow: rows.md:13: error: the analyses before this one have 1320132 cells and boxes"
# Ten of the largest are always allowed, however large.
{ echo '```callflow'; yes 'top n=0' | head -n 10; echo '```'; } >rows.md
status 0 callflow report rows.md wide
# What the parser would blow up.
{ yes '|' | head -n 2000 | tr -d '\n'; echo; yes -- '-|' | head -n 2000 | tr -d '\n'; echo; yes 'a|' | head -n 500; } >table.md
status 2 callflow report table.md
has err "callflow: table.md:1: error: tables of more than 1000000 cells, with one of 2001 columns here"
{ printf '[a]: '; head -c 50000 /dev/zero | tr '\0' u; echo; yes '[a]' | head -n 10000; } >reference.md
status 2 callflow report reference.md
has err "callflow: reference.md:1: error: a reference of up to"
{ yes a | head -n 100000; echo '|-|'; } >paragraph.md
status 2 callflow report paragraph.md
has err "100001 lines without a blank one"
status 2 callflow report sumary
has err "did you mean 'summary'?"
status 2 callflow report 1
has err "callflow report summary 1"
status 3 callflow report ./nosuch.md
status 0 callflow formats
has out "collapsed"
has out "perf"

# A profile of calls goes to callgrind_annotate and back, whole.
cp "$CF_TOP/tests/data/callgrind/full.callgrind" .
callflow -q --store calls.db ingest full.callgrind >/dev/null
status 0 callflow --store calls.db export --to callgrind -o calls.callgrind
callflow -q --store again.db ingest calls.callgrind >/dev/null
for store in calls again; do
	callflow --store $store.db query -f csv "SELECT metric, function, self, total FROM v_func ORDER BY 1, 2, 3, 4" >$store.csv
done
that cmp calls.csv again.csv
if command -v callgrind_annotate >/dev/null; then
	totals() { callgrind_annotate "$1" | sed -n '/PROGRAM TOTALS/s/ *([^)]*)//gp' | tr -d ' ' | tr . 0; }
	is "$(totals calls.callgrind)" "$(totals full.callgrind)"
	is "$(totals calls.callgrind | wc -l)" 1
fi
