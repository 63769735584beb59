//go:build unix

package cachedir

import (
	"os"
	"syscall"
)

func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
