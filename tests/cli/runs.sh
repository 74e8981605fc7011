# SPDX-License-Identifier: MIT
# runs: the RUN grammar from the prompt, edit and delete.
# shellcheck shell=sh

stacks
callflow -q ingest --name web --label host=a one.txt >/dev/null
callflow -q ingest --name web --label host=b two.txt >/dev/null

for run in @ 2 web host=b two.txt; do
	status 0 callflow top "$run"
	has out "run 2  web"
done
for run in @~1 1 web~1 host=a web@7d web@2026-11-17; do
	status 0 callflow top "$run"
	has out "run 1  web"
done
status 0 callflow top --in host=a
has out "run 1  web"
status 0 env CALLFLOW_IN=host=a callflow runs -f csv
is "$(wc -l <../out)" 2
status 0 callflow top 1..2
has out "run 1  web"
has out "run 2  web"
status 3 callflow top 2..1
same err <<'EOF'
callflow: error: '2..1': run 2 started 2026-11-23T06:02:00Z, after run 1 at 2026-11-16T06:02:00Z; a range goes by start: '1..2'
EOF
status 3 callflow top wbe
has err "no run 'wbe'; did you mean 'web'"
status 3 callflow top 9

status 2 callflow edit 1
has err "nothing to change"
status 0 callflow edit 1 --name old --label host=c --label extra=1 --time 2026-01-02 --commit abcdef1
has out "old"
has out "2026-01-02 00:00Z"
status 0 callflow edit old --remove-label extra
hasnt out "extra"
status 0 callflow edit old --name old
has err "run 1 is like that already"
status 2 callflow edit old --pin --unpin

status 0 callflow edit old --pin
status 2 callflow delete old --yes
has err "run 1 is pinned"
status 0 callflow edit old --unpin
status 2 callflow delete old
has err "say --yes"
status 0 callflow delete old --yes
has err "deleted run 1"
status 0 callflow query -f csv "SELECT run FROM v_run"
same out <<'EOF'
run
2
EOF
# The id isn't used again.
status 0 callflow ingest one.txt
has out "  3  one"
