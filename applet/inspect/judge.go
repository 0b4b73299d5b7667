package inspect

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// What a check says where a file that it needs could not be read.
const notChecked = "not checked"

// judge concludes from the files that were read: passive authentication, one person in all of
// them, manifest, fingers, and the data center's signature.
func (i *inspection) judge() {
	r := i.report
	if i.want.Attempt != r.Attempt && !i.want.Attempt.IsZero() && !r.Attempt.IsZero() {
		r.WrongPerson = true
	}
	if len(i.files) == 0 {
		return
	}
	i.station = i.passive()
	before := len(r.Checks)
	manifest, ok := i.manifest()
	i.persons()
	i.torn = anyFailed(r.Checks[before:])
	i.center = i.vouched(manifest, ok)
	r.Genuine = i.station == Good && i.center == Good && r.State == applet.Active && r.Passed()
}

func anyFailed(list []Check) bool {
	return slices.ContainsFunc(list, func(c Check) bool { return !c.OK })
}

// file finds what was read of the file with a builder.
func (i *inspection) file(b chipdata.Builder) ([]byte, bool) {
	f, ok := i.profile.File(b)
	if !ok {
		return nil, false
	}
	data, ok := i.files[f.FID]
	return data, ok
}

// details is DG11, whichever of its two forms the profile has.
func (i *inspection) details() ([]byte, bool) {
	if data, ok := i.file(chipdata.BuildDG11); ok {
		return data, true
	}
	return i.file(chipdata.BuildDG11And)
}

// groups are the data groups of the profile, as a list of names.
func (i *inspection) groups() string {
	list := i.profile.DataGroups()
	slices.Sort(list)
	return names(list)
}

func names(groups []int) string {
	var out []string
	for _, n := range groups {
		out = append(out, fmt.Sprintf("DG%d", n))
	}
	return strings.Join(out, " ")
}

// passive is passive authentication (Doc 9303-11, section 5.1) over every data group of the
// profile.
func (i *inspection) passive() Finding {
	const signature = "station's signature"
	r := i.report
	sod, ok := i.file(chipdata.BuildSOD)
	if !ok {
		r.add(signature, "good", notChecked)
		i.reason, i.missing = "EF.SOD cannot be read", true
		return Bad
	}
	verify := chipdata.VerifySOD
	unanchored := i.stranger && len(i.want.Anchors) == 0
	if unanchored {
		verify = func(b []byte, _ []*x509.Certificate) (chipdata.SOD, error) { return chipdata.ParseSOD(b) }
	}
	s, err := verify(sod, i.want.Anchors)
	unsure := unanchored
	const byNobody = "by a signer that is not known here"
	if err != nil && i.unknownSigner(sod) {
		r.add(signature, "good", byNobody)
		i.reason, i.unknown, unsure = detail(err), true, true
		s, err = chipdata.ParseSOD(sod)
	}
	if err != nil {
		r.add(signature, "good", found(err))
		i.reason = detail(err)
		return Bad
	}
	before := len(r.Checks)
	i.sod = &s
	r.Signer, r.SigningTime = fmt.Sprintf("%x", s.Signer.SerialNumber), s.SigningTime
	const inTime = "signed within the signer's validity"
	switch {
	case i.unknown:
		r.skip(inTime, "yes", "not checked ("+byNobody+")")
	case unanchored:
		r.skip(signature, "good", "not checked (no CSCA certificate is known here)")
		r.skip(inTime, "yes", "not checked (no CSCA certificate is known here)")
	case s.SignedInTime():
		r.add(signature, "good", "good")
		r.add(inTime, "yes", "yes")
	default:
		r.add(signature, "good", "good")
		r.add(inTime, "yes", "no")
	}

	var covered, listed []int
	for _, f := range i.profile.Files {
		if n := f.DataGroup(); n > 0 && s.Check(n, i.files[f.FID]) {
			covered = append(covered, n)
		}
	}
	for n := range s.Hashes {
		listed = append(listed, n)
	}
	slices.Sort(covered)
	slices.Sort(listed)
	r.add("data groups listed in EF.SOD", i.groups(), names(listed))
	r.add("data groups equal to EF.SOD", i.groups(), names(covered))

	index := notChecked
	if com, ok := i.file(chipdata.BuildCOM); ok {
		if c, err := chipdata.ParseCOM(com); err != nil {
			index = found(err)
		} else {
			slices.Sort(c.DataGroups)
			index = names(c.DataGroups)
		}
	}
	r.add("data groups listed in EF.COM", i.groups(), index)
	for _, c := range r.Checks[before:] {
		if !c.OK {
			i.reason = c.Name + ": " + c.Got
			i.missing = i.onlyMissing(s)
			return Bad
		}
	}
	if unsure {
		return NotChecked
	}
	return Good
}

