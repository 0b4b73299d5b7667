package icao

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/asn1"
	"math/big"

	"blanko/applet"
	"blanko/chipdata"
)

// Parameters and data objects of PACE (Doc 9303-11, 4.4.4).
const (
	setPACE       = 0xC1 // MANAGE SECURITY ENVIRONMENT P1: set for computation and verification
	authenticate  = 0xA4 // P2: control reference template for authentication
	tagProtocol   = 0x80
	tagPassword   = 0x83
	tagPrivateKey = 0x84
	refMRZ        = 0x01
	refCAN        = 0x02

	tagDynamic = 0x7C
	tagNonce   = 0x80
	tagMapping = 0x81
	tagMapped  = 0x82
	tagOurKey  = 0x83
	tagCardKey = 0x84
	tagToken   = 0x85
	tagProof   = 0x86

	tagPublicKey = 0x7F49
	tagOID       = 0x06
	tagPoint     = 0x86
	nonceBytes   = 16
)

// contentOf is the value of an OBJECT IDENTIFIER in DER.
func contentOf(oid asn1.ObjectIdentifier) []byte {
	b, err := asn1.Marshal(oid)
	if err != nil {
		panic(err)
	}
	return b[2:]
}

// pace opens the channel with a password: ECDH, generic mapping, AES-128. offered is false when the
// card does not take this kind of password and the zone is left for Basic Access Control.
func (s *Session) pace(ctx context.Context, a Access, c *curve, ambiguous bool) (offered bool, err error) {
	const op = "icao.Open"
	reference, password, secret := byte(refCAN), PasswordCAN, []byte(a.CAN)
	if a.CAN == "" {
		sum := sha1.Sum([]byte(a.information()))
		reference, password, secret = refMRZ, PasswordMRZ, sum[:]
	}
	data := chipdata.AppendTLV(nil, tagProtocol, contentOf(oidPACE)...)
	data = chipdata.AppendTLV(data, tagPassword, reference)
	if ambiguous { // the parameters are named where more than one set is offered
		data = chipdata.AppendTLV(data, tagPrivateKey, byte(c.paramID))
	}
	cmd := applet.Command{INS: insManageSecurity, P1: setPACE, P2: authenticate, Data: data}
	answer, err := s.card.Plain(ctx, cmd)
	switch {
	case err != nil:
		return false, err
	case answer.SW == applet.SWOK:
	case suspended(answer.SW):
		return false, AccessSuspended.At(op, statusOf(cmd, answer.SW))
	case answer.SW>>4 == wrongTries>>4: // tries are left, fewer than at the beginning
	case answer.SW == applet.SWReferenceNotFound || answer.SW == applet.SWWrongData:
		return false, nil
	default:
		return false, applet.UnexpectedStatus.At(op, statusOf(cmd, answer.SW))
	}
	sealed, err := s.general(ctx, s.card.Plain, 0, nil, tagNonce)
	if err != nil {
		return false, err
	}
	if len(sealed) != nonceBytes {
		return false, AnswerMalformed.At(op, nil).With("PACE", "a nonce of %d bytes, expected %d", len(sealed), nonceBytes)
	}
	nonce := decryptCBC(newAES(keyAES(secret, counterPACE)), make([]byte, aes.BlockSize), sealed)
	base, err := s.mapped(ctx, c, new(big.Int).SetBytes(nonce))
	if err != nil {
		return false, err
	}
	ours, err := c.scalar(s.random)
	if err != nil {
		return false, err
	}
	our := c.scale(ours, base)
	theirs, err := s.exchange(ctx, c, our, tagOurKey, tagCardKey)
	if err != nil {
		return false, err
	}
	keys := fromSecret(c.field(c.scale(ours, theirs)))
	proof, err := s.general(ctx, s.card.Plain, tagToken, keys.token(oidPACE, c.encode(theirs)), tagProof)
	if err != nil {
		return false, err
	}
	if subtle.ConstantTimeCompare(proof, keys.token(oidPACE, c.encode(our))) != 1 {
		return false, AnswerMalformed.At(op, nil).With("PACE", "the card's token is wrong")
	}
	s.sm = newMessaging(keys, nil)
	s.protocol, s.password = PACE, password
	return true, nil
}

