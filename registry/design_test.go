package registry

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/keys"
	"blanko/registry/audit"
	"blanko/registry/standard"
)

// approval is of something with a hash of one repeated digit.
func approval(kind, title, digit string) ApproveDesign {
	return ApproveDesign{Kind: kind, Title: title, Version: "1", Hash: strings.Repeat(digit, 64), Signature: []byte{1}, Second: boss}
}

// Nothing is fed by a profile, a template or a standard that is not the version in force; the journal of
// every attempt says which were used.
func TestOnlyApprovedDesignsAreFed(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		used := jobs.Evidence{Profile: strings.Repeat("a", 64), Artwork: strings.Repeat("b", 64)}
		s.wants(s.intend(o, jobs.Feed, used), DesignUnapproved.Code)
		s.do(admin, approval(DesignProfile, "ktpel-op-1-8k", "a"))
		s.do(admin, approval(DesignArtwork, "ktp-el-wni", "b"))
		s.wants(s.intend(o, jobs.Feed, used), DesignUnapproved.Code)
		inForce, err := standard.Load(standard.Names[0])
		s.must(err)
		of := approval(DesignStandard, inForce.ID, "c")
		of.Hash = inForce.Hash()
		s.do(admin, of)
		s.wants(s.intend(o, jobs.Feed, jobs.Evidence{}), DesignUnapproved.Code)
		s.do(admin, approval(DesignArtwork, "ktp-el-wni", "d")) // the one of before is over
		s.wants(s.intend(o, jobs.Feed, used), DesignUnapproved.Code)
		s.do(admin, approval(DesignArtwork, "ktp-el-wni", "b")) // and back
		s.must(s.intend(o, jobs.Feed, used))
		d, err := s.r.Attempt(bg, o.Attempt)
		s.must(err)
		if e := d.Journal[len(d.Journal)-1].Evidence; e.Profile != used.Profile || e.Artwork != used.Artwork || e.Standard != inForce.Hash() {
			t.Errorf("%+v", e)
		}
	}, func(c *Config) { c.Designs = true })
}

// A version is changed by one and approved by another; each approval is kept and an event.
func TestApproveDesign(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		good := approval(DesignArtwork, "ktp-el-wni", "a")
		alone, keeperAgrees := good, good
		alone.Second, keeperAgrees.Second = admin, keeper
		s.refused(admin, alone, "registry.same_person")
		s.refused(admin, keeperAgrees, "registry.not_allowed")
		s.refused(keeper, good, "registry.not_allowed")
		for _, wrong := range []ApproveDesign{
			approval("font", "ktp-el-wni", "a"),
			approval(DesignArtwork, "", "a"),
			approval(DesignArtwork, strings.Repeat("n", 65), "a"),
			approval(DesignArtwork, "ktp-el-wni", "x"),
			{Kind: DesignArtwork, Title: "n", Version: "1", Hash: strings.Repeat("a", 64), Second: boss},
		} {
			s.refused(admin, wrong, "registry.bad_operation")
		}
		for _, picture := range [][]byte{[]byte("GIF89a"), append(slices.Clone(pngHead), make([]byte, MostDesignPicture)...)} {
			wrong := good
			wrong.Picture = picture
			s.refused(admin, wrong, "registry.bad_operation")
		}
		good.Picture = append(slices.Clone(pngHead), "a face"...)
		s.do(admin, good)
		if kept, err := s.r.DesignPicture(bg, good.Hash); err != nil || !bytes.Equal(kept, good.Picture) {
			t.Errorf("the picture is %q, %v", kept, err)
		}
		if _, err := s.r.DesignPicture(bg, strings.Repeat("f", 64)); !fault.Is(err, unknownID) {
			t.Errorf("a picture that was never kept: %v", err)
		}
		list, err := s.r.Designs(bg, 10)
		s.must(err)
		if len(list) != 1 || list[0].ChangedBy != admin.ID || list[0].ApprovedBy != boss.ID || list[0].Hash != good.Hash {
			t.Errorf("%+v", list)
		}
		if n := len(s.codes(audit.Filter{Code: "design.approved"})); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

// A design that was proposed without a signature is signed by the token once its second person agrees and nothing
// speaks against it: never for who proposed it, for somebody without the right, by a look at what it would change,
// or twice; and where the token does not sign, nothing is approved.
func TestDesignIsSignedAfterTheSecondPerson(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		var signed []keys.Design
		var away error
		s.r.cfg.SignDesign = func(_ context.Context, d keys.Design) ([]byte, error) {
			signed = append(signed, d)
			return []byte("by the token"), away
		}
		s.employ(admin, boss, keeper)
		asked := approval(DesignArtwork, "ktp-el-wni", "a")
		asked.Signature, asked.Second = nil, Actor{}
		p, err := s.r.Propose(bg, admin, asked, "propose")
		s.must(err)
		if _, events, err := s.r.DryRun(bg, boss, Decide{Proposal: p.Answer, Agree: true}); err != nil || len(events) == 0 {
			t.Fatalf("what it would change: %v, %v", events, err)
		}
		s.refused(admin, Decide{Proposal: p.Answer, Agree: true}, "registry.same_person")
		s.refused(keeper, Decide{Proposal: p.Answer, Agree: true}, "registry.not_allowed")
		if len(signed) > 0 {
			t.Fatalf("signed before a second person agreed: %v", signed)
		}
		away = DesignUnapproved.At("test", nil)
		s.refused(boss, Decide{Proposal: p.Answer, Agree: true}, DesignUnapproved.Code)
		if list, err := s.r.Designs(bg, 10); err != nil || len(list) > 0 {
			t.Errorf("approved without a signature: %v, %v", list, err)
		}
		away, signed = nil, nil
		agree := Decide{Proposal: p.Answer, Agree: true}
		for range 2 { // the second time it answers again
			if _, err := s.r.Do(bg, boss, agree, "agree"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.r.Designs(bg, 10)
		s.must(err)
		if len(signed) != 1 || len(list) != 1 || list[0].Design != signed[0] || string(list[0].Signature) != "by the token" || list[0].ChangedBy != admin.ID || list[0].ApprovedBy != boss.ID {
			t.Errorf("signed %v, approved %+v", signed, list)
		}
		s.refused(admin, ApproveDesign{Kind: DesignArtwork, Title: "n", Version: "1", Hash: asked.Hash, Second: boss}, "registry.bad_operation")
	})
}

// A station without a token takes no proposal that nobody could sign.
func TestDesignNeedsATokenToBeProposed(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		asked := approval(DesignArtwork, "ktp-el-wni", "a")
		asked.Signature, asked.Second = nil, Actor{}
		_, err := s.r.Propose(bg, admin, asked, "propose")
		s.wants(err, "registry.bad_operation")
	})
}
