package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is processor time by who used it.
type usage map[string]time.Duration

// reading is the processor time of this process and of all below it.
type reading map[int]process

// tick is the kernel's unit in /proc on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// process is one line of the process table.
type process struct {
	parent int
	used   time.Duration
	title  string
	who    string // it works for
}

// cpuNow reads the table. It is empty where there is no /proc.
func cpuNow() reading {
	table := reading{}
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			if p, ok := readProcess(dir); ok {
				table[pid] = p
			}
		}
	}
	for pid, p := range table {
		p.who = owner(table, pid, p)
		table[pid] = p
	}
	return table
}

func readProcess(dir string) (process, bool) {
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return process{}, false
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // what follows the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return process{}, false
	}
	title, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
	p := process{title: strings.ReplaceAll(string(title), "\x00", " ")}
	p.parent, _ = strconv.Atoi(fields[1])
	for _, field := range fields[11:13] { // as user and as kernel
		n, _ := strconv.Atoi(field)
		p.used += time.Duration(n) * tick
	}
	return p, true
}

// owner names who a process works for, empty when it is none of ours.
func owner(table reading, pid int, p process) string {
	if pid == os.Getpid() {
		return "this process (load, API, worker)"
	}
	for at := p.parent; at != os.Getpid(); at = table[at].parent {
		if at == 0 {
			return ""
		}
	}
	var name string
	if _, err := fmt.Sscanf(p.title, "postgres: postgres %s", &name); err != nil {
		if strings.Contains(p.title, "motcua-temporal") {
			return "Temporal"
		}
		return "PostgreSQL in the background"
	}
	if strings.HasPrefix(name, database) {
		return "PostgreSQL for the ledger"
	}
	return "PostgreSQL for Temporal"
}

// since is what was used after an earlier reading. A process that has ended in
// between takes its last moments with it.
func (r reading) since(before reading) usage {
	out := usage{}
	for pid, p := range r {
		if p.who != "" {
			out[p.who] += p.used - before[pid].used
		}
	}
	return out
}

// settle waits until the servers have done what the last run left them, so that
// it does not weigh on the next; five seconds at most.
func settle() {
	for range 20 {
		before := cpuNow()
		time.Sleep(250 * time.Millisecond)
		var busy time.Duration
		for _, used := range cpuNow().since(before) {
			busy += used
		}
		if busy <= 50*time.Millisecond {
			return
		}
	}
}
