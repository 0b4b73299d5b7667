package station

import (
	"context"
	"time"

	"blanko/keys"
)

// listWarning is how long before the last revocation list ends somebody is told to make the next one.
const listWarning = 30 * 24 * time.Hour

// revocationTimes are when the list of the signer's authority that holds longest was made, and when it ends; false:
// there is none.
func (c Config) revocationTimes() (made, ends time.Time, found bool, err error) {
	signer, err := onlyCertificate(c.Keys.Signer)
	if err != nil {
		return made, ends, false, err
	}
	k := keyring{anchors: c.Keys.Anchors}
	if err := k.readAnchors(); err != nil {
		return made, ends, false, err
	}
	if last := keys.LastList(signer, k.rules.Anchors, k.rules.Revoked); last != nil {
		return last.ThisUpdate, last.NextUpdate, true, nil
	}
	return made, ends, false, nil
}

// revocationAge is how old the last revocation list is and how long it holds yet; both are zero after its end, and
// found is false where there is none.
func (c Config) revocationAge(now time.Time) (age, left time.Duration, found bool) {
	made, ends, found, err := c.revocationTimes()
	if err != nil || !found {
		return 0, 0, false
	}
	return max(now.Sub(made), 0), max(ends.Sub(now), 0), true
}

// revocations looks whether a revocation list of the signer's authority holds, and how long yet.
func (x *exam) revocations(context.Context) finding {
	if x.cfg.Keys.Kind == "" {
		return note("tidak dikonfigurasi", "not configured")
	}
	_, ends, found, err := x.cfg.revocationTimes()
	day := ends.Format(time.DateOnly)
	switch left := ends.Sub(x.Now()); {
	case err != nil:
		return missing("penanda tangan, otoritas, atau daftar pencabutannya tidak terbaca", "signer, authorities or their revocation lists cannot be read")
	case !found:
		return missing("tidak ada daftar dari otoritas penanda tangan", "there is no list of the signer's authority")
	case left <= 0:
		return missing("daftar terakhir berakhir %s; tidak ada kartu yang dibuat", "the last list ended on %s; no card is made", day)
	case left < listWarning:
		return warning("daftar terakhir berakhir %s", "the last list ends on %s", day)
	}
	return fine("berlaku sampai %s", "one holds until %s", day)
}
