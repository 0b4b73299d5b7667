package inspect

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// profileNames are the profiles that a reader knows. They share applications and keys; what is on the
// card tells them apart.
var profileNames = []string{"ktpel-op-1-32k", "ktpel-op-1-8k"}

// mostRetries is how often the way to the card may fail before the examination gives up.
const mostRetries = 6

// mostIdle is how often in a row it may fail without anything new being read. The last try is made
// with short pieces, because an old reader may carry no others (card profile KTPEL-OP 1, 8.3).
const (
	mostIdle   = 3
	shortPiece = 112
)

// examiner is one run of Examine.
type examiner struct {
	inspection
	keys     applet.KeySource
	access   icao.Access
	trust    Trust
	profiles []*chipdata.Profile
	out      *Examination
	counted  *counted
	seen     bool // the card has been looked at once
	done     []bool
	views    map[uint16]string // where a file was read
	found    []Cause
	proof    proving
	read0    int  // files read when the last failure came
	idle     int  // failures in a row without a new file or step
	away     bool // no card was there at the last reset
}

// counted counts what goes to the card.
type counted struct {
	applet.Transport
	commands int
}

// Transmit counts and sends.
func (c *counted) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	c.commands++
	return c.Transport.Transmit(ctx, capdu)
}

// Limits are those of the reader.
func (c *counted) Limits() applet.Limits {
	if l, ok := c.Transport.(applet.Limiter); ok {
		return l.Limits()
	}
	return applet.Limits{}
}

// Examine reads any card that lies on a reader, with whatever the reader has: nothing, a SAM (k; nil:
// none), what the bearer can tell (access; zero: nothing), and what it trusts. A card that does not
// answer, is of another make or is broken is a finding, not an error. A read that fails because the
// card was lost is tried again from a reset, and counted; a cryptogram or a password that the card
// refuses is never tried again.
//
// Errors: the context's own; a reader or a key source that fails, with its code; icao.access_malformed
// for an access that no card can have, before anything is sent; inspect.card_changed when another card
// was laid down meanwhile. The card is not changed.
func Examine(ctx context.Context, t applet.Transport, k applet.KeySource, access icao.Access, trust Trust) (Examination, error) {
	if !access.IsZero() {
		if err := access.Check(); err != nil {
			return Examination{}, err
		}
	}
	x := &examiner{
		keys: k, access: access, trust: trust, out: &Examination{}, counted: &counted{Transport: t}, views: map[uint16]string{},
		inspection: inspection{report: &Report{}, files: map[uint16][]byte{}, partial: true, stranger: true},
	}
	for _, name := range profileNames {
		p, err := chipdata.LoadProfile(name)
		if err != nil {
			return Examination{}, err
		}
		x.profiles = append(x.profiles, p)
	}
	x.profile = x.profiles[0]
	x.want = Expect{Anchors: trust.CSCAs, CenterKeys: trust.CenterKeys, LocalKeys: trust.LocalKeys}
	x.card = &applet.Card{Transport: x.counted, Keys: k, Profile: x.profile}
	defer x.card.Close()
	x.out.Reading = Reading{ICAOView: viewNotTried, SAM: samNotUsed}
	if err := x.run(ctx); err != nil {
		return Examination{}, err
	}
	x.finish()
	return *x.out, nil
}

// Words of Reading.
const (
	viewOpen     = "open"
	viewClosed   = "closed"
	viewNotTried = "not_tried"

	samGood    = "good"
	samRefused = "refused"
	samNotUsed = "not_used"
)

