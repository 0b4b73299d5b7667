package rig

import (
	"fmt"
	"syscall"
	"testing"
)

// SmallDisk is a folder on a file system of its own, of so many bytes in memory: it is full when they are. To mount one
// takes root.
func SmallDisk(t testing.TB, size int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("blanko", folder, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		Without(t, "smalldisk", "no file system can be mounted, which takes root: "+err.Error())
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("the small disk is still in use: %v", err)
		}
	})
	return folder
}
