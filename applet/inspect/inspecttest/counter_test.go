package inspecttest_test

import (
	"testing"

	"blanko/applet/inspect"
	"blanko/applet/inspect/inspecttest"
	"blanko/biometric/finger"
	"blanko/ktp"
)

// The holder is the holder, and the stranger is not, with either finger and with both.
func TestCounter(t *testing.T) {
	t.Parallel()
	read := func(b []byte) *finger.Template {
		r, err := finger.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, f := range []ktp.Finger{ktp.RightIndex, ktp.LeftIndex} {
		for who, c := range map[string]struct {
			live    []byte
			matches bool
		}{"holder": {inspecttest.Holder(f), true}, "stranger": {inspecttest.Stranger(f), false}} {
			score, err := inspect.Holder(inspecttest.Chip(), read(c.live))
			if err != nil || (score >= finger.Threshold()) != c.matches {
				t.Errorf("%s, %s: score %d, %v", who, f, score, err)
			}
		}
	}
	if score, err := inspect.Holder(inspecttest.Chip(), read(inspecttest.Holder(ktp.RightIndex)), read(inspecttest.Holder(ktp.LeftIndex))); err != nil || score < finger.Threshold() {
		t.Errorf("both: score %d, %v", score, err)
	}
}
