#!/bin/sh
# Makes sure that PostgreSQL's server programs are on this machine, and does nothing when they are. With the argument "tests"
# also of the programs that documents use: the tests run what they show.
set -eu

found() {
	for dir in $(echo "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
	done
	return 1
}

missing=
found || missing=postgresql
if [ "${1:-}" = tests ]; then
	for program in bash curl jq; do
		command -v "$program" >/dev/null || missing="$missing $program"
	done
fi
if [ -z "$missing" ]; then
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "deps: missing: $missing (postgresql: its server programs initdb and postgres, 15 or later); install and run again" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "deps: missing; run as root: apt-get install $missing" >&2
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
echo "deps: installing Debian's packages for what is missing: $missing (as ${sudo:-root})"
apt update
if ! found; then
	# motcua runs clusters of its own: keep the package from creating and starting one.
	apt install -y --no-install-recommends postgresql-common
	$sudo sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
fi
# shellcheck disable=SC2086 # a list of names
apt install -y --no-install-recommends $missing
if ! found; then
	echo "deps: the package is installed, yet initdb and postgres are nowhere to be found" >&2
	exit 1
fi
