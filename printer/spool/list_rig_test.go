package spool_test

import (
	"testing"

	"blanko/fault"
	"blanko/internal/rig"
	"blanko/printer"
	"blanko/printer/spool"
)

// TestList: every queue is told, with what Open would refuse it for.
func TestList(t *testing.T) {
	t.Parallel()
	s := rig.CUPS(t, rig.CUPSOptions{})
	if list, err := spool.List(t.Context(), s.Address); err != nil || len(list) != 0 {
		t.Errorf("a server without queues: %v, %v", list, err)
	}
	d := rig.NewCardDevice(t)
	s.Queue(t, "card", d.URI(), "abort-job")
	s.Queue(t, "again", d.URI(), "retry-job")
	s.Disable(t, "again")
	list, err := spool.List(t.Context(), s.Address)
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	again, card := list[0], list[1]
	if card.Name != "card" || card.Model != "Card" || card.Policy != "abort-job" || card.State != "idle" || card.Fault != "" {
		t.Errorf("a queue in order: %+v", card)
	}
	if again.Name != "again" || again.State != "stopped" || again.Fault != string(spool.PolicyWrong.Code) || len(again.Reasons) != 1 || again.Reasons[0] != "paused" {
		t.Errorf("a queue that repeats jobs, stopped: %+v", again)
	}
}

// TestListWithoutServer: a server that is not there is no empty list.
func TestListWithoutServer(t *testing.T) {
	t.Parallel()
	if _, err := spool.List(t.Context(), t.TempDir()+"/cups.sock"); printer.ClassOf(err) != printer.ClassComm {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := spool.List(t.Context(), "192.0.2.1:631"); !fault.Is(err, spool.NotHere) {
		t.Errorf("another machine: %v", err)
	}
}