// wrongTries is 63Cx: x tries are left.
const wrongTries applet.Status = 0x63C0

func suspended(sw applet.Status) bool { return sw == wrongTries || sw == applet.SWAuthBlocked }

// mapped is the generic mapping: the generator of the session from the nonce and an anonymous key
// agreement, G' = s G + H.
func (s *Session) mapped(ctx context.Context, c *curve, nonce *big.Int) (point, error) {
	const op = "icao.Open"
	ours, err := c.scalar(s.random)
	if err != nil {
		return point{}, err
	}
	theirs, err := s.exchange(ctx, c, c.scale(ours, c.generator()), tagMapping, tagMapped)
	if err != nil {
		return point{}, err
	}
	base := c.add(c.scale(nonce, c.generator()), c.scale(ours, theirs))
	if base.infinite() {
		return point{}, AnswerMalformed.At(op, nil).With("PACE", "the mapping ends at infinity")
	}
	return base, nil
}

// exchange sends a point and takes one, which must be on the curve and not the one that was sent
// (Doc 9303-11, 4.4.3.3).
func (s *Session) exchange(ctx context.Context, c *curve, our point, send, take uint16) (point, error) {
	const op = "icao.Open"
	b, err := s.general(ctx, s.card.Plain, send, c.encode(our), take)
	if err != nil {
		return point{}, err
	}
	theirs, ok := c.decode(b)
	if !ok || theirs.equal(our) {
		return point{}, AnswerMalformed.At(op, nil).With("PACE", "object %X is no other point on %s", take, c.name)
	}
	return theirs, nil
}

// token is the authentication token over a public key (Doc 9303-11, 4.4.3.4).
func (s *suite) token(protocol asn1.ObjectIdentifier, public []byte) []byte {
	b := chipdata.AppendTLV(nil, tagOID, contentOf(protocol)...)
	b = chipdata.AppendTLV(b, tagPoint, public...)
	return s.mac(chipdata.AppendTLV(nil, tagPublicKey, b...))
}

// general is one GENERAL AUTHENTICATE of PACE: 7C with one object out (tag zero: none), 7C with one
// object in. The last step of the chain is the token.
func (s *Session) general(ctx context.Context, send func(context.Context, applet.Command) (applet.Answer, error), tag uint16, value []byte, want uint16) ([]byte, error) {
	const op = "icao.Open"
	var body []byte
	if tag != 0 {
		body = chipdata.AppendTLV(nil, tag, value...)
	}
	cmd := applet.Command{CLA: claChained, INS: insGeneralAuthenticate, Data: chipdata.AppendTLV(nil, tagDynamic, body...), Expect: maxLe}
	if tag == tagToken {
		cmd.CLA = 0
	}
	a, err := send(ctx, cmd)
	switch {
	case err != nil:
		return nil, err
	case a.SW == applet.SWOK:
	case suspended(a.SW):
		return nil, AccessSuspended.At(op, statusOf(cmd, a.SW))
	case tag == tagToken && (a.SW>>8 == applet.SWCryptogramFailed>>8 || a.SW == applet.SWSecurityStatus || a.SW == applet.SWSMObjectWrong):
		return nil, AccessRefused.At(op, statusOf(cmd, a.SW)).With("access", "the card does not know this password")
	default:
		return nil, applet.UnexpectedStatus.At(op, statusOf(cmd, a.SW))
	}
	whole, rest, err := chipdata.NextTLV(a.Data)
	if err != nil || whole.Tag != tagDynamic || len(rest) > 0 {
		return nil, AnswerMalformed.At(op, err).With("GENERAL AUTHENTICATE", "no 7C alone")
	}
	inner, rest, err := chipdata.NextTLV(whole.Value)
	if err != nil || inner.Tag != want || len(rest) > 0 && want != tagProof { // authority references may follow the proof
		return nil, AnswerMalformed.At(op, err).With("GENERAL AUTHENTICATE", "no object %X in the answer", want)
	}
	return bytes.Clone(inner.Value), nil
}
