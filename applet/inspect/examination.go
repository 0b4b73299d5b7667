package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"blanko/applet"
	"blanko/ktp"
)

// Examination is what a stranger learned of a card. Its JSON holds no personal data; those stand in
// Person and Content, which a caller shows or not.
type Examination struct {
	Cause   Cause   `json:"cause"`          // the weightiest
	Also    []Cause `json:"also,omitempty"` // what else was found, the weightiest first
	Verdict Verdict `json:"verdict"`
	// Genuine: both signatures are good and nothing speaks against the card. It says nothing about
	// hand-over.
	Genuine   bool             `json:"genuine"`
	Chip      ChipFacts        `json:"chip"`
	Reading   Reading          `json:"reading"`
	Files     []FileFacts      `json:"files,omitempty"`
	Station   StationSignature `json:"station_signature"`
	Center    CenterSignature  `json:"center_signature"`
	ChipProof ChipProof        `json:"chip_proof"`
	Register  RegisterFacts    `json:"register"`
	Checks    []Check          `json:"checks,omitempty"`

	Person  *Person `json:"-"` // nil: nothing of the person could be read
	Content Content `json:"-"` // the files as read
}

// Foreign is what [Examination.Told] says of a chip that answers and has no application of the profile.
const Foreign applet.State = "foreign"

// Told is the state that the chip told of itself; empty: it was not read.
func (x Examination) Told() applet.State {
	if x.Chip.UID == "" {
		return ""
	}
	return cmp.Or(x.Chip.State, Foreign)
}

// Verdict is the one line of an examination, in the words of the card profile KTPEL-OP 1, section
// 7.1, with marks behind it: "genuine, not handed over", "genuine", "genuine, retired",
// "genuine, hand-over not known" (no status list, or one that is not signed or too old); ", held",
// ", local anchor" and ", denied" where they apply.
type Verdict string

// The words of a verdict before its marks.
const (
	VerdictGenuine          Verdict = "genuine"
	VerdictNotHandedOver    Verdict = "genuine, not handed over"
	VerdictRetired          Verdict = "genuine, retired"
	VerdictHandOverUnknown  Verdict = "genuine, hand-over not known"
	VerdictCenterNotChecked Verdict = "station signature good, center's signature not checked"
	VerdictSpecimen         Verdict = "specimen, not genuine"
	VerdictNotGenuine       Verdict = "not genuine"
	VerdictNotChecked       Verdict = "not checked"
	VerdictBlocked          Verdict = "blocked" // what it holds cannot be read any more
	VerdictTerminated       Verdict = "terminated"
	VerdictNotPersonalized  Verdict = "not personalized"
	VerdictWrongCard        Verdict = "not a KTP-el"

	markHeld    = ", held"
	markRetired = ", retired" // behind a verdict that is not about hand-over
	markMade    = ", not handed over"
	markLocal   = ", local anchor"
	markDenied  = ", denied" // behind any verdict
)

// verdictWords are the Indonesian words, the longest first.
var verdictWords = []struct{ en, id string }{
	{string(VerdictCenterNotChecked), "tanda tangan stasiun sah, tanda tangan pusat tidak diperiksa"},
	{string(VerdictHandOverUnknown), "asli, status penyerahan tidak diketahui"},
	{string(VerdictSpecimen), "contoh, tidak asli"},
	{string(VerdictNotGenuine), "tidak asli"},
	{string(VerdictNotChecked), "tidak diperiksa"},
	{string(VerdictNotPersonalized), "belum diisi"},
	{string(VerdictWrongCard), "bukan KTP-el"},
	{string(VerdictTerminated), "sudah diakhiri"},
	{string(VerdictBlocked), "diblokir"},
	{string(VerdictGenuine), "asli"},
	{markMade, ", belum diserahkan"},
	{markRetired, ", tidak berlaku lagi"},
	{markHeld, ", ditahan"},
	{markLocal, ", jangkar lokal"},
	{markDenied, ", masuk daftar larangan"},
}

// Indonesian is the verdict in Indonesian.
func (v Verdict) Indonesian() string {
	s, out := string(v), ""
	for s != "" {
		n := slices.IndexFunc(verdictWords, func(w struct{ en, id string }) bool { return strings.HasPrefix(s, w.en) })
		if n < 0 {
			return string(v)
		}
		out, s = out+verdictWords[n].id, s[len(verdictWords[n].en):]
	}
	return out
}

