#!/bin/sh
# Installs the browser of the tests: Chromium out of an npm package, with the few libraries and the font that a bare machine lacks,
# unpacked beside it. MOTCUA_CHROMIUM names another one, for machines the package has none for: it holds one for x86-64 Linux.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
"$here/../npm.sh" "$here"

if [ -n "${MOTCUA_CHROMIUM:-}" ]; then
	exit 0
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
	echo "browser: the package holds Chromium for x86-64 Linux only; install one and name it by MOTCUA_CHROMIUM" >&2
	exit 1
fi
unpacked=$here/node_modules/.chromium
if [ ! -e "$unpacked/done" ]; then
	rm -rf "$unpacked" && mkdir -p "$unpacked"
	(cd "$here" && TMPDIR=$unpacked node unpack.mjs)
	touch "$unpacked/done"
fi
