package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"blanko/applet/inspect"
	"blanko/biometric/finger"
	"blanko/jobs"
	"blanko/ktp"
)

// Live is one living finger as a counter took it: personal data, compared here and not kept.
type Live struct {
	Finger   ktp.Finger
	Template []byte   // ISO/IEC 19794-2:2005, one view of the finger
	Reasons  []string // codes: why its picture could have been better
}

// String shows the finger alone.
func (l Live) String() string { return "Live(" + l.Finger.String() + ")" }

// GoString shows the finger alone.
func (l Live) GoString() string { return l.String() }

// mostLive is how many fingers one try may show: as many as a chip holds.
const mostLive = 2

// Tried is what the one that tried is told of a 1:1.
type Tried struct {
	Result      string   `json:"result"`
	Score       int      `json:"score,omitempty"` // of a match alone
	Threshold   int      `json:"threshold,omitempty"`
	Calibration string   `json:"calibration,omitempty"`
	Left        int      `json:"left"` // tries in this visit
	Reasons     []string `json:"reasons,omitempty"`
}

// tryHolder compares living fingers with those of the card's chip. The files of the chip must be those that
// were written on it. A chip that is not genuine is compared with nothing.
func (a *act) tryHolder(op string, c Card, live []Live, onChip inspect.FingerFiles, notGenuine bool) (MatchTry, error) {
	t := MatchTry{Chip: c.Chip, Result: TryNotGenuine}
	if notGenuine {
		if len(live) > 0 {
			t.Finger = live[0].Finger
		}
		return t, nil
	}
	if len(live) < 1 || len(live) > mostLive || len(live) == mostLive && live[0].Finger == live[1].Finger {
		return t, badOperation.At(op, nil).With("live", "one finger, or two different ones")
	}
	probes := make([]*finger.Template, len(live))
	for i, l := range live {
		var err error
		if probes[i], err = oneView(l.Template, l.Finger); err != nil {
			return t, badOperation.At(op, nil).With("live."+strconv.Itoa(i)+".template", "%v", err)
		}
		t.Reasons = append(t.Reasons, l.Reasons...)
	}
	if err := a.written(op, c, onChip); err != nil {
		return t, err
	}
	score, err := inspect.Holder(onChip, probes...)
	if err != nil {
		return t, err
	}
	t.Finger, t.Score, t.Threshold, t.Calibration = live[0].Finger, score, finger.Threshold(), finger.Calibrated.Name
	if len(live) == mostLive {
		t.Second = live[1].Finger
	}
	t.Result = TryNoMatch
	if score >= t.Threshold {
		t.Result = TryMatched
	}
	return t, nil
}

// written refuses files that are not those which the journal says were written on the chip.
func (a *act) written(op string, c Card, onChip inspect.FingerFiles) error {
	story, err := jobs.StoryOf(a.tx, c.Attempt)
	if err != nil {
		return err
	}
	hashes := story.Hashes()
	for n, data := range onChip {
		sum := sha256.Sum256(data)
		if id := inspect.FingerFileIDs[n]; len(data) > 0 && hashes[id] != hex.EncodeToString(sum[:]) {
			return chipFingersDiffer.At(op, nil).With("onChip."+id, "not the file that was written on this chip")
		}
	}
	return nil
}
