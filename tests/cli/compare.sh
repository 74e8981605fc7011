# SPDX-License-Identifier: MIT
# compare: two runs, sets of runs, files, and what can't be compared.
# shellcheck shell=sh

# A program of six functions; the middle one is as slow as the first argument says.
profile() { # COUNT OFFSET
	printf 'main;read %d\nmain;parse %d\nmain;price %d\nmain;sort %d\nmain;print %d\n' \
		$((400 + $2)) $((300 - $2)) "$1" $((500 + $2)) $((200 - $2))
}
profile 200 0 >base.txt
profile 200 3 >equal.txt
profile 300 2 >slow.txt
touch -d 2026-11-16T06:02:00Z base.txt
touch -d 2026-11-17T06:02:00Z equal.txt
touch -d 2026-11-18T06:02:00Z slow.txt

# Files alone, without a store.
status 0 callflow compare base.txt slow.txt
same out <<'EOF'
base  run 1  base  2026-11-16 06:02~ UTC  1600 samples
this  run 2  slow  2026-11-18 06:02~ UTC  1700 samples
1 function slower; 4 within noise.
samples by function
 verdict   before  after  change  ratio  95 % CI    q       function  remarks
 ▲ slower     200    300    +100   1.49  1.24-1.80  <0.001  price     carried by callers: main
             1400   1400       0                            5 more functions (--all shows them)
scale 1.004 (median ratio of 5 functions); BH, q <= 0.05 and effect >= 2 %
one run a side shows changes above 18 % in sort, above 64 % in a function of a
tenth of that; 4 a side show half of that: callflow compare 1:4 2:4
EOF
has err "base.txt is read into memory"
that test ! -e callflow.db
LC_ALL=C status 0 callflow compare base.txt slow.txt
has out "^ slower"

# How long was recorded is no change: neither of costs, nor of what a budget or a severity goes by.
many() { # TIMES PRICE READ
	printf 'main;read %d\nmain;price %d\n' $(($1 * $3)) $(($1 * $2))
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do printf 'main;f%d %d\n' $i $(($1 * 300)); done
}
many 1 400 1200 >short.txt
many 4 520 900 >long.txt
printf 'read, samples, -, 5 %%\n' >budget.txt
status 0 callflow compare --budget budget.txt short.txt long.txt
has out " ▲ slower    1598.00   2080   +482.00   1.30 "
has out " ▼ faster    4794.01   3600  -1194.01   0.75 "
has out "before ×4 "
has out "4 times the work of before was recorded (median ratio of 20 functions), so"
has out "before is shown times that; samples scale by 3.995"
printf 'price, samples, -, 25 %%\n' >budget.txt
status 1 callflow compare --budget budget.txt short.txt long.txt
status 0 callflow compare --fail-on regression:critical short.txt long.txt
status 1 callflow compare --fail-on regression:major short.txt long.txt
has err "1 regression: price +30.2 %"
status 0 callflow compare short.txt long.txt -f json
has out '"before":1598.00'
has out '"id":"before","title":"before"'
# Of few functions one that changed can be the median.
printf 'main;parse 50\nmain;price 59\nmain;render 43\nmain;hash 21\nmain;spin 10\n' >few.txt
printf 'main;parse 35\nmain;price 87\nmain;render 42\nmain;hash 31\nmain;spin 14\n' >few-slow.txt
status 0 callflow compare few.txt few-slow.txt
has out "no change shown; 1 function unsure"
has out "of only 5 functions one that changed"
hasnt out "faster"

# Stored runs: the one before by default, one operand is the base.
callflow -q ingest --name shop base.txt equal.txt slow.txt >/dev/null
status 0 callflow compare
has out "base  run 2  shop"
has out "this  run 3  shop"
cp ../out ../default
status 0 callflow compare 2
that cmp ../out ../default
status 0 callflow compare 2 3
that cmp ../out ../default
status 0 callflow compare --base 2 3
that cmp ../out ../default
status 0 callflow compare --base shop~1
that cmp ../out ../default
status 0 callflow compare shop~2 shop~1
has out "no change beyond noise; 5 functions within noise"
has out "a change of 18 % would show"
hasnt out "slower"
status 0 callflow compare 1,2 3
has out "mean of the runs of a side"
has out "1 function slower"

# Both ways; everything in JSON; what changed in CSV with its numbers.
status 0 callflow compare 3 1 -f csv
has out "price"
has out ",improved,"
status 0 callflow compare 1 3 -f json
has out '"verdict":"attention"'
has out '"id":"functions"'
has out '"read"'
has out '"inputs":[{"run":1,'
status 0 callflow compare 1 3 --all
has out "sort"
status 0 callflow compare 1 3 --min-effect 60
has out "no change beyond noise; 4 functions within noise, 1 changed too little"
status 0 callflow compare 1 3 --normalise none --focus price
has out "scale 1.000 (the same work)"
has out "hidden by --focus price"
for format in html markdown ipynb; do status 0 callflow compare 1 3 -o "x.$format"; done
that grep -q 'callflow compare 1 3' x.html

