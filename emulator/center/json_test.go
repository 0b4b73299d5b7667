package center

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// RFC 8785, appendix B.
func TestNumbersOfRFC8785(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0", 0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992", 0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325", 0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		got, err := appendNumber(nil, math.Float64frombits(bits))
		if err != nil || string(got) != want {
			t.Errorf("%016x: %s, %v, want %s", bits, got, err, want)
		}
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, err := appendNumber(nil, f); err == nil {
			t.Errorf("%v is written as %s", f, got)
		}
	}
	for n, want := range map[int]string{0: "0", 7: "7", -12: "-12", 100: "100", 1 << 53: "9007199254740992"} {
		if got, err := canonicalJSON(n); err != nil || string(got) != want {
			t.Errorf("%d: %s, %v", n, got, err)
		}
	}
}

// RFC 8785, 3.2.2 and 3.2.3.
func TestExamplesOfRFC8785(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{
			"3.2.2", `{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
			"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		{
			"3.2.3", `{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
			"\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`,
			`{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`,
		},
		{"nested", `{"b":{"z":[{"y":1,"x":2}],"a":""},"a":[]}`, `{"a":[],"b":{"a":"","z":[{"x":2,"y":1}]}}`},
		{"controls", `"\u007f\u001f\b\f\t<>&\u2028"`, "\"\u007f\\u001f\\b\\f\\t<>&\u2028\""},
	} {
		v, err := parse(strings.NewReader(c.in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := canonicalJSON(v); err != nil || string(got) != c.want {
			t.Errorf("%s:\n%s, %v\nwant\n%s", c.name, got, err, c.want)
		}
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	t.Parallel()
	if b, err := canonicalJSON("BUDI\xff"); err == nil {
		t.Errorf("written: %q", b)
	}
	if b, err := canonicalJSON(struct{}{}); err == nil {
		t.Errorf("written: %q", b)
	}
}

// The plain form has other bytes and the same value as the canonical one.
func TestPlainAndCanonicalAgree(t *testing.T) {
	t.Parallel()
	v := object{{"z", "REGAPU’U 😀"}, {"a", []any{1, nil, true, []byte{1, 2, 3}}}, {"m", object{{"y", -7}, {"x", ""}}}}
	plain, err := appendPlain(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	want, err := canonicalJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(plain) == string(want) || !json.Valid(plain) || !json.Valid(want) {
		t.Fatalf("%s\n%s", plain, want)
	}
	back, err := parse(strings.NewReader(string(plain)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := canonicalJSON(back); err != nil || string(got) != string(want) {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
	if _, err := parse(strings.NewReader("{} {}")); err == nil {
		t.Error("two values were read as one")
	}
}
