package printer

import (
	"errors"
	"fmt"
	"testing"

	"blanko/fault"
)

// Every class that a device can report is listed, and has an entry.
func TestClassesAreListed(t *testing.T) {
	t.Parallel()
	listed := map[fault.Code]bool{}
	for _, e := range Faults {
		listed[e.Code] = true
	}
	if len(classes) != len(classFaults) {
		t.Errorf("%d classes are listed, %d have an entry", len(classes), len(classFaults))
	}
	for c, e := range classFaults {
		if !listed[e.Code] {
			t.Errorf("class %s is not listed", c)
		}
	}
}

func TestClassOfFindsTheClass(t *testing.T) {
	t.Parallel()
	for _, c := range classes {
		err := fmt.Errorf("line 1: %w", Fault(c).At("evolis.Move", errors.New("reply")))
		if got := ClassOf(err); got != c {
			t.Errorf("%s: class %q", c, got)
		}
	}
	outer := fault.Entry{Code: "personalize.stopped"}.At("personalize.step", Fault(ClassJam).At("evolis.Move", nil))
	for _, c := range []struct {
		name string
		err  error
		want Class
	}{
		{"nil", nil, ClassNone},
		{"foreign", errors.New("jam"), ClassNone},
		{"inside another room's fault", outer, ClassJam},
		{"not a device error", PanelsUnsupported.At("printer.Separate", nil), ClassNone},
		{"the outermost wins", Fault(ClassComm).At("evolis.Print", Fault(ClassJam).At("evolis.Print", nil)), ClassComm},
	} {
		if got := ClassOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, c := range []Class{ClassNone, "meltdown"} {
		if got := Fault(c).Code; got != "printer.unknown" {
			t.Errorf("class %q has the entry %s", c, got)
		}
	}
}
