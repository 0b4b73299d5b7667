package chipdata_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// A record that cannot become a card is refused with its field, and nothing personal is in the text.
func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	type order struct {
		r                   ktp.Record
		is                  chipdata.Issuance
		portrait, signature image.Image
		codec               chipdata.Codec
		signer              chipdata.Signer
	}
	short := minutiaeRecord(t, ktp.RightIndex, 30, 7)
	for name, c := range map[string]struct {
		spoil       func(*order)
		code, field string
	}{
		"no name":              {func(o *order) { o.r.Person.Names = nil }, "chipdata.record_incomplete", "names"},
		"empty name":           {func(o *order) { o.r.Person.Names = []string{""} }, "chipdata.record_incomplete", "names[0]"},
		"long name":            {func(o *order) { o.r.Person.Names = []string{repeat("A", 256)} }, "chipdata.record_incomplete", "names[0]"},
		"small letters":        {func(o *order) { o.r.Person.Street = "Jalan" }, "chipdata.text_unprintable", "street"},
		"filler in a text":     {func(o *order) { o.r.Person.Village = "A<B" }, "chipdata.text_unprintable", "village"},
		"control":              {func(o *order) { o.r.Person.District = "A\x00B" }, "chipdata.text_unprintable", "district"},
		"no letter for MRZ":    {func(o *order) { o.r.Person.Names = []string{"12 3"} }, "chipdata.text_unprintable", "names[0]"},
		"NIK":                  {func(o *order) { o.r.Person.NIK = "317304170890123" }, "chipdata.record_incomplete", "nik"},
		"RT":                   {func(o *order) { o.r.Person.RT = "1" }, "chipdata.record_incomplete", "rt"},
		"birth date":           {func(o *order) { o.r.Person.BirthDate = time.Time{} }, "chipdata.record_incomplete", "birthDate"},
		"nationality":          {func(o *order) { o.r.Person.Nationality = "ID" }, "chipdata.record_incomplete", "nationality"},
		"validity":             {func(o *order) { o.r.Person.Validity = "SELAMANYA" }, "chipdata.record_incomplete", "validity"},
		"religion":             {func(o *order) { o.r.Person.Religion = 0 }, "chipdata.record_incomplete", "religion"},
		"sex":                  {func(o *order) { o.r.Person.Sex = 'X' }, "chipdata.record_incomplete", "sex"},
		"station":              {func(o *order) { o.is.Station = "" }, "chipdata.record_incomplete", "issuance.station"},
		"issue date":           {func(o *order) { o.is.IssueDate = time.Time{} }, "chipdata.record_incomplete", "issuance.issueDate"},
		"same finger twice":    {func(o *order) { o.r.Fingers[1] = o.r.Fingers[0] }, "chipdata.finger_unusable", "fingers"},
		"empty, no exception":  {func(o *order) { o.r.Fingers[1] = ktp.FingerSlot{} }, "chipdata.finger_unusable", "exceptions"},
		"record cut":           {func(o *order) { o.r.Fingers[0].Best60 = o.r.Fingers[0].Best60[:100] }, "chipdata.finger_unusable", "fingers[0].60"},
		"41 in the small one":  {func(o *order) { o.r.Fingers[0].Best40 = minutiaeRecord(t, ktp.RightIndex, 41, 7) }, "chipdata.finger_unusable", "fingers[0].40"},
		"61 in the large one":  {func(o *order) { o.r.Fingers[0].Best60 = minutiaeRecord(t, ktp.RightIndex, 61, 7) }, "chipdata.finger_unusable", "fingers[0].60"},
		"no minutia":           {func(o *order) { o.r.Fingers[0].Best40 = minutiaeRecord(t, ktp.RightIndex, 0, 7) }, "chipdata.finger_unusable", "fingers[0].40"},
		"two short ones":       {func(o *order) { o.r.Fingers[0].Best60 = short }, "chipdata.finger_unusable", "fingers[0]"},
		"another finger":       {func(o *order) { o.r.Fingers[0].Best60 = minutiaeRecord(t, ktp.LeftThumb, 60, 7) }, "chipdata.finger_unusable", "fingers[0].60"},
		"no portrait":          {func(o *order) { o.portrait = nil }, "chipdata.picture_unusable", "portrait"},
		"small portrait":       {func(o *order) { o.portrait = image.NewRGBA(image.Rect(0, 0, 479, 640)) }, "chipdata.picture_unusable", "portrait"},
		"no signature":         {func(o *order) { o.signature = nil }, "chipdata.picture_unusable", "signature"},
		"blank signature":      {func(o *order) { o.signature = image.NewNRGBA(image.Rect(0, 0, 600, 200)) }, "chipdata.picture_unusable", "signature"},
		"tiny signature":       {func(o *order) { o.signature = image.NewNRGBA(image.Rect(0, 0, 20, 10)) }, "chipdata.picture_unusable", "signature"},
		"no codec":             {func(o *order) { o.codec = nil }, "chipdata.codec_not_allowed", "codec"},
		"JPEG on 8 KB":         {func(o *order) { o.codec = chipdata.JPEG{} }, "chipdata.codec_not_allowed", "DG2"},
		"noise for a portrait": {func(o *order) { o.portrait = speckle(480, 640) }, "chipdata.photo_below_floor", "DG2"},
		"noise for a line":     {func(o *order) { o.signature = blocks(600, 200) }, "chipdata.signature_below_floor", "DG7"},
		"no key":               {func(o *order) { o.signer.Key = nil }, "chipdata.signer_unusable", "key"},
		"another key":          {func(o *order) { o.signer.Key = newAuthority(t, "ID").signer.Key }, "chipdata.signer_unusable", "key"},
		"foreign signer":       {func(o *order) { o.signer = newAuthority(t, "MY").signer }, "chipdata.signer_unusable", "certificate"},
		"authority as signer":  {func(o *order) { o.signer = chipdata.Signer{Certificate: a.csca.Raw, Key: a.key} }, "chipdata.signer_unusable", "certificate"},
		"broken certificate":   {func(o *order) { o.signer.Certificate = []byte{0x30} }, "chipdata.signer_unusable", "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := order{record(t), issuance(), aPortrait(), aSignature(), codec(t), a.signer}
			c.spoil(&o)
			pl, err := chipdata.Prepare(profile(t, "ktpel-op-1-8k"), o.r, o.is, o.portrait, o.signature, o.codec, o.signer)
			e, ok := errors.AsType[*fault.Error](err)
			if !ok || pl != nil || string(e.Code) != c.code || e.Field != c.field {
				t.Fatalf("%v", err)
			}
			for _, secret := range []string{"BUDI", "SANTOSO", "3173041708901234", "MAWAR"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("personal data in %v", err)
				}
			}
			t.Log(err)
		})
	}
}

