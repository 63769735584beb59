#!/bin/sh
# Stops every PostgreSQL server whose data lies below the directory given, and waits until it is gone.
set -eu

[ -d "$1" ] || exit 0
find "$1" -name postmaster.pid 2>/dev/null | while read -r file; do
	pid=$(head -n 1 "$file" 2>/dev/null) || continue
	# The file outlives a crash: the number may be somebody else's by now.
	[ "$(cat "/proc/$pid/comm" 2>/dev/null || ps -o comm= -p "$pid" 2>/dev/null)" = postgres ] || continue
	kill -INT "$pid" 2>/dev/null || continue # INT is a fast, clean shutdown
	tries=0
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ]; then
			kill -QUIT "$pid" 2>/dev/null || true
			break
		fi
		sleep 0.1
	done
done
