package cachedir

import (
	"os"
	"path/filepath"
)

// nowhere is a directory that does not exist and cannot be made: its parent
// is not a directory.
var nowhere = filepath.Join(os.DevNull, "motcua")

// private is a directory of this user's that nobody else can enter, or nowhere.
func private() string {
	base, err := os.UserCacheDir()
	if err != nil {
		return nowhere
	}
	dir := filepath.Join(base, "motcua")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nowhere
	}
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !mine(info) {
		return nowhere
	}
	return dir
}
