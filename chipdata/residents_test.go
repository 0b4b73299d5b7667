package chipdata_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"testing"

	"blanko/biometric/finger"
	"blanko/chipdata"
	"blanko/emulator/people"
	"blanko/ktp"
)

// residents are the people of the virtual world that these tests make cards for.
const residents = 18

// Residents of the virtual world, drawn apart from this room, become cards of both profiles;
// their second impressions match the records on the card and nobody else's.
func TestResidentsBecomeCards(t *testing.T) {
	t.Parallel()
	g, err := people.New(7, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	a, c := newAuthority(t, "ID"), codec(t)
	picture := func(i ktp.Image) image.Image {
		img, _, err := image.Decode(bytes.NewReader(i.Data))
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	parse := func(b []byte) *finger.Template {
		f, err := finger.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	var before [11][]byte // the last record of each finger position, of another person
	for i := range residents {
		p, err := g.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		r := ktp.Record{ID: "R", Person: p.Person, Fingers: p.Fingers, Exceptions: p.Exceptions}
		name := profileNames[i%2]
		pl, err := chipdata.Prepare(profile(t, name), r, issuance(), picture(p.Portrait), picture(p.Signature), c, a.signer)
		if err != nil {
			t.Errorf("resident %d, %s: %v", i, name, err)
			continue
		}
		t.Logf("%d %s: photo %dx%d %.1f dB, signature %dx%d %.1f dB, %d minutiae", i, name, pl.Report.Photo.Width, pl.Report.Photo.Height, pl.Report.Photo.PSNR, pl.Report.Signature.Width, pl.Report.Signature.Height, pl.Report.Signature.PSNR, pl.Report.Minutiae)
		for slot, s := range p.Fingers {
			if s.Empty() || s.Second == nil {
				continue
			}
			f, err := chipdata.ParseFingerFile(fileOf(t, pl, uint16(0x0201+slot)))
			if err != nil {
				t.Fatal(err)
			}
			score := finger.Match(parse(s.Second), parse(f.Record))
			if score < finger.Threshold() {
				t.Errorf("resident %d, %s: the second impression scores %d", i, s.Finger, score)
			}
			other := 0
			if b := before[s.Finger]; b != nil {
				if other = finger.Match(parse(s.Second), parse(b)); other >= finger.Threshold() {
					t.Errorf("resident %d, %s: another person scores %d", i, s.Finger, other)
				}
			}
			t.Logf("%d %s: %d, another person %d", i, s.Finger, score, other)
			before[s.Finger] = f.Record
		}
	}
}
