# SPDX-License-Identifier: MIT
# A history of which is known what got slower, since when and by whose commit: found, gated, written for CI; and bad input.
# shellcheck shell=sh

if ! command -v git >/dev/null; then
	echo "regress: skipped: there is no git"
	return 0
fi
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org

# The source: on the 13th cart.c is tidied, on the 15th price gets a loop; other days only say what day it is.
git init -q -b main shop
printf 'int cart(int n)\n{\n\tint sum = 0;\n\treturn sum + n;\n}\n' >shop/cart.c
printf 'int price(int n)\n{\n\tint sum = 1;\n\treturn sum * n;\n}\n' >shop/price.c
day=1
while [ $day -le 24 ]; do
	date=$(printf '2026-10-%02d' $day)
	export GIT_AUTHOR_DATE="${date}T06:00:00Z" GIT_COMMITTER_DATE="${date}T06:00:00Z"
	message="README: Day $day"
	echo "day $day" >>shop/README
	[ $day = 13 ] && printf 'int cart(int n)\n{\n\tint total = 0;\n\treturn total + n;\n}\n' >shop/cart.c && message='cart: Say what it is'
	[ $day = 15 ] && printf 'int price(int n)\n{\n\tint sum = 1;\n\tfor (int i = 0; i < n; i++)\n\t\tsum += i;\n\treturn sum * n;\n}\n' >shop/price.c &&
		message='price: Round every item'
	git -C shop add -A && git -C shop commit -q -m "$message"
	# The profile of that day: price costs 40 % more from the 15th on; the 24th is slow in log.
	awk -v day=$day 'BEGIN {
		x = day * 7919 % 10007
		n = split("cart 300 price 250 parse 400 log 100 read 200 write 150 hash 80 alloc 120", f, " ")
		for (i = 1; i < n; i += 2) {
			x = (x * 1103 + 12345) % 10007
			level = f[i + 1]
			if (f[i] == "price" && day >= 15) level *= 1.4
			if (f[i] == "log" && day == 24) level *= 2
			printf "main;%s %d\n", f[i], level * (1 + 0.04 * (x / 5003.5 - 1))
		}
	}' >stacks.txt
	callflow -q ingest --name nightly --commit "$(git -C shop rev-parse HEAD)" --time "${date}T07:00:00Z" stacks.txt >/dev/null
	day=$((day + 1))
done
culprit=$(git -C shop log --format=%h --abbrev=7 -n 1 -- price.c)
before=$(git -C shop rev-parse --short=7 "$culprit~")

# Without the repository: when, but not who.
status 0 callflow regress nightly
has out "history of nightly: 24 runs, 1 (2026-10-01 07:00Z) to 24 (2026-10-24 07:00Z)"
has out "order of start"
has out "1 known regression, 1 odd value in the newest runs."
has out "suspects aren't known: callflow ingest REPOSITORY"
hasnt out "suspect:"

status 0 callflow -q ingest shop
status 0 callflow regress nightly
has out "order of commits"
has out "$culprit  price"
has out "price: came with $culprit (run 15), after $before (run 14)"
if command -v ctags >/dev/null; then
	has out "suspect: $culprit Ann \"price: Round every item\" changed price in price.c (2"
fi
has out "odd run   new"
has out "whole run: 1595 -> 1704, +6.9 % with $culprit, which these functions explain"
hasnt out "cart"
status 0 callflow regress nightly -f json
has out '"kind":"regression","severity":"critical","state":"known"'
has out '"subject":"function","name":"price"'

# What is new depends on how far back the news goes; a history ends with the run that is named.
status 0 callflow regress nightly --new-days 10
has out "1 new regression"
status 0 callflow regress nightly~4 --new-runs 6
has out "history of nightly: 20 runs"
has out "1 new regression."
status 0 callflow regress 'nightly@2026-10-14'
has out "no change beyond noise."
status 0 callflow regress 1..24
has out "1 known regression"

# Gates: known regressions don't fail for ever, new ones do, odd runs where one asks for it.
status 0 callflow regress nightly --fail-on regression
status 1 callflow regress nightly --fail-on regression,known
same err <<'END'
callflow: error: regress failed: 1 regression: price +37.6 % (--fail-on regression,known)
END
status 1 callflow regress nightly --new-days 14 --fail-on regression:critical
status 1 callflow regress nightly --fail-on anomaly
has err "regress failed: 1 anomaly: log"
status 0 callflow regress nightly --new-days 14 --fail-on regression --min-effect 60
has out "1 odd value in the newest runs."

