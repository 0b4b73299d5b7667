package console_test

import (
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/access"
)

// The lines of a station that was started wait on the page until two persons have released them.
func TestReleaseAfterAStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, boss)
	o.room(0)
	digest := strings.Repeat("a", 64)
	start := o.as(access.Actor{ID: "station", Roles: []access.Role{access.System}}, registry.RecordStart{Station: "stasiun-1", Program: digest, Configuration: digest, Keys: digest}).Answer
	v := o.visit()
	v.signIn(admin)
	v.open("/mulai")
	if text := v.read("#part-mulai"); !strings.Contains(text, "menunggu pelepasan") || !strings.Contains(text, "pertama kali") {
		t.Errorf("the page says %s", text)
	}
	v.click("#two-" + start)
	if !strings.Contains(v.read("#done"), "Lepaskan lini") {
		t.Errorf("the page says %s", v.read("main"))
	}
	list, err := o.reg.Proposals(t.Context(), registry.ProposalFilter{Limit: 5})
	o.must(err)
	if len(list) != 1 {
		t.Fatalf("%d proposals", len(list))
	}
	o.as(boss, registry.Decide{Proposal: list[0].ID, Agree: true})
	v.see("body[data-stream=open]")
	v.until("#part-mulai", "dilepas")
	s, err := o.reg.Started(t.Context(), start)
	if o.must(err); s.ReleasedBy != admin.ID || s.Second != boss.ID {
		t.Errorf("released by %s and %s", s.ReleasedBy, s.Second)
	}
}

// Who counts blind is not told how many there should be; who may not count is.
func TestBlindCount(t *testing.T) {
	t.Parallel()
	o := newOffice(t, keeper, boss)
	o.room(0)
	v := o.visit()
	v.signIn(keeper)
	v.open("/stok")
	if text := v.read("main"); strings.Contains(text, "420") || !strings.Contains(text, "dihitung buta") {
		t.Errorf("the keeper is told %s", text)
	}
	v.open("/akun")
	v.click(".who form[action='/keluar'] button")
	v.signIn(boss)
	v.open("/stok")
	if text := v.read("main"); !strings.Contains(text, "420") {
		t.Errorf("the supervisor is told %s", text)
	}
	tries, err := o.reg.SignInsOf(t.Context(), keeper.ID, 1)
	if o.must(err); len(tries) != 1 || tries[0].Outcome != access.SignInEnded {
		t.Errorf("the end of the sign-in is not noted: %+v", tries)
	}
}
