package inspect

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/keys"
)

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
	i.revocation(s)

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

// revocation notes whether the signer was revoked before it signed. One that was revoked later may have
// signed before, and says so itself: whoever has its key can say so, too.
func (i *inspection) revocation(s chipdata.SOD) {
	const notRevoked = "signed by a signer that was not revoked"
	if s.Anchor == nil || len(i.want.Revoked) == 0 && !i.stranger {
		return
	}
	since, current := keys.RevokedAt(s.Signer, i.want.Anchors, i.want.Revoked, i.want.Now)
	day := since.UTC().Format(time.DateOnly)
	switch {
	case !since.IsZero() && !s.SigningTime.Before(since):
		i.report.add(notRevoked, "yes", "revoked on "+day)
	case !since.IsZero():
		i.reason = "the signer was revoked on " + day + ", after the time of signing that it tells"
		i.report.note(notRevoked, "yes", "revoked on "+day+", after the time of signing that it tells", true)
	case !current:
		i.report.skip(notRevoked, "yes", "not checked (no revocation list of its authority that holds is known here)")
	default:
		i.report.add(notRevoked, "yes", "yes")
	}
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
