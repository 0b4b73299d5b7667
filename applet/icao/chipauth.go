package icao

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"math/big"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
)

// setChipAuth is MANAGE SECURITY ENVIRONMENT P1 of chip authentication (BSI TR-03110-3, B.2.1).
const setChipAuth = 0x41

// ChipAuthenticate has the chip prove that it holds the key of DG14, and renews the channel with it
// (Doc 9303-11, 6.2). The data group must have passed passive authentication, or the proof proves
// nothing. A chip that refuses or fails is fault code icao.not_authentic, and the session is over; a
// DG14 without a key that this reader can use is icao.not_supported, and the session goes on.
func (s *Session) ChipAuthenticate(ctx context.Context, dg14 []byte) error {
	const op = "icao.Session.ChipAuthenticate"
	if s.dead {
		return ChannelDead.At(op, nil).With("channel", "none is open")
	}
	infos, err := ParseDG14(dg14)
	if err != nil {
		return err
	}
	ca, key, ok := infos.chipAuthentication()
	if !ok {
		return NotSupported.At(op, nil).With("DG14", "no chip authentication with AES-128 on a known curve")
	}
	data := chipdata.AppendTLV(nil, tagProtocol, contentOf(oidChipAuth)...)
	if ca.keyID != nil {
		id := ca.keyID.Bytes()
		if len(id) == 0 {
			id = []byte{0}
		}
		data = chipdata.AppendTLV(data, tagPrivateKey, id...)
	}
	if err := s.proving(ctx, op, applet.Command{INS: insManageSecurity, P1: setChipAuth, P2: authenticate, Data: data}); err != nil {
		return err
	}
	ours, err := key.curve.scalar(s.random)
	if err != nil {
		return err
	}
	public := chipdata.AppendTLV(nil, tagNonce, key.curve.encode(key.curve.scale(ours, key.curve.generator()))...)
	if err := s.proving(ctx, op, applet.Command{INS: insGeneralAuthenticate, Data: chipdata.AppendTLV(nil, tagDynamic, public...), Expect: maxLe}); err != nil {
		return err
	}
	s.sm = newMessaging(fromSecret(key.curve.field(key.curve.scale(ours, key.public))), nil)
	// The chip has proved nothing until it answers under the new keys.
	return s.proving(ctx, op, applet.SelectFile(0, fidDG14))
}

// proving sends a command that only the right chip can answer with 9000. A channel that ends then is
// the chip's failure; a lost card is not.
func (s *Session) proving(ctx context.Context, op string, cmd applet.Command) error {
	a, err := s.Send(ctx, cmd)
	switch {
	case fault.Is(err, ChannelDead):
		return NotAuthentic.At(op, err)
	case err != nil:
		return err
	case a.SW != applet.SWOK:
		s.dead = true
		return NotAuthentic.At(op, statusOf(cmd, a.SW))
	}
	return nil
}

// ActiveAuthenticate has the chip sign a challenge with the key of DG15 (Doc 9303-11, 6.1), ECDSA on
// P-256 with SHA-256, r and s of 32 bytes. The data group must have passed passive authentication. A
// chip that refuses or signs wrongly is fault code icao.not_authentic; a DG15 with another kind of key
// icao.not_supported.
func (s *Session) ActiveAuthenticate(ctx context.Context, dg15 []byte) error {
	const op = "icao.Session.ActiveAuthenticate"
	if s.dead {
		return ChannelDead.At(op, nil).With("channel", "none is open")
	}
	raw, err := chipdata.ParseDG15(dg15)
	if err != nil {
		return NotSupported.At(op, err).With("DG15", "no key on P-256")
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return NotSupported.At(op, err).With("DG15", "no key on P-256")
	}
	challenge, err := s.draw(challengeBytes)
	if err != nil {
		return err
	}
	cmd := applet.Command{INS: insInternalAuthenticate, Data: challenge, Expect: maxLe}
	a, err := s.Send(ctx, cmd)
	switch {
	case fault.Is(err, ChannelDead):
		return NotAuthentic.At(op, err)
	case err != nil:
		return err
	case a.SW != applet.SWOK:
		return NotAuthentic.At(op, statusOf(cmd, a.SW))
	}
	sum := sha256.Sum256(challenge)
	if n := len(a.Data) / 2; len(a.Data) != 2*fieldBytes || !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(a.Data[:n]), new(big.Int).SetBytes(a.Data[n:])) {
		return NotAuthentic.At(op, nil).With("signature", "it is wrong")
	}
	return nil
}
