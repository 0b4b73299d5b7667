package console_test

import (
	"strings"
	"testing"

	"blanko/registry"
)

// A face that was changed is approved by pages: one proposes it, the other sees its picture beside the one in force
// before the button, and the token signs when that person has pressed it, not before. What the station does not make
// cards by has no picture and no button.
func TestDesignIsApprovedByItsPicture(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, boss)
	o.room(0)
	o.work()
	v := o.visit()
	v.signIn(admin)
	v.open("/rancangan")
	b2 := strings.Repeat("b2", 32)
	v.click("#propose-" + b2)
	v.succeeds()
	foreign := registry.ApproveDesign{Kind: registry.DesignArtwork, Title: "ktp-el-wni", Version: "3", Hash: strings.Repeat("d4", 32)}
	p, err := o.reg.Propose(t.Context(), admin, foreign, "foreign")
	o.must(err)
	v.leave()
	v.signIn(boss)
	v.open("/persetujuan/" + p.Answer)
	if ask[bool](v, `document.querySelector('#agree, img[src*=d4d4]') !== null`) || !strings.Contains(v.read("main"), "bukan yang dipakai") {
		t.Errorf("a design of somewhere else can be agreed to: %s", v.read("main"))
	}
	v.clean("design-foreign")
	own, err := o.reg.Proposals(t.Context(), registry.ProposalFilter{State: registry.ProposalOpen, Limit: 9})
	o.must(err)
	for _, q := range own {
		if q.Operation != "design.approve" || q.ID == p.Answer {
			continue
		}
		v.open("/persetujuan/" + q.ID)
	}
	before := ask[[]string](v, `[...document.querySelectorAll('main img')].map(i => i.complete && i.naturalWidth > 0 && (i.compareDocumentPosition(document.querySelector('#agree')) & Node.DOCUMENT_POSITION_FOLLOWING) ? i.getAttribute('src') : '')`)
	if want := "/rancangan/gambar/" + strings.Repeat("a1", 32) + " /rancangan/gambar/" + b2; strings.Join(before, " ") != want {
		t.Errorf("before the button stand %v, want %s", before, want)
	}
	v.clean("design-approve")
	if n := o.asked.take()["signature"]; n != 0 {
		t.Errorf("signed %d times before the second person agreed", n)
	}
	v.click("#agree")
	v.succeeds()
	if n := o.asked.take()["signature"]; n != 1 {
		t.Errorf("signed %d times", n)
	}
	v.open("/rancangan")
	if text := v.read("main"); strings.Contains(text, "lain dari yang disetujui") {
		t.Errorf("still not approved: %s", text)
	}
}
