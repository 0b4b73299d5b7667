package applet

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/ktp"
)

// Write puts every file on the card: steps 9 to 12. Where the profile has DG14 or DG15, the card
// makes its keys first and the plan is sealed with them, here and now, by the signer; a plan
// that is not sealed yet is sealed in any case. On a card that an earlier try may have written,
// all data files are deleted first: a half-written file is never resumed. The answer is the
// SHA-256 of each file by file id, as Plan.Hashes gives it. The claim is shown first where it
// was not.
//
// Where a piece longer than any that this encoder has sent before does not get through, the card
// is reset and written again from the start with a shorter chunk (Lengths).
func (e *Encoder) Write(ctx context.Context, id ktp.AttemptID, plan *chipdata.Plan, sign chipdata.Signer, at time.Time) (map[string]string, error) {
	for {
		hashes, err := e.write(ctx, id, plan, sign, at)
		if err == nil || !e.shorten(ctx, err) {
			return hashes, err
		}
	}
}

func (e *Encoder) write(ctx context.Context, id ktp.AttemptID, plan *chipdata.Plan, sign chipdata.Signer, at time.Time) (map[string]string, error) {
	if plan.Profile.Hash() != e.Profile.Hash() {
		return nil, Misuse.At("applet.Encoder.Write", nil).With("plan", "it is made for profile %s, the encoder writes %s", plan.Profile.Name, e.Profile.Name)
	}
	if err := e.Claim(ctx, id); err != nil {
		return nil, err
	}
	clean := e.fresh
	e.fresh = false
	if e.state == Written {
		e.state = Claimed // the card resets its marker with the first change
	}
	if !clean {
		if err := e.wipe(ctx); err != nil {
			return nil, err
		}
	}
	if err := e.personalKeys(ctx, plan); err != nil {
		return nil, err
	}
	keys, err := e.chipKeys(ctx)
	if err != nil {
		return nil, err
	}
	if plan.NeedsChipKeys() || !plan.Sealed() {
		if err := plan.Seal(keys, sign, at); err != nil {
			return nil, err
		}
	}
	for _, f := range plan.Files {
		if err := e.writeFile(ctx, f); err != nil {
			return nil, err
		}
	}
	e.clean = clean
	return plan.Hashes(), nil
}

// wipe deletes every data file that the profile knows.
func (e *Encoder) wipe(ctx context.Context) error {
	const op = "applet.Encoder.wipe"
	for _, f := range dataFiles(e.Profile) {
		cmd := deleteFile(f.FID)
		a, err := e.card.Sealed(ctx, cmd)
		if err != nil {
			return err
		}
		if a.SW != SWOK && a.SW != SWFileNotFound {
			return refused(op, cmd, a.SW)
		}
	}
	return nil
}

// dataFiles are the files of the profile that a write creates.
func dataFiles(p *chipdata.Profile) []chipdata.FileSpec {
	var out []chipdata.FileSpec
	for _, f := range p.Files {
		if f.Builder != chipdata.BuildPROF {
			out = append(out, f)
		}
	}
	return out
}

// offersPACE reports whether the profile's DG14 announces PACE, which wants a CAN.
func offersPACE(p *chipdata.Profile) bool {
	_, ok := p.File(chipdata.BuildDG14)
	return ok
}

// canDigits is the length of a card access number (Doc 9303-4, section 4.2.1.1: six digits).
const canDigits = 6

// personalKeys puts the keys of the ICAO view: BAC from DG1, and the CAN.
func (e *Encoder) personalKeys(ctx context.Context, plan *chipdata.Plan) error {
	const op = "applet.Encoder.personalKeys"
	dg1, _ := e.Profile.File(chipdata.BuildDG1)
	at := slices.IndexFunc(plan.Files, func(f chipdata.File) bool { return f.FID == dg1.FID })
	if at < 0 {
		return Misuse.At(op, nil).With("plan", "it has no DG1")
	}
	mrz, err := chipdata.ParseDG1(plan.Files[at].Data)
	if err != nil {
		return err
	}
	if _, err := e.card.want(ctx, op, putData(tagBACKeys, BACKeys(BACInformation(mrz.DocumentNumber, mrz.BirthDate, mrz.Expiry)))); err != nil {
		return err
	}
	if !offersPACE(e.Profile) {
		return nil
	}
	can, err := e.can()
	if err != nil {
		return err
	}
	_, err = e.card.want(ctx, op, putData(tagCAN, can))
	return err
}

