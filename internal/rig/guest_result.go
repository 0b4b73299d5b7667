package rig

import (
	"regexp"
	"strings"
	"testing"
)

// guestRun is what a guest's console tells of the tests of one package.
type guestRun struct {
	guestTest
	status string // the exit status of the test binary; empty: it did not end
}

// guestTest is one test with those below it, in the order in which they began.
type guestTest struct {
	name    string
	verdict string // PASS, FAIL, SKIP; empty: it did not end
	took    string
	said    []string
	inner   []*guestTest
}

var (
	guestPackage = regexp.MustCompile(`^GUEST-RUN:(\S+)$`)
	guestBegan   = regexp.MustCompile(`^=== (?:RUN|CONT|NAME|PAUSE) +(\S+)$`)
	guestDone    = regexp.MustCompile(`^ *--- (PASS|FAIL|SKIP): (\S+) \((\S+)\)$`)
	guestStatus  = regexp.MustCompile(`^GUEST-RC:(\d+)$`)
)

// readGuest reads the output of test binaries that ran with -test.v.
func readGuest(console string) []*guestRun {
	var runs []*guestRun
	run := &guestRun{}
	at := &run.guestTest // what is said before the first test belongs to none
	for line := range strings.Lines(console) {
		line = strings.TrimRight(line, "\r\n")
		if m := guestPackage.FindStringSubmatch(line); m != nil {
			run = &guestRun{guestTest: guestTest{name: m[1]}}
			runs, at = append(runs, run), &run.guestTest
		} else if m := guestBegan.FindStringSubmatch(line); m != nil {
			at = run.find(m[1])
		} else if m := guestDone.FindStringSubmatch(line); m != nil {
			done := run.find(m[2])
			done.verdict, done.took = m[1], m[3]
		} else if m := guestStatus.FindStringSubmatch(line); m != nil {
			run.status = m[1]
		} else {
			at.said = append(at.said, line)
		}
	}
	return runs
}

// find is the test of a name such as TestX/case, made where it is not there.
func (g *guestTest) find(path string) *guestTest {
	for name := range strings.SplitSeq(path, "/") {
		var next *guestTest
		for _, t := range g.inner {
			if t.name == name {
				next = t
			}
		}
		if next == nil {
			next = &guestTest{name: name}
			g.inner = append(g.inner, next)
		}
		g = next
	}
	return g
}

func (g *guestTest) failed() bool {
	for _, t := range g.inner {
		if t.verdict == "FAIL" || t.failed() {
			return true
		}
	}
	return false
}

// relay makes a subtest of the package, with one for each of its tests.
func (r *guestRun) relay(t *testing.T) {
	t.Run(r.name, func(t *testing.T) {
		for _, g := range r.inner {
			g.relay(t)
		}
		switch {
		case len(r.inner) == 0:
			t.Errorf("no test ran\n%s", strings.Join(r.said, "\n"))
		case r.status == "":
			t.Errorf("did not end in the guest\n%s", strings.Join(r.said, "\n"))
		case r.status != "0" && !r.failed():
			t.Errorf("ended in the guest with status %s\n%s", r.status, strings.Join(r.said, "\n"))
		}
	})
}

func (g *guestTest) relay(t *testing.T) {
	t.Run(g.name, func(t *testing.T) {
		for _, in := range g.inner {
			in.relay(t)
		}
		said := strings.Join(g.said, "\n")
		switch g.verdict {
		case "PASS":
			t.Logf("%s in the guest\n%s", g.took, said)
		case "SKIP":
			Without(t, "usb", "skipped in the guest: "+said)
		case "FAIL":
			t.Errorf("failed in the guest after %s\n%s", g.took, said)
		default:
			t.Errorf("did not end in the guest\n%s", said)
		}
	})
}
