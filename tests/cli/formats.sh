# SPDX-License-Identifier: MIT
# formats: what no input may do: crash, hang, fill the memory, or have files opened that it names.
# shellcheck shell=sh

status 0 callflow formats
for name in callgrind chrome-trace firefox-profile hyperfine otlp-json pprof zipkin-v2; do has out "reads    $name"; done
has out "exports  callgrind"

# Memory and time are limited as well, so that a failure is one of this test and not of the machine. A program under
# AddressSanitizer needs 16 TB of addresses.
memory=3000000
if grep -q __asan_init "$(command -v callflow)"; then memory=unlimited; fi
limited() { # status, command...
	want=$1
	shift
	# shellcheck disable=SC3045
	try sh -c "ulimit -v $memory; exec timeout 120 \"\$@\"" sh "$@"
	if [ "$status" = "$want" ]; then verdict pass; else
		verdict fail "$*: status $status, expected $want"
		head -c 500 ../err | sed 's/^/    /'
	fi
}
refused() { # file, message
	limited 3 callflow --store refused.db ingest "$1"
	has err "$2"
	# Nothing is half-stored.
	if [ -e refused.db ]; then verdict fail "$1 left a store"; else verdict pass; fi
}
# Stored, with a remark on the run.
counted() { # file, remark
	limited 0 callflow --store counted.db ingest "$1"
	try callflow --store counted.db show
	has out "$2"
	rm -f counted.db
}
fill() { head -c "$1" /dev/zero | tr '\0' "$2"; }

# Nested a million times.
fill 1000000 '[' >nested.json
refused nested.json "unknown format"
{ printf '[{"ph":"X","ts":1,"dur":1,"args":' && fill 1000000 '['; } >nested-args.json
refused nested-args.json "nested-args.json:1:544: error: found more than 512 objects and arrays in one another"
{ printf '{"shared":{"frames":[]},"profiles":[],"x":' && fill 1000000 '['; } >nested-profiles.json
refused nested-profiles.json "found more than 512 objects and arrays in one another"
{ printf '{"nodes":[{"callFrame":{},"x":' && fill 1000000 '['; } >nested-nodes.json
refused nested-nodes.json "objects and arrays in one another"
{ printf '<?xml version="1.0"?>\n<valgrindoutput>\n' && i=0 && while [ $i -lt 2000 ]; do printf '<a><a><a><a><a><a><a><a><a><a>' && i=$((i + 1)); done; } >nested.xml
refused nested.xml "nested.xml:3:"

# Numbers that are none, and halves of characters.
printf '{"results":[{"command":"a","times":[1e999]}]}' >infinite.json
refused infinite.json "infinite.json:1:37: error: found a number that is too large for a double"
printf '[{"ph":"X","name":"a","pid":1,"tid":1,"ts":1e999,"dur":1},{"ph":"X","name":"b","pid":1,"tid":1,"ts":1,"dur":2}]' >late.json
counted late.json "events without a time were left out"
printf '[{"ph":"X","name":"a\\ud800b","pid":1,"tid":1,"ts":1,"dur":1}]' >surrogate.json
limited 0 callflow --store text.db ingest surrogate.json
has err "surrogate.json:1:21: warning: text that isn't UTF-8 is read as U+FFFD"

# Chains of a hundred thousand calls, and calls that are their own callers.
awk 'BEGIN {
	printf "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":["
	for (i = 1; i <= 100000; i++)
		printf "%s{\"traceId\":\"7\",\"spanId\":\"%08x\",\"parentSpanId\":\"%s\",\"name\":\"s%d\",\"startTimeUnixNano\":%d,\"endTimeUnixNano\":%d}",
			(i == 1 ? "" : ","), i, (i == 1 ? "" : sprintf("%08x", i - 1)), i % 7, 1000 + i, 900000000 - i
	print "]}]}]}"
}' >deep.json
counted deep.json "spans nested deeper than 2048"
awk 'BEGIN {
	print "["
	for (i = 0; i < 100000; i++) printf "{\"ph\":\"B\",\"name\":\"f%d\",\"pid\":1,\"tid\":1,\"ts\":%d},\n", i % 5, i
	for (i = 0; i < 100000; i++) printf "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":%d},\n", 100000 + i
}' >deep-calls.json
counted deep-calls.json "calls nested deeper than 2048"
span() { # id, parent
	printf '{"traceId":"1","spanId":"%s","parentSpanId":"%s","name":"x","startTimeUnixNano":1,"endTimeUnixNano":2}' "$1" "$2"
}
printf '{"resourceSpans":[{"scopeSpans":[{"spans":[%s,%s,%s]}]}]}' "$(span a a)" "$(span b c)" "$(span c b)" >circle.json
counted circle.json "spans that are their own ancestors were taken as roots"
printf '[{"traceId":"1","id":"a","parentId":"a","name":"o","timestamp":1,"duration":2,"localEndpoint":{"serviceName":"s"}}]' >circle-zipkin.json
counted circle-zipkin.json "spans that are their own ancestors were taken as roots"
printf '{"data":[{"spans":[{"spanID":"a","operationName":"o","references":[{"refType":"CHILD_OF","spanID":"a"}],"startTime":1,"duration":2}]}]}' >circle-jaeger.json
counted circle-jaeger.json "spans that are their own ancestors were taken as roots"

