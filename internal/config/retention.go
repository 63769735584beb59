package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Retention is a long time, as laws give it: "10y", "18mo" or "3650d". Its
// months have 31 days and its years 366: never less than is meant.
type Retention time.Duration

// UnmarshalText reads it.
func (r *Retention) UnmarshalText(text []byte) error {
	const day = 24 * time.Hour
	s := strings.TrimSpace(string(text))
	for _, unit := range []struct {
		name string
		days int64
	}{{"mo", 31}, {"y", 366}, {"d", 1}} {
		number, ok := strings.CutSuffix(s, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 32)
		if err != nil || n < 1 || n*unit.days > 366*200 {
			break
		}
		*r = Retention(time.Duration(n*unit.days) * day)
		return nil
	}
	return fmt.Errorf("%q is not a time of retention such as 10y, 18mo or 3650d", s)
}

// Keep is the retention as the engine takes it: negative where there is no rule.
func (c Config) Keep() time.Duration {
	if c.Retention == 0 {
		return -1
	}
	return time.Duration(c.Retention)
}
