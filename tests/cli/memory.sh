# SPDX-License-Identifier: MIT
# memory and load tests: recordings of other tools through the whole program.
# shellcheck shell=sh

data=$CF_TOP/tests/data

# A leak by function and as a picture; indirect bytes once.
status 0 callflow ingest "$data/memcheck-xml/leaks-all.xml" "$data/memcheck-xml/killed.xml"
has err "killed.xml: warning: the file isn't closed; what came is kept"
status 0 callflow top 1
has out "564 B definitely lost, 6 samples"
status 0 callflow query -f csv "SELECT metric, sum(self) AS bytes, sum(self_samples) AS blocks FROM v_func WHERE run = 1 GROUP BY metric"
same out <<'END'
metric,bytes,blocks
definitely lost,564,6
indirectly lost,896,14
possibly lost,4096,1
still reachable,120,3
END
status 0 callflow query -f csv "SELECT file, line, function, self FROM v_line WHERE run = 1 AND metric = 'definitely lost' ORDER BY self"
has out "/opt/demo/library.c,"
has out ",write_notes,500"
status 0 callflow flamegraph 1 -o leaks.svg
status 0 callflow report summary 1 -o leaks.html

# The peak is the first metric of a heap profile, whatever the tool.
for file in massif/library.massif heaptrack/library.heaptrack; do
	status 0 callflow top "$data/$file"
	has out "heap at peak by function"
	has out "fill_room"
done
status 3 callflow ingest "$data/heaptrack/library.raw"
has err "a raw recording, which has no symbols yet: zstd -dc FILE | /usr/lib/heaptrack/libexec/heaptrack_interpret"
status 0 callflow top "$data/dhat/library.dhat.json"
has out "allocated by function"
status 0 callflow top "$data/asan/overrun.txt"
has out "read_overrun"

# Load tests have the same series.
for file in wrk/steps.txt k6/points.json jmeter-jtl/samples.xml locust/stats_history.csv; do
	status 0 callflow show "$data/$file"
	has out "throughput"
	has out "latency p50"
	has out "errors"
done

# A table is only taken when somebody says what it is.
printf 'users,rps,p99_ms\n1,98.5,20\n2,190,22.5\n' >steps.csv
status 3 callflow ingest steps.csv
has err "csv (a table: say what its columns are, --map load=users,throughput=rps,p99=latency:ms)"
status 0 callflow ingest --name steps --map load=users,throughput=rps,p99=p99_ms steps.csv
status 0 callflow query -f csv "SELECT series, unit, better, x_unit, x, value FROM v_series WHERE run = (SELECT max(run) FROM v_run)"
same out <<'END'
series,unit,better,x_unit,x,value
throughput,1/s,higher,users,1,98.5
throughput,1/s,higher,users,2,190
latency p99,ns,lower,users,1,20000000
latency p99,ns,lower,users,2,22500000
END
# Its curve: in the order of the load, drawn twice in a page where gnuplot is there, and as data.
status 0 callflow show -f json
has out '"id":"latency-by-throughput-data","columns":[{"id":"throughput","title":"throughput (1/s)","unit":""},{"id":"latency_p99","title":"latency p99","unit":"ns"}],"rows":[[98.5,20000000],[190,22500000]]'
status 0 callflow show
has out "98.5 1/s"
status 0 callflow show -o steps.html
if command -v gnuplot >/dev/null; then
	that grep -q "cf-chart cf-wide" steps.html
	that grep -q "cf-chart cf-slim" steps.html
fi
mkdir -p bare "odd (name)"
status 0 callflow show -o "odd (name)/steps of.md"
if command -v gnuplot >/dev/null; then
	that grep -qF "![Latency by throughput](steps%20of-latency-by-throughput.svg)" "odd (name)/steps of.md"
	that grep -q "^<svg xmlns=" "odd (name)/steps of-latency-by-throughput.svg"
fi
status 0 callflow show -f markdown
has out "\`\`\`text"
hasnt out ".svg"
ln -sf "$(command -v callflow)" bare/callflow
# No other program in PATH.
status 0 env PATH="$PWD/bare" callflow show -o bare.html
that grep -q "not drawn, since gnuplot isn.*t installed" bare.html
that sh -c '! grep -q "<svg class=.cf-fig" bare.html'
printf '#!/bin/sh\necho nonsense\n' >bare/gnuplot
chmod +x bare/gnuplot
status 0 env PATH="$PWD/bare:/bin" callflow show -o bare.html
has err "warning: a chart is shown as a table only: gnuplot answered what is no layout of the chart"
# Another map is another reading of the same file.
status 0 callflow ingest --format csv steps.csv
has err "re-read in place"
status 2 callflow ingest --map throughput steps.csv
has err "isn't KEY=COLUMN"
status 3 callflow ingest --map load=users,throughput=tps steps.csv
has err "no column 'tps' as in --map; there are users, rps, p99_ms"