# Document types and entities.
printf '<?xml version="1.0"?>\n<!DOCTYPE valgrindoutput [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<valgrindoutput>&b;</valgrindoutput>\n' >entities.xml
refused entities.xml "has a document type, which is refused"
printf '<?xml version="1.0"?>\n<!DOCTYPE testResults SYSTEM "file:///etc/passwd">\n<testResults version="1.2"/>\n' >external.jtl
refused external.jtl "has a document type, which is refused"
printf '<?xml version="1.0"?>\n<valgrindoutput>\n<protocolversion>4</protocolversion><tool>&x;</tool></valgrindoutput>\n' >undefined.xml
refused undefined.xml "undefined.xml:3:"

# Lines and names of 64 MiB.
{ printf 'a;' && fill 67108864 x && echo ' 1'; } >line.txt
limited 3 callflow --store refused.db ingest line.txt
{ printf '[{"ph":"X","name":"' && fill 67108900 x && printf '","pid":1,"tid":1,"ts":1,"dur":1}]'; } >name.json
refused name.json "found a string of more than 67108864 bytes"
{ printf '# callgrind format\nevents: Ir\nfn=' && fill 67108864 x && printf '\n1 2\n'; } >name.callgrind
limited 0 callflow --store name.db ingest name.callgrind
limited 0 callflow --store name.db top
that [ "$(wc -c <../out)" -lt 100000 ]
rm -f line.txt name.json name.callgrind

# What an input names isn't opened unless it is a plain file below the folder that the user gave.
mkdir src
mkfifo src/pipe.c
ln -s /dev/zero src/zero.c
ln -s /etc/passwd src/passwd.c
printf '# callgrind format\nversion: 1\ncreator: x\npositions: line\nevents: Ir\n' >devices.callgrind
printf 'fl=%s\nfn=%s\n1 5\n' src/pipe.c fifo src/zero.c link /dev/zero device src/passwd.c outside ../../../../etc/passwd above >>devices.callgrind
for name in fifo link device outside above; do
	limited 0 callflow annotate "$name" devices.callgrind --source-root .
	has out "100.00     1   5"
	hasnt out "root:"
done

# Packed files that unpack to far more than they are, and ones that were cut.
fill 300000000 a | gzip -9 >bomb.gz
refused bomb.gz "unpacks to more than 1000 times its size"
if command -v zstd >/dev/null; then
	fill 300000000 a | zstd -q >bomb.zst
	refused bomb.zst "unpacks to more than 1000 times its size"
	zstd -q <"$CF_TOP/tests/data/callgrind/full.callgrind" | head -c 300 >cut.zst
	refused cut.zst "damaged zstd data"
fi
gzip -c "$CF_TOP/tests/data/callgrind/full.callgrind" | head -c 1000 >cut.gz
refused cut.gz "cut.gz@0x3e8: error: damaged gzip data: it ends too early"

# Each format's own recordings are known by their content and read.
for format in callflow-tracer chrome-trace cpuprofile criterion firefox-profile go-benchmark google-benchmark heapprofile hyperfine jaeger-json jmh otlp-json pytest-benchmark zipkin-v2; do
	for file in "$CF_TOP/tests/data/$format"/*; do
		case $file in *.js | *.py | *.sh) continue ;; esac
		rm -f own.db
		limited 0 callflow --store own.db ingest "$file"
		is "$(callflow --store own.db query -f csv 'SELECT format FROM v_run' | tail -n 1)" "$format"
	done
done
# One trace in three formats is the same trace.
for format in otlp-json jaeger-json zipkin-v2; do
	rm -f own.db
	callflow -q --store own.db ingest "$CF_TOP/tests/data/$format/cart.json" >/dev/null
	callflow --store own.db query -f csv "SELECT s.service, s.name, s.status, s.start_ns, s.duration_ns, p.name AS parent FROM v_span s
		LEFT JOIN v_span p ON p.run = s.run AND p.span = s.parent ORDER BY s.start_ns" >$format.csv
done
that cmp otlp-json.csv jaeger-json.csv
that cmp otlp-json.csv zipkin-v2.csv
is "$(wc -l <otlp-json.csv)" 8
status 0 callflow --store own.db top
has out "13.73      2       1  2.50 ms"

# Arguments of calls may be secrets: they are kept only where that is asked for.
limited 0 callflow --store own.db ingest "$CF_TOP/tests/data/callflow-tracer/login.json"
status 0 callflow --store own.db show
has out "recorded arguments of calls aren't kept"
hasnt out "bob"
that test "$(grep -c bob own.db)" = 0
limited 0 callflow --store own.db ingest --keep-arguments "$CF_TOP/tests/data/callflow-tracer/login.json"
has err "re-read in place"
status 0 callflow --store own.db show
has out "called with ('bob',); {'user': 'eve'}"
