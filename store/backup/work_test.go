package backup

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// worksIn names, in the environment of a test process, the folder in which it works until it is killed.
const worksIn = "BLANKO_TEST_WORKS_IN"

func TestMain(m *testing.M) {
	if inside := os.Getenv(worksIn); inside != "" {
		w, err := NewWork(inside)
		if err == nil {
			err = os.WriteFile(filepath.Join(w.Folder, "ledger.db"), []byte("in clear"), 0o600)
		}
		if err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString(w.Folder + "\n")
		os.Stdin.Read(make([]byte, 1)) // until it is killed, or who started it has gone
		return
	}
	os.Exit(m.Run())
}

// What a process that was killed left in clear is removed by the next one; what is at work stays.
func TestCutWorkIsRemoved(t *testing.T) {
	t.Parallel()
	inside := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), worksIn+"="+inside)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the process says %q, %v", said, err)
	}
	folder := said[:len(said)-1]
	if err := DropCut(inside); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "ledger.db")); err != nil {
		t.Errorf("removed while at work: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	own, err := NewWork(inside)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(folder); !os.IsNotExist(err) {
		t.Errorf("what was cut off is there: %v", err)
	}
	if _, err := os.Lstat(own.Folder); err != nil {
		t.Error(err)
	}
	if err := own.Remove(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(inside); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
