package inspect

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// Expect is what the caller knows of the card.
type Expect struct {
	Attempt ktp.AttemptID  // zero: not known, any will do
	Plan    *chipdata.Plan // what was written; nil: not known
	// Hashes stand in for a plan that is gone: SHA-256 in hex by file id in four hex digits.
	Hashes     map[string]string
	Anchors    []*x509.Certificate          // the CSCAs
	Revoked    []*x509.RevocationList       // of these authorities
	Now        time.Time                    // on which a list of Revoked must hold; zero: on any day
	CenterKeys map[[8]byte]*ecdsa.PublicKey // by key id
	// LocalKeys are those of CenterKeys that belong to a district which vouches for its own
	// persons; their cards are genuine under a weaker anchor, and the report says so.
	LocalKeys map[[8]byte]bool
	ICAOView  bool // the profile's ICAO view is on; else it must be closed
	// Access opens the ICAO view where it is on. Without it the zone of the plan serves, or the one that
	// is read under the SAM key; a card that asks for a CAN alone is not read there then.
	Access icao.Access
	// Chunk is what the reader is known to carry, plain bytes of one piece, where the card was written
	// on it before (applet.Encoder.Lengths); zero: what card and reader say.
	Chunk int
}

// inspection is one run of Recheck.
type inspection struct {
	card    *applet.Card
	profile *chipdata.Profile
	want    Expect
	chunk   int
	report  *Report
	files   map[uint16][]byte
	hashes  map[string]string // planned, nil when nothing is known
	kdd     *[10]byte         // as the chip names itself without a key; nil: it did not
	partial bool              // nobody held the SAM key: the files under it were not to be read
	// stranger: the card is any card, and what the reader lacks is no fault of the card's.
	stranger bool

	station, center Finding // what judge concludes of the two signatures
	reason          string  // why the station's signature is bad
	missing         bool    // it is bad for files alone that are not there
	unknown         bool    // this stranger does not know who signed
	unvouched       string  // why the center's signature is not good
	sam             bool    // the SAM view was tried
	walked          bool    // the ICAO view was tried
	torn            bool    // files are malformed, or do not belong together
	sod             *chipdata.SOD
}

// Recheck is the stranger check of the card profile KTPEL-OP 1, section 8.4, after a field reset. Every
// deviation is a failed check of the report, and so is an answer that the profile does not know; an
// error means that the reader, the key source or the way to the card failed, nothing is known,
// and the check may be repeated. Of k, the SAM keys alone are used. The card is not changed.
func Recheck(ctx context.Context, t applet.Transport, k applet.KeySource, p *chipdata.Profile, want Expect) (Report, error) {
	r := &Report{}
	i := &inspection{
		card: &applet.Card{Transport: t, Keys: k, Profile: p}, profile: p, want: want, report: r, files: map[uint16][]byte{}, hashes: want.Hashes,
	}
	if want.Plan != nil {
		i.hashes = want.Plan.Hashes()
	}
	for _, step := range []func(context.Context) error{i.look, i.issuerView, i.icaoView, i.strangerView, i.samView, i.strangerView} {
		if err := step(ctx); err != nil {
			i.card.Close()
			return Report{}, err
		}
		if seen := i.card.Counters(); len(seen) > 0 { // the reset of a later view forgets them
			r.Counters = seen
		}
	}
	i.card.Close()
	i.judge()
	return *r, nil
}

// trouble reports whether an error says nothing about the card: the way to it failed.
func trouble(err error) bool {
	if endedByCard(err) {
		return false
	}
	for _, e := range []fault.Entry{
		applet.CardRemoved, applet.CardReset, applet.CardMute, applet.ReaderAway, applet.LengthRefused, applet.ChannelDead, applet.NotProbed, applet.KeySourceFailed,
		icao.ChannelDead,
	} {
		if fault.Is(err, e) {
			return true
		}
	}
	return fault.CodeOf(err) == ""
}

// endedByCard reports whether the card ended the channel with a status word of its own.
func endedByCard(err error) bool {
	var status *applet.StatusError
	return (fault.Is(err, applet.ChannelDead) || fault.Is(err, icao.ChannelDead)) && errors.As(err, &status)
}

// found is what a check says of an error: the status word where there is one, else the code.
func found(err error) string {
	var status *applet.StatusError
	if errors.As(err, &status) {
		return word(status.SW)
	}
	return string(fault.CodeOf(err))
}

func word(sw applet.Status) string { return fmt.Sprintf("%04X", uint16(sw)) }

