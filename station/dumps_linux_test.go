package station

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// A process that serves leaves no core file and is read by no other process of its user.
func TestNoDumps(t *testing.T) {
	t.Parallel()
	const alone = "BLANKO_TEST_DUMPS"
	if os.Getenv(alone) == "" { // it is for good, so in a process of its own
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoDumps$")
		cmd.Env = append(os.Environ(), alone+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	if err := forbidDumps(); err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("%+v, %v", limit, err)
	}
	if dumpable, _, n := syscall.RawSyscall(syscall.SYS_PRCTL, getDumpable, 0, 0); n != 0 || dumpable != 0 {
		t.Errorf("dumpable %d, %v", dumpable, n)
	}
}
