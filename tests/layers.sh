#!/bin/sh
# SPDX-License-Identifier: MIT
# Dependencies point one way: fails on an include that a layer may not have, and on printing outside cli/ and core/diag.c.
cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0

verdict() { # name, offending lines
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'layers: %s:\n%s\n' "$1" "$2"
	fi
}

# includes LAYER "LAYERS IT MAY SEE"
includes() {
	may=$(echo "$1 $2" | tr ' ' '|')
	verdict "$1 may include only: $1 $2" "$(grep -rnE '^ *# *include "' --include='*.[ch]' "$1" |
		grep -vE "include \"($may)/" | grep -vE 'include "gen/' |
		grep -vE 'include "(formats|analyzers|renderers|commands|exports)\.def"')"
}
includes core ''
includes ingest 'core'
includes store 'core'
includes analyzers 'store core'
includes render 'core'
includes pipelines 'analyzers ingest render store core'
includes cli 'pipelines analyzers ingest render store core'

# library PATTERN "PATHS THAT MAY INCLUDE IT"
library() {
	verdict "<$1> only in $2" "$(grep -rnE "^ *# *include <$1" --include='*.[ch]' core ingest store analyzers render pipelines cli |
		grep -vE "^($2)")"
}
library 'sqlite3' 'store/'
library 'git2' 'ingest/git/'
library '(cairo|pango)' 'render/'
library 'libxml' 'render/|ingest/xml_reader\.c'
library '(elfutils|libelf|gelf|elf\.h|dwarf|libdw)' 'ingest/perf/'
library 'libiberty' 'ingest/perf/'
library 'cmark' 'pipelines/'
library '(xxhash|zlib|zstd)' 'pipelines/'

verdict 'core uses libc and GLib only' "$(grep -rnE '^ *# *include <' --include='*.[ch]' core |
	grep -vE '<(glib|glib-object|gio/gio|glib/gstdio)\.h>|<(sys|linux|netinet)/[a-z0-9_/]+\.h>|<[a-z0-9]+\.h>')"
verdict 'printing only in cli/ and core/diag.c' "$(grep -rnE '(^|[^_a-z])(v?printf|v?fprintf|puts|putchar|fputs|perror|g_print|g_printerr|g_message|g_warning)\(' \
	--include='*.c' core ingest store analyzers render pipelines | grep -v '^core/diag\.c' | grep -vE ':[0-9]+:[[:space:]]*/?\*')"
verdict 'an importer is seen only through the registry' "$(grep -rnE 'include "ingest/(perf/|git/|collapsed)' --include='*.[ch]' pipelines cli)"
verdict 'no recursion-prone or unsafe calls' "$(grep -rnE '[^_a-z](strcpy|strcat|sprintf|gets|atoi|atol|atof|strtok|system|popen)\(' \
	--include='*.[ch]' core ingest store analyzers render pipelines cli)"

echo "layers: $passed passed, $failed failed"
[ "$failed" = 0 ]