// ChipFacts is what the chip says of itself without a key.
type ChipFacts struct {
	ATR     string        `json:"atr,omitempty"`  // hex
	CPLC    string        `json:"cplc,omitempty"` // hex, 42 bytes
	UID     ktp.ChipUID   `json:"uid,omitempty"`
	Profile string        `json:"profile,omitempty"` // such as KTPEL-OP 1.0
	State   applet.State  `json:"state,omitempty"`   // empty: no application of the profile
	Attempt ktp.AttemptID `json:"attempt,omitzero"`
	// Counters are the sequence counters of the key sets under which a channel was opened, by key version in hex: how
	// often each was asked for one. Nobody is told them without a key.
	Counters map[string]int `json:"counters,omitempty"`
}

// Reading is how the card was read.
type Reading struct {
	ICAOView string `json:"icao_view"`          // open, closed, not_tried
	Protocol string `json:"protocol,omitempty"` // PACE or BAC, where it opened
	Password string `json:"password,omitempty"` // CAN or MRZ
	SAM      string `json:"sam"`                // good, refused, cannot_judge, not_used
	Complete bool   `json:"complete"`           // everything that could be read was read
	// Retries: how often the way to the card failed and came back. Retried reads are never counted as
	// good contact.
	Retries  int    `json:"retries"`
	Failures string `json:"failures,omitempty"` // code of the last such failure
	Commands int    `json:"commands"`
	Chunk    int    `json:"chunk,omitempty"` // bytes of one read that card and reader agreed on
}

// Words of Reading.
const (
	viewOpen     = "open"
	viewClosed   = "closed"
	viewNotTried = "not_tried"

	samGood    = "good"
	samRefused = "refused"
	samUnfit   = "cannot_judge"
	samNotUsed = "not_used"
)

// WithSAM reports whether the SAM key was tried.
func (r Reading) WithSAM() bool { return r.SAM != samNotUsed }

// FileFacts is one file that was read.
type FileFacts struct {
	FID  string `json:"fid"`
	Name string `json:"name"`
	Size int    `json:"size"`
	View string `json:"view"` // icao or issuer
}

// StationSignature is passive authentication.
type StationSignature struct {
	Result      Finding   `json:"result"`
	Reason      string    `json:"reason,omitempty"`
	Signer      string    `json:"signer,omitempty"`        // subject of the document signer
	Serial      string    `json:"signer_serial,omitempty"` // hex
	SignerFrom  time.Time `json:"signer_from,omitzero"`
	SignerUntil time.Time `json:"signer_until,omitzero"`
	CSCA        string    `json:"csca,omitempty"` // subject
	SigningTime time.Time `json:"signing_time,omitzero"`
	DataGroups  []int     `json:"data_groups,omitempty"` // listed in EF.SOD
}

// CenterSignature is the data center's word for the person.
type CenterSignature struct {
	Result Finding `json:"result"`
	Reason string  `json:"reason,omitempty"`
	KeyID  string  `json:"key_id,omitempty"` // hex
	Anchor string  `json:"anchor,omitempty"` // "center" or "local anchor"; empty: not known
}

// Anchors of a center's signature.
const (
	AnchorCenter = "center"
	AnchorLocal  = "local anchor"
)

// ChipProof is whether the chip proved a key that a copy cannot have.
type ChipProof struct {
	Result               Finding `json:"result"`
	ChipAuthentication   Finding `json:"chip_authentication"`   // Doc 9303-11, 6.2
	ActiveAuthentication Finding `json:"active_authentication"` // Doc 9303-11, 6.1
	SAMKey               Finding `json:"sam_key"`               // diversified for this chip alone
}

