//go:build !linux

package devstack

import (
	"context"
	"os"
	"syscall"
)

// Elsewhere than on Linux the stack runs as the ordinary user, without the safety nets that need
// the kernel's help: nobody tells PostgreSQL of our death, and PostgreSQL's own lock file is what
// keeps two stacks off one directory.

func childAttr(*account, syscall.Signal) *syscall.SysProcAttr { return nil }

func lockFile(context.Context, string) (unlock func(), err error) { return func() {}, nil }

func processesIn(string) []int { return nil }

func canTraverse(os.FileInfo, *account) bool { return true }

func ownedByUs(os.FileInfo) bool { return true }
