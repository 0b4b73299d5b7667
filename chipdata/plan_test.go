package chipdata_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"blanko/chipdata"
	"blanko/ktp"
)

var profileNames = []string{"ktpel-op-1-32k", "ktpel-op-1-8k"}

// Everything that a card of each profile holds is read back and is what the record said.
func TestPrepareSealReadBack(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	for _, name := range profileNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := record(t)
			pl := sealed(t, name, r, a)
			p := pl.Profile
			if last := pl.Files[len(pl.Files)-1]; last.FID != 0x011D || !pl.Sealed() {
				t.Errorf("the last file is %04X", last.FID)
			}
			if len(pl.Files) != len(p.Files)-1 || pl.Report.Payload > p.UsableBytes || pl.Report.Free != p.UsableBytes-pl.Report.Payload {
				t.Errorf("%d files, report %+v", len(pl.Files), pl.Report)
			}
			total := chipdata.SizePROF
			for _, f := range pl.Files {
				total += len(f.Data)
			}
			if total != pl.Report.Payload {
				t.Errorf("payload %d, files have %d", pl.Report.Payload, total)
			}
			t.Logf("%+v", pl.Report)
			checkReadBack(t, pl, r, a)
		})
	}
}

func checkReadBack(t *testing.T, pl *chipdata.Plan, r ktp.Record, a authority) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sod, err := chipdata.VerifySOD(fileOf(t, pl, 0x011D), []*x509.Certificate{a.csca})
	must(err)
	if !sod.SigningTime.Equal(at) || !sod.SignedInTime() {
		t.Errorf("signing time %v", sod.SigningTime)
	}
	com, err := chipdata.ParseCOM(fileOf(t, pl, 0x011E))
	must(err)
	if len(com.DataGroups) != len(sod.Hashes) {
		t.Errorf("EF.COM lists %v, EF.SOD %d", com.DataGroups, len(sod.Hashes))
	}
	for _, n := range com.DataGroups {
		if !sod.Check(n, fileOf(t, pl, 0x0100+uint16(n))) {
			t.Errorf("DG%d is not the one of EF.SOD", n)
		}
	}
	mrz, err := chipdata.ParseDG1(fileOf(t, pl, 0x0101))
	must(err)
	if mrz.DocumentNumber != r.Person.NIK.Digits() {
		t.Error("the document number is not the NIK")
	}
	face, err := chipdata.ParseDG2(fileOf(t, pl, 0x0102))
	must(err)
	picture, err := codec(t).Decode(face.Image)
	must(err)
	if b := picture.Bounds(); b.Dx() != face.Width || b.Dy() != face.Height || face.Sex != r.Person.Sex || len(face.Image) != pl.Report.Photo.Bytes {
		t.Errorf("face %d x %d, report %+v", face.Width, face.Height, pl.Report.Photo)
	}
	if _, mime, err := chipdata.ParseDG7(fileOf(t, pl, 0x0107)); err != nil || mime != "image/j2c" {
		t.Errorf("DG7 %s, %v", mime, err)
	}
	d, err := chipdata.ParseDG11(fileOf(t, pl, 0x010B))
	must(err)
	m, err := chipdata.ParseDG13(fileOf(t, pl, 0x010D))
	must(err)
	var records [2][]byte
	for slot := range records {
		if r.Fingers[slot].Empty() {
			continue
		}
		fid := uint16(0x0201 + slot)
		f, err := chipdata.ParseFingerFile(fileOf(t, pl, fid))
		must(err)
		want := r.Fingers[slot].Best60
		if pl.Report.Minutiae == 40 {
			want = r.Fingers[slot].Best40
		}
		if f.Finger != r.Fingers[slot].Finger || !bytes.Equal(f.Record, want) {
			t.Errorf("slot %d is not the delivered record of finger %s", slot+1, r.Fingers[slot].Finger)
		}
		records[slot] = f.Record
	}
	for _, f := range m.Files {
		if f.Hash != sum(fileOf(t, pl, f.FID)) {
			t.Errorf("the manifest's hash of %04X is wrong", f.FID)
		}
	}
	id, err := chipdata.RebuildIdentity(d, m, records)
	must(err)
	if !bytes.Equal(id.Statement(), r.IdentityClaim().Statement()) {
		t.Error("the statement rebuilt from the chip is not the one that the center signed")
	}
	if m.Center == nil || m.Center.Signature != r.Identity.Signature || m.Center.KeyID != r.Identity.KeyID {
		t.Error("the center's signature is not on the chip as it came")
	}
	for fid, hash := range pl.Hashes() {
		var n uint16
		fmt.Sscanf(fid, "%X", &n)
		if h := sum(fileOf(t, pl, n)); hash != fmt.Sprintf("%x", h) {
			t.Errorf("hash of %s", fid)
		}
	}
	if bio, ok := pl.Profile.File(chipdata.BuildBIO); ok {
		b, err := chipdata.ParseBIO(fileOf(t, pl, bio.FID))
		must(err)
		if b.Province != r.Person.Province || b.Occupation != r.Person.Occupation || b.NIK != r.Person.NIK.Digits() {
			t.Error("EF.BIO is not the record")
		}
		dg12, err := chipdata.ParseDG12(fileOf(t, pl, 0x010C))
		must(err)
		if dg12.Authority != issuance().Authority || !dg12.PersonalizedAt.Equal(at) {
			t.Errorf("DG12 %+v", dg12)
		}
		_, err = chipdata.ParseDG14(fileOf(t, pl, 0x010E))
		must(err)
		_, err = chipdata.ParseDG15(fileOf(t, pl, 0x010F))
		must(err)
	} else if d.Issue == nil || d.Issue.Station != issuance().Station || !d.Issue.PersonalizedAt.Equal(at) {
		t.Error("DG11 lacks the issue data")
	}
}

