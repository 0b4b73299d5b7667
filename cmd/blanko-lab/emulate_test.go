package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Wrong words and flags change nothing and say what to write.
func TestEmulateRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"card --cards 17", exitUsage, "--cards: 1 to 16"},
		{"card --chip 16k", exitUsage, "--chip"},
		{"card --speed=-1", exitUsage, "--speed: 0"},
		{"card --address nowhere", exitUsage, `"nowhere" is no host:port, such as 127.0.0.1:35963 (blanko-lab emulate card --help)`},
		{"card --private --address 127.0.0.1:35963", exitUsage, "leave --address out"},
		{"card --control " + strings.Repeat("a", maxSocketLen+1), exitUsage, "name a shorter one"},
		{"card --control " + file, exitFailed, "is there already and is no socket; name another path"},
		{"printer", exitUsage, "--usbip"},
		{"printer --usbip --address 0.0.0.0:3240", exitUsage, "is no address of this machine alone"},
		{"printer --usbip --address localhost", exitUsage, "is no address of this machine alone"},
		{"printer --usbip --model HDP5000", exitUsage, "no model \"HDP5000\"; there are Primacy 2"},
		{"printer --usbip --model Primacy:dancing --address 127.0.0.1:0", exitFailed, "no state \"dancing\""},
		{"printer --usbip --model Primacy:in_use --address 127.0.0.1:0", exitFailed, "in_use"},
		{"printer --usbip --speed=-1", exitUsage, "--speed: 0"},
		{"printer --usbip --control " + file, exitFailed, "is there already and is no socket; name another path"},
		{"tell " + file + " explode", exitUsage, "one of insert, remove, mute, die"},
		{"tell " + file + " explode", exitUsage, "one of unplug, plug, power-cut"},
		{"tell " + file + " usb 1 meteor", exitUsage, "One of stall, babble"},
		{"tell " + file + " slow 1 1000", exitUsage, `"1000" is no factor, 0.1 to 100`},
		{"tell " + folder + "/none show", exitFailed, "no emulation listens at " + folder + "/none; start one with: blanko-lab emulate card --control " + folder + "/none"},
		{"tell " + file + " show", exitFailed, "no emulation listens at"},
	} {
		var told bytes.Buffer
		m := Main{Args: strings.Fields("emulate " + c.args), In: strings.NewReader(""), Out: io.Discard, Err: &told}
		if got := m.Run(t.Context()); got != c.status || !strings.Contains(told.String(), c.says) {
			t.Errorf("%s: status %d, %s; want %d, %s", c.args, got, &told, c.status, c.says)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file: %q, %v", text, err)
	}
}

// emulation is one running emulate card or printer.
type emulation struct {
	t      *testing.T
	in     *io.PipeWriter
	out    *bufio.Scanner
	told   bytes.Buffer
	status chan int
}

func startEmulation(t *testing.T, what string, args ...string) *emulation {
	t.Helper()
	in, orders := io.Pipe()
	out, w := io.Pipe()
	e := &emulation{t: t, in: orders, out: bufio.NewScanner(out), status: make(chan int, 1)}
	go func() {
		e.status <- Main{Args: append([]string{"emulate", what, "--json"}, args...), In: in, Out: w, Err: &e.told}.Run(t.Context())
		_ = w.Close()
	}()
	return e
}

// answer is the next object on standard output.
func (e *emulation) answer() (a answer) {
	e.t.Helper()
	if !e.out.Scan() {
		e.t.Fatalf("it ended with %d: %s", <-e.status, &e.told)
	}
	if err := json.Unmarshal(e.out.Bytes(), &a); err != nil {
		e.t.Fatal(err, e.out.Text())
	}
	return a
}

func (e *emulation) order(line string) {
	e.t.Helper()
	if _, err := io.WriteString(e.in, line+"\n"); err != nil {
		e.t.Fatal(err)
	}
}

func tellAt(t *testing.T, socket string, args ...string) (status int, out, told string) {
	t.Helper()
	var o, e bytes.Buffer
	status = Main{Args: append([]string{"emulate", "tell", socket}, args...), Out: &o, Err: &e}.Run(t.Context())
	return status, o.String(), e.String()
}

// socketFolder is a folder with a short name: the path of a socket has 107 bytes at most.
func socketFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "lab")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// Orders on standard input and at the control socket reach the same cards.
func TestEmulateTakesOrders(t *testing.T) {
	t.Parallel()
	folder := socketFolder(t)
	socket := filepath.Join(folder, "control")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false) // as an emulation leaves it that was killed
	left.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	e := startEmulation(t, "card", "--cards", "2", "--chip", "8k", "--address", ln.Addr().String(), "--control", socket, "--trust", filepath.Join(folder, "trust"))
	if a := e.answer(); len(a.Readers) != 2 || a.Readers[1].Card != "blank" || !a.Readers[1].InReader || a.Readers[1].Problem == "" || a.Socket != "" {
		t.Errorf("at the start: %+v", a)
	}
	e.order("remove 2")
	if a := e.answer(); !a.Readers[0].InReader || a.Readers[1].InReader {
		t.Errorf("after remove 2: %+v", a)
	}
	e.order("\n  finished 1  ") // an empty line says nothing
	if a := e.answer(); a.Readers[0].Card != "finished" || a.Readers[0].Life != "active" || len(a.Readers[0].MRZ) != 3 {
		t.Errorf("after finished 1: %+v", a)
	}
	e.order("remove 2")
	if a := e.answer(); !strings.Contains(a.Error, "reader 2: no card lies in it") || a.Wrong || a.Readers != nil {
		t.Errorf("after remove 2 again: %+v", a)
	}
	e.order("explode")
	if a := e.answer(); !a.Wrong {
		t.Errorf("after explode: %+v", a)
	}
	tell := func(args ...string) (int, string, string) { return tellAt(t, socket, args...) }
	if status, out, told := tell("insert", "2"); status != exitDone || strings.Count(out, "in the reader") != 2 || told != "" ||
		!strings.Contains(out, "finished card, active") || !strings.Contains(out, "MRZ I<IDN") {
		t.Errorf("tell insert 2: %d %s %s", status, out, told)
	}
	if status, out, told := tell("insert", "2"); status != exitFailed || out != "" || !strings.Contains(told, "its card lies in it already") {
		t.Errorf("tell insert 2 again: %d %s %s", status, out, told)
	}
	if status, out, told := tell("insert"); status != exitUsage || out != "" || !strings.Contains(told, "which reader?") {
		t.Errorf("tell insert: %d %s %s", status, out, told)
	}
	status, out, _ := tell("show", "--json")
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil || status != exitDone || len(a.Readers) != 2 {
		t.Errorf("tell show: %d %s %v", status, out, err)
	}
	if files, err := filepath.Glob(filepath.Join(folder, "trust", "*", "*")); err != nil || len(files) < 2 {
		t.Errorf("anchors: %v %v", files, err)
	}
	var second bytes.Buffer
	if status := (Main{Args: []string{"emulate", "card", "--control", socket}, Out: io.Discard, Err: &second}).Run(t.Context()); status != exitFailed ||
		!strings.Contains(second.String(), "another program listens at") {
		t.Errorf("a second one on the same socket: %d %s", status, &second)
	}
	e.order("quit")
	if status := <-e.status; status != exitDone || !strings.Contains(e.told.String(), "no driver has found the card") {
		t.Errorf("status %d: %s", status, &e.told)
	}
	if _, err := os.Lstat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
}
