package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Start runs pcscd on the socket, also after Stop or Kill, and returns when its readers are there.
func (d *PCSCD) Start() error {
	if d.process != nil || d.socket == nil {
		return errors.New("rig pcsc: pcscd runs already, or has no socket any more")
	}
	log, err := os.OpenFile(d.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // pcscd has its own handle
	// pcscd wants to see its own number in LISTEN_PID; a shell sets it and replaces itself.
	cmd := exec.Command("/bin/sh", "-c",
		`LISTEN_PID=$$ LISTEN_FDS=1 LD_PRELOAD="$1" exec "$2" --foreground --error -c "$0"`, d.configuration(), d.preload(), Tool{Program: "pcscd"}.found())
	cmd.ExtraFiles = []*os.File{d.socket}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged()}
	if err := cmd.Start(); err != nil {
		return err
	}
	d.process, d.ended = cmd, make(chan struct{})
	go func(ended chan struct{}) { _ = cmd.Wait(); close(ended) }(d.ended)
	d.keeper.mind(cmd.Process.Pid)
	err = await("pcscd to show its readers", func() bool { return d.dead() || d.ready() })
	if err == nil && d.dead() {
		err = errors.New("pcscd has ended by itself")
	}
	if err != nil {
		text, _ := os.ReadFile(d.log())
		return fmt.Errorf("rig pcsc: %w\n%s", err, lastLines(string(text), 20))
	}
	return nil
}

func (d *PCSCD) dead() bool {
	select {
	case <-d.ended:
		return true
	default:
		return false
	}
}

// ready tells whether pcscd shows all readers.
func (d *PCSCD) ready() bool {
	states, err := d.states()
	if err != nil {
		return false
	}
	for _, r := range d.readers {
		if _, there := states[r.Name]; !there {
			return false
		}
	}
	return true
}

// states asks the running pcscd for its readers.
func (d *PCSCD) states() (map[string]readerState, error) {
	c, err := dialPCSC(d.Socket)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.readers()
}

// HasCard tells whether the running pcscd sees a card in a reader.
func (d *PCSCD) HasCard(name string) (bool, error) {
	states, err := d.states()
	if err != nil {
		return false, err
	}
	s, there := states[name]
	if !there {
		return false, fmt.Errorf("rig pcsc: pcscd knows no reader %q", name)
	}
	return s.present(), nil
}

// Kill ends pcscd at once, as a crash does. The socket stays: clients that come wait for the next
// pcscd.
func (d *PCSCD) Kill() { d.signal(syscall.SIGKILL) }

// end stops pcscd in order.
func (d *PCSCD) end() { d.signal(syscall.SIGTERM) }

func (d *PCSCD) signal(s syscall.Signal) {
	if d.process == nil {
		return
	}
	_ = d.process.Process.Signal(s)
	select {
	case <-d.ended:
	case <-time.After(patience):
		_ = d.process.Process.Kill()
		<-d.ended
	}
	d.process = nil
	d.keeper.mind(0)
}

// Restart kills pcscd and starts the next one on the same socket.
func (d *PCSCD) Restart() error {
	d.Kill()
	return d.Start()
}

// CloseSocket takes the socket away as well: clients find no service, for good.
func (d *PCSCD) CloseSocket() error {
	d.end()
	if d.socket == nil {
		return nil
	}
	err := errors.Join(d.socket.Close(), os.Remove(d.Socket))
	d.socket = nil
	return err
}

// Stop ends pcscd and removes its folder. Again: nothing.
func (d *PCSCD) Stop() error {
	d.end()
	if d.socket != nil {
		_ = d.socket.Close()
		d.socket = nil
	}
	if d.keeper != nil {
		d.keeper.release()
		d.keeper = nil
	}
	if d.dir == "" {
		return nil
	}
	return os.RemoveAll(d.dir)
}
