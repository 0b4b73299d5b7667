package console_test

import (
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/registry/access"
)

// A line that stands for a wrong person names the card, the one before and the one after it, and where each lies.
func TestWrongPersonNamesTheCardsBeside(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	room := sit[access.Administrator]
	o.made(1, "0000A0B0C0D000000001")
	room.open("/cetak")
	if strings.Contains(room.says(), "Kartu yang dipisahkan") {
		t.Error("before the finding, cards are to be set apart")
	}
	order := o.queuedAs(2)
	o.make(order, "0000A0B0C0D000000002", jobs.Accept)
	o.must(o.reg.Intend(t.Context(), order, jobs.Accept, jobs.Evidence{Chip: "0000A0B0C0D000000002", At: o.clock.Now()}))
	o.must(o.reg.Settle(t.Context(), order, jobs.Accept, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.wrong_person", Match: jobs.WrongPerson}))
	room.open("/cetak")
	text := room.says()
	for _, want := range []string{"Sebelumnya req-1 0000A0B0C0D000000001", "Dinas · karantina Kartu yang salah req-2 0000A0B0C0D000000002", "Sesudahnya tidak ada kartu"} {
		if !strings.Contains(text, want) {
			t.Errorf("the strip does not say %q: %s", want, text)
		}
	}
}
