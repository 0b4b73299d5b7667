package registry

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
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
