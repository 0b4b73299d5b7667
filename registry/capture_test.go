package registry

import (
	"slices"
	"strconv"
	"testing"

	"blanko/ktp"
	"blanko/registry/audit"
)

// checkedOff takes a resident's application as far as the capture.
func (s *room) checkedOff(r resident) ApplicationID {
	s.Helper()
	id := s.do(officer, s.application(ktp.TypeNew, r)).Application
	s.scans(id)
	s.do(officer, Examine{id})
	return id
}

// with changes one part of a capture.
func with(c Capture, part string, change func(*CapturedPart)) Capture {
	c.Parts = slices.Clone(c.Parts)
	for i := range c.Parts {
		if c.Parts[i].Part == part {
			change(&c.Parts[i])
		}
	}
	return c
}

func TestCaptureRefuses(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, other := townsman(0, whole), townsman(1, whole)
		s.listed(a)
		id := s.checkedOff(a)
		plain, right := capture(id, a), PartOf(ktp.RightIndex)
		twice := plain
		twice.Parts = slices.Clone(plain.Parts)
		twice.Parts[1] = twice.Parts[0]
		const bad = "registry.bad_operation"
		s.refuses([]refusal{
			{"by the counter", officer, plain, "registry.not_allowed"},
			{"one part too few", operator, Capture{id, plain.Parts[1:]}, bad},
			{"a part twice", operator, twice, bad},
			{"no face", operator, with(plain, PartPortrait, func(p *CapturedPart) { *p = CapturedPart{Part: PartPortrait, Missing: MissingDamaged} }), bad},
			{"missing for no reason that is known", operator, with(plain, PartIrisLeft, func(p *CapturedPart) { *p = CapturedPart{Part: PartIrisLeft, Missing: "SHY"} }), bad},
			{"missing and taken", operator, with(plain, right, func(p *CapturedPart) { p.Missing = MissingDamaged }), bad},
			{"from nowhere", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Source = "" }), bad},
			{"from a device without a number", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Source = SourceDevice }), bad},
			{"an iris without a picture", operator, with(plain, PartIrisLeft, func(p *CapturedPart) { p.Data = nil }), bad},
			{"a picture of another kind", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.MIME = "image/svg+xml" }), bad},
			{"a picture of five megabytes", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Data = make([]byte, 5<<20) }), bad},
			{"a template of another finger", operator, with(plain, right, func(p *CapturedPart) { p.Template = a.fingers[1].Best60 }), bad},
			{"a template that is none", operator, with(plain, right, func(p *CapturedPart) { p.Template = []byte("FMR\x00") }), bad},
			{"a template of a face", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Template = a.fingers[0].Best60 }), bad},
			{"quality beyond the scale", operator, with(plain, right, func(p *CapturedPart) { p.Quality = 101 }), bad},
			{"never tried", operator, with(plain, right, func(p *CapturedPart) { p.Tries = 0 }), bad},
			{"a finger that nobody measured", operator, with(plain, right, func(p *CapturedPart) { p.Quality = 0 }), "registry.capture_again"},
			{"a portrait that nobody measured", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Quality = 0 }), "registry.capture_again"},
			{"a poor portrait at the second try", operator, with(plain, PartPortrait, func(p *CapturedPart) { p.Quality, p.Tries = PoorQuality-1, 2 }), "registry.capture_again"},
			{"a poor iris", operator, with(plain, PartIrisLeft, func(p *CapturedPart) { p.Quality = PoorQuality - 1 }), "registry.capture_again"},
			{"poor at the second try", operator, with(plain, right, func(p *CapturedPart) { p.Quality, p.Tries = PoorQuality-1, 2 }), "registry.capture_again"},
		})
		// Poor after three tries is taken, with a warning; so is a background of the wrong color. An iris that
		// nothing measured is not poor.
		plain = with(plain, PartIrisLeft, func(p *CapturedPart) { p.Quality = 0 })
		res := s.do(operator, with(with(plain, right, func(p *CapturedPart) { p.Quality, p.Tries = PoorQuality-1, 3 }), PartPortrait, func(p *CapturedPart) { p.Background = "other" }))
		if want := strconv.Itoa(int(ktp.RightIndex)) + "," + strconv.Itoa(int(ktp.LeftIndex)); res.Answer != want {
			t.Errorf("fingers for the chip %s, want %s", res.Answer, want)
		}
		d, err := s.r.Application(bg, id)
		s.must(err)
		for _, w := range []string{warnBackground, warnPoor} {
			if !slices.Contains(d.Application.Warnings, w) {
				t.Errorf("no warning %s in %v", w, d.Application.Warnings)
			}
		}
		info, err := s.r.Captured(bg, id)
		s.must(err)
		if info.Number != 1 || len(info.Parts) != len(captureParts) || !info.VerifiedAt.IsZero() {
			t.Errorf("capture %+v", info)
		}

		wrong := again(id, a)
		wrong.Impressions = slices.Clone(wrong.Impressions)
		wrong.Impressions[0].Template = other.fingers[0].Second
		copied := again(id, a)
		copied.Impressions = slices.Clone(copied.Impressions)
		copied.Impressions[0].Template = a.fingers[0].Best60
		lone := VerifyCapture{id, again(id, a).Impressions[:1]}
		s.refuses([]refusal{
			{"another person's finger", operator, wrong, "registry.capture_differs"},
			{"a copy of the first impression", operator, copied, "registry.capture_differs"},
			{"one finger of two", operator, lone, bad},
			{"sent unconfirmed", operator, Send{id}, "registry.wrong_state"},
		})
		if info, err := s.r.Captured(bg, id); err != nil || !info.VerifiedAt.IsZero() {
			t.Errorf("proved by what was refused: %+v, %v", info, err)
		}
		s.confirm(id)
		s.refused(operator, Send{id}, "registry.capture_unverified")
		s.do(operator, again(id, a)) // also after the confirmation
		s.do(operator, Send{id})
		if parts, err := s.r.EnrolmentPackage(bg, id); err != nil || len(parts.Parts) != len(captureParts)+2 || parts.Encounter != 1 || parts.Confirmed == "" {
			t.Errorf("package of %d parts, %v", len(parts.Parts), err)
		}
		// Who captured may not approve.
		both := operator
		both.Roles = append(slices.Clone(both.Roles), boss.Roles...)
		record := s.centerRecord(id, a, 1)
		s.do(center, record)
		s.do(dataman, ReadResult{id})
		s.refused(both, Approve{id}, "registry.same_person")
	})
}

