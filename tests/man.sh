#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual is true: pages pass mandoc's lint, every command and option has its place in a page and no page has an
# option that the program hasn't, and every example (a line "$ callflow ..." of the page as a reader sees it) works.
cd "$(dirname "$0")/.." || exit 2
top=$PWD
O=${O:-build}
case $O in /*) ;; *) O=$top/$O ;; esac
PATH=$O:$PATH
passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "man: $*"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CALLFLOW_STORE CALLFLOW_IN

for page in man/*.[1-9]; do
	lint=$(mandoc -Tlint -Wwarning "$page" 2>&1)
	[ -z "$lint" ] && pass || fail "$page: $lint"
done

commands=$(callflow help | sed -nE 's/^  ([a-z]+) .*/\1/p')
[ -n "$commands" ] || fail "help lists no commands"
for command in $commands; do
	page=man/callflow-$command.1
	[ "$command" = help ] && continue
	if [ ! -f "$page" ]; then
		fail "$command has no page"
		continue
	fi
	callflow "$command" --help >"$work/help" || fail "$command --help fails"
	options=$(grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' "$work/help" | grep -oE -- '--[a-z-]+' | sort -u)
	for option in $options; do
		name=$(echo "$option" | sed 's/^--//')
		if grep -qE "Fl -$name( |\$|=)" "$page" || grep -qE "^\.It .*Fl -$name( |\$)" man/callflow.1; then pass; else fail "$page doesn't have $option"; fi
	done
	for name in $(grep -E '^\.It ' "$page" | grep -oE 'Fl -[a-z-]+' | sed 's/^Fl -//' | sort -u); do
		if echo "$options" | grep -qx -- "--$name"; then pass; else fail "$page has --$name, the program hasn't"; fi
	done
	width=$(awk '{ if (length($0) > w) w = length($0) } END { print w + 0 }' "$work/help")
	[ "$width" -le 80 ] && pass || fail "$command --help is $width columns wide"
done

# Examples run in a folder with two recordings, the files that resolve them, a repository, and a store that has the
# recordings.
mkdir "$work/run"
cp -r tests/data/demo/symfs tests/data/demo/kallsyms "$work/run"
cp tests/data/demo/orders.perf.data "$work/run/perf.data"
cp tests/data/demo/orders-switches.perf.data "$work/run/nightly.data"
printf 'main;parse;read 12\nmain;price 30\n' >"$work/run/stacks.txt"
cp tests/data/callgrind/full.callgrind "$work/run/callgrind.out"
mkdir "$work/run/src" && cp tests/data/callgrind/shop.[ch] "$work/run/src"
gzip -c "$work/run/stacks.txt" >"$work/run/20261123-web1.txt.gz"
for file in old new; do printf 'BenchmarkParse 100 10.1 ns/op\nBenchmarkParse 100 10.3 ns/op\n' >"$work/run/$file.txt"; done
echo 'BenchmarkParse 100 11 ns/op' >>"$work/run/new.txt"
printf 'users,rps,p99_ms\n1,98.5,20\n2,190,22.5\n' >"$work/run/steps.csv"
git init -q -b main "$work/run/redis" && (
	cd "$work/run/redis" && printf 'int main(void)\n{\n\treturn 0;\n}\n' >main.c && git add main.c &&
		git -c user.name=Ann -c user.email=ann@example.org commit -q -m 'Begin' && git log --numstat >../redis.log
)
# shellcheck disable=SC2016
printf '# {{run.name}}\n\n```callflow\ntop n=5\n```\n' >"$work/run/mine.md"
# And a repository with the source of the recorded program.
repository() {
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
	export GIT_AUTHOR_DATE=2026-11-23T12:00:00Z GIT_COMMITTER_DATE=2026-11-23T12:00:00Z
	git init -q "$work/run/shop" && cp tests/data/demo/orders.c tests/data/demo/orders.h tests/data/demo/pricing.cc "$work/run/shop" &&
		git -C "$work/run/shop" add -A && git -C "$work/run/shop" commit -q -m 'Take orders'
}
repository || fail "the examples' repository can't be made"
# And a history.
for day in 01 02 03 04 05 06 07 08 09 10 11 12 13 14; do
	printf 'main;parse %d\nmain;price %d\n' $((400 + ${day#0} * 7 % 5)) $((300 + ${day#0} * 3 % 5 + ${day#0} / 8 * 100)) >"$work/day.txt"
	(cd "$work/run" && callflow -q --store callflow.db ingest --name main --time 2026-11-$day "$work/day.txt") >/dev/null 2>&1 || fail "the examples' history can't be made"
done
printf 'orders.* => Orders\npricing.* => Prices\n' >"$work/run/parts.txt"
for page in man/*.[1-9]; do
	rm -rf "$work/one"
	cp -r "$work/run" "$work/one"
	(cd "$work/one" && callflow -q ingest --symfs symfs --kallsyms kallsyms --label host=web1 --time 2026-11-16 nightly.data &&
		callflow -q ingest --symfs symfs --kallsyms kallsyms --label host=web1 perf.data && callflow -q ingest shop) >/dev/null 2>&1 ||
		fail "the examples' store can't be made"
	mandoc -Tutf8 -O width=1000 "$page" | sed -e "s/.$(printf '\b')//g" -nE -e 's/^ +\$ (callflow.*)/\1/p' >"$work/examples"
	if [ ! -s "$work/examples" ]; then fail "$page has no example"; fi
	if [ "$(grep -c '^\.Dl \$ callflow' "$page")" = "$(wc -l <"$work/examples")" ]; then pass; else fail "$page shows not all of its examples"; fi
	# Other programs than mandoc set these characters as others, unless they are escaped.
	if grep -E "^\.Dl .*([^\\]-|[\"'~^\`])" "$page"; then fail "$page has an example that can't be pasted"; else pass; fi
	while IFS= read -r example; do
		if (cd "$work/one" && HOME=$work sh -c "$example" >"$work/out" 2>&1 </dev/null); then pass; else
			fail "$page: $example"
			cat "$work/out"
		fi
	done <"$work/examples"
done
echo "man: $passed passed, $failed failed"
[ "$failed" = 0 ]
