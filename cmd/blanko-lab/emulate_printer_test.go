package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	machine "blanko/emulator/printer"
)

// offered are the devices that a USB/IP server offers, as vendor and product (Linux,
// Documentation/usb/usbip_protocol.rst: OP_REQ_DEVLIST).
func offered(t *testing.T, address string) (ids []uint32) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte{0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	list, err := io.ReadAll(c)
	const head, device, withInterface, ids312 = 12, 312, 316, 300
	if err != nil || len(list) < head || len(list) != head+int(binary.BigEndian.Uint32(list[8:]))*withInterface {
		t.Fatalf("%d bytes: %v", len(list), err)
	}
	for list = list[head:]; len(list) >= device; list = list[withInterface:] {
		ids = append(ids, binary.BigEndian.Uint32(list[ids312:]))
	}
	return ids
}

// What happens to emulated printers on USB/IP is told on standard input and at the control socket.
func TestEmulatePrinter(t *testing.T) {
	t.Parallel()
	const evolis, matica = 0x0F49B001, 0x2166701D
	socket := filepath.Join(socketFolder(t), "control")
	e := startEmulation(t, "printer", "--usbip", "--model", "Primacy 2:ribbon=12", "--model", "XID8600", "--address", "127.0.0.1:0", "--speed", "0", "--control", socket)
	a := e.answer()
	if len(a.Printers) != 2 || a.Printers[0].Machine.Ribbon.Left != 12 || a.Printers[0].Machine.Hopper != 20 || a.Printers[1].BusID != "1-2" || a.Printers[1].USB != "2166:701d" {
		t.Fatalf("at the start: %+v", a)
	}
	address := a.Address
	if ids := offered(t, address); !slices.Equal(ids, []uint32{evolis, matica}) {
		t.Errorf("offered %x", ids)
	}
	e.order("unplug 1")
	if a := e.answer(); a.Printers[0].Machine.Plugged || !a.Printers[1].Machine.Plugged || !slices.Contains(a.Printers[0].Problems, machine.ProblemCable) {
		t.Errorf("after unplug 1: %+v", a)
	}
	if ids := offered(t, address); !slices.Equal(ids, []uint32{matica}) {
		t.Errorf("with a plug out: offered %x", ids)
	}
	for _, c := range []struct{ order, says string }{
		{"unplug", "which printer?"},
		{"unplug 3", "there is no printer 3; 1 to 2"},
		{"unplug 0", "\"0\" is no printer"},
		{"open 1 wide", "it is written: open PRINTER"},
		{"load 1 many", "\"many\" is no number"},
		{"load 1 1 1", "it is written: load PRINTER [CARDS]"},
		{"load 1 1000", "its hopper has room for 80 more"},
		{"ribbon 1 9999", "its ribbon has 500 sides"},
		{"power-on 1", "it has power"},
		{"fault 1", "which fault?"},
		{"fault 1 meteor", "no fault \"meteor\""},
		{"fault 1 jam sidestep=1", "is no KEY=VALUE"},
		{"fault 1 jam step=lunch", "unknown step"},
		{"fault 1 late_reply delay=soon", "is no time"},
		{"fault 1 deaf", "has no deaf"},
		{"usb 1 stall sideways", "it is written: usb PRINTER KIND"},
		{"usb 1 stall in after never", "\"never\" is no number"},
	} {
		e.order(c.order)
		if a := e.answer(); !strings.Contains(a.Error, c.says) || a.Printers != nil {
			t.Errorf("%s: %+v", c.order, a)
		}
	}
	tell := func(order string) answer {
		t.Helper()
		status, out, told := tellAt(t, socket, append(strings.Fields(order), "--json")...)
		var a answer
		if err := json.Unmarshal([]byte(out), &a); err != nil || status != exitDone || len(a.Printers) != 2 {
			t.Fatalf("tell %s: %d %s %s %v", order, status, out, told, err)
		}
		return a
	}
	tell("plug 1")
	if ids := offered(t, address); len(ids) != 2 {
		t.Errorf("plugged in again: offered %x", ids)
	}
	tell("fault all jam step=panel panel=2")
	tell("fault 1 late_reply command=Sic delay=3s")
	if a := tell("usb 2 stall in after 3"); !slices.Equal(a.Printers[0].Coming, []string{"jam", "of the connection or of a chip"}) || !slices.Equal(a.Printers[1].Coming, []string{"jam", "stall, USB in"}) {
		t.Errorf("to come: %q, %q", a.Printers[0].Coming, a.Printers[1].Coming)
	}
	tell("open all")
	tell("no-ribbon 1")
	tell("unload 1")
	if a := tell("mend all"); len(a.Printers[0].Problems)+len(a.Printers[1].Problems) > 0 || a.Printers[0].Machine.Hopper != 20 || a.Printers[0].Machine.Ribbon.Left != 500 {
		t.Errorf("mended: %+v", a)
	}
	tell("load 1 5")
	tell("ribbon 1 7")
	tell("empty 1")
	if a := tell("power-cut 2"); a.Printers[1].Machine.Powered || a.Printers[0].Machine.Hopper != 25 || a.Printers[0].Machine.Ribbon.Left != 7 {
		t.Errorf("without power: %+v", a)
	}
	for tell("power-on 2"); !tell("show").Printers[1].Machine.Powered; {
	}
	status, out, _ := tellAt(t, socket, "show")
	if status != exitDone || !strings.Contains(out, "ribbon: 7 of 500 sides left") || !strings.Contains(out, "bus id 1-2  XID8600, serial 90000002, USB 2166:701d, no host has it") {
		t.Errorf("shown: %s", out)
	}
	e.order("quit")
	if status := <-e.status; status != exitDone {
		t.Errorf("status %d: %s", status, &e.told)
	}
}
