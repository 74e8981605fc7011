# SPDX-License-Identifier: MIT
# reports: every template in every format gives the same bytes again; templates of the user's own; hostile names.
# shellcheck shell=sh

callflow -q ingest --name shop "$CF_TOP/tests/data/traces/shop-1.json" "$CF_TOP/tests/data/traces/shop-2.json" >/dev/null
callflow -q ingest --symfs "$CF_TOP/tests/data/demo/symfs" --kallsyms "$CF_TOP/tests/data/demo/kallsyms" \
	"$CF_TOP"/tests/data/demo/*.data >/dev/null
callflow -q ingest "$CF_TOP/tests/data/callgrind/full.callgrind" >/dev/null
mkdir elsewhere
# With their pictures. Another place, time zone and language, and a clock that has gone on.
for template in summary architecture weekly release churn; do
	for run in 2 4 5; do
		for format in html md txt json csv mmd ipynb; do
			try callflow report $template $run -o one.$format
			first=$status
			(cd elsewhere && TZ=Pacific/Auckland LC_ALL=C.UTF-8 LANGUAGE=de callflow --store ../callflow.db report $template $run -o one.$format) \
				>/dev/null 2>../err2
			is $? "$first"
			[ "$first" = 0 ] || continue
			for picture in one-*.svg; do
				[ ! -e "$picture" ] || that cmp -s "$picture" "elsewhere/$picture"
			done
			rm -f one-*.svg elsewhere/one-*.svg
			if cmp -s one.$format elsewhere/one.$format; then verdict pass; else
				verdict fail "$template of $run as $format differs"
			fi
		done
	done
done
# A diagram has an end.
awk 'BEGIN { for (i = 0; i < 3000; i++) for (k = 1; k < 4; k++)
	print "main;module_with_a_long_name_" i "::function;module_with_a_long_name_" (i * 7 + k * 13) % 3000 "::other " 1 + (i * k) % 9 }' >big.txt
callflow -q ingest big.txt >/dev/null
status 0 callflow architecture big -n 0 --part map --part calls -o big.mmd
for n in 1 2; do
	awk -v n=$n '/^```mermaid/ { k++; next } /^```/ { next } k == n' big.mmd >diagram
	that test -s diagram
	that test "$(wc -c <diagram)" -le 50000
	that test "$(grep -cE -- '-->|==>|-\.->' diagram)" -le 500
done

# Templates by name: of a folder, then those that come with the program, then the user's own.
mkdir -p templates "$HOME/.config/callflow/templates"
printf '# T\n\nMine of {{run.date}}, {{week.from}} to {{week.to}}, {{week.before}}\n' >templates/mine.md
printf '# T\n\nTheirs\n' >"$HOME/.config/callflow/templates/theirs.md"
printf '# T\n\nNot this\n' >"$HOME/.config/callflow/templates/summary.md"
status 2 callflow report mine 2
status 0 env CALLFLOW_TEMPLATES="$PWD/templates" callflow report mine 2 -f markdown
has out "Mine of 2025-12-01, 2025-12-01 to 2025-12-07, 2025-11-30"
status 0 callflow report theirs 2 -f markdown
has out "Theirs"
status 0 callflow report summary 2 -f markdown
hasnt out "Not this"
cp "$HOME/.config/callflow/templates/summary.md" templates
status 0 env CALLFLOW_TEMPLATES="/nosuch:$PWD/templates" callflow report summary 2 -f markdown
has out "Not this"
status 2 env CALLFLOW_TEMPLATES=templates callflow report mine 2
status 3 env CALLFLOW_TEMPLATES="$PWD/templates" callflow report ../templates/mine 2
printf '# x\n\n```callflow\narchitecture part=mpa\n```\n' >templates/bad.md
status 2 env CALLFLOW_TEMPLATES="$PWD/templates" callflow report bad 2
has err "templates/bad.md:4: error:"

# Names that are out for trouble, in a map and in a file that is kept.
cat >hostile.json <<'EOT'
[{"traceId":"1","id":"1","name":"<img src=x onerror=alert(1)>","kind":"SERVER","timestamp":1763964000000000,"duration":90,"localEndpoint":{"serviceName":"</script><script>alert(1)</script>"}},
{"traceId":"1","id":"2","parentId":"1","name":"%%{init: {}}%% `x` | y","kind":"SERVER","timestamp":1763964000000010,"duration":50,"localEndpoint":{"serviceName":"a\"]; click n1 \"javascript:alert(1)\"; n2[\"b"}},
{"traceId":"1","id":"3","parentId":"2","name":"```\n<!-- callflow:end map -->","kind":"CLIENT","timestamp":1763964000000020,"duration":20,"localEndpoint":{"serviceName":"a\"]; click n1 \"javascript:alert(1)\"; n2[\"b"},"remoteEndpoint":{"serviceName":"\n<!-- callflow:end map -->\n# head"}}]
EOT
callflow -q ingest hostile.json >/dev/null
status 0 callflow docs kept.md hostile
status 0 callflow docs --check kept.md hostile
that test "$(grep -c '^# ' kept.md)" = 1
that test "$(grep -c '^<!-- callflow:end map' kept.md)" = 1
# In code they are words.
that test "$(sed -E 's/`+[^`]*`+//g' kept.md | grep -ci '<script\|<img')" = 0
that test "$(grep -c '^ *click\|^%%' kept.md)" = 0
for template in architecture weekly; do
	status 0 callflow report $template hostile -o hostile.html
	that test "$(grep -c '<img\|<script>alert' hostile.html)" = 0
done
status 0 callflow timeline hostile -o hostile.html
that test "$(grep -c '<img\|<script>alert' hostile.html)" = 0
status 0 callflow timeline hostile

# What is missing is said with one cure, and once.
status 0 callflow --store first.db ingest --name first "$CF_TOP/tests/data/traces/shop-1.json"
for template in weekly release; do
	status 0 callflow --store first.db report $template -f markdown
	has out "> Nothing to show here: "
	has out "; this brings one in: \`callflow ingest"
	hasnt out "would supply it: \`callflow ingest perf.data\`"
	is "$(grep -c '^| operation | service | time % ' ../out)" 1
	hasnt out "229 samples"
done
git init -q -b main history
(
	cd history || exit
	echo "int main(void) { return 0; }" >main.c
	git add main.c && git -c user.name=a -c user.email=a@example.org commit -q -m first
)
callflow -q --store history.db ingest history >/dev/null
status 3 callflow --store history.db report weekly
same err <<'EOT'
callflow: weekly.md:1: error: 'run.name' is of a run, and the store has none; this brings one in: callflow ingest FILE
EOT
status 0 callflow --store history.db report churn -f markdown

# A page names the section that asks for attention.
i=1
while [ $i -le 14 ]; do
	awk -v i=$i 'BEGIN { for (k = 1; k <= 6; k++) printf "main;f%d %d\n", k, (k == 3 && i > 9 ? 3 : 1) * (2000 + 30 * k + (i * 7 + k * 5) % 9) }' >stacks.txt
	callflow -q --store weeks.db ingest --name nightly --time "2026-10-$((i + 10))" stacks.txt >/dev/null
	i=$((i + 1))
done
printf '# Nightly\n\n## Now\n\n```callflow\nsummary\n```\n\n## Of the <weeks> {{week}}\n\n```callflow\nregress new-days=7\n```\n' >judged.md
status 0 callflow --store weeks.db report ./judged.md -o judged.html
that grep -qF 'Needs attention: <a href="#part-of-the-weeks">Of the &lt;weeks&gt; 43</a>' judged.html
that grep -qF 'id="part-of-the-weeks"' judged.html
status 0 callflow --store weeks.db report weekly -o weekly.html
that grep -qF 'id="flame-now' weekly.html