printf 'price, samples, 300, -\n' >budget
status 1 callflow regress nightly --budget budget
has err "regress failed: 1 over budget: price at 346"
has out "budget"
printf '# what nobody may be slower than\nprice, samples, 400, 50 %%\np*, samples total, 1 s, -\n' >budget
status 0 callflow regress nightly --budget budget
has err "1 can't be told and does not fail: --fail-on unsure would"
has out "unsure"
status 1 callflow regress nightly --budget budget --fail-on unsure
printf 'price, samples, 400 furlongs, -\n' >budget
status 2 callflow regress nightly --budget budget
same err <<'END'
callflow: budget:1: error: '400 furlongs': expected a limit such as 250 ms, 64 MiB, 2 M, 5 %, or - for none
END
status 3 callflow regress nightly --budget nowhere
status 2 callflow regress nightly --fail-on everything
status 2 callflow regress nightly --alpha 2
status 2 callflow regress nightly --new-runs 0
status 2 callflow regress nightly --penalty 0
status 2 callflow regress nightly --focus '('
status 3 callflow regress nightly --metric cycles
has err "no run of this history has the metric 'cycles'"
status 3 callflow regress nightly --repo shopp
has err "did you mean 'shop'?"
status 3 callflow regress nightli
has err "did you mean 'nightly'"

# For CI, whose step summary is added to. Without a gate a regression is a failure there.
status 0 callflow regress nightly -o regress.xml
that grep -q '<testsuites name="callflow" tests="3" failures="1"' regress.xml
that grep -q '<failure type="regression"' regress.xml
if command -v xmllint >/dev/null; then that xmllint --noout regress.xml; fi
status 1 callflow regress nightly --fail-on regression,known -o regress.sarif
that grep -q '"baselineState":"unchanged"' regress.sarif
status 0 callflow regress nightly -f gitlab
has out '"check_name":"callflow/regression"'
echo '# Tests' >summary
status 1 env GITHUB_STEP_SUMMARY="$PWD/summary" callflow regress nightly --fail-on regression,known -o "$PWD/summary"
that grep -q '^# Tests' summary
that grep -q '### ❌ callflow: failed' summary
status 2 callflow top -f sarif 1
has err "nothing here is judged; sarif is for compare, regress and reports that have them"

# Too short a history is one without a base.
status 3 callflow regress nightly~20
has err "nightly has 4 runs, and a history takes 6; this brings one in: callflow ingest --name nightly FILE"
status 1 callflow regress nightly~20 --missing-base fail
status 0 callflow regress nightly~20 --missing-base pass
has err "nothing to compare with"

# Benchmarks: each with the direction that it has; those that came later are looked at where they are.
i=1
while [ $i -le 16 ]; do
	[ $i -ge 9 ] && ns=150 rate=900 || { ns=100 rate=1000; }
	awk -v ns=$ns -v rate=$rate -v i=$i 'BEGIN {
		print "{\"context\": {\"date\": \"2026-10-01T07:00:00+00:00\", \"num_cpus\": 1}, \"benchmarks\": ["
		for (k = 1; k <= 3; k++)
			printf "{\"name\": \"Put\", \"run_type\": \"iteration\", \"iterations\": 1, \"real_time\": %f, \"cpu_time\": %f, \"time_unit\": \"ns\", \"items_per_second\": %f}%s\n",
				ns + (i * 37 + k * 11) % 5 / 4, ns + (i * 53 + k * 13) % 5 / 4, rate + (i * 29 + k * 17) % 7, k < 3 ? "," : ""
		print "]}"
	}' >bench.json
	callflow -q --store bench.db ingest --name bench --time "$(printf '2026-10-%02d' $i)" bench.json >/dev/null
	i=$((i + 1))
done
status 0 callflow --store bench.db regress
has out "known"
has out "Put"
has out "run 9"
status 0 callflow --store bench.db regress --focus nothing
has out "1 cannot be told."
has out "nothing that is looked at was measured in 6 runs or more"
status 1 callflow --store bench.db regress --focus nothing --fail-on unsure
status 1 callflow --store bench.db regress --fail-on known

# Counts of instructions are exact, and nothing of them is scaled; each metric is a series of its own.
i=1
while [ $i -le 12 ]; do
	reads=100
	[ $i -ge 7 ] && reads=103
	printf 'version: 1\ncreator: test\ncmd: day %d\nevents: Ir Dr\nfn=work\n1 1000 %d\nfn=main\n5 10 1\ntotals: 1010 %d\n' $i $reads $((reads + 1)) >callgrind.out
	callflow -q --store exact.db ingest --name exact --time "2026-10-$((i + 10))" callgrind.out >/dev/null
	i=$((i + 1))
done
status 0 callflow --store exact.db regress
has out "no change beyond noise"
has out "Ir as it is"
status 0 callflow --store exact.db regress --metric all
has out "+3.0 %"
has out "Dr"
has out "whole run: 101 -> 104, +3.0 % with 2026-10-17 00:00Z, which these functions"

# A run that recorded for three times as long isn't slower, and its functions aren't: only the run as a whole costs more.
i=1
while [ $i -le 12 ]; do
	times=1
	[ $i -ge 7 ] && times=3
	awk -v times=$times -v i=$i 'BEGIN { for (k = 1; k <= 9; k++) printf "main;f%d %d\n", k, times * (400 + 30 * k + (i * 7 + k * 5) % 9) }' >stacks.txt
	callflow -q --store longer.db ingest --name longer --time "2026-10-$((i + 10))" stacks.txt >/dev/null
	i=$((i + 1))
done
status 0 callflow --store longer.db regress
has out "1 known regression"
has out "a slower machine or more work"
hasnt out "  f1"
status 0 callflow --store longer.db regress --scale none
has out "9 known regressions."
has out "samples as it is"
