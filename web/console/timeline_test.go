package console_test

import (
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

// Beside every step of an application stands the status word that held from then on, also beside one that changed none.
func TestTimelineNamesTheStatusWord(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	o.as(center, delivery(1))
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	o.as(boss, registry.MoveOrder{Application: id(1), Priority: 9, Because: registry.Because{Reason: "urgent"}})
	room := sit[access.Administrator]
	room.open("/permohonan/req-1")
	text := room.says()
	for code, want := range map[string]string{
		"application.deliver": "PRINT_READY_RECORD " + center.ID, "application.approve": "PRINT_READY_RECORD " + boss.ID,
		"application.queue": "SENT_FOR_CARD_PRINTING " + admin.ID, "order.moved": "SENT_FOR_CARD_PRINTING " + boss.ID,
	} {
		if want = registry.EventWordOf(code).ID + " " + want; !strings.Contains(text, want) {
			t.Errorf("the timeline does not say %q: %s", want, text)
		}
	}
}
