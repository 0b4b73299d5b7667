package registry

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/biometric/finger"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Source of a captured part.
type Source string

const (
	SourceDevice   Source = "device"
	SourceFile     Source = "file"
	SourceEmulated Source = "emulated"
)

// Missing says why a part was not captured, in the words of OSIA's MissingType.
type Missing string

const (
	NotMissing       Missing = ""
	MissingAmputated Missing = "AMPUTATED"
	MissingBandaged  Missing = "BANDAGED"
	MissingDamaged   Missing = "DAMAGED"
)

// Parts of a capture beside the ten fingers.
const (
	PartPortrait  = "portrait"
	PartSignature = "signature"
	PartIrisRight = "iris.right"
	PartIrisLeft  = "iris.left"
)

// PartOf is the part of a finger: finger.1 to finger.10, by the position codes of ISO/IEC 19794-2.
func PartOf(f ktp.Finger) string { return "finger." + strconv.Itoa(int(f)) }

// fingerOf is the finger of a part; 0: it is none.
func fingerOf(part string) ktp.Finger {
	n, found := strings.CutPrefix(part, "finger.")
	v, err := strconv.Atoi(n)
	if f := ktp.Finger(v); found && err == nil && f.Valid() && PartOf(f) == part {
		return f
	}
	return 0
}

// captureParts is everything that a capture tells of, each taken or missing.
var captureParts = func() []string {
	list := []string{PartPortrait, PartSignature, PartIrisRight, PartIrisLeft}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		list = append(list, PartOf(f))
	}
	return list
}()

// CapturedPart is one photo, signature, finger or iris: personal data. Pictures come decoded and
// encoded anew by the caller.
type CapturedPart struct {
	Part     string
	Source   Source
	Device   string // serial number; empty for a file
	Quality  int    // 0 to 100; NFIQ 2 for fingers (ISO/IEC 29794-4), of a portrait as the caller measured it; 0: not measured
	Tries    int    // how often it was captured, 1 or more
	Missing  Missing
	MIME     string // image/jpeg, image/png
	Data     []byte // the picture; may be absent of a finger that has a template
	Template []byte // of a finger, ISO/IEC 19794-2:2005
	// Background is the dominant color behind the face as the caller measured it: red, blue, other.
	Background string
}

// String shows which part it is, not what.
func (p CapturedPart) String() string { return "CapturedPart(" + p.Part + ")" }

// GoString shows which part it is, not what.
func (p CapturedPart) GoString() string { return p.String() }

// poor reports whether a part is below the quality that is wanted. Fingers and portraits are always measured; another
// part that nothing measures is not called poor.
func (p CapturedPart) poor() bool {
	return p.Quality < PoorQuality && (p.Quality > 0 || p.Part == PartPortrait || fingerOf(p.Part) != 0)
}

// Bounds of a capture.
const (
	mostPicture  = 4 << 20 // bytes of one picture
	mostTemplate = 4 << 10 // bytes of one finger record, as the center takes it
	// PoorQuality: below it a part is captured again. A rule of the house on the scale of
	// ISO/IEC 29794-1, 0 to 100.
	PoorQuality = 20
	// enoughTries: after so many a poor part is taken with a warning, or called damaged.
	enoughTries = 3
)

// Capture keeps what was captured of the resident: every part, each taken or missing with its
// reason. A capture again replaces the one before. Answer: the fingers for the chip.
type Capture struct {
	Application ApplicationID
	Parts       []CapturedPart
}

func (Capture) Name() Name             { return opCapture }
func (o Capture) about() ApplicationID { return o.Application }

func (o Capture) run(a *act) error {
	const op = "registry.Capture"
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	in, err := a.intake(app.ID)
	if err != nil {
		return err
	}
	if len(o.Parts) != len(captureParts) {
		return badOperation.At(op, nil).With("parts", "%d parts, every one of %d taken or missing", len(o.Parts), len(captureParts))
	}
	have := map[string]*CapturedPart{}
	for i := range o.Parts {
		p := &o.Parts[i]
		if !slices.Contains(captureParts, p.Part) || have[p.Part] != nil {
			return badOperation.At(op, nil).With("parts."+strconv.Itoa(i)+".part", "unknown, or there twice")
		}
		have[p.Part] = p
		if err := p.check(op); err != nil {
			return err
		}
	}
	before, _, err := captureOf(a.tx, app.ID)
	if err != nil {
		return err
	}
	c := CaptureInfo{
		Application: app.ID, Number: before.Number + 1, At: a.now(), Actor: a.actor.ID, Place: a.actor.Place, Fingers: chipFingers(have),
	}
	if _, err := eraseCapture(a.tx, app.ID); err != nil {
		return err
	}
	if err := c.save(a.tx); err != nil {
		return err
	}
	for _, p := range o.Parts {
		if err := p.insert(a.tx, app.ID); err != nil {
			return err
		}
	}
	app.Warnings = captureWarnings(app.Warnings, in.Person, o.Parts)
	a.res.Answer = fmt.Sprintf("%d,%d", c.Fingers[0], c.Fingers[1])
	missing := 0
	for _, p := range o.Parts {
		if p.Missing != NotMissing {
			missing++
		}
	}
	if err := a.tell(audit.Event{Code: "capture.kept", Application: string(app.ID), Detail: map[string]string{
		"number": strconv.Itoa(c.Number), "first": c.Fingers[0].String(), "second": c.Fingers[1].String(), "missing": strconv.Itoa(missing),
	}}); err != nil {
		return err
	}
	return a.move(&app, EventCapture, "")
}

