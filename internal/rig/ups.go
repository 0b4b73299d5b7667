package rig

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

// UPS is a real upsd (Network UPS Tools) with its driver dummy-ups, which plays a supply out of a file.
type UPS struct {
	Address string
	Name    string
	file    string
}

// upsPackages are unpacked by scripts/unpack and not installed: their services would start.
var upsPackages = []string{"nut-server", "libupsclient6", "libwrap0"}

// StartUPS starts a supply for one test.
func StartUPS(t testing.TB) *UPS {
	t.Helper()
	var tools []Tool
	var libraries []string
	for _, p := range upsPackages {
		tools = append(tools, Tool{File: filepath.Join(Unpacked(p), ".complete"), Package: p + ", by scripts/unpack"})
		found, _ := filepath.Glob(filepath.Join(Unpacked(p), "*", "lib", "*-linux-gnu"))
		also, _ := filepath.Glob(filepath.Join(Unpacked(p), "lib", "*-linux-gnu"))
		libraries = append(append(libraries, found...), also...)
	}
	Need(t, "ups", tools...)
	dir, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	port, err := freePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	u := &UPS{Address: fmt.Sprintf("127.0.0.1:%d", port), Name: "eaton", file: filepath.Join(dir, "eaton.dev")}
	for name, text := range map[string]string{
		"ups.conf":  "[eaton]\n\tdriver = dummy-ups\n\tport = eaton.dev\n\tmode = dummy-once\n\tpollinterval = 1\n",
		"upsd.conf": fmt.Sprintf("LISTEN 127.0.0.1 %d\n", port), "upsd.users": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u.Say(t, "OL", 600)
	for _, line := range [][]string{{"dummy-ups", "-a", "eaton", "-F"}, {"upsd", "-F"}} {
		cmd := exec.Command(filepath.Join(Unpacked("nut-server"), "lib", "nut", line[0]), append(line[1:], "-u", me.Username)...)
		cmd.Env = append(os.Environ(), "NUT_CONFPATH="+dir, "NUT_STATEPATH="+dir, "NUT_ALTPIDPATH="+dir, "LD_LIBRARY_PATH="+strings.Join(libraries, ":"))
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		keeper, err := keep() // a test that is killed leaves no daemon behind
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			keeper.release()
			t.Fatal(err)
		}
		keeper.mind(cmd.Process.Pid)
		t.Cleanup(func() {
			stop(cmd)
			keeper.release()
			if t.Failed() {
				t.Logf("%s said:\n%s", line[0], lastLines(said.String(), 20))
			}
		})
		if line[0] == "dummy-ups" {
			Await(t, "the socket of dummy-ups", func() bool { return exists(filepath.Join(dir, "dummy-ups-eaton")) })
		}
	}
	Await(t, "upsd", func() bool {
		c, err := net.Dial("tcp", u.Address)
		return err == nil && c.Close() == nil
	})
	return u
}

// Say lets the supply have a status and so many seconds left on its battery; upsd tells it soon.
func (u *UPS) Say(t testing.TB, status string, runtime int) {
	t.Helper()
	next := u.file + ".new"
	err := os.WriteFile(next, fmt.Appendf(nil, "ups.status: %s\nbattery.runtime: %d\n", status, runtime), 0o600)
	if err = errors.Join(err, os.Rename(next, u.file)); err != nil {
		t.Fatal(err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
