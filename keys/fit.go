package keys

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"time"

	"blanko/fault"
)

// Held is a key as a token tells of it.
type Held struct {
	Role       Role
	Generation int
	Size       int     // bytes of a master
	KCV        [3]byte // of a master
	Public     *ecdsa.PublicKey
	Exposed    bool // it can be read out
}

// The token's own key, the document signer and the authority are roles of pairs.
const (
	Attestation  Role = "ATTEST"
	Document     Role = "DS"
	IssuingState Role = "CSCA"
)

// Production is everything that decides whether keys may make cards of real persons.
type Production struct {
	Token     ProtocolToken
	Keys      []Held
	Protocols []Protocol
	Signer    *x509.Certificate
	Anchors   []*x509.Certificate
	Revoked   []*x509.RevocationList
	Now       time.Time
}

// Refusals are the reasons against it, in a fixed order; empty: the keys may be used. Each names what
// is wrong and what to do.
func (p Production) Refusals() []*fault.Error {
	const op = "keys.Production.Refusals"
	var out []*fault.Error
	if !p.Token.Hardware {
		out = append(out, SoftwareToken.At(op, nil).With("token", "%s %s", p.Token.Manufacturer, p.Token.Model))
	}
	for _, role := range Roles {
		there := false
		for _, k := range p.Keys {
			if k.Role != role {
				continue
			}
			there = true
			if r := p.master(op, k); r != nil {
				out = append(out, r)
			}
		}
		if !there {
			out = append(out, NoKey.At(op, nil).With("keys", "there is no %s on the token", role))
		}
	}
	if r := p.signer(op); r != nil {
		out = append(out, r)
	}
	return out
}

// Own is the key by which the token signs its protocols: the newest one.
func (p Production) Own() (public *ecdsa.PublicKey) {
	newest := 0
	for _, k := range p.Keys {
		if k.Role == Attestation && k.Generation > newest {
			public, newest = k.Public, k.Generation
		}
	}
	return public
}

// Twin is another master with the same check value: whoever holds the one holds the other. Of keys made apart,
// two have one check value once in 16 million times; then the younger one is made again.
func Twin(held []Held, role Role, generation int, kcv [3]byte) (Held, bool) {
	for _, k := range held {
		if slices.Contains(Roles, k.Role) && k.KCV == kcv && (k.Role != role || k.Generation != generation) {
			return k, true
		}
	}
	return Held{}, false
}

func (p Production) master(op string, k Held) *fault.Error {
	switch name, known := WellKnown(k.KCV); {
	case k.Exposed:
		return KeyExposed.At(op, nil).With("keys", "%s %d", k.Role, k.Generation)
	case known:
		return wellKnownKey.At(op, nil).With("keys", "%s %d is the %s", k.Role, k.Generation, name)
	}
	if twin, found := Twin(p.Keys, k.Role, k.Generation, k.KCV); found {
		return KeyRepeated.At(op, nil).With("keys", "%s %d has the check value of %s %d", k.Role, k.Generation, twin.Role, twin.Generation)
	}
	if p.Attested(k) {
		return nil
	}
	return NotAttested.At(op, nil).With("keys", "%s %d with check value %X", k.Role, k.Generation, k.KCV)
}

// Attested reports whether the newest protocol of this token that tells of a master has it on the token: one
// that was destroyed needs a ceremony to come back.
func (p Production) Attested(k Held) (there bool) {
	own := p.Own()
	if own == nil {
		return false
	}
	var newest time.Time
	for _, protocol := range p.Protocols {
		way, told := protocol.Tells(own, p.Token.Serial, k.Role, k.Generation, hex.EncodeToString(k.KCV[:]))
		switch {
		case !told || protocol.Ended.Before(newest):
		case way == Destroyed:
			there, newest = false, protocol.Ended
		case protocol.Ended.After(newest):
			there, newest = true, protocol.Ended
		}
	}
	return there
}

func (p Production) signer(op string) *fault.Error {
	if p.Signer == nil {
		return SignerMissing.At(op, nil)
	}
	if err := CheckSigner(p.Signer, p.Anchors, p.Revoked, p.Now); err != nil {
		return err
	}
	for _, k := range p.Keys {
		if k.Public != nil && k.Public.Equal(p.Signer.PublicKey) {
			if k.Exposed {
				return KeyExposed.At(op, nil).With("keys", "%s %d", k.Role, k.Generation)
			}
			return nil
		}
	}
	return SignerMissing.At(op, nil).With("signer", "the token does not hold the key of certificate %X", p.Signer.SerialNumber)
}

// CheckSigner says why a document signer may not sign at a time, nil when it may: it is of another
// country, not under an authority given, revoked, or outside the time of its certificate, its private
// key or its authority; or no revocation list that holds at that time says that it is not revoked.
func CheckSigner(signer *x509.Certificate, anchors []*x509.Certificate, revoked []*x509.RevocationList, at time.Time) *fault.Error {
	const op = "keys.CheckSigner"
	day := at.UTC().Format(time.DateOnly)
	if len(signer.Subject.Country) != 1 || signer.Subject.Country[0] != Country {
		return SignerForeign.At(op, nil).With("signer", "its country is %v, not %s", signer.Subject.Country, Country)
	}
	if at.Before(signer.NotBefore) {
		return SignerEarly.At(op, nil).With("signer", "valid from %s, today is %s", signer.NotBefore.UTC().Format(time.DateOnly), day)
	}
	from, to, limited, err := UsePeriod(signer)
	switch {
	case err != nil || !limited:
		return SignerLate.At(op, err).With("signer", "it has no private key usage period")
	case at.After(signer.NotAfter):
		return SignerLate.At(op, nil).With("signer", "valid to %s, today is %s", signer.NotAfter.UTC().Format(time.DateOnly), day)
	case at.Before(from):
		return SignerEarly.At(op, nil).With("signer", "its key may be used from %s, today is %s", from.UTC().Format(time.DateOnly), day)
	case at.After(to):
		return SignerLate.At(op, nil).With("signer", "its key may be used to %s, today is %s", to.UTC().Format(time.DateOnly), day)
	}
	var anchor *x509.Certificate
	for _, a := range anchors {
		if signer.CheckSignatureFrom(a) == nil && !at.Before(a.NotBefore) && !at.After(a.NotAfter) {
			anchor = a
		}
	}
	if anchor == nil {
		return SignerUntrusted.At(op, nil).With("signer", "no authority that is valid today has issued it")
	}
	switch since, current := RevokedAt(signer, anchors, revoked, at); {
	case !since.IsZero() && !at.Before(since):
		return SignerRevoked.At(op, nil).With("signer", "%X on %s", signer.SerialNumber, since.UTC().Format(time.DateOnly))
	case !current:
		return SignerUnverified.At(op, nil).With("signer", "no revocation list of its authority holds on %s", day)
	}
	return nil
}
