# SPDX-License-Identifier: MIT
# timeline: samples and traces over time.
# shellcheck shell=sh

demo=$CF_TOP/tests/data/demo
callflow -q ingest --symfs "$demo/symfs" --kallsyms "$demo/kallsyms" "$demo/orders.perf.data" >/dev/null
status 0 callflow timeline
has out "order-worker-1"
has out "What ran when"
has out "find_customer"
# The window's samples are those that the store's view has.
status 0 callflow timeline --from 0.1 --to 0.3 -n 0 -f json
samples=$(python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
t = [t for s in d["sections"] for t in s["tables"] if t["id"] == "hotspots"][0]
print(sum(r[1] for r in t["rows"]))' ../out)
status 0 callflow query -f csv "WITH t AS (SELECT time_ns - min(time_ns) OVER () AS at FROM v_sample)
	SELECT count(*) AS n FROM t WHERE at >= 100000000 AND at < 300000000"
is "$(tail -n 1 ../out)" "$samples"
# All samples of the run are there, with the whole cost.
status 0 callflow query -f csv "SELECT count(*), sum(weight) FROM v_sample"
cp ../out all
status 0 callflow query -f csv "SELECT samples, (SELECT sum(weight_ns) FROM v_thread) FROM v_run"
is "$(tail -n 1 all | cut -d, -f1)" "$(tail -n 1 ../out | cut -d, -f1)"
status 0 callflow timeline -o t.html
status 0 callflow timeline -o again.html
that cmp t.html again.html
that grep -q 'cf-timeline-data' t.html
that test "$(wc -c <t.html)" -lt 400000
status 0 callflow timeline -o t.svg
that grep -q '^<svg' t.svg
status 0 callflow timeline -f mermaid
has out gantt
status 2 callflow timeline --from 9 --to 8
has err "nothing lies between --from and --to: the recording is"
status 2 callflow timeline --trace x
has err "run 1 has no traces"
callflow -q ingest --name again "$demo/orders-switches.perf.data" >/dev/null
status 2 callflow timeline 1,2
has err "times are those of one run, not of 2"
stacks
callflow -q ingest two.txt >/dev/null
status 3 callflow timeline two
has err "has no times"

callflow -q ingest "$CF_TOP/tests/data/traces/shop-2.json" >/dev/null
status 0 callflow timeline shop-2
has out "Trace 0000000000000021, POST /checkout: 56.6 ms"
has out "28 more traces"
has out "All spans"
has out "failed"
status 0 callflow timeline --trace 0000000000000019 shop-2
has out "Trace 0000000000000019"
hasnt out "The slowest traces"
status 2 callflow timeline --trace 000000000000002 shop-2
has err "traces begin with '000000000000002'"
status 2 callflow timeline --trace zzz shop-2
has err "no trace 'zzz' in the run"
# What is deleted leaves no times behind.
callflow -q delete --yes 1 >/dev/null 2>&1 || callflow -q delete 1 </dev/null >/dev/null 2>&1
status 0 callflow query -f csv "SELECT count(*) AS n FROM v_sample WHERE run = 1"
is "$(tail -n 1 ../out)" 0