// A portrait that stays poor is taken at the third try, with a warning beside that of its background; captured again
// well, it leaves none.
func TestPoorPortraitWarns(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.checkedOff(a)
		warned := func(want bool) {
			t.Helper()
			d, err := s.r.Application(bg, id)
			s.must(err)
			for _, w := range []string{warnBackground, warnPoor} {
				if slices.Contains(d.Application.Warnings, w) != want {
					t.Errorf("%s in %v: want %t", w, d.Application.Warnings, want)
				}
			}
		}
		s.do(operator, with(capture(id, a), PartPortrait, func(p *CapturedPart) { p.Quality, p.Tries, p.Background = PoorQuality-1, enoughTries, "other" }))
		warned(true)
		s.do(operator, Recapture{Application: id, Because: Because{Reason: "blurred"}})
		s.do(operator, capture(id, a))
		warned(false)
	})
}

// Which fingers go on the chip: the index fingers, or the next of their hand; a poor one only where
// the hand has no better; none where there is none. The reason flows to the record.
func TestFingersForTheChip(t *testing.T) {
	t.Parallel()
	part := func(f ktp.Finger, quality int) CapturedPart {
		return CapturedPart{Part: PartOf(f), Quality: quality, Template: []byte{1}}
	}
	for _, c := range []struct {
		name  string
		parts []CapturedPart
		want  [2]ktp.Finger
	}{
		{"all", []CapturedPart{part(ktp.RightIndex, 80), part(ktp.RightThumb, 90), part(ktp.LeftIndex, 80)}, [2]ktp.Finger{ktp.RightIndex, ktp.LeftIndex}},
		{"no right index", []CapturedPart{part(ktp.RightMiddle, 80), part(ktp.RightThumb, 60), part(ktp.LeftIndex, 80)}, [2]ktp.Finger{ktp.RightThumb, ktp.LeftIndex}},
		{"a poor index", []CapturedPart{part(ktp.RightIndex, 5), part(ktp.RightRing, 50), part(ktp.LeftIndex, 80)}, [2]ktp.Finger{ktp.RightRing, ktp.LeftIndex}},
		{"all poor", []CapturedPart{part(ktp.RightIndex, 5), part(ktp.RightThumb, 9)}, [2]ktp.Finger{ktp.RightIndex, 0}},
		{"none", nil, [2]ktp.Finger{}},
	} {
		have := map[string]*CapturedPart{}
		for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
			have[PartOf(f)] = &CapturedPart{Part: PartOf(f), Missing: MissingAmputated}
		}
		for i := range c.parts {
			have[c.parts[i].Part] = &c.parts[i]
		}
		if got := chipFingers(have); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A person without fingers goes the whole way: nothing is compared, the reason is kept.
func TestNoFingers(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.checkedOff(a)
		c := capture(id, a)
		for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
			c = with(c, PartOf(f), func(p *CapturedPart) { *p = CapturedPart{Part: p.Part, Missing: MissingAmputated} })
		}
		s.do(operator, c)
		s.confirm(id)
		s.do(operator, Send{id})
		e, err := s.r.EnrolmentPackage(bg, id)
		s.must(err)
		missing := 0
		for _, p := range e.Parts {
			if p.Missing == "AMPUTATED" {
				missing++
			}
		}
		d, err := s.r.Application(bg, id)
		s.must(err)
		if missing != 10 || !slices.Contains(d.Application.Warnings, warnNoFinger) {
			t.Errorf("%d fingers missing in the package, warnings %v", missing, d.Application.Warnings)
		}
	})
}