# What can't be compared.
status 2 callflow compare 3 3
same err <<'EOF'
callflow: error: run 3 is on both sides: a run isn't compared with itself
EOF
status 2 callflow compare shop:2 shop
has err "run 3 is on both sides"
status 3 callflow compare nightly 3
same err <<'EOF'
callflow: error: no run 'nightly'; callflow runs lists what there is; this brings one in: callflow ingest --name nightly FILE
callflow: --missing-base pass lets a first run pass
EOF
empty out
status 3 callflow compare --base 3~9
status 3 callflow compare shop~2~1 1
has err "only 0 runs before run 1"
status 0 callflow compare --missing-base pass nightly 3
has out "nothing to compare with: no run 'nightly'"
status 1 callflow compare --missing-base fail nightly 3
has err "compare failed: no run 'nightly'"
status 3 callflow compare shop~2~1 1
status 3 callflow compare --base 1~1 1
status 2 callflow compare 1 2 3
has err "unexpected operand '3'; usage: callflow compare [BASE] [RUN]"
status 2 callflow compare --base 1 2 3
has err "unexpected operand '3'"
status 3 callflow compare ./none.txt 3
has err "none.txt"
status 2 callflow compare 1 3 --alpha 2
has err "--alpha"
status 2 callflow compare 1 3 --min-share 101
status 2 callflow compare 1 3 --metric cycles
has err "no metric 'cycles' on both sides; run 1 has samples, run 3 has samples"
cp "$CF_TOP/tests/data/callgrind/full.callgrind" .
status 3 callflow compare 3 full.callgrind
has err "no common metric: run 3 has samples, run 4 has Ir"
printf '{"a":1}' >none.json
status 3 callflow compare 1 none.json

# Gates: what fails, and that what can't be told isn't passed in silence.
status 1 callflow compare 1 3 --fail-on regression
has err "compare failed: 1 regression: price +49.4 % (--fail-on regression)"
has out "1 function slower"
status 0 callflow compare 3 1 --fail-on regression
status 0 callflow compare 1 2 --fail-on regression:minor,unsure
status 0 callflow compare 1 3 --fail-on regression --min-effect 60
printf 'main;read 400\nmain;parse 300\nmain;price 222\nmain;sort 500\nmain;print 200\n' >maybe.txt
status 0 callflow compare 1 maybe.txt --fail-on regression --alpha 0.2
printf 'main;read 400\nmain;parse 300\nmain;price 235\nmain;sort 500\nmain;print 200\n' >maybe.txt
status 0 callflow compare 1 maybe.txt --fail-on regression
has out "? unsure"
has out "times as much to tell"
has err "1 can't be told and does not fail: --fail-on unsure would"
status 1 callflow compare 1 maybe.txt --fail-on regression,unsure
has err "1 can't be told: price"
printf 'price, samples, -, 10 %%\nread, samples, 500, -\n' >budget.txt
status 1 callflow compare 1 3 --budget budget.txt
has err "over budget: price"
hasnt err "read"
status 2 callflow compare 1 3 --fail-on everything
status 0 callflow compare 1 3 -f junit
has out "<testsuite"

# A program recorded before and after one function got slower and others were only refactored: it alone is named.
data=$CF_TOP/tests/data/compare
callflow -q --store real.db ingest --symfs "$data/symfs-before" --name index "$data/before.perf.data" >/dev/null
callflow -q --store real.db ingest --symfs "$data/symfs-after" --name index "$data/after.perf.data" >/dev/null
status 1 callflow --store real.db compare --fail-on regression
has out "1 function slower, 4 moved; 6 within noise."
has err "compare failed: 1 regression: rank_words (index) +44.4 % (--fail-on regression)"
has out "together with score_words it costs what it did"
is "$(callflow --store real.db compare -f json | grep -o '"regressed"' | wc -l)" 1
status 0 callflow --store real.db compare 2 1 --fail-on regression
has out "1 function faster, 4 moved"

# Benchmarks and traces.
bench() { # NAME NS: six repetitions
	for i in 1 2 3 4 5 6; do echo "Benchmark$1 100 $2.$i ns/op"; done
}
{ bench Parse 100; bench Sort 300; } >old.txt
{ bench Parse 120; bench Sort 300; } >new.txt
callflow -q --store bench.db ingest --name go old.txt new.txt >/dev/null
status 1 callflow --store bench.db compare --fail-on regression
has out "2 series: 1 worse; 1 within noise"
has out "100 ns"
has out "+19.93 %"
has out "by ranks (Mann & Whitney)"
has err "1 regression: Parse +19.9 %"
status 0 callflow --store bench.db compare -f json
has out '"id":"series"'
status 2 callflow --store bench.db compare old.txt old.txt
has err "on both sides"
status 3 callflow --store bench.db compare --by function
has err "nothing to compare: the base has points, the other side points"
callflow -q --store bench.db ingest --name go slow.txt >/dev/null
status 3 callflow --store bench.db compare 1 3
has err "nothing to compare: the base has points, the other side samples"

