#!/bin/sh
# Installs the npm packages of a directory by its lockfile, again only when that has changed. What the machine lacks is fetched
# first: node and npm by Debian's packages.
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

if ! cmp -s "$here/package-lock.json" "$here/node_modules/.motcua-lock"; then
	(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	cp "$here/package-lock.json" "$here/node_modules/.motcua-lock"
fi
