package rig

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// keeper is a shell that outlives this process, however it ends: it stops the program that it minds and
// removes the folders then.
type keeper struct {
	process *exec.Cmd
	line    io.WriteCloser
}

// keepScript reads the number of the daemon, line by line (0: none), until this process is gone.
const keepScript = `pid=0
while read -r next; do [ "$next" = done ] && exit; pid=$next; done
if [ "$pid" != 0 ]; then
	kill -TERM "$pid"
	n=0
	while kill -0 "$pid" && [ $n -lt 40 ]; do n=$((n+1)); sleep 0.05; done
	kill -KILL "$pid"
fi 2>/dev/null
rm -rf "$0" "$@"`

func keep(folders ...string) (*keeper, error) {
	cmd := exec.Command("/bin/sh", append([]string{"-c", keepScript}, folders...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt from the keyboard is not for it
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &keeper{cmd, in}, cmd.Start()
}

func (k *keeper) mind(pid int) { fmt.Fprintln(k.line, pid) }

func (k *keeper) release() {
	fmt.Fprintln(k.line, "done")
	_ = k.line.Close()
	_ = k.process.Wait()
}