# A report about it; a base of its own.
status 0 callflow --store real.db report release
has out "is it slower?"
has out "1 function slower, 4 moved; 6 within noise."
status 0 callflow --store real.db report release 1
has out "no run of 'index' before run 1"
status 0 callflow --store real.db report release --base 2 1 -f markdown
has out "1 function faster"
status 3 callflow --store real.db report release --base none 1
has err "no run 'none'; callflow runs lists what there is; this brings one in: callflow ingest --name none FILE"
status 2 callflow --store real.db report release --base 1 1

# The difference as a flame graph.
for name in d.svg d.png d.pdf d.html; do status 0 callflow --store real.db flamegraph --base 1 2 -o "$name"; done
that grep -q 'widths are the cost after; colours the ratio' d.svg
that grep -q '<title>rank_words: 463 ms, was 321 ms: +142 ms, ×1.44</title>' d.svg
that grep -q 'class="cf-hatch"' d.svg
status 0 callflow --store real.db flamegraph --base 1 2 --static -o print.svg
status 0 callflow --store real.db flamegraph --base 1 2 --inverted --widths both --colors difference -o up.svg
that grep -q 'widths are the greater of both costs; colours the difference' up.svg
printf 'main;read 400\nmain;old 90\n' >gone.txt
status 0 callflow flamegraph --base gone.txt base.txt -f text
has out 'main;old'
has out 'paths that have gone'
status 2 callflow --store real.db flamegraph --base 2 2
has err "run 2 is on both sides"
status 3 callflow --store real.db flamegraph --base none
has err "this brings one in: callflow ingest --name none FILE"
status 0 callflow --store real.db compare -o page.html
that grep -q 'class="cf-flame"' page.html

# The same program in another format: perf's recording against pprof's profile of it.
status 0 callflow -q --store real.db export 1 --to pprof -o before.pb.gz
status 0 callflow -q --store real.db export 2 --to pprof -o after.pb.gz
callflow -q --store real.db ingest --name pprof before.pb.gz after.pb.gz >/dev/null
status 0 callflow --store real.db compare 1 3
has out "no change beyond noise; 9 functions within noise"
status 0 callflow --store real.db compare 1 4
has out "1 function slower, 4 moved; 6 within noise."

# With the repository and the commits of both runs, whose change it was.
(
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
	git init -q -b main index && cp "$data/index-before.c" index/index.c && git -C index add -A && git -C index commit -q -m 'Count words'
	echo words >index/README && git -C index add -A && git -C index commit -q -m 'Say what it is'
	cp "$data/index-after.c" index/index.c && git -C index commit -q -a -m 'Make sure of the order'
)
callflow -q --store suspects.db ingest index >/dev/null
callflow -q --store suspects.db ingest --symfs "$data/symfs-before" --commit "$(git -C index rev-parse HEAD~2)" "$data/before.perf.data" >/dev/null
callflow -q --store suspects.db ingest --symfs "$data/symfs-after" --commit "$(git -C index rev-parse HEAD)" "$data/after.perf.data" >/dev/null
status 0 callflow --store suspects.db compare
has out "suspect: $(git -C index rev-parse --short=7 HEAD) Ann \"Make sure of the order\" changed rank_words in index.c"
hasnt out "Say what it is"

# A file that git has renamed is still the same file.
(
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
	git init -q -b main moved && seq -f 'line %g' 30 >moved/reader.py && git -C moved add -A && git -C moved commit -q -m 'Read'
	mkdir moved/io && git -C moved mv reader.py io/input.py && git -C moved commit -q -m 'Rename it'
)
printf 'main;read 400\nmain;parse (reader.py) 300\nmain;load (reader.py) 310\nmain;other 500\n' >reader.txt
printf 'main;read 400\nmain;parse (input.py) 600\nmain;load (input.py) 310\nmain;other 500\n' >input.txt
callflow -q --store renamed.db ingest moved >/dev/null
callflow -q --store renamed.db ingest --name python reader.txt input.txt >/dev/null
status 0 callflow --store renamed.db compare
has out "was parse (reader.py), renamed says git"
has out "1 function slower; 3 within noise."

# That no span failed before or after says nothing of how long they took.
status 0 callflow --store spans.db compare "$CF_TOP/tests/data/traces/shop-1.json" "$CF_TOP/tests/data/traces/shop-2.json"
has out "5 within noise."
hasnt out "= same"

# A budget's line that can't be checked is named, and so is the value that exceeds a maximum.
printf 'prize, samples, -, 5 %%\n' >typo.txt
status 0 callflow compare base.txt slow.txt --budget typo.txt
has err "would (prize: nothing of this name and metric was measured (typo.txt:1))"
printf 'price, samples, 250, 10 %%\n' >both.txt
status 1 callflow compare base.txt slow.txt --budget both.txt
has err "2 over budget: price +49.4 %, price at 300"

# What is missing in a report has its cure once.
status 0 callflow --store alone.db ingest --name alone base.txt
status 0 callflow --store alone.db report weekly -f markdown
has out 'a history takes 6; this brings one in: `callflow ingest --name alone FILE`'
hasnt out "This would supply it"
hasnt out "This brings a history in"
