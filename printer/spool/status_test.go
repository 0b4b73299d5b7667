package spool

import (
	"testing"

	"github.com/OpenPrinting/goipp"

	"blanko/printer"
)

// TestReasons: keywords of RFC 8011, 5.4.12, with the endings that say how bad they are.
func TestReasons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		word string
		want printer.Class
	}{
		{"none", printer.ClassNone},
		{"media-empty", printer.ClassNoCards},
		{"media-empty-error", printer.ClassNoCards},
		{"media-empty-warning", printer.ClassNone},
		{"media-jam", printer.ClassJam},
		{"cover-open-report", printer.ClassNone},
		{"cover-open", printer.ClassCoverOpen},
		{"marker-supply-empty-error", printer.ClassRibbonOut},
		{"marker-supply-low-warning", printer.ClassNone},
		{"marker-supply-low", printer.ClassNone},
		{"offline-report", printer.ClassNone},
		{"connecting-to-device", printer.ClassComm},
		{"cups-waiting-for-job-completed", printer.ClassNone},
		{"com.vendor-laminate-cold-error", printer.ClassUnknown},
		{"", printer.ClassUnknown},
	} {
		if got := reason(c.word); got != c.want {
			t.Errorf("%q is %q, want %q", c.word, got, c.want)
		}
	}
}

func told1(state int, accepting bool, reasons ...string) attributes {
	a := attributes{}
	a["printer-state"] = goipp.Values{{T: goipp.TagEnum, V: goipp.Integer(state)}}
	a["printer-is-accepting-jobs"] = goipp.Values{{T: goipp.TagBoolean, V: goipp.Boolean(accepting)}}
	for _, r := range reasons {
		a["printer-state-reasons"] = append(a["printer-state-reasons"], struct {
			T goipp.Tag
			V goipp.Value
		}{goipp.TagKeyword, goipp.String(r)})
	}
	return a
}

// TestNotKnownIsNotFine: an idle queue says nothing about cards, cover and ribbon, so neither does
// the status.
func TestNotKnownIsNotFine(t *testing.T) {
	t.Parallel()
	st := told(told1(printerIdle, true, "none"))
	if st.Ready.Known || st.Card.Known || st.Cover.Known || st.Hopper.Known || st.Output.Known || st.Reject.Known || st.Ribbon.Known {
		t.Errorf("an idle queue claims to know: %+v", st)
	}
	if st.Error != printer.ClassNone || st.Raw != "" {
		t.Errorf("an idle queue reports %q, %q", st.Error, st.Raw)
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		from  attributes
		class printer.Class
		raw   string
	}{
		{"stopped", told1(printerStopped, true, "paused"), printer.ClassBusy, "paused"},
		{"stopped by a jam", told1(printerStopped, true, "paused", "media-jam-error"), printer.ClassJam, "paused,media-jam-error"},
		{"not accepting", told1(printerIdle, false, "none"), printer.ClassBusy, ""},
		{"printing, cards low", told1(printerProcessing, true, "media-low-warning"), printer.ClassNone, "media-low-warning"},
		{"a vendor's word", told1(printerIdle, true, "com.vendor-laminate-cold"), printer.ClassUnknown, "com.vendor-laminate-cold"},
		{"nothing told", attributes{}, printer.ClassNone, ""},
	} {
		st := told(c.from)
		if st.Error != c.class || st.Raw != c.raw {
			t.Errorf("%s: class %q raw %q, want %q %q", c.name, st.Error, st.Raw, c.class, c.raw)
		}
		if ready := c.class == printer.ClassNone; st.Ready.Known && st.Ready.Value != ready {
			t.Errorf("%s: ready %v", c.name, st.Ready)
		}
	}
}

// TestSupplies: a level below zero is not known (PWG 5100.13), one without a level neither.
func TestSupplies(t *testing.T) {
	t.Parallel()
	a := attributes{}
	for _, n := range []string{"YMCKH", "film", "cleaning roller", "odd"} {
		a["marker-names"] = append(a["marker-names"], struct {
			T goipp.Tag
			V goipp.Value
		}{goipp.TagName, goipp.String(n)})
	}
	for _, n := range []int{42, -2, 101} {
		a["marker-levels"] = append(a["marker-levels"], struct {
			T goipp.Tag
			V goipp.Value
		}{goipp.TagInteger, goipp.Integer(n)})
	}
	got := supplies(a)
	if len(got) != 4 || got[0].Percent != printer.Know(42) || got[1].Percent.Known || got[2].Percent.Known || got[3].Percent.Known {
		t.Errorf("supplies %+v", got)
	}
}