// speckle is noise that no budget of a chip holds.
func speckle(w, h int) image.Image {
	img, n := image.NewRGBA(image.Rect(0, 0, w, h)), newNoise(99)
	for i := range w * h {
		v := uint8(255 * n.at(float64(i%w)/2.3, float64(i/w)/1.9, 1))
		img.SetRGBA(i%w, i/w, color.RGBA{v * 3, v * 5, v * 7, 255})
	}
	return img
}

// blocks is black and white squares at random.
func blocks(w, h int) image.Image {
	img, n := image.NewGray(image.Rect(0, 0, w, h)), newNoise(98)
	for i := range img.Pix {
		if n.at(float64(i%w/6), float64(i/w/6), 1) > 0.5 {
			img.Pix[i] = 255
		}
	}
	return img
}

// A refused photo names the file, the bytes, the best value reached and the floor.
func TestPhotoBelowFloorSaysWhy(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	_, err := chipdata.Prepare(profile(t, "ktpel-op-1-8k"), record(t), issuance(), speckle(480, 640), aSignature(), codec(t), a.signer)
	for _, part := range []string{"DG2", "bytes are left for the picture", "best value reached is", "dB at", "the floor is 28.0 dB"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %v", part, err)
		}
	}
}

// The 40 minutiae records are taken only when the photo needs their room, for both fingers.
func TestMinutiaeRule(t *testing.T) {
	t.Parallel()
	a, c := newAuthority(t, "ID"), codec(t)
	p := profile(t, "ktpel-op-1-8k")
	prepare := func(usable int) (*chipdata.Plan, error) {
		q := *p
		q.UsableBytes = usable
		return chipdata.Prepare(&q, record(t), issuance(), aPortrait(), aSignature(), c, a.signer)
	}
	var seen []int
	for usable := p.UsableBytes; ; usable -= 250 {
		pl, err := prepare(usable)
		if err != nil {
			if fault.CodeOf(err) != "chipdata.photo_below_floor" {
				t.Fatal(err)
			}
			break
		}
		if pl.Report.Payload > usable || pl.Report.Photo.PSNR < 28 {
			t.Fatalf("%d usable: %+v", usable, pl.Report)
		}
		if len(seen) > 0 && pl.Report.Minutiae > seen[len(seen)-1] {
			t.Fatalf("more minutiae on a smaller chip")
		}
		seen = append(seen, pl.Report.Minutiae)
		for slot, want := range record(t).Fingers {
			f, err := chipdata.ParseFingerFile(fileOf(t, pl, uint16(0x0201+slot)))
			if err != nil || f.Count != pl.Report.Minutiae || (f.Count == 40 && !bytes.Equal(f.Record, want.Best40)) {
				t.Fatalf("slot %d holds %d minutiae, %v", slot+1, f.Count, err)
			}
		}
	}
	if seen[0] != 60 || seen[len(seen)-1] != 40 {
		t.Errorf("from the profile's size down: %v", seen)
	}
}

