package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"blanko/chipdata"
	"blanko/ktp"
)

// vouched checks the data center's signature (A3) over the identity statement rebuilt from the
// card alone (card profile KTPEL-OP 1, section 3.3). Without the fingers it cannot be checked.
func (i *inspection) vouched(m chipdata.Manifest, read bool) Finding {
	const name, good = "center's signature", "good"
	r := i.report
	if !read {
		i.unvouched = notChecked
		r.add(name, good, notChecked)
		return NotChecked
	}
	if m.Center == nil {
		f, _ := i.profile.File(chipdata.BuildDG13)
		planned, known := i.hashes[fmt.Sprintf("%04X", f.FID)]
		sum := sha256.Sum256(i.files[f.FID])
		const none = "none (specimen)"
		i.unvouched = none
		if known && strings.EqualFold(planned, hex.EncodeToString(sum[:])) {
			r.add(name, none, none)
		} else {
			r.add(name, good, none)
		}
		return None
	}
	r.CenterKey = hex.EncodeToString(m.Center.KeyID[:])
	bad := func(why string) Finding {
		i.unvouched = why
		r.add(name, good, why)
		return Bad
	}
	local := i.want.LocalKeys[m.Center.KeyID]
	key := i.want.CenterKeys[m.Center.KeyID]
	switch {
	case i.stranger && len(i.want.CenterKeys) == 0:
		i.unvouched = "not checked (no center key is known here)"
		r.skip(name, good, i.unvouched)
		return NotChecked
	case key == nil:
		f := bad("by an unknown key")
		if i.stranger {
			i.unknown, f = true, NotChecked
		}
		return f
	case i.partial:
		r.LocalAnchor, i.unvouched = local, withoutSAM
		r.skip(name, good, withoutSAM)
		return NotChecked
	}
	identity, reason := i.identity(m)
	if reason != "" {
		return bad(reason)
	}
	if !chipdata.VerifyIdentity(identity, *m.Center, key) {
		return bad("wrong")
	}
	got := good
	if r.LocalAnchor = local; local {
		got = "good (local anchor)"
	}
	r.note(name, good, got, true)
	return Good
}

// identity rebuilds what the center signed from the files that were read.
func (i *inspection) identity(m chipdata.Manifest) (id ktp.Identity, reason string) {
	data, ok := i.details()
	if !ok {
		return id, notChecked
	}
	d, err := chipdata.ParseDG11(data)
	if err != nil {
		return id, found(err)
	}
	var records [2][]byte
	for slot, b := range []chipdata.Builder{chipdata.BuildFinger1, chipdata.BuildFinger2} {
		if data, ok := i.file(b); ok {
			f, err := chipdata.ParseFingerFile(data)
			if err != nil {
				return id, found(err)
			}
			records[slot] = f.Record
		}
	}
	if id, err = chipdata.RebuildIdentity(d, m, records); err != nil {
		return id, found(err)
	}
	return id, ""
}

// persons compares who the zone, DG11 and the national file are about, and with whom the card
// was made for. No value ever stands in the report.
func (i *inspection) persons() {
	const yes, no = "yes", "no"
	r := i.report
	same := func(name string, ok bool) {
		got := yes
		if !ok {
			got = no
		}
		r.add(name, yes, got)
	}
	dg1, ok := i.file(chipdata.BuildDG1)
	if !ok {
		r.add("one person in all files", yes, notChecked)
		return
	}
	zone, err := chipdata.ParseDG1(dg1)
	if err != nil {
		r.add("one person in all files", yes, found(err))
		return
	}
	const birthInZone = "060102" // YYMMDD
	same("zone is of the signer's state", zone.State == ktp.Citizen.Code)
	one := true
	if data, ok := i.details(); ok {
		d, err := chipdata.ParseDG11(data)
		one = one && err == nil && d.NIK == zone.DocumentNumber && d.BirthDate.Format(birthInZone) == zone.BirthDate
	}
	if data, ok := i.file(chipdata.BuildBIO); ok {
		b, err := chipdata.ParseBIO(data)
		one = one && err == nil && b.NIK == zone.DocumentNumber && b.BirthDate.Format(birthInZone) == zone.BirthDate
	}
	same("one person in all files", one)
	if i.want.Plan == nil {
		return
	}
	f, _ := i.profile.File(chipdata.BuildDG1)
	for _, planned := range i.want.Plan.Files {
		if planned.FID != f.FID {
			continue
		}
		mine, err := chipdata.ParseDG1(planned.Data)
		other := err == nil && mine.DocumentNumber != zone.DocumentNumber
		r.WrongPerson = r.WrongPerson || other
		same("the person it was made for", !other)
	}
}
