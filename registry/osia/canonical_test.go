package osia

import (
	"strings"
	"testing"
)

// Vectors of RFC 8785: section 3.2.2 (whole example), 3.2.3 (sorting), appendix B (numbers).
func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{
			"section 3.2.2",
			`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],` +
				` "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
				`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		{
			"section 3.2.3",
			`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",` +
				` "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`,
			"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\"," +
				"\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
		},
		{"an escaped backslash before what looks like half a pair", `"\\ud800"`, `"\\ud800"`},
		{"a pair after a backslash", `"\\\ud83d\ude00"`, `"\\😀"`},
		{"minus zero", `-0`, `0`},
		{"smallest", `5e-324`, `5e-324`},
		{"largest", `1.7976931348623157e308`, `1.7976931348623157e+308`},
		{"2^53", `9007199254740992`, `9007199254740992`},
		{"1e21", `1e21`, `1e+21`},
		{"below 1e21", `999999999999999900000`, `999999999999999900000`},
		{"1e-6", `0.000001`, `0.000001`},
		{"1e-7", `0.0000001`, `1e-7`},
	} {
		got, err := Canonical([]byte(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\n%s\n%s, %v", c.name, got, c.want, err)
		}
	}
}

func TestCanonicalDropsMembers(t *testing.T) {
	t.Parallel()
	got, err := Canonical([]byte(`{"a":{"b":1,"c":2},"d":3,"e":[4]}`), "a.b", "d", "x.y", "e.f")
	if err != nil || string(got) != `{"a":{"c":2},"e":[4]}` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		``, `{`, `{"a":1,"a":2}`, `{"a":{"b":1,"b":1}}`, `1e400`, `[1] 2`, "\"\xff\"", `nul`,
		`"\ud800"`, `"\udfff"`, `"\ud800x"`, `"\ud800\ud800"`, `"\udc00\ud800"`, `"\ud800\u0041"`, `{"\uDBFF":1}`, `"\\\ud800"`, `"\ud800\\udc00"`,
		strings.Repeat("[", 40) + strings.Repeat("]", 40),
	} {
		if got, err := Canonical([]byte(in)); err == nil {
			t.Errorf("%q became %s", in, got)
		}
	}
}

// A canonical text is its own canonical form, and hostile input neither panics nor grows.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"b":[1,2.5e10,"x"],"a":null}`, `"\u2028"`, `[]`, `-0.0`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		once, err := Canonical(in)
		if err != nil {
			return
		}
		twice, err := Canonical(once)
		if err != nil || string(once) != string(twice) {
			t.Errorf("%q, then %q, %v", once, twice, err)
		}
	})
}