// check refuses a part that is neither taken nor excused, or too poor to be taken.
func (p CapturedPart) check(op string) error {
	face := p.Part == PartPortrait || p.Part == PartSignature
	bad := func(field, format string, args ...any) error {
		return badOperation.At(op, nil).With(p.Part+"."+field, format, args...)
	}
	switch p.Missing {
	case NotMissing:
	case MissingAmputated, MissingBandaged, MissingDamaged:
		switch {
		case face:
			return bad("missing", "a face, and a signature or a mark in its place, are needed")
		case len(p.Data) > 0 || len(p.Template) > 0:
			return bad("missing", "taken or missing, not both")
		}
		return nil
	default:
		return bad("missing", "AMPUTATED, BANDAGED or DAMAGED")
	}
	switch {
	case p.Source != SourceDevice && p.Source != SourceFile && p.Source != SourceEmulated:
		return bad("source", "device, file or emulated")
	case p.Source == SourceDevice && p.Device == "":
		return bad("device", "its serial number is needed")
	case p.Quality < 0 || p.Quality > 100:
		return bad("quality", "0 to 100")
	case p.Tries < 1:
		return bad("tries", "1 or more")
	case len(p.Data) > mostPicture:
		return bad("data", "at most %d bytes", mostPicture)
	case len(p.Data) > 0 && p.MIME != "image/jpeg" && p.MIME != "image/png":
		return bad("mime", "image/jpeg or image/png")
	}
	f := fingerOf(p.Part)
	switch {
	case f == 0 && len(p.Data) == 0:
		return bad("data", "the picture is needed")
	case f == 0 && len(p.Template) > 0:
		return bad("template", "of fingers alone")
	case f != 0 && len(p.Data) == 0 && len(p.Template) == 0:
		return bad("template", "a picture or a record is needed")
	case f != 0 && len(p.Template) > 0:
		if _, err := oneView(p.Template, f); err != nil {
			return bad("template", "%v", err)
		}
	}
	if p.poor() && p.Tries < enoughTries {
		return captureAgain.At(op, nil).With(p.Part+".quality", "%d, at least %d, or %d tries", p.Quality, PoorQuality, enoughTries)
	}
	return nil
}

// oneView reads a record of one impression of the finger.
func oneView(record []byte, f ktp.Finger) (*finger.Template, error) {
	if len(record) > mostTemplate {
		return nil, fmt.Errorf("%d bytes, at most %d", len(record), mostTemplate)
	}
	t, err := finger.Parse(record)
	switch {
	case err != nil:
		return nil, fmt.Errorf("not an ISO/IEC 19794-2 record")
	case len(t.Views) != 1 || t.Views[0].Position != f:
		return nil, fmt.Errorf("one view of %s is wanted", f)
	}
	return t, nil
}

// substitutes are the fingers of one hand in the order in which they stand in for its index finger.
var substitutes = [2][]ktp.Finger{
	{ktp.RightIndex, ktp.RightThumb, ktp.RightMiddle, ktp.RightRing, ktp.RightLittle},
	{ktp.LeftIndex, ktp.LeftThumb, ktp.LeftMiddle, ktp.LeftRing, ktp.LeftLittle},
}

// chipFingers are the fingers that go on the chip: right and left index, or where one is missing or
// poor the next of its hand (Presidential Regulation 35/2010, article 6). 0: the hand has none.
func chipFingers(have map[string]*CapturedPart) (out [2]ktp.Finger) {
	for i, hand := range substitutes {
		poor := ktp.Finger(0)
		for _, f := range hand {
			p := have[PartOf(f)]
			switch {
			case len(p.Template) == 0:
				continue
			case p.poor():
				if poor == 0 {
					poor = f
				}
				continue
			}
			out[i] = f
			break
		}
		if out[i] == 0 {
			out[i] = poor
		}
	}
	return out
}

// Warnings of a capture. None is a reason to refuse.
const (
	warnBackground = "photo_background"
	warnPoor       = "capture_poor"
	warnNoFinger   = "no_chip_finger"
)

// background is the color behind the face: red for an odd year of birth, blue for an even one.
func background(born time.Time) string {
	if born.Year()%2 != 0 {
		return "red"
	}
	return "blue"
}

