package rig

import (
	"strings"
	"testing"
)

func TestReadGuest(t *testing.T) {
	t.Parallel()
	const console = `kernel noise

GUEST-RUN:./printer/usb
=== RUN   TestA
=== RUN   TestA/one
    a_test.go:5: said by one
=== PAUSE TestA/one
=== RUN   TestA/two
    a_test.go:9: said by two
=== CONT  TestA/one
    a_test.go:6: more of one
--- FAIL: TestA (0.52s)
    --- PASS: TestA/one (0.01s)
    --- FAIL: TestA/two (0.50s)
=== RUN   TestB
    b_test.go:2: not here
--- SKIP: TestB (0.00s)
FAIL
GUEST-RC:1

GUEST-RUN:./printer/evolis
=== RUN   TestC
panic: out of ink
`
	runs := readGuest(strings.ReplaceAll(console, "\n", "\r\n"))
	if len(runs) != 2 || runs[0].name != "./printer/usb" || runs[0].status != "1" || !runs[0].failed() ||
		runs[1].name != "./printer/evolis" || runs[1].status != "" || runs[1].failed() {
		t.Fatalf("%+v", runs)
	}
	for _, c := range []struct {
		run                 int
		test, verdict, says string
	}{
		{0, "TestA", "FAIL", ""},
		{0, "TestA/one", "PASS", "said by one|more of one"},
		{0, "TestA/two", "FAIL", "said by two"},
		{0, "TestB", "SKIP", "not here"},
		{1, "TestC", "", "panic: out of ink"},
	} {
		g := runs[c.run].find(c.test)
		if g.verdict != c.verdict {
			t.Errorf("%s: %q", c.test, g.verdict)
		}
		for want := range strings.SplitSeq(c.says, "|") {
			if !strings.Contains(strings.Join(g.said, "\n"), want) {
				t.Errorf("%s lacks %q: %q", c.test, want, g.said)
			}
		}
	}
	if len(runs[0].inner) != 2 || len(runs[1].inner) != 1 {
		t.Errorf("%d and %d tests", len(runs[0].inner), len(runs[1].inner))
	}
	if runs := readGuest("Kernel panic - not syncing"); len(runs) != 0 {
		t.Errorf("a guest that died: %+v", runs)
	}
}

// A folder and a file, byte by byte in the form newc.
func TestInitramfs(t *testing.T) {
	t.Parallel()
	var r initramfs
	r.entry("d/f", modeFile|0o644, []byte("abcde"))
	r.entry("/d/f", modeFile|0o644, []byte("again"))
	const zeros = "0000000000000000"
	want := "070701" + "00000001" + "000041ED" + zeros + "00000001" + "00000000" + "00000000" + zeros + zeros + "00000002" + "00000000" + "d\x00" +
		"070701" + "00000002" + "000081A4" + zeros + "00000001" + "00000000" + "00000005" + zeros + zeros + "00000004" + "00000000" + "d/f\x00" + "\x00\x00" + "abcde\x00\x00\x00"
	if got := r.out.String(); got != want {
		t.Errorf("\n%q\nwant\n%q", got, want)
	}
}

func TestLinked(t *testing.T) {
	t.Parallel()
	const out = "\tlinux-vdso.so.1 (0x00007f8b5b7bb000)\n\tlibkmod.so.2 => /lib/x86_64-linux-gnu/libkmod.so.2 (0x00007f8b5b640000)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f8b5b7bd000)\n"
	var got []string
	for _, m := range linked.FindAllStringSubmatch(out, -1) {
		got = append(got, m[1])
	}
	if want := "/lib/x86_64-linux-gnu/libkmod.so.2 /lib64/ld-linux-x86-64.so.2"; strings.Join(got, " ") != want {
		t.Errorf("%q", got)
	}
}
