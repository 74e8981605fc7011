# SPDX-License-Identifier: MIT
# docs: the architecture of traces and profiles, and its sections in a file of the user's.
# shellcheck shell=sh

traces=$CF_TOP/tests/data/traces
callflow -q ingest --name shop "$traces/shop-1.json" >/dev/null
status 0 callflow architecture
has out "11 services with 22 operations"
has out "There is no earlier run of this name"
status 0 callflow architecture -f json
has out '"id":"dependencies"'
status 2 callflow architecture --part maps
has err "no part 'maps'; did you mean 'map'?"
status 2 callflow architecture --part colour
has err "there are overview, changes, map"
status 2 callflow architecture --by colour
callflow -q ingest --name shop "$traces/shop-2.json" >/dev/null
status 0 callflow architecture --part changes
same out <<'EOT'
run 2  shop  2025-12-01 06:00Z  924 ms span time, 229 spans
Since run 1 shop of 2025-11-24 06:00Z:
• gone service: carrier.example (10 spans, 105 ms)
• new edge: gateway -> billing (10 spans, 171 ms)
• new edge: billing -> orders (10 spans, 10.1 ms)
• gone edge: orders -> billing (10 spans, 165 ms)
• gone edge: shipping -> carrier.example (10 spans, 105 ms)
EOT
status 0 callflow architecture --part changes --base 1 2
has out "new edge: gateway -> billing"
status 2 callflow architecture --base 2
has err "run 2 is on both sides"
status 3 callflow architecture --base nosuch
has err "no run 'nosuch'"
status 2 callflow architecture 1,2
has err "of one run, not of 2"
status 0 callflow architecture --part map -f mermaid
has out "flowchart TB"
has out "postgresql"

# A new file has all that traces can tell; once more changes nothing, not even its time.
status 0 callflow docs
has err "ARCHITECTURE.md: made, with 10 sections"
has err ARCHITECTURE.md
touch -d 2026-01-01T00:00:00Z ARCHITECTURE.md
status 0 callflow docs
has err "ARCHITECTURE.md: up to date"
is "$(stat -c %Y ARCHITECTURE.md)" "$(date -d 2026-01-01T00:00:00Z +%s)"
status 0 callflow docs --check
empty err
that test "$(grep -c 'callflow:begin' ARCHITECTURE.md)" = 10
that grep -q sequenceDiagram ARCHITECTURE.md
that grep -q 'new edge: `gateway`' ARCHITECTURE.md
# Another run: other numbers.
status 1 callflow docs --check ARCHITECTURE.md 1
has err "section 'map' isn't what the run shows"
that test "$(grep -c "error: section '" ../err)" -ge 5
cp ARCHITECTURE.md kept.md
status 0 callflow docs ARCHITECTURE.md 1
has err "sections changed: overview, changes, map"
status 0 callflow docs ARCHITECTURE.md 2
that cmp ARCHITECTURE.md kept.md
# Only who calls whom: two runs of one structure are the same.
printf 'a\r\n<!-- callflow:begin entries structure -->\r\nold\r\n<!-- callflow:end entries -->\r\nno newline at the end' >mine.md
chmod 640 mine.md
ln -s mine.md link.md
status 0 callflow docs link.md 1
that test -L link.md
is "$(stat -c %a mine.md)" 640
is "$(head -c 3 mine.md | od -An -c | tr -d ' ')" 'a\r\n'
is "$(tail -c 21 mine.md)" "no newline at the end"
that test "$(grep -c "$(printf '\r')\$" mine.md)" = "$(wc -l <mine.md)"
status 0 callflow docs --check mine.md 2
status 0 callflow docs --structure structure.md 1
has err "made"
status 1 callflow docs --check structure.md 2
has err "section 'map'"
hasnt err "section 'entries'"
status 2 callflow docs --structure structure.md
has err "structure.md: error: is there"
# Other analyses, named twice.
printf '<!-- callflow:begin operations:x -->\n<!-- callflow:end operations:x -->\n' >bad.md
status 2 callflow docs bad.md
has err "callflow: bad.md:1: error: no section 'operations'"
printf '<!-- callflow:begin mapp -->\n<!-- callflow:end mapp -->\n' >bad.md
status 2 callflow docs bad.md
has err "callflow: bad.md:1: error: no section 'mapp'; did you mean 'map'?"
printf '\n<!-- callflow:begin top:a n=2 -->\n<!-- callflow:end top:a -->\n<!-- callflow:begin top:b by=modul -->\n<!-- callflow:end top:b -->\n' >bad.md
cp bad.md before.md
status 2 callflow docs bad.md
has err "callflow: bad.md:4: error:"
that cmp bad.md before.md
sed -i 's/modul /module /' bad.md
status 0 callflow docs bad.md
has err "2 of 2 sections changed: top:a, top:b"
printf '# nothing\n' >none.md
status 3 callflow docs none.md
has err "callflow: none.md:1: error: no section to fill"
printf '<!-- callflow:begin map -->\n' >open.md
status 3 callflow docs open.md
has err "callflow: open.md:1: error: section 'map' has no <!-- callflow:end map -->"
status 3 callflow docs --check missing.md
has err "missing.md: error: isn't there"
status 3 callflow docs nosuch/a.md
status 2 callflow docs --base "a'b"
status 2 callflow docs a b c
status 3 callflow docs x.md nosuch
that test ! -e x.md
printf '<!-- callflow:begin overview -->\n<!-- callflow:end overview -->\n' | callflow -q docs - >../out
has out "10 services"

# Profiles: samples, and counted calls.
status 0 callflow --store p.db ingest "$CF_TOP/tests/data/callgrind/full.callgrind"
status 0 callflow --store p.db docs calls.md
that grep -q 'Where the time goes' calls.md
that test "$(grep -c 'Typical requests' calls.md)" = 0
status 0 callflow --store p.db docs --check calls.md
stacks
status 0 callflow --store s.db ingest two.txt
status 0 callflow --store s.db architecture --part sequences
has out "Sequences are told from traces, which this run hasn't."
status 0 callflow --store s.db architecture
has out "5 functions, 4 calls"
