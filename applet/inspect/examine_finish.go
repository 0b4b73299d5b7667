package inspect

import (
	"fmt"
	"slices"

	"blanko/applet"
)

// finish judges what was read and writes it down.
func (x *examiner) finish() {
	o := x.out
	o.Reading.Commands = x.counted.commands
	x.proved()
	o.ChipProof.ChipAuthentication = orNotChecked(o.ChipProof.ChipAuthentication)
	o.ChipProof.ActiveAuthentication = orNotChecked(o.ChipProof.ActiveAuthentication)
	o.ChipProof.SAMKey = orNotChecked(o.ChipProof.SAMKey)
	o.Station.Result, o.Center.Result = NotChecked, NotChecked
	switch {
	case !o.Reading.Complete && !x.seen:
		x.found = append(x.found, NoAnswer)
	case !o.Reading.Complete && len(x.found) == 0 && x.away:
		x.found = append(x.found, CardTaken)
	case !o.Reading.Complete && len(x.found) == 0:
		x.found = append(x.found, WornAntenna)
	case !o.Reading.Complete:
	case o.Chip.State == applet.Active:
		x.judged()
	}
	p := &o.ChipProof
	p.Result = NotChecked
	for _, f := range []Finding{p.ChipAuthentication, p.ActiveAuthentication, p.SAMKey} {
		if f == Bad || f == Good && p.Result != Bad {
			p.Result = f
		}
	}
	if list := x.trust.Status; list != nil {
		s, ok := list.Find(o.Chip.UID)
		o.Register = RegisterFacts{
			Known: ok, Standing: s.Standing, Reason: s.Reason, Held: s.Held,
			List: list.Number, Date: list.Date, Signed: list.Signed, Local: list.Local, Stale: x.trust.stale(),
		}
	}
	o.Checks = x.report.Checks
	o.Person, o.Content = x.person(), x.files
	for _, f := range x.profile.Files {
		if data, ok := x.files[f.FID]; ok {
			o.Files = append(o.Files, FileFacts{FID: fmt.Sprintf("%04X", f.FID), Name: f.Name, Size: len(data), View: x.views[f.FID]})
		}
	}
	o.conclude(x.found)
}

func orNotChecked(f Finding) Finding {
	if f == "" {
		return NotChecked
	}
	return f
}

// judged concludes from the files that were read.
func (x *examiner) judged() {
	o := x.out
	if len(x.files) == 0 {
		x.found = append(x.found, ContentUnread)
		return
	}
	x.judge()
	o.Station.Result, o.Station.Reason = x.station, x.reason
	if s := x.sod; s != nil {
		o.Station.Signer, o.Station.Serial = s.Signer.Subject.String(), fmt.Sprintf("%x", s.Signer.SerialNumber)
		o.Station.SignerFrom, o.Station.SignerUntil = s.Signer.NotBefore, s.Signer.NotAfter
		o.Station.SigningTime = s.SigningTime
		if s.Anchor != nil {
			o.Station.CSCA = s.Anchor.Subject.String()
		}
		for n := range s.Hashes {
			o.Station.DataGroups = append(o.Station.DataGroups, n)
		}
		slices.Sort(o.Station.DataGroups)
	}
	o.Center.Result, o.Center.KeyID = x.center, x.report.CenterKey
	o.Center.Reason = x.unvouched
	switch {
	case x.report.LocalAnchor:
		o.Center.Anchor = AnchorLocal
	case x.center == Good:
		o.Center.Anchor = AnchorCenter
	}
	switch {
	case x.station == Bad && !x.missing, x.center == Bad:
		x.found = append(x.found, SignatureInvalid)
	case x.station == Bad: // files that were signed are not there, or not announced
		x.found = append(x.found, ContentWrong)
	case x.unknown:
	case x.station == NotChecked:
		x.found = append(x.found, ContentUnread)
	}
	if x.unknown {
		x.found = append(x.found, SignerUnknown)
	}
	if x.center == None {
		x.found = append(x.found, Specimen)
	}
	if x.torn {
		x.found = append(x.found, ContentWrong)
	}
}