// run takes the steps, again from a reset when the card was lost, until all are done or there is no
// sense in going on.
func (x *examiner) run(ctx context.Context) error {
	steps := []func(context.Context) error{x.icaoStep, x.samStep, x.rulesStep}
	x.done = make([]bool, len(steps))
	for {
		err := x.pass(ctx, steps)
		if err == nil {
			x.out.Reading.Complete = true
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !cardLost(err) {
			return err
		}
		if fault.Is(err, applet.LengthRefused) && x.chunk > shortPiece { // the reader's limit, not the card's contact
			x.chunk = shortPiece
			continue
		}
		x.out.Reading.Failures = string(fault.CodeOf(err))
		x.idle++
		if len(x.files) > x.read0 {
			x.idle = 1
		}
		x.read0 = len(x.files)
		if x.out.Reading.Retries == mostRetries || x.idle == mostIdle {
			if endedByCard(err) {
				x.report.add("the channel lasts", "yes", found(err))
				x.found = append(x.found, ContentWrong)
			}
			return nil
		}
		if x.idle == mostIdle-1 {
			x.chunk = min(x.chunk, shortPiece)
		}
		x.out.Reading.Retries++
	}
}

// cardLost reports whether an error says that the card did not answer as a card in good contact
// does. Whatever else a transport says is the reader's own failure: a mute card that some other
// room explains is none.
func cardLost(err error) bool {
	if fault.Is(err, applet.ReaderAway) {
		return false
	}
	for e, ok := errors.AsType[*fault.Error](err); ok; e, ok = errors.AsType[*fault.Error](e.Err) {
		switch e.Code {
		case applet.CardRemoved.Code, applet.ChannelDead.Code, applet.LengthRefused.Code, icao.ChannelDead.Code:
			return true
		case applet.CardMute.Code:
			_, explained := errors.AsType[*fault.Error](e.Err)
			return !explained
		}
	}
	return false
}

// pass resets the card, makes sure that it is still the same, and takes the steps that are left. What a
// step noted before it failed is forgotten; the files that it read are kept.
func (x *examiner) pass(ctx context.Context, steps []func(context.Context) error) error {
	active, err := x.begin(ctx)
	if err != nil || !active {
		return err
	}
	for n, step := range steps {
		if x.done[n] {
			continue
		}
		before, causes := len(x.report.Checks), len(x.found)
		if err := step(ctx); err != nil {
			x.report.Checks, x.found = x.report.Checks[:before], x.found[:causes]
			return err
		}
		x.done[n], x.idle = true, 0
	}
	return nil
}

// begin resets the card and looks at it; active reports whether there is anything behind keys to
// be read.
func (x *examiner) begin(ctx context.Context) (active bool, err error) {
	atr, err := x.card.Reset(ctx)
	x.away = fault.Is(err, applet.CardRemoved)
	if fault.Is(err, applet.NoApplication) { // a reader that knows such cards and has no use for them
		x.seen = true
		x.found = append(x.found, WrongCard)
		x.report.add("application", "KTPEL-OP", found(err))
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if x.seen {
		return x.same(ctx)
	}
	// A chip that is lost while it says who it is says it again from the beginning.
	x.report.Checks, x.found, x.kdd = nil, nil, nil
	c := &x.out.Chip
	c.ATR = strings.ToUpper(hex.EncodeToString(atr))
	cplc, kdd, err := x.card.Identify(ctx)
	switch {
	case err == nil:
		x.kdd = &kdd
		c.UID = ktp.ChipUID(strings.ToUpper(hex.EncodeToString(kdd[:])))
		c.CPLC = strings.ToUpper(hex.EncodeToString(cplc))
	case trouble(err):
		return false, err
	}
	named := err
	l, err := x.card.Look(ctx)
	switch {
	case err == nil:
	case trouble(err):
		return false, err
	case fault.Is(err, applet.NoApplication):
		x.seen = true
		x.found = append(x.found, WrongCard)
		x.report.add("application", "KTPEL-OP", found(err))
		return false, nil
	default:
		x.seen = true
		x.found = append(x.found, ContentWrong)
		x.report.add("application and EF.PROF", "readable", found(err))
		return false, nil
	}
	x.seen = true
	if named != nil {
		x.report.add("the chip names itself", "yes", found(named))
		x.found = append(x.found, ContentWrong)
	}
	c.State, c.Attempt = l.State, l.Attempt
	c.Profile = fmt.Sprintf("%s %d.%d", l.Profile, l.Version, l.Revision)
	x.report.State, x.report.Attempt, x.report.UID = l.State, l.Attempt, c.UID
	x.chunk = x.card.Lengths(l).Chunk
	x.out.Reading.Chunk = x.chunk
	x.report.add("life cycle", string(applet.Active), string(l.State))
	switch l.State {
	case applet.Active:
		return true, nil
	case applet.Blocked:
		x.found = append(x.found, ChipBlocked)
	case applet.Terminated:
		x.found = append(x.found, ChipTerminated)
	default:
		x.found = append(x.found, NotPersonalized)
	}
	return false, nil
}

// same makes sure after a loss that the card on the reader is the one from before.
func (x *examiner) same(ctx context.Context) (active bool, err error) {
	const op = "inspect.Examine"
	_, kdd, err := x.card.Identify(ctx)
	if err != nil {
		if trouble(err) || x.kdd != nil {
			return false, err
		}
	} else if x.kdd == nil || kdd != *x.kdd {
		return false, CardChanged.At(op, nil).With("chip", "another chip answers than before")
	}
	l, err := x.card.Look(ctx)
	if err != nil {
		return false, err
	}
	if l.State != x.out.Chip.State || l.Attempt != x.out.Chip.Attempt {
		return false, CardChanged.At(op, nil).With("chip", "another state or attempt than before")
	}
	return true, nil
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
		x.report.add(name, "yes", found(err))
		x.out.Reading.SAM = samRefused
		x.out.ChipProof.SAMKey = Bad
		x.found = append(x.found, KeyRefused)
		return nil
	}
	x.report.add(name, "yes", "yes")
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
