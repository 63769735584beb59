package devstack

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// account is the unprivileged user that PostgreSQL, which refuses to run as root, runs as instead.
// A nil account means this process's own user.
type account struct {
	name     string
	uid, gid int
}

// serverAccount returns nil for an ordinary user, and for root the user postgres or else nobody.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no account is an answer
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read the ids of user %s: %w", name, err)
		}
		return &account{name: name, uid: uid, gid: gid}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: create one or run as an ordinary user")
}

// own makes a file or directory the account's.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("give %s to user %s: %w", path, a.name, err)
	}
	return nil
}

// reach returns an error naming the first directory on the way to dir, dir included, that the
// account may not pass through. Temporary directories of our own are opened for passage instead:
// the testing package makes them private to the user it runs as.
func (a *account) reach(dir string) error {
	if a == nil {
		return nil
	}
	for _, parent := range ancestors(dir) {
		info, err := os.Stat(parent)
		if err != nil {
			return fmt.Errorf("look at %s: %w", parent, err)
		}
		if canTraverse(info, a) {
			continue
		}
		if !isTemporary(parent) || !ownedByUs(info) {
			return fmt.Errorf("user %s, which PostgreSQL runs as, cannot pass through %s (mode %s): "+
				"choose another directory, or allow it with chmod o+x %s", a.name, parent, info.Mode().Perm(), parent)
		}
		if err := os.Chmod(parent, info.Mode().Perm()|0o011); err != nil {
			return fmt.Errorf("open %s for passage: %w", parent, err)
		}
	}
	return nil
}

// ancestors lists an absolute directory and all above it, from the root down.
func ancestors(dir string) []string {
	var all []string
	for ; ; dir = filepath.Dir(dir) {
		all = append([]string{dir}, all...)
		if dir == filepath.Dir(dir) {
			return all
		}
	}
}

// isTemporary says whether a directory lies below the system's temporary directory.
func isTemporary(dir string) bool {
	temp := filepath.Clean(os.TempDir())
	if resolved, err := filepath.EvalSymlinks(temp); err == nil {
		temp = resolved
	}
	return strings.HasPrefix(dir, temp+string(filepath.Separator))
}