// A finger of at most 40 minutiae has one record and no hash of another.
func TestShortFinger(t *testing.T) {
	t.Parallel()
	a, r := newAuthority(t, "ID"), record(t)
	one := minutiaeRecord(t, ktp.RightIndex, 33, 7)
	r.Fingers[0].Best60, r.Fingers[0].Best40 = one, one
	pl := sealed(t, "ktpel-op-1-32k", r, a)
	m, err := chipdata.ParseDG13(fileOf(t, pl, 0x010D))
	if err != nil || m.Center.Other[0] != nil || m.Center.Other[1] == nil {
		t.Errorf("%+v, %v", m.Center, err)
	}
	checkReadBack(t, pl, r, a)
}

// Without OpenJPEG the large profile takes JPEG, with the JFIF option that Doc 9303-10 asks for.
func TestJPEGOnLargeChips(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	pl, err := chipdata.Prepare(profile(t, "ktpel-op-1-32k"), record(t), issuance(), aPortrait(), aSignature(), chipdata.JPEG{}, a.signer)
	if err != nil {
		t.Fatal(err)
	}
	const jfif = "\xFF\xD8\xFF\xE0\x00\x10JFIF\x00"
	face, err := chipdata.ParseDG2(fileOf(t, pl, 0x0102))
	if err != nil || face.MIME != "image/jpeg" || !strings.HasPrefix(string(face.Image), jfif) {
		t.Errorf("%s, %v", face.MIME, err)
	}
	if img, mime, err := chipdata.ParseDG7(fileOf(t, pl, 0x0107)); err != nil || mime != "image/jpeg" || !strings.HasPrefix(string(img), jfif) {
		t.Errorf("%s, %v", mime, err)
	}
}