// The resident confirms exactly what is shown: another hash, no proof, or data that changed meanwhile
// is no confirmation. Captured again is confirmed again.
func TestConfirm(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		id := s.checkedOff(a)
		if _, err := s.r.ToConfirm(bg, id); err == nil {
			t.Error("something is shown before the capture")
		}
		s.do(operator, capture(id, a))
		looks := func() int {
			all, err := s.r.Events(bg, 0, 1000, audit.Filter{Application: string(id), Code: "person.unmasked"})
			s.must(err)
			return len(all)
		}
		for range 3 { // the page and its two pictures
			_, err := s.r.ShowToConfirm(bg, operator, id)
			s.must(err)
		}
		if n := looks(); n != 1 {
			t.Errorf("one visit is %d looks", n)
		}
		shown, err := s.r.ToConfirm(bg, id)
		s.must(err)
		ok := Confirm{Application: id, Hash: shown.Hash, Method: MethodPad, Proof: []byte("ink")}
		change := func(f func(*Confirm)) Confirm { c := ok; f(&c); return c }
		s.refuses([]refusal{
			{"another hash", operator, change(func(c *Confirm) { c.Hash = "00" }), "registry.confirmation_differs"},
			{"no proof", operator, change(func(c *Confirm) { c.Proof = nil }), "registry.bad_operation"},
			{"by a wink", operator, change(func(c *Confirm) { c.Method = "wink" }), "registry.bad_operation"},
			{"before the counter", officer, ok, "registry.not_allowed"},
		})
		s.do(operator, Recapture{Application: id, Because: Because{Reason: "blurred"}})
		s.do(operator, with(capture(id, a), PartPortrait, func(p *CapturedPart) { p.Data = []byte("a sharper one") }))
		s.refused(operator, ok, "registry.confirmation_differs")
		s.confirm(id)
		s.do(operator, again(id, a))
		s.do(operator, Recapture{Application: id, Because: Because{Reason: "wrong_person"}})
		s.do(operator, capture(id, a))
		s.confirm(id)
		s.refused(operator, Send{id}, "registry.capture_unverified") // the proof went with the capture
		list, err := s.r.Confirmations(bg, id)
		s.must(err)
		if len(list) != 2 || list[1].Number != 2 || list[0].Hash == list[1].Hash || list[1].Hash != shown.Hash {
			t.Errorf("confirmations %+v", list)
		}
		if got := s.codes(audit.Filter{Application: string(id), Code: "record.erased"}); len(got) != 2 {
			t.Errorf("erasures %v", got)
		}
	})
}

// The hash covers every printed value and both pictures.
func TestConfirmationHashCoversWhatIsPrinted(t *testing.T) {
	t.Parallel()
	p := townsman(0, whole).Person
	hash := func(p ktp.Person, face, ink string) string {
		h, err := ConfirmationHash(p, []byte(face), []byte(ink))
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	seen := map[string]string{hash(p, "face", "ink"): "as it is"}
	for name, change := range map[string]func(*ktp.Person){
		"nik": func(p *ktp.Person) { p.NIK = "6105014107900001" }, "name": func(p *ktp.Person) { p.Names = []string{"LAIN"} },
		"other name": func(p *ktp.Person) { p.Names = append(slices.Clone(p.Names), "ALIAS") }, "birthplace": func(p *ktp.Person) { p.BirthPlace = "X" },
		"birth date": func(p *ktp.Person) { p.BirthDate = p.BirthDate.AddDate(0, 0, 1) }, "sex": func(p *ktp.Person) { p.Sex = 'X' },
		"blood": func(p *ktp.Person) { p.Blood = 99 }, "street": func(p *ktp.Person) { p.Street = "X" }, "rt": func(p *ktp.Person) { p.RT = "X" },
		"rw": func(p *ktp.Person) { p.RW = "X" }, "village": func(p *ktp.Person) { p.Village = "X" }, "district": func(p *ktp.Person) { p.District = "X" },
		"regency": func(p *ktp.Person) { p.Regency = "X" }, "province": func(p *ktp.Person) { p.Province = "X" }, "religion": func(p *ktp.Person) { p.Religion = 99 },
		"marital": func(p *ktp.Person) { p.Marital = 99 }, "occupation": func(p *ktp.Person) { p.Occupation = "X" },
		"citizenship": func(p *ktp.Person) { p.Citizenship = "X" }, "validity": func(p *ktp.Person) { p.Validity = "X" },
	} {
		q := p
		change(&q)
		h := hash(q, "face", "ink")
		if twin, known := seen[h]; known {
			t.Errorf("%s and %s have one hash", name, twin)
		}
		seen[h] = name
	}
	for _, h := range []string{hash(p, "face2", "ink"), hash(p, "face", "ink2"), hash(p, "ink", "face")} {
		if twin, known := seen[h]; known {
			t.Errorf("another picture and %s have one hash", twin)
		}
		seen[h] = "picture"
	}
}
