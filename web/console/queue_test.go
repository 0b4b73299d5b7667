package console_test

import (
	"net/url"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

// In the queue a supervisor moves an order before the others, with a reason, and the reports tell who did; the
// administrator cancels one, and is not offered to move any.
func TestMoveAndCancelInTheQueue(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.Supervisor, access.Auditor)
	room, chief, auditor := sit[access.Administrator], sit[access.Supervisor], sit[access.Auditor]
	for n := 1; n <= 3; n++ {
		o.as(center, delivery(n))
		o.as(boss, registry.Approve{Application: id(n)})
		o.as(admin, registry.Queue{Application: id(n)})
	}
	room.open("/cetak")
	if _, _, offered := room.offers("/cetak/pindah", url.Values{"application": {"req-2"}}); offered {
		t.Error("an administrator is offered to move an order")
	}
	chief.open("/cetak")
	chief.refused("/cetak/pindah", url.Values{"application": {"req-2"}, "priority": {"9"}}, nil, "registry.bad_operation") // without a reason
	chief.by("/cetak", "/cetak/pindah", url.Values{"application": {"req-2"}, "priority": {"9"}, "reason": {"urgent"}}, nil)
	if text := chief.says(); !strings.Contains(text, "Pindahkan di antrean") {
		t.Errorf("the page does not say what was done: %s", text)
	}
	room.by("/cetak", "/cetak/batal", url.Values{"application": {"req-1"}, "reason": {"died"}}, nil)
	if s := o.state(id(1)); s != registry.Cancelled {
		t.Errorf("the application is %s", s)
	}
	if order := o.next(); order.Record.ID != "req-2" {
		t.Errorf("%s is made first", order.Record.ID)
	}
	auditor.open("/laporan")
	if text := auditor.says(); !strings.Contains(text, "req-2 keadaan mendesak") || !strings.Contains(text, boss.ID+" permohonan didahulukan di antrean 1") {
		t.Errorf("the reports: %s", text)
	}
}

// What was approved stands in the print room with the button that queues it, for who may; it goes away once it is queued.
func TestApprovedIsQueuedInThePrintRoom(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.Auditor)
	room, auditor := sit[access.Administrator], sit[access.Auditor]
	for n := 1; n <= 2; n++ {
		o.as(center, delivery(n))
		o.as(boss, registry.Approve{Application: id(n)})
	}
	auditor.open("/cetak")
	if text := auditor.says(); strings.Contains(text, "belum diantrekan") {
		t.Errorf("who may queue nothing is offered it: %s", text)
	}
	room.open("/cetak")
	if text := room.says(); !strings.Contains(text, "Disetujui, belum diantrekan 2") {
		t.Errorf("the print room: %s", text)
	}
	room.send("/cetak/antrekan", url.Values{"application": {"req-2"}}, nil)
	if s := o.state(id(2)); s != registry.Queued || room.at != "/cetak" {
		t.Errorf("queued: %s, at %s", s, room.at)
	}
	if _, _, again := room.offers("/cetak/antrekan", url.Values{"application": {"req-2"}}); again {
		t.Error("what is queued is offered again")
	}
	if _, _, other := room.offers("/cetak/antrekan", url.Values{"application": {"req-1"}}); !other {
		t.Error("the other one is not offered any more")
	}
}
