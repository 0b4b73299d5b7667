package inspect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/chipdata"
	"blanko/fault"
)

// icaoStep reads the ICAO view with what the bearer could tell.
func (x *examiner) icaoStep(ctx context.Context) error {
	if x.access.IsZero() {
		return nil
	}
	before := len(x.report.Checks)
	s, err := x.openView(ctx, x.access)
	switch {
	case err == nil:
	case trouble(err) || endedByCard(err):
		return err
	case fault.Is(err, icao.ViewClosed):
		x.report.skip(checkOpens, "yes", notApplicable)
		return nil
	case fault.Is(err, icao.NotSupported):
		x.report.skip(checkOpens, "yes", noPassword)
		return nil
	case fault.Is(err, icao.AccessRefused), fault.Is(err, icao.AccessSuspended):
		x.report.add(checkOpens, "yes", string(fault.CodeOf(err)))
		x.found = append(x.found, AccessRefused)
		return nil
	default:
		x.report.add(checkOpens, "yes", found(err))
		x.found = append(x.found, ContentWrong)
		return nil
	}
	x.out.Reading.Protocol, x.out.Reading.Password = s.Protocol(), s.Password()
	err = x.readView(ctx, s, x.choose)
	for fid := range x.files {
		if _, known := x.views[fid]; !known {
			x.views[fid] = viewICAO
		}
	}
	if err != nil {
		return err
	}
	x.announced(s)
	if anyFailed(x.report.Checks[before:]) {
		x.found = append(x.found, ContentWrong)
	}
	return x.proveAgain(ctx, s)
}

// samStep reads under the SAM key what is not read yet.
func (x *examiner) samStep(ctx context.Context) error {
	if x.keys == nil {
		return nil
	}
	const name = "SAM key opens"
	if _, err := x.card.Reset(ctx); err != nil {
		return err
	}
	a, err := x.card.Plain(ctx, applet.SelectApplication(x.profile.AID))
	if err != nil {
		return err
	}
	if a.SW != applet.SWOK {
		x.report.add(name, "yes", word(a.SW))
		x.found = append(x.found, ContentWrong)
		return nil
	}
	if _, err := x.card.Open(ctx, x.profile.Keys.SAM, x.kdd); err != nil {
		if trouble(err) {
			return err
		}
		if x.oneGeneration(ctx) && fault.CodeOf(errors.Unwrap(err)) == applet.CardCryptogramWrong {
			x.report.skip(name, "yes", otherKey)
			x.out.Reading.SAM = samUnfit
			x.found = append(x.found, SAMCannotJudge)
			return nil
		}
		x.report.add(name, "yes", found(err))
		x.out.Reading.SAM = samRefused
		x.out.ChipProof.SAMKey = Bad
		x.found = append(x.found, KeyRefused)
		return nil
	}
	x.report.add(name, "yes", "yes")
	x.out.Chip.Counters = map[string]int{}
	for version, n := range x.card.Counters() {
		x.out.Chip.Counters[fmt.Sprintf("%02X", version)] = n
	}
	before := len(x.report.Checks)
	x.out.Reading.SAM, x.out.ChipProof.SAMKey = samGood, Good
	x.partial = false
	com, _ := x.profile.File(chipdata.BuildCOM)
	if err := x.sealed(ctx, com); err != nil {
		return err
	}
	x.choose()
	for _, f := range x.profile.Files {
		if f.Builder != chipdata.BuildPROF {
			if err := x.sealed(ctx, f); err != nil {
				return err
			}
		}
	}
	if anyFailed(x.report.Checks[before:]) {
		x.found = append(x.found, ContentWrong)
	}
	before = len(x.report.Checks)
	err = x.rules(ctx, viewIssuer, channelSAM)
	if anyFailed(x.report.Checks[before:]) {
		x.found = append(x.found, RulesBroken)
	}
	return err
}

// otherKey is what the check says of a card that the SAM cannot judge.
const otherKey = "not checked (the card is under another key than that of this SAM)"

// oneGeneration reports whether the key source holds one generation of the reading key, as a SAM does: a card
// that does not have this key may be genuine, under another one.
func (x *examiner) oneGeneration(ctx context.Context) bool {
	kind, _, _, err := x.keys.Describe(ctx)
	return err == nil && kind == kindSAM
}

// kindSAM is the kind of a key source that is a SAM (applet.KeySource).
const kindSAM = "sam"

// sealed reads a file under the SAM key, unless it is read already.
func (x *examiner) sealed(ctx context.Context, f chipdata.FileSpec) error {
	if _, there := x.files[f.FID]; there {
		return nil
	}
	if err := x.inspection.read(ctx, f); err != nil {
		return err
	}
	if _, there := x.files[f.FID]; there {
		x.views[f.FID] = viewIssuer
	}
	return nil
}

// choose takes the profile whose data groups the card lists.
func (x *examiner) choose() {
	data, ok := x.file(chipdata.BuildCOM)
	if !ok {
		return
	}
	com, err := chipdata.ParseCOM(data)
	if err != nil {
		return
	}
	slices.Sort(com.DataGroups)
	for _, p := range x.profiles {
		groups := p.DataGroups()
		if slices.Sort(groups); slices.Equal(groups, com.DataGroups) {
			x.profile, x.card.Profile = p, p
		}
	}
}

// rulesStep tries what nobody may do.
func (x *examiner) rulesStep(ctx context.Context) error {
	before := len(x.report.Checks)
	if _, err := x.card.Reset(ctx); err != nil {
		return err
	}
	a, err := x.card.Plain(ctx, applet.SelectApplication(x.profile.AID))
	if err != nil {
		return err
	}
	x.report.add("issuer view open", word(applet.SWOK), word(a.SW))
	if err := x.rules(ctx, viewIssuer, channelPlain); err != nil {
		return err
	}
	if a, err = x.card.Plain(ctx, applet.SelectApplication(x.profile.ICAOAID)); err != nil {
		return err
	}
	x.out.Reading.ICAOView = viewOpen
	if a.SW == applet.SWOK {
		if err := x.rules(ctx, viewICAO, channelPlain); err != nil {
			return err
		}
	} else {
		x.out.Reading.ICAOView = viewClosed
		x.report.add("ICAO view closed", word(applet.SWFileNotFound), word(a.SW))
	}
	if anyFailed(x.report.Checks[before:]) {
		x.found = append(x.found, RulesBroken)
	}
	return nil
}