// can is the given CAN, or digits that nobody keeps.
func (e *Encoder) can() ([]byte, error) {
	const op = "applet.Encoder.can"
	const digits = 10
	const fair = 250 // bytes from here on would favor the low digits
	can := []byte(e.CAN)
	for e.CAN == "" && len(can) < canDigits {
		var b [1]byte
		if _, err := io.ReadFull(e.random(), b[:]); err != nil {
			return nil, Misuse.At(op, err).With("random", "it ended")
		}
		if b[0] < fair {
			can = append(can, '0'+b[0]%digits)
		}
	}
	if len(can) != canDigits {
		return nil, Misuse.At(op, nil).With("CAN", "%d characters, expected %d digits", len(can), canDigits)
	}
	for _, c := range can {
		if c < '0' || c > '9' {
			return nil, Misuse.At(op, nil).With("CAN", "a character is no digit")
		}
	}
	return can, nil
}

// chipKeys has the card make the key pairs that the profile's files need.
func (e *Encoder) chipKeys(ctx context.Context) (chipdata.ChipKeys, error) {
	const op = "applet.Encoder.chipKeys"
	var keys chipdata.ChipKeys
	for _, k := range []struct {
		builder chipdata.Builder
		ref     byte
		to      *[]byte
	}{{chipdata.BuildDG14, chipAuthKey, &keys.ChipAuth}, {chipdata.BuildDG15, activeAuthKey, &keys.ActiveAuth}} {
		if _, ok := e.Profile.File(k.builder); !ok {
			continue
		}
		a, err := e.card.want(ctx, op, generateKeyPair(k.ref))
		if err != nil {
			return keys, err
		}
		if *k.to, err = parsePoint(a.Data); err != nil {
			return keys, err
		}
	}
	return keys, nil
}

// parsePoint reads 7F49 { 86 41 04 x y }. Whether the point lies on the curve is checked where
// it is written into DG14 and DG15.
func parsePoint(b []byte) ([]byte, error) {
	const op = "applet.parsePoint"
	whole, rest, err := chipdata.NextTLV(b)
	if err != nil || whole.Tag != tagPublicKey || len(rest) > 0 {
		return nil, notProfile.At(op, err).With("public key", "%d bytes are no 7F49 alone", len(b))
	}
	point, rest, err := chipdata.NextTLV(whole.Value)
	if err != nil || point.Tag != tagPoint || len(point.Value) != pointSize || len(rest) > 0 {
		return nil, notProfile.At(op, err).With("public key", "no point of %d bytes", pointSize)
	}
	return point.Value, nil
}

// writeFile creates one EF, which becomes current, and fills it.
func (e *Encoder) writeFile(ctx context.Context, f chipdata.File) error {
	const op = "applet.Encoder.writeFile"
	const maxFile = 0x7FFF // the longest that offsets of 15 bits reach
	if len(f.Data) == 0 || len(f.Data) > maxFile {
		return Misuse.At(op, nil).With(f.Name, "%d bytes, 1 to %d can be written", len(f.Data), maxFile)
	}
	if _, err := e.card.want(ctx, op, createFile(f.FID, f.SFI, len(f.Data))); err != nil {
		return inFile(err, f.Name)
	}
	for at := 0; at < len(f.Data); at += e.lengths.Chunk {
		piece := f.Data[at:min(at+e.lengths.Chunk, len(f.Data))]
		_, err := e.card.want(ctx, op, UpdateBinary(claCard, at, piece))
		if err := e.wrotePiece(len(piece), err); err != nil {
			return inFile(err, f.Name)
		}
	}
	return nil
}

// inFile names the file in an error of this room.
func inFile(err error, name string) error {
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Field == "" {
		return e.With(name, "this file")
	}
	return err
}
