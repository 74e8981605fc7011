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

# Files alone, without a store.
status 0 callflow compare base.txt slow.txt
same out <<'EOF'
base  run 1  base  2026-11-16 06:02~ UTC  1600 samples
this  run 2  slow  2026-11-16 06:03~ UTC  1700 samples
1 function slower; 4 within noise.
samples by function
 verdict   before  after  change  ratio  95 % CI    q       function  remarks
 ▲ slower     200    300    +100   1.50  1.25-1.80  <0.001  price
             1400   1400       0                            4 more functions (--all shows them)
scale 1.000 (median ratio of 5 functions); BH, q <= 0.05 and effect >= 2 %
EOF
