package personalize

import (
	"blanko/chipdata"
	"blanko/ktp"
)

// proven holds a record against the center's own signature over the person, which goes on the chip
// as it came (card profile KTPEL-OP 1, section 3.3): before a blank is used. The recheck would find a
// record that was altered in the ledger, or signed by a key that this line does not know, only when
// the card is active and lost. A specimen has no signature.
func (l *Line) proven(r ktp.Record) error {
	const op, field = "personalize.proven", "identity"
	if r.Specimen() {
		return nil
	}
	key := l.Signing.CenterKeys[r.Identity.KeyID]
	if key == nil {
		return IdentityUnproved.At(op, nil).With(field, "signed by key %x, which is not known here", r.Identity.KeyID)
	}
	signed := chipdata.CenterSignature{KeyID: r.Identity.KeyID, Signature: r.Identity.Signature}
	if !chipdata.VerifyIdentity(r.IdentityClaim(), signed, key) {
		return IdentityUnproved.At(op, nil).With(field, "the center's signature does not fit the record")
	}
	return nil
}
