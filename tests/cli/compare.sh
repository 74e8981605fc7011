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
 ▲ slower     200    300    +100   1.49  1.25-1.80  <0.001  price
             1400   1400       0                            5 more functions (--all shows them)
scale 1.004 (median ratio of 5 functions); BH, q <= 0.05 and effect >= 2 %
one run a side shows changes above 18 % in sort, above 64 % in a function of a
tenth of that; 4 a side show half of that: callflow compare 1:4 2:4
EOF
has err "base.txt is read into memory"
that test ! -e callflow.db
LC_ALL=C status 0 callflow compare base.txt slow.txt
has out "^ slower"

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
callflow: error: no run 'nightly'; callflow runs lists what there is
callflow: a base is made by: callflow ingest --name nightly FILE
EOF
empty out
status 3 callflow compare --base 3~9
status 3 callflow compare shop~2~1 1
has err "only 0 runs before run 1"
status 0 callflow compare --missing-base pass nightly 3
has out "Nothing was compared: no run 'nightly'"
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
