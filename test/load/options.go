package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// options are the command line.
type options struct {
	dossiers    int
	concurrency []int
	rounds      int
	only        []string
	late        int
	moving      int
	million     int
	reads       int
	limit       time.Duration
	output      string
	dir         string
	settings    map[string]string
	profile     string

	server, key         string
	temporal, namespace string
}

func parse(args []string) (options, error) {
	o := options{concurrency: []int{1, 16, 64}, settings: map[string]string{}}
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.IntVar(&o.dossiers, "n", 320, "dossiers of each contender in each round; half of them at c=1")
	f.Func("c", "how many dossiers at once, a list (default 1,16,64)", func(v string) (err error) { o.concurrency, err = numbers(v); return err })
	f.IntVar(&o.rounds, "rounds", 3, "rounds; in each every contender runs once")
	f.Func("only", "contenders to run, a list of motcua, no-api, temporal, ledger (default all)", func(v string) error { o.only = strings.Split(v, ","); return nil })
	f.IntVar(&o.late, "late", 200, "dossiers that fall due at one instant, to measure lateness; 0 skips it (private stack only)")
	f.IntVar(&o.moving, "moving", 0, "open dossiers whose due moments a new calendar moves while officers work, such as 2000; 0 skips it (private stack only)")
	f.IntVar(&o.million, "million", 0, "measure lists and counts among so many dossiers, such as 1000000, and nothing else; they are made by SQL, and kept in -dir")
	f.IntVar(&o.reads, "reads", 400, "with -million: how often each thing is asked for, by eight readers at once")
	f.DurationVar(&o.limit, "limit", 15*time.Minute, "the longest the whole may take")
	f.StringVar(&o.output, "output", "text", "text or json")
	f.StringVar(&o.dir, "dir", "", "directory of the private stack (default: a temporary one, removed at the end)")
	f.Func("set", "a setting of the private PostgreSQL, as name=value (repeatable)", func(v string) error {
		name, value, ok := strings.Cut(v, "=")
		if o.settings[name] = value; !ok {
			return errors.New("not name=value")
		}
		return nil
	})
	f.StringVar(&o.profile, "profile", "", "write a CPU profile of this process, measured while motcua runs, to this file")
	f.StringVar(&o.server, "server", "", "measure a running server on this machine instead; procedure load-five (test/load/five.yaml) must be published there")
	f.StringVar(&o.key, "key", "", "API key of an officer there with role reception-officer in department one-stop")
	f.StringVar(&o.temporal, "temporal", "", "Temporal's address of the running server, to compare with and to read histories from")
	f.StringVar(&o.namespace, "namespace", "motcua", "the namespace there")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	return o, o.validate(f.NArg())
}

func (o options) validate(rest int) error {
	switch {
	case rest > 0:
		return errors.New("no arguments besides flags")
	case o.dossiers < 2 || o.rounds < 1 || o.late < 0 || o.moving < 0 || o.million < 0 || o.reads < 1 || o.limit <= 0:
		return errors.New("-n, -rounds and -limit must be positive")
	case o.output != "text" && o.output != "json":
		return fmt.Errorf("-output is %q, not text or json", o.output)
	case (o.server == "") != (o.key == ""):
		return errors.New("-server and -key go together")
	case o.server == "" && o.temporal != "":
		return errors.New("-temporal is for -server")
	}
	for _, address := range []string{o.server, o.temporal} {
		if err := loopback(address); err != nil {
			return err
		}
	}
	return nil
}

// loopback refuses to load another machine.
func loopback(address string) error {
	host := address
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host = u.Host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host != "" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("%s is not on this machine", address)
	}
	return nil
}

func numbers(list string) ([]int, error) {
	var out []int
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a positive number", text)
		}
		out = append(out, n)
	}
	return out, nil
}
