#!/bin/sh
# Makes sure that PostgreSQL's server programs are on this machine, and does nothing when they are.
set -eu

found() {
	for dir in $(echo "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
	done
	return 1
}

if found; then
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "deps: no PostgreSQL server programs (initdb, postgres) found; install PostgreSQL 15 or later and run again" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "deps: PostgreSQL is missing; run as root: apt-get install postgresql" >&2
		exit 1
	fi
	sudo=sudo
fi

# An apt that fails is shown whole; one that works is not shown.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
	if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$log" 2>&1; then
		cat "$log" >&2
		exit 1
	fi
}
echo "deps: no PostgreSQL server programs found; installing Debian's package postgresql (as ${sudo:-root})"
apt update
# motcua runs clusters of its own: keep the package from creating and starting one.
apt install -y --no-install-recommends postgresql-common
$sudo sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
apt install -y --no-install-recommends postgresql
if ! found; then
	echo "deps: the package is installed, yet initdb and postgres are nowhere to be found" >&2
	exit 1
fi