// RegisterFacts is what the status list says. A list that is not signed, or stale, still retires, holds
// or denies a card; that a card is in force, or made, is believed of a signed and fresh one alone.
type RegisterFacts struct {
	Known    bool      `json:"known"` // a list names the card
	Standing Standing  `json:"standing,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Held     bool      `json:"held"`
	List     int64     `json:"list,omitempty"` // number of the list that was asked
	Date     time.Time `json:"date,omitzero"`
	Signed   bool      `json:"signed"` // the list is signed by a key that is known
	Local    bool      `json:"local,omitempty"`
	Stale    bool      `json:"stale"` // older than the reader allows, or of a day to come
}

// believed is the standing as far as the list may be believed.
func (r RegisterFacts) believed() Standing {
	if r.Standing == Retired || r.Standing == Denied || r.Signed && !r.Stale {
		return r.Standing
	}
	return NotOnAList
}

// Content are files by id. Formatting it with fmt shows nothing of them.
type Content map[uint16][]byte

// String shows how many there are.
func (c Content) String() string { return fmt.Sprintf("Content(%d files)", len(c)) }

// GoString shows how many there are.
func (c Content) GoString() string { return c.String() }

// SuspectRetries is from how many retries on a worn antenna is suspected: one may be a hand that
// moved.
const SuspectRetries = 2

// conclude makes causes and verdict of what was found.
func (e *Examination) conclude(found []Cause) {
	e.Genuine = e.Station.Result == Good && e.Center.Result == Good && e.Chip.State == applet.Active &&
		e.ChipProof.Result != Bad && !slices.ContainsFunc(found, func(c Cause) bool { return c != WornAntenna && c != AccessRefused })
	sound := !slices.ContainsFunc(found, func(c Cause) bool { return !slices.Contains(notOfTheChip, c) })
	stationGood := e.Station.Result == Good && sound
	standing := e.Register.believed()
	if e.Genuine && standing == NotOnAList {
		found = append(found, HandOverUnknown)
	}
	// What the register has of a card counts for one whose content nobody could check here, too.
	if sound && e.Chip.State == applet.Active {
		switch standing {
		case Made:
			found = append(found, NotHandedOver)
		case Retired:
			found = append(found, CardRetired)
		}
		if e.Register.Held {
			found = append(found, CardHeld)
		}
	}
	if stationGood && e.Center.Result == NotChecked && !slices.ContainsFunc(found, unproved) {
		found = append(found, CenterNotChecked)
	}
	// A chip that is lost where it is to prove something is not worn for that.
	if e.Reading.Retries >= SuspectRetries && !slices.ContainsFunc(found, func(c Cause) bool { return c == NoAnswer || c == CardTaken || c == CopyNotExcluded }) {
		found = append(found, WornAntenna)
	}
	switch {
	case len(found) > 0:
	case e.Genuine:
		found = append(found, CardGenuine)
	default:
		found, sound = append(found, ContentWrong), false
	}
	byWeight := func(a, b Cause) int { return cmp.Compare(a.weight(), b.weight()) }
	slices.SortStableFunc(found, byWeight)
	found = slices.Compact(found)
	open := slices.ContainsFunc(found, unproved)
	e.Cause, e.Also = found[0], found[1:]
	// Passive authentication alone does not tell a card from its copy (Doc 9303-11, 5.1). That is said, and
	// is nothing against a card that has no keys to prove.
	if sound && !open && e.Station.Result == Good && e.ChipProof.Result == NotChecked {
		e.Also = append(e.Also, CopyNotExcluded)
		slices.SortStableFunc(e.Also, byWeight)
	}
	e.Verdict = e.verdict(sound, open)
	if standing == Denied { // whatever else the chip is
		e.Also = slices.DeleteFunc(append([]Cause{e.Cause}, e.Also...), func(c Cause) bool { return c == CardGenuine })
		e.Cause, e.Verdict = CardDenied, e.Verdict+markDenied
	}
}

// unproved reports whether a cause leaves open what a good card proves. Nothing speaks against the card,
// and nobody may rely on it.
func unproved(c Cause) bool { return c == SignerUnknown || c == CopyNotExcluded || c == SAMCannotJudge }

// notOfTheChip are the causes that say nothing of whether the chip is good.
var notOfTheChip = []Cause{CardTaken, WornAntenna, AccessRefused, ContentUnread, SignerUnknown, CopyNotExcluded, SAMCannotJudge}

// unreadable are the verdicts on cards whose content nobody can read, so that it is neither good nor
// bad.
var unreadable = map[Cause]Verdict{
	ChipBlocked: VerdictBlocked, ChipTerminated: VerdictTerminated, NotPersonalized: VerdictNotPersonalized, WrongCard: VerdictWrongCard,
}

// verdict says it in one line; sound: nothing was found that speaks against the chip; open: something that
// it has to prove is not proved.
func (e *Examination) verdict(sound, open bool) Verdict {
	var v Verdict
	standing := e.Register.believed()
	switch {
	case e.Genuine && standing == NotOnAList:
		v = VerdictHandOverUnknown
	case e.Genuine && standing == Made:
		v = VerdictNotHandedOver
	case e.Genuine && standing == Retired:
		v = VerdictRetired
	case e.Genuine:
		v = VerdictGenuine
	case sound && !open && e.Station.Result == Good && e.Center.Result == NotChecked:
		v = VerdictCenterNotChecked + standingMarks[standing]
	case e.Center.Result == None && e.Station.Result != Bad:
		return VerdictSpecimen
	case unreadable[e.Cause] != "":
		return unreadable[e.Cause]
	case sound || e.Cause == NoAnswer:
		if v = VerdictNotChecked + standingMarks[standing]; e.Register.Held {
			v += markHeld
		}
		return v
	default:
		return VerdictNotGenuine
	}
	if e.Register.Held {
		v += markHeld
	}
	if e.Center.Anchor == AnchorLocal {
		v += markLocal
	}
	return v
}

// standingMarks stand behind a verdict that does not speak of hand-over by itself.
var standingMarks = map[Standing]Verdict{Made: markMade, Retired: markRetired}
