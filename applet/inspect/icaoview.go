package inspect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/chipdata"
	"blanko/fault"
)

// What the checks of the ICAO view are called.
const (
	checkOpens  = "ICAO view opens"
	checkAA     = "active authentication"
	checkCA     = "chip authentication"
	inICAOView  = " in the ICAO view"
	noPassword  = "not checked (the card asks for a CAN that is not known here)"
	cannotProve = "not checked (no algorithm that this reader knows)"
	channelOver = "not checked (the channel ended with the proof before)"
)

// proofs are what a chip proved of its own keys.
type proofs struct{ active, chip Finding }

// openView resets the card and opens its ICAO view. The error is trouble, or says what the card
// answered; a view that was opened is noted.
func (i *inspection) openView(ctx context.Context, access icao.Access) (*icao.Session, error) {
	if _, err := i.card.Reset(ctx); err != nil {
		return nil, err
	}
	s, err := icao.Terminal{Trace: i.card.Trace}.Open(ctx, i.card.Transport, access)
	if err != nil {
		return nil, err
	}
	i.report.note(checkOpens, "yes", s.Protocol()+" with "+s.Password(), true)
	return s, nil
}

// readView reads the files that the ICAO view shows: EF.COM, every data group of the profile, EF.SOD.
// chosen is called when EF.COM is read.
func (i *inspection) readView(ctx context.Context, s *icao.Session, chosen func()) error {
	com, _ := i.profile.File(chipdata.BuildCOM)
	if err := i.readInView(ctx, s, com); err != nil {
		return err
	}
	chosen()
	for _, f := range i.profile.Files {
		if f.ICAO && f.Builder != chipdata.BuildCOM {
			if err := i.readInView(ctx, s, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// readInView reads one file, and holds it against the plan, where there is one, and against what the
// other view showed: both views have the same bytes.
func (i *inspection) readInView(ctx context.Context, s *icao.Session, f chipdata.FileSpec) error {
	name, want := "read "+f.Name+inICAOView, "readable"
	before, there := i.files[f.FID]
	hash, planned := i.hashes[fmt.Sprintf("%04X", f.FID)]
	switch {
	case planned:
		want = short(hash)
	case i.hashes != nil:
		want = "absent"
	}
	data, err := s.ReadFile(ctx, f.FID, i.profile.UsableBytes)
	switch {
	case err == nil:
	case trouble(err) || endedByCard(err):
		return err
	default:
		got := found(err)
		if errors.Is(err, applet.SWFileNotFound) {
			got = "absent"
		}
		i.report.add(name, want, got)
		return nil
	}
	if !there {
		i.files[f.FID] = data
	}
	sum := sha256.Sum256(data)
	got := hex.EncodeToString(sum[:])
	switch {
	case there && !bytes.Equal(before, data):
		i.report.note(name, want, "not the file of the issuer view", false)
	case i.hashes == nil:
		i.report.add(name, want, "readable")
	default:
		i.report.note(name, want, short(got), planned && strings.EqualFold(got, hash))
	}
	return nil
}

// prove has the chip prove the keys of DG15 and DG14, in this order: chip authentication renews the
// channel, and ends it on a copy.
func (i *inspection) prove(ctx context.Context, s *icao.Session) (p proofs, err error) {
	p = proofs{NotChecked, NotChecked}
	for _, step := range []struct {
		name    string
		builder chipdata.Builder
		run     func(context.Context, []byte) error
		to      *Finding
	}{{checkAA, chipdata.BuildDG15, s.ActiveAuthenticate, &p.active}, {checkCA, chipdata.BuildDG14, s.ChipAuthenticate, &p.chip}} {
		data, ok := i.file(step.builder)
		if !ok {
			*step.to = None
			continue
		}
		err := step.run(ctx, data)
		switch {
		case err == nil:
			*step.to = Good
			i.report.add(step.name, "good", "good")
		case fault.Is(err, icao.NotAuthentic):
			*step.to = Bad
			i.report.add(step.name, "good", found(err))
		case p.active == Bad && fault.Is(err, icao.ChannelDead):
			i.report.skip(step.name, "good", channelOver)
		case trouble(err):
			return p, err
		default:
			i.report.skip(step.name, "good", cannotProve)
		}
	}
	return p, nil
}

// announced holds what EF.CardAccess said in the open against DG14.
func (i *inspection) announced(s *icao.Session) {
	const name = "EF.CardAccess agrees with DG14"
	data, ok := i.file(chipdata.BuildDG14)
	if !ok || !s.CardAccess().OffersPACE() {
		return
	}
	signed, err := icao.ParseDG14(data)
	switch {
	case err != nil:
		i.report.add(name, "yes", found(err))
	case signed.Agrees(s.CardAccess()):
		i.report.add(name, "yes", "yes")
	default:
		i.report.add(name, "yes", "no")
	}
}

// accessOf is the access that a DG1 gives.
func accessOf(dg1 []byte) (icao.Access, bool) {
	zone, err := chipdata.ParseDG1(dg1)
	return icao.FromMRZ(zone), err == nil
}

// lineAccess is what a line knows that opens the card: what it was told, or the zone that it wrote, or the
// zone that was read under the SAM key.
func (i *inspection) lineAccess() icao.Access {
	a := i.want.Access
	if a.DocumentNumber != "" {
		return a
	}
	f, _ := i.profile.File(chipdata.BuildDG1)
	dg1, ok := i.files[f.FID]
	if i.want.Plan != nil && !ok {
		for _, planned := range i.want.Plan.Files {
			if planned.FID == f.FID {
				dg1 = planned.Data
			}
		}
	}
	if zone, ok := accessOf(dg1); ok {
		zone.CAN = a.CAN
		return zone
	}
	return a
}

// strangerView reads the card through its ICAO view once, where the card is to have one, as soon as
// something is known that opens it. The SAM view reads what is left; where the zone was found there
// alone, both views are read whole, and must be the same. An answer that ends the channel is
// the card's own when it comes twice, as in the SAM view.
func (i *inspection) strangerView(ctx context.Context) error {
	if !i.want.ICAOView || i.report.State != applet.Active || i.walked {
		return nil
	}
	access := i.lineAccess()
	if access.IsZero() && !i.sam {
		return nil
	}
	i.walked = true
	before, read := len(i.report.Checks), maps.Clone(i.files)
	err := i.viewOnce(ctx, access)
	if endedByCard(err) {
		i.report.Checks, i.files = i.report.Checks[:before], read
		if err = i.viewOnce(ctx, access); endedByCard(err) {
			i.report.add("ICAO channel", "lasts", found(err))
			return nil
		}
	}
	return err
}

func (i *inspection) viewOnce(ctx context.Context, access icao.Access) error {
	if access.IsZero() {
		i.report.add(checkOpens, "yes", "nothing is known that opens it")
		return nil
	}
	s, err := i.openView(ctx, access)
	switch {
	case err == nil:
	case trouble(err) || endedByCard(err):
		return err
	case fault.Is(err, icao.NotSupported) && access.CAN == "":
		i.report.skip(checkOpens, "yes", noPassword)
		return nil
	default:
		i.report.add(checkOpens, "yes", found(err))
		return nil
	}
	if err := i.readView(ctx, s, func() {}); err != nil {
		return err
	}
	i.announced(s)
	if _, err := i.prove(ctx, s); err != nil {
		return err
	}
	_, err = i.card.Reset(ctx) // the channel ends with the power
	return err
}
