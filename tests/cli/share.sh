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
status 2 callflow export --to svg
has err "callflow flamegraph -o FILE.svg"
status 2 callflow export --to html
has err "callflow report -o FILE.html"
status 2 callflow export --to xml
has err "known: collapsed, pprof, speedscope, json, csv"
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
status 2 callflow report sumary
has err "did you mean 'summary'?"
status 3 callflow report ./nosuch.md
status 0 callflow formats
has out "collapsed"
has out "perf"