// unknownSigner reports whether EF.SOD that no anchor vouches for is whole in itself, and by a signer of
// an authority that no anchor claims to be. A signer that names the very key of an anchor, and is
// not signed by it, is a forger's.
func (i *inspection) unknownSigner(sod []byte) bool {
	s, err := chipdata.ParseSOD(sod)
	if err != nil || !i.stranger {
		return false
	}
	return !slices.ContainsFunc(i.want.Anchors, func(a *x509.Certificate) bool {
		key := s.Signer.AuthorityKeyId
		return bytes.Equal(a.RawSubject, s.Signer.RawIssuer) && (len(key) == 0 || len(a.SubjectKeyId) == 0 || bytes.Equal(key, a.SubjectKeyId))
	})
}

// onlyMissing reports whether every file that was read is the one that was signed, in time where the
// authority is known.
func (i *inspection) onlyMissing(s chipdata.SOD) bool {
	for _, f := range i.profile.Files {
		data, there := i.files[f.FID]
		if n := f.DataGroup(); n > 0 && there && !s.Check(n, data) {
			return false
		}
	}
	return s.Anchor == nil || s.SignedInTime()
}

// detail is the reason that the innermost error of the house gives.
func detail(err error) (reason string) {
	for e, ok := errors.AsType[*fault.Error](err); ok; e, ok = errors.AsType[*fault.Error](e.Err) {
		if e.Detail != "" {
			reason = e.Detail
		}
	}
	if reason == "" {
		reason = string(fault.CodeOf(err))
	}
	return reason
}

// manifest holds the files that the SOD does not list, and the fingers, against DG13.
func (i *inspection) manifest() (chipdata.Manifest, bool) {
	const name = "manifest"
	r := i.report
	data, ok := i.file(chipdata.BuildDG13)
	if !ok {
		r.add(name, "readable", notChecked)
		return chipdata.Manifest{}, false
	}
	m, err := chipdata.ParseDG13(data)
	if err != nil {
		r.add(name, "readable", found(err))
		return chipdata.Manifest{}, false
	}
	r.add(name, "readable", "readable")
	const same, fingers = "files equal to the manifest", "fingers and exceptions"
	if i.partial {
		r.skip(same, "equal", withoutSAM)
		r.skip(fingers, "complete", withoutSAM)
		return m, true
	}
	var want, got []string
	for _, f := range i.profile.Files {
		const inManifest = "manifest" // FileSpec.Hash
		if f.Hash != inManifest {
			continue
		}
		hash, listed := m.Hash(f.FID)
		data, there := i.files[f.FID]
		if listed || there {
			want = append(want, f.Name)
		}
		if listed && there && sha256.Sum256(data) == hash {
			got = append(got, f.Name)
		}
	}
	r.add(same, strings.Join(want, " "), strings.Join(got, " "))
	r.add(fingers, "complete", i.fingers(m))
	return m, true
}

// fingers says whether every default finger is on the card or has its exception, and no finger
// stands twice.
func (i *inspection) fingers(m chipdata.Manifest) string {
	var on []ktp.Finger
	for _, b := range []chipdata.Builder{chipdata.BuildFinger1, chipdata.BuildFinger2} {
		data, ok := i.file(b)
		if !ok {
			continue
		}
		f, err := chipdata.ParseFingerFile(data)
		if err != nil {
			return found(err)
		}
		if slices.Contains(on, f.Finger) {
			return "the same finger twice"
		}
		on = append(on, f.Finger)
	}
	for _, finger := range chipdata.DefaultFingers {
		excepted := slices.ContainsFunc(m.Exceptions, func(x ktp.FingerException) bool { return x.Finger == finger })
		switch present := slices.Contains(on, finger); {
		case present && excepted:
			return finger.String() + " is on the card and excepted"
		case !present && !excepted:
			return finger.String() + " is neither on the card nor excepted"
		}
	}
	return "complete"
}

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
