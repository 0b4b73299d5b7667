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
