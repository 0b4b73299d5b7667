package chipdata

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"math/big"

	"blanko/ktp"
)

// RebuildIdentity makes the center's identity statement from what the card holds: NIK, names
// and birth date of DG11, validity of DG13, hashes over the finger records as read (nil: no
// file in the slot). More than 40 minutiae tell the member "60"; the other member comes from
// DG13 A3, or is the same (card profile KTPEL-OP 1, section 3.3).
func RebuildIdentity(d Details, m Manifest, records [2][]byte) (ktp.Identity, error) {
	const op, small = "chipdata.RebuildIdentity", 40
	id := ktp.Identity{NIK: ktp.NIK(d.NIK), Names: d.Names, BirthDate: d.BirthDate, Validity: m.Validity}
	for slot, record := range records {
		_, listed := m.Hash(fidFinger1 + uint16(slot))
		if listed != (record != nil) {
			return ktp.Identity{}, malformed(op, "DG13", "slot %d: the manifest and the card disagree whether there is a finger", slot+1)
		}
		if record == nil {
			continue
		}
		_, count, reason := fingerRecord(record)
		if reason != "" {
			return ktp.Identity{}, malformed(op, "finger", "%s", reason)
		}
		here := sha256.Sum256(record)
		there := here
		if m.Center != nil && m.Center.Other[slot] != nil {
			there = *m.Center.Other[slot]
		}
		id.Fingers[slot] = &ktp.FingerHashes{Best40: here, Best60: there}
		if count > small {
			id.Fingers[slot] = &ktp.FingerHashes{Best40: there, Best60: here}
		}
	}
	return id, nil
}

// VerifyIdentity reports whether the center's signature of the manifest is good over the
// identity: ECDSA P-256 with SHA-256, r and s of 32 bytes each.
func VerifyIdentity(id ktp.Identity, c CenterSignature, key *ecdsa.PublicKey) bool {
	sum := sha256.Sum256(id.Statement())
	half := len(c.Signature) / 2
	return key != nil && ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(c.Signature[:half]), new(big.Int).SetBytes(c.Signature[half:]))
}
