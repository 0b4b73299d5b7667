package inspect_test

import (
	"testing"

	"blanko/applet/inspect"
	"blanko/biometric/finger"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// onCard are the finger files of a record, with its 60 or its 40 minutiae.
func onCard(t *testing.T, r ktp.Record, small bool) map[uint16][]byte {
	t.Helper()
	out := map[uint16][]byte{}
	for n, s := range r.Fingers {
		if s.Empty() {
			continue
		}
		rec := s.Best60
		if small {
			rec = s.Best40
		}
		data, err := chipdata.EncodeFingerFile(rec)
		if err != nil {
			t.Fatal(err)
		}
		out[uint16(0x0201+n)] = data
	}
	return out
}

func TestOneToOne(t *testing.T) {
	t.Parallel()
	other := record(t, 5)
	for _, c := range []struct {
		name   string
		change func(r *ktp.Record)
		small  bool
		want   string
	}{
		{"both fingers", func(*ktp.Record) {}, false, inspect.Matched},
		{"both fingers, 40 minutiae", func(*ktp.Record) {}, true, inspect.Matched},
		{"one finger has a second impression", func(r *ktp.Record) { r.Fingers[0].Second = nil }, false, inspect.Matched},
		{"one finger is worn", func(r *ktp.Record) { r.Fingers[1].Second = other.Fingers[1].Second }, false, inspect.Matched},
		{"no second impression", func(r *ktp.Record) { r.Fingers[0].Second, r.Fingers[1].Second = nil, nil }, false, inspect.EqualByHash},
		{"another person's impressions", func(r *ktp.Record) {
			r.Fingers[0].Second, r.Fingers[1].Second = other.Fingers[0].Second, other.Fingers[1].Second
		}, false, inspect.WrongPerson},
		{"impressions of swapped hands", func(r *ktp.Record) {
			r.Fingers[0].Second, r.Fingers[1].Second = r.Fingers[1].Second, r.Fingers[0].Second
		}, false, inspect.WrongPerson},
		{"no fingers at all", func(r *ktp.Record) { r.Fingers = [2]ktp.FingerSlot{} }, false, inspect.EqualByHash},
	} {
		r := record(t, 0)
		c.change(&r)
		result, score, err := inspect.OneToOne(onCard(t, r, c.small), r)
		if err != nil || result != c.want {
			t.Errorf("%s: %s, score %d, %v", c.name, result, score, err)
		}
		if (score >= finger.Threshold()) != (c.want == inspect.Matched) {
			t.Errorf("%s: score %d", c.name, score)
		}
	}
}

func TestOneToOneRefuses(t *testing.T) {
	t.Parallel()
	r := record(t, 0)
	for name, change := range map[string]func(files map[uint16][]byte, r *ktp.Record){
		"a finger missing on the card":   func(f map[uint16][]byte, _ *ktp.Record) { delete(f, 0x0202) },
		"a finger the record has not":    func(_ map[uint16][]byte, r *ktp.Record) { r.Fingers[0] = ktp.FingerSlot{} },
		"slots swapped":                  func(f map[uint16][]byte, _ *ktp.Record) { f[0x0201], f[0x0202] = f[0x0202], f[0x0201] },
		"no finger file":                 func(f map[uint16][]byte, _ *ktp.Record) { f[0x0201] = []byte{0x7F, 0x60, 0x00} },
		"second impression not readable": func(_ map[uint16][]byte, r *ktp.Record) { r.Fingers[1].Second = []byte("FMR") },
	} {
		files, changed := onCard(t, r, false), r
		change(files, &changed)
		if result, _, err := inspect.OneToOne(files, changed); !fault.Is(err, inspect.FingerUnreadable) || result != "" {
			t.Errorf("%s: %q, %v", name, result, err)
		}
	}
}

// Every entry has both languages and steps in both.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, e := range inspect.Faults {
		if e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("entry %q is incomplete", e.Code)
		}
	}
}
