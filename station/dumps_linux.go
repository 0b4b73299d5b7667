package station

import (
	"errors"
	"syscall"
)

const (
	setDumpable = 4 // PR_SET_DUMPABLE, prctl(2)
	getDumpable = 3 // PR_GET_DUMPABLE
)

// forbidDumps keeps the memory of this process, with the keys of cards in it, out of core files and from other
// processes of its user (core(5), ptrace(2)).
func forbidDumps() error {
	err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	if _, _, n := syscall.RawSyscall(syscall.SYS_PRCTL, setDumpable, 0, 0); n != 0 {
		err = errors.Join(err, n)
	}
	return err
}
