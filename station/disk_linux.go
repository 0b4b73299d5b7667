package station

import "syscall"

// unsafeDisks are kinds of file system on which a commit is not durable, or locks do not hold
// (statfs(2), f_type).
var unsafeDisks = map[int64]string{
	0x6969:     "NFS",
	0x517B:     "SMB",
	0xFF534D42: "CIFS",
	0xFE534D42: "SMB2",
	0x00C36400: "Ceph",
	0x5346414F: "AFS",
	0x73757245: "Coda",
	0x01021994: "tmpfs (memory)",
	0x858458F6: "ramfs (memory)",
}

// diskOf is the free space of the file system that holds a folder, in bytes, and its kind.
func diskOf(dir string) (free uint64, kind int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), int64(s.Type) & 0xFFFFFFFF, nil //nolint:unconvert // 32 bits wide on other machines
}