// captureWarnings are the warnings of an application with those of its newest capture.
func captureWarnings(before []string, p ktp.Person, parts []CapturedPart) []string {
	out := slices.DeleteFunc(slices.Clone(before), func(w string) bool { return w == warnBackground || w == warnPoor || w == warnNoFinger })
	add := func(w string) {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	fingers := 0
	for _, c := range parts {
		if c.Part == PartPortrait && !p.Foreign() && c.Background != background(p.BirthDate) {
			add(warnBackground)
		}
		if c.Missing == NotMissing && c.poor() {
			add(warnPoor)
		}
		if fingerOf(c.Part) != 0 && len(c.Template) > 0 {
			fingers++
		}
	}
	if fingers == 0 {
		add(warnNoFinger)
	}
	return out
}

// Impression is one finger captured again.
type Impression struct {
	Finger   ktp.Finger
	Template []byte // ISO/IEC 19794-2:2005
	Quality  int
}

// String shows the finger alone.
func (i Impression) String() string { return "Impression(" + i.Finger.String() + ")" }

// GoString shows the finger alone.
func (i Impression) GoString() string { return i.String() }

// VerifyCapture proves the capture: each finger for the chip was captured again and matches. The
// second impressions are kept for the comparison after the chip is written. Answer: the lowest
// score. An application without any finger needs none.
type VerifyCapture struct {
	Application ApplicationID
	Impressions []Impression
}

func (VerifyCapture) Name() Name             { return opVerifyCapture }
func (o VerifyCapture) about() ApplicationID { return o.Application }

func (o VerifyCapture) run(a *act) error {
	const op = "registry.VerifyCapture"
	c, err := a.captured(o.Application)
	if err != nil {
		return err
	}
	parts, err := captured(a.tx, o.Application)
	if err != nil {
		return err
	}
	lowest := 100 // of finger.Match
	for _, f := range c.Fingers {
		if f == 0 {
			continue
		}
		i := slices.IndexFunc(o.Impressions, func(i Impression) bool { return i.Finger == f })
		if i < 0 {
			return badOperation.At(op, nil).With("impressions", "%s is for the chip", f)
		}
		again, err := oneView(o.Impressions[i].Template, f)
		if err != nil {
			return badOperation.At(op, nil).With("impressions."+strconv.Itoa(i)+".template", "%v", err)
		}
		first := parts[PartOf(f)].Template
		if string(first) == string(o.Impressions[i].Template) {
			return captureDiffers.At(op, nil).With("impressions", "%s is a copy of the first impression", f)
		}
		t, err := finger.Parse(first)
		if err != nil {
			return err
		}
		score := finger.Match(again, t)
		if score < finger.Threshold() {
			return captureDiffers.At(op, nil).With("impressions", "%s scores %d, a match has %d or more", f, score, finger.Threshold())
		}
		if err := keepSecond(a.tx, o.Application, PartOf(f), o.Impressions[i].Template, score); err != nil {
			return err
		}
		lowest = min(lowest, score)
	}
	c.VerifiedAt, c.VerifiedBy = a.now(), a.actor.ID
	if err := c.save(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.Answer = o.Application, strconv.Itoa(lowest)
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"score": strconv.Itoa(lowest)}})
}

// captured is the capture of an application that has one.
func (a *act) captured(id ApplicationID) (CaptureInfo, error) {
	c, found, err := captureOf(a.tx, id)
	if err == nil && (!found || !c.ErasedAt.IsZero()) {
		err = wrongState.At("registry.captured", nil).With("capture", "nothing is captured")
	}
	return c, err
}

// Recapture sends an application back to be captured again.
type Recapture struct {
	Application ApplicationID
	Because
}

func (Recapture) Name() Name             { return opRecapture }
func (o Recapture) about() ApplicationID { return o.Application }

func (o Recapture) run(a *act) error {
	app, err := a.application(o.Application)
	if err != nil {
		return err
	}
	if app.Version > 0 {
		return wrongState.At("registry.Recapture", nil).With("state", "the center's record of %s is here", app.ID)
	}
	if err := a.erase(app.ID, eraseCapture, "capture"); err != nil {
		return err
	}
	return a.move(&app, EventRecapture, o.Reason)
}

// CaptureInfo is a capture without the parts.
type CaptureInfo struct {
	Application ApplicationID
	Number      int
	At          time.Time
	Actor       string
	Place       string
	Fingers     [2]ktp.Finger // for the chip; 0: none of that hand
	VerifiedAt  time.Time     // the fingers were captured again and matched
	VerifiedBy  string
	ErasedAt    time.Time
	Parts       []PartInfo
}

// PartInfo is one part without its content.
type PartInfo struct {
	Part     string
	Source   Source
	Device   string
	Quality  int
	Tries    int
	Missing  Missing
	Score    int // of the second impression
	Size     int // bytes of the picture
	Template int // bytes of the record
}

// Captured is the newest capture of an application.
func (r *Registry) Captured(ctx context.Context, id ApplicationID) (c CaptureInfo, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if c, found, err = captureOf(tx, id); err == nil && !found {
			err = unknownID.At("registry.Captured", nil).With("application", "nothing is captured")
		}
		if err == nil {
			c.Parts, err = partInfos(tx, id)
		}
		return err
	})
	return c, err
}

// CapturedParts are the parts of the newest capture: personal data.
func (r *Registry) CapturedParts(ctx context.Context, id ApplicationID) (parts map[string]CapturedPart, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		parts, err = captured(tx, id)
		return err
	})
	return parts, err
}
