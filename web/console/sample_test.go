package console_test

import (
	"strings"
	"testing"
	"time"

	"blanko/registry"
)

// An application of a sample is shown for an hour: its button leads back to it without another look, and after the hour
// opens it again, which is a look as the first one was.
func TestSampleIsOpenedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss)
	o.as(center, delivery(1))
	batch := o.as(boss, registry.DrawBatch{Applications: []registry.ApplicationID{id(1)}}).Answer
	at := "/persetujuan/kumpulan/" + batch
	v := o.visit()
	v.expect("a status of 401") // of the stream of the page, when the hour is over
	v.signIn(boss)
	again, button := "#again-"+string(id(1)), "button#again-"+string(id(1))
	looks := func(want int) {
		t.Helper()
		d, err := o.reg.Application(t.Context(), id(1))
		o.must(err)
		n := 0
		for _, e := range d.Events {
			if e.Code == "batch.sample_opened" {
				n++
			}
		}
		if n != want {
			t.Fatalf("%d looks are written down, not %d: %+v", n, want, d.Events)
		}
	}
	opened := func() {
		t.Helper()
		if text := v.read("main"); !strings.Contains(text, "PENDUDUK 1") || v.where() != at+"/"+string(id(1)) {
			t.Fatalf("at %s: %s", v.where(), text)
		}
	}
	v.open(at)
	v.click("#open-" + string(id(1)))
	looks(1)
	v.open(at)
	v.click("a" + again)
	opened()
	looks(1)
	o.clock.Advance(time.Hour + time.Second)
	v.forget()
	v.signIn(boss) // nobody stays signed in that long
	v.open(at)
	v.click(button)
	looks(2)
	v.open(at)
	v.click("a" + again)
	opened()
	looks(2)
}