// The benchmark record (card profile KTPEL-OP 1, 3.1): the sizes that follow from rules.
func TestBenchmarkSizes(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	for _, c := range []struct {
		name                                                                               string
		names, birthPlace, occupation, street, village, district, regency, province, total int
	}{
		{"ktpel-op-1-32k", 40, 20, 27, 40, 35, 28, 26, 26, 16384},
		{"ktpel-op-1-8k", 30, 10, 15, 36, 18, 18, 26, 26, 5974},
	} {
		name, r := c.name, record(t)
		p := &r.Person
		p.Names, p.BirthPlace, p.Occupation = []string{repeat("N", c.names)}, repeat("B", c.birthPlace), repeat("O", c.occupation)
		p.Street, p.Village, p.District = repeat("S", c.street), repeat("V", c.village), repeat("D", c.district)
		p.Regency, p.Province = repeat("R", c.regency), repeat("P", c.province)
		pl, err := chipdata.Prepare(profile(t, name), r, issuance(), aPortrait(), aSignature(), codec(t), a.signer)
		if err != nil {
			t.Fatal(err)
		}
		if err := pl.Seal(chipKeys(t), a.signer, at); err != nil {
			t.Fatal(err)
		}
		for _, f := range pl.Profile.Files {
			switch f.Builder {
			case chipdata.BuildPROF, chipdata.BuildDG2: // written by the claim; takes what is left, not its benchmark size
			case chipdata.BuildDG7, chipdata.BuildSOD: // fitted to a budget; by the length of the certificate
				if n := len(fileOf(t, pl, f.FID)); n > f.Reference {
					t.Errorf("%s: %s has %d bytes, the table says at most %d", name, f.Name, n, f.Reference)
				}
			default:
				if n := len(fileOf(t, pl, f.FID)); n != f.Reference {
					t.Errorf("%s: %s has %d bytes, the table says %d", name, f.Name, n, f.Reference)
				}
			}
			c.total -= f.Reference
		}
		if c.total != 0 {
			t.Errorf("%s: the benchmark sizes are off the total by %d", name, c.total)
		}
	}
}

// The longest legal record (card profile KTPEL-OP 1, 3.1.1) has these sizes and is made for each profile.
func TestLongestLegalRecord(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "ID")
	for _, c := range []struct {
		name  string
		sizes map[uint16]int
	}{
		{"ktpel-op-1-32k", map[uint16]int{0x010B: 332, 0x010C: 101, 0x010D: 318, 0x0203: 414}},
		{"ktpel-op-1-8k", map[uint16]int{0x010B: 379, 0x010D: 278}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := record(t)
			p := &r.Person
			p.Names = []string{repeat("MUHAMMAD ABDURRAHMAN AL FARISI NUGROHO WIDJAYAKUSUMA PUTRA SE", 60)}
			p.Village, p.District, p.BirthPlace = repeat("X", 44), repeat("Y", 31), repeat("Z", 39)
			p.Occupation, p.Street = "ANGGOTA KABINET KEMENTERIAN", repeat("JALAN RAYA ", 60)
			p.Street = strings.TrimRight(p.Street, " ") + strings.Repeat("A", 60-len(strings.TrimRight(p.Street, " ")))
			p.Regency, p.Province = repeat("K", 39), "DAERAH ISTIMEWA YOGYAKARTA"
			// Both default fingers are missing; two others stand in the slots.
			r.Fingers = [2]ktp.FingerSlot{slot(t, ktp.RightThumb, 1), slot(t, ktp.LeftThumb, 2)}
			r.Exceptions = []ktp.FingerException{{Finger: ktp.RightIndex, Reason: ktp.FingerMissing}, {Finger: ktp.LeftIndex, Reason: ktp.FingerUncapturable}}
			is := issuance()
			is.Authority, is.Station = repeat("DINAS ", 39), repeat("S", 16)
			pl, err := chipdata.Prepare(profile(t, c.name), r, is, aPortrait(), aSignature(), codec(t), a.signer)
			if err != nil {
				t.Fatal(err)
			}
			if err := pl.Seal(chipKeys(t), a.signer, at); err != nil {
				t.Fatal(err)
			}
			for fid, want := range c.sizes {
				if n := len(fileOf(t, pl, fid)); n != want {
					t.Errorf("%04X has %d bytes, expected %d", fid, n, want)
				}
			}
			t.Logf("%+v", pl.Report)
			checkFingersOf(t, pl, r)
		})
	}
}

func checkFingersOf(t *testing.T, pl *chipdata.Plan, r ktp.Record) {
	t.Helper()
	for slot, s := range r.Fingers {
		f, err := chipdata.ParseFingerFile(fileOf(t, pl, uint16(0x0201+slot)))
		if err != nil || f.Finger != s.Finger || f.Subtype != s.Finger.CBEFF() {
			t.Errorf("slot %d: %v, %v", slot+1, f.Finger, err)
		}
	}
}