// The measurement behind the choice of the signature's codec: within the budgets of both
// profiles JPEG 2000 of a pen line is better than JPEG by at least 2 dB, or JPEG does not fit.
func TestSignatureCodecByMeasurement(t *testing.T) {
	t.Parallel()
	a, j2k := newAuthority(t, "ID"), codec(t)
	for _, name := range profileNames {
		for seed := range uint64(2) {
			r, line := record(t), autograph(seed, 600, 200)
			pl, err := chipdata.Prepare(profile(t, name), r, issuance(), aPortrait(), line, j2k, a.signer)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			open := *profile(t, name)
			open.Files = append([]chipdata.FileSpec(nil), open.Files...)
			for i := range open.Files {
				if len(open.Files[i].Codecs) > 0 {
					open.Files[i].Codecs = []string{"jpeg"}
				}
			}
			open.UsableBytes, open.Photo.Most = 29000, 20000 // the photo is not what is measured
			jp, err := chipdata.Prepare(&open, r, issuance(), aPortrait(), line, chipdata.JPEG{}, a.signer)
			if err == nil && jp.Report.Signature.Width == pl.Report.Signature.Width && jp.Report.Signature.PSNR+2 > pl.Report.Signature.PSNR {
				t.Errorf("%s: JPEG 2000 %.1f dB, JPEG %.1f dB", name, pl.Report.Signature.PSNR, jp.Report.Signature.PSNR)
			}
			if err != nil && fault.CodeOf(err) != "chipdata.signature_below_floor" {
				t.Error(err)
			}
		}
	}
}

// The same record gives the same files, EF.SOD as well.
func TestPlanIsDeterministic(t *testing.T) {
	t.Parallel()
	a, keys := newAuthority(t, "ID"), chipKeys(t)
	var want map[string]string
	for range 2 {
		pl, err := chipdata.Prepare(profile(t, "ktpel-op-1-32k"), record(t), issuance(), aPortrait(), aSignature(), codec(t), a.signer)
		if err != nil {
			t.Fatal(err)
		}
		if err := pl.Seal(keys, a.signer, at); err != nil {
			t.Fatal(err)
		}
		got := pl.Hashes()
		for fid, hash := range want {
			if got[fid] != hash {
				t.Errorf("%s differs", fid)
			}
		}
		want = got
	}
}

// Sealing again is for another card: new keys, the rest as it was. What fails changes nothing.
func TestSealAgain(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	pl := sealed(t, "ktpel-op-1-32k", record(t), a)
	before := pl.Hashes()
	for name, c := range map[string]struct {
		keys   chipdata.ChipKeys
		signer chipdata.Signer
		code   fault.Code
	}{
		"no keys":                  {chipdata.ChipKeys{}, a.signer, "chipdata.chip_key_invalid"},
		"no active authentication": {chipdata.ChipKeys{ChipAuth: chipKeys(t).ChipAuth}, a.signer, "chipdata.chip_key_invalid"},
		"no signer":                {chipKeys(t), chipdata.Signer{}, "chipdata.signer_unusable"},
		"deaf HSM":                 {chipKeys(t), chipdata.Signer{Certificate: a.signer.Certificate, Key: deaf{a.signer.Key}}, "chipdata.signer_unusable"},
		"false HSM":                {chipKeys(t), chipdata.Signer{Certificate: a.signer.Certificate, Key: liar{a.signer.Key}}, "chipdata.signer_unusable"},
	} {
		if err := pl.Seal(c.keys, c.signer, at); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		for fid, hash := range pl.Hashes() {
			if before[fid] != hash {
				t.Errorf("%s: %s changed", name, fid)
			}
		}
	}
	if err := pl.Seal(chipKeys(t), a.signer, at); err != nil {
		t.Fatal(err)
	}
	after := pl.Hashes()
	for fid, hash := range before {
		keyed := fid == "010E" || fid == "010F" || fid == "011D"
		if (after[fid] == hash) == keyed || len(after) != len(before) {
			t.Errorf("%s", fid)
		}
	}
	checkReadBack(t, pl, record(t), a)
	small := *pl.Profile
	small.UsableBytes = 4000
	pl.Profile = &small
	if err := pl.Seal(chipKeys(t), a.signer, at); fault.CodeOf(err) != "chipdata.does_not_fit" {
		t.Errorf("on a smaller chip: %v", err)
	}
}
