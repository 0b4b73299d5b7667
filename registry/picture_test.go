package registry

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/jobs"
	"blanko/store/storetest"
)

// A picture proves one thing, for who kept it: neither a hash that somebody typed, nor the picture of another person or
// of another card counts.
func TestPictureProvesOneThing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		one, _ := s.doubtful(1, jobs.Eject)
		two, _ := s.doubtful(2, jobs.Eject)
		try := func(o jobs.Order, picture string) error {
			_, err := s.r.Do(bg, admin, SurrenderMute{Attempt: o.Attempt, Picture: picture, Second: boss}, s.key())
			return err
		}
		mine, other := s.pictureBy(admin, ""), s.pictureBy(Actor{ID: "admin-9", Roles: admin.Roles}, "")
		for name, picture := range map[string]string{"typed": strings.Repeat("a", digestHex), "of another person": other} {
			if err := try(one, picture); fault.CodeOf(err) != pictureMissing.Code {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.attemptIs(one, jobs.InDoubt)
		s.must(try(one, mine))
		s.attemptIs(one, jobs.Revoked)
		if err := try(two, mine); fault.CodeOf(err) != pictureMissing.Code {
			t.Errorf("of another card: %v", err)
		}
		s.must(try(two, s.pictureBy(admin, "")))
	})
}

// A picture is kept under its hash, once, sealed; it comes back as it was, and what is no picture is refused.
func TestPictures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s := newRoom(t, db)
		data := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 40)...)
		digest := s.do(admin, KeepPicture{MIME: "image/png", Data: data}).Answer
		if again := s.do(boss, KeepPicture{MIME: "image/png", Data: data}).Answer; again != digest || len(digest) != digestHex {
			t.Errorf("kept as %q and %q", digest, again)
		}
		p, err := s.r.PictureBy(bg, digest)
		if s.must(err); !bytes.Equal(p.Data, data) || p.MIME != "image/png" || p.Actor != admin.ID {
			t.Errorf("it comes back as %+v", p)
		}
		if _, err := s.r.PictureBy(bg, "0"); err == nil {
			t.Error("a picture that nobody kept")
		}
		s.refused(admin, KeepPicture{MIME: "application/pdf", Data: data}, "registry.bad_operation")
		s.refused(admin, KeepPicture{MIME: "image/png"}, "registry.bad_operation")

		before, after := s.days(3650)
		if len(before) != 0 || !maps.Equal(after, map[string]int{"witnesses": 1}) {
			t.Errorf("erased %v, then %v", before, after)
		}
		if p, err := s.r.PictureBy(bg, digest); err != nil || len(p.Data) != 0 || p.Actor != admin.ID {
			t.Errorf("after its time: %d bytes, %v", len(p.Data), err)
		}
	})
}