// look resets the card and reads what it says without a key.
func (i *inspection) look(ctx context.Context) error {
	r := i.report
	if _, err := i.card.Reset(ctx); err != nil {
		return err
	}
	_, kdd, err := i.card.Identify(ctx)
	if err != nil {
		if trouble(err) {
			return err
		}
		r.add("the chip names itself", "yes", found(err))
	} else {
		r.UID, i.kdd = ktp.ChipUID(strings.ToUpper(hex.EncodeToString(kdd[:]))), &kdd
	}
	l, err := i.card.Look(ctx)
	if err != nil {
		if trouble(err) {
			return err
		}
		r.add("application and EF.PROF", "readable", found(err))
		return nil
	}
	r.State, r.Attempt = l.State, l.Attempt
	if i.chunk = i.card.Lengths(l).Chunk; i.want.Chunk > 0 {
		i.chunk = min(i.chunk, i.want.Chunk)
	}
	r.add("application and EF.PROF", "readable", "readable")
	r.add("life cycle", string(applet.Active), string(l.State))
	r.add("marker", fmt.Sprintf("%02X", chipdata.MarkerWritten), fmt.Sprintf("%02X", l.Marker))
	if !i.want.Attempt.IsZero() {
		r.add("attempt", i.want.Attempt.String(), l.Attempt.String())
	}
	return nil
}

// samView reads as a SAM does. An answer with which the card ends the channel may also come from
// a command that was altered on its way: it is taken for the card's own when it comes twice.
func (i *inspection) samView(ctx context.Context) error {
	if i.report.State == "" {
		return nil // there is no application to open a channel on
	}
	i.sam = true
	before, read := len(i.report.Checks), maps.Clone(i.files)
	err := i.samOnce(ctx)
	if !endedByCard(err) {
		return err
	}
	i.report.Checks, i.files = i.report.Checks[:before], read
	if _, err := i.card.Reset(ctx); err != nil {
		return err
	}
	if err = i.samOnce(ctx); endedByCard(err) {
		i.report.add("SAM channel", "lasts", found(err))
		return nil
	}
	return err
}

// samOnce opens the channel of a SAM, reads every file that is not read yet and tries what the SAM may
// not do.
func (i *inspection) samOnce(ctx context.Context) error {
	const name = "SAM key opens"
	// The application anew: the ICAO view may have been selected meanwhile.
	a, err := i.card.Plain(ctx, applet.SelectApplication(i.profile.AID))
	if err != nil {
		return err
	}
	if a.SW != applet.SWOK {
		i.report.add(name, "yes", word(a.SW))
		return nil
	}
	// A chip that proves another name than it tells is none of ours.
	if _, err := i.card.Open(ctx, i.profile.Keys.SAM, i.kdd); err != nil {
		if trouble(err) {
			return err
		}
		i.report.add(name, "yes", found(err))
		return nil
	}
	i.report.add(name, "yes", "yes")
	for _, f := range i.profile.Files {
		if _, there := i.files[f.FID]; there || f.Builder == chipdata.BuildPROF {
			continue
		}
		if err := i.read(ctx, f); err != nil {
			return err
		}
	}
	return i.rules(ctx, viewIssuer, channelSAM)
}

// claSealed is the class of commands before the key source protects them.
const claSealed = 0x80

// read reads one file and holds it against the planned hash, where there is one. Whether a finger
// of which nothing is known belongs on the card is judged by the manifest later.
func (i *inspection) read(ctx context.Context, f chipdata.FileSpec) error {
	name := "read " + f.Name
	hash, planned := i.hashes[fmt.Sprintf("%04X", f.FID)]
	want := "readable"
	switch {
	case planned:
		want = short(hash)
	case i.hashes != nil:
		want = "absent"
	}
	a, err := i.card.Sealed(ctx, applet.SelectFile(claSealed, f.FID))
	if err != nil {
		return err
	}
	if a.SW != applet.SWOK {
		got := word(a.SW)
		if a.SW == applet.SWFileNotFound {
			got = "absent"
		}
		i.report.note(name, want, got, got == want || got == "absent" && i.hashes == nil && isFinger(f))
		return nil
	}
	data, err := i.card.ReadFile(ctx, i.chunk, i.profile.UsableBytes)
	if err != nil {
		if trouble(err) || endedByCard(err) {
			return err
		}
		i.report.add(name, want, found(err))
		return nil
	}
	i.files[f.FID] = data
	if i.hashes == nil {
		i.report.add(name, want, "readable")
		return nil
	}
	sum := sha256.Sum256(data)
	got := hex.EncodeToString(sum[:])
	i.report.note(name, want, short(got), planned && strings.EqualFold(got, hash))
	return nil
}

func isFinger(f chipdata.FileSpec) bool {
	return f.Builder == chipdata.BuildFinger1 || f.Builder == chipdata.BuildFinger2
}

// short is the part of a hash that a report shows.
func short(hash string) string {
	const shown = 16 // hex digits
	hash = strings.ToLower(hash)
	return "SHA-256 " + hash[:min(shown, len(hash))]
}
