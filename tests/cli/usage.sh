# SPDX-License-Identifier: MIT
# usage: help, versions, wrong commands and options.
# shellcheck shell=sh

status 0 callflow --version
has out "callflow "
for library in SQLite GLib cairo Pango libxml2 elfutils cmark-gfm xxHash; do has out "$library "; done
empty err

status 0 callflow help
has out "  ingest "
has out "  top "
has out "--store FILE"
empty err
status 0 callflow --help
has out "Look at a run"
status 0 callflow help ingest
cp ../out ../help
status 0 callflow ingest --help
that cmp ../help ../out
has out "--symfs"
has out "--label K=V"
for command in $(callflow help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
	status 0 callflow "$command" --help
	has out "usage: callflow $command"
	has out "Examples"
done

status 2 callflow tpo
same err <<'EOF'
callflow: error: no command 'tpo'; did you mean 'top'?
EOF
empty out
status 2 callflow help tpo
status 2 callflow top --byy x
has err "unknown option '--byy'; did you mean '--by'?"
status 2 callflow top a b
has err "unexpected operand 'b'; usage: callflow top [RUN]"
status 2 callflow callers
has err "callers needs a FUNC"
status 2 callflow --store
status 2 callflow --color sometimes top
status 2 callflow top -n many
status 2 callflow ingest
has err "nothing to ingest"
status 2 callflow edit
status 2 callflow delete

# A name with a terminal's control bytes stays visible and harmless.
status 2 callflow "$(printf 'x\033[31m')"
has err 'x\x1b[31m'

status 2 callflow top -o x.foo
has err "x.foo: no format has this extension; known: .txt"
status 2 callflow top -f xyzzy
has err "unknown format 'xyzzy'; known: text, markdown, html, json, csv"
status 2 callflow top -f htlm
has err "did you mean 'html'?"
