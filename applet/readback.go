package applet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"blanko/chipdata"
	"blanko/fault"
)

// ReadBack reads every file of the plan over the secure channel and compares its SHA-256 with
// the planned one: step 13. No card is printed on a chip that was not read back. A difference is
// fault code applet.readback_mismatch and names the file. The answer is the content by file id,
// for the comparison of the fingers. Where no channel is open (a written card met again after a
// crash), one is opened under the issuer keys.
//
// Where a piece longer than any that this encoder has read before does not get through, the card
// is reset and read with a shorter chunk (Lengths); a claim that was shown is shown again.
func (e *Encoder) ReadBack(ctx context.Context, plan *chipdata.Plan) (map[uint16][]byte, error) {
	for {
		out, err := e.readBack(ctx, plan)
		if err == nil || !e.shorten(ctx, err) {
			return out, err
		}
	}
}

func (e *Encoder) readBack(ctx context.Context, plan *chipdata.Plan) (map[uint16][]byte, error) {
	if err := e.issuerChannel(ctx); err != nil {
		return nil, err
	}
	out := map[uint16][]byte{}
	for _, f := range plan.Files {
		data, err := e.readFile(ctx, f)
		if err != nil {
			return nil, err
		}
		if sha256.Sum256(data) != sha256.Sum256(f.Data) {
			return nil, ReadbackMismatch.At("applet.Encoder.ReadBack", nil).With(f.Name, "%d bytes read, %d planned, and the hashes differ", len(data), len(f.Data))
		}
		out[f.FID] = data
	}
	return out, nil
}

// ReadBackHashes is ReadBack for a card whose plan is gone: it reads each file to the end of its
// data object and compares with hashes from the journal (file id in four hex digits to SHA-256 in
// hex). Files of the profile without a hash, and hashes without a file, are a mismatch.
func (e *Encoder) ReadBackHashes(ctx context.Context, want map[string]string) (map[uint16][]byte, error) {
	for {
		out, err := e.readBackHashes(ctx, want)
		if err == nil || !e.shorten(ctx, err) {
			return out, err
		}
	}
}

func (e *Encoder) readBackHashes(ctx context.Context, want map[string]string) (map[uint16][]byte, error) {
	const op = "applet.Encoder.ReadBackHashes"
	if err := e.issuerChannel(ctx); err != nil {
		return nil, err
	}
	out := map[uint16][]byte{}
	compared := 0
	for _, f := range dataFiles(e.Profile) {
		hash, planned := want[fmt.Sprintf("%04X", f.FID)]
		cmd := SelectFile(claCard, f.FID)
		a, err := e.card.Sealed(ctx, cmd)
		switch {
		case err != nil:
			return nil, err
		case a.SW == SWFileNotFound && !planned:
			continue
		case a.SW == SWFileNotFound, a.SW == SWOK && !planned:
			return nil, ReadbackMismatch.At(op, nil).With(f.Name, "planned: %v, on the card: %v", planned, a.SW == SWOK)
		case a.SW != SWOK:
			return nil, refused(op, cmd, a.SW)
		}
		data, err := e.card.ReadFile(ctx, e.lengths.Chunk, e.Profile.UsableBytes)
		n := e.lengths.Chunk
		if err == nil {
			n = min(n, len(data))
		}
		err = e.readPiece(n, err)
		if e.card.lost || fault.Is(err, KeySourceFailed) {
			return nil, err // this says nothing about the file
		}
		if err != nil {
			return nil, ReadbackMismatch.At(op, err).With(f.Name, "it cannot be read to its end")
		}
		if sum := sha256.Sum256(data); !strings.EqualFold(hex.EncodeToString(sum[:]), hash) {
			return nil, ReadbackMismatch.At(op, nil).With(f.Name, "the hashes of %d bytes differ", len(data))
		}
		out[f.FID] = data
		compared++
	}
	if compared != len(want) {
		return nil, ReadbackMismatch.At(op, nil).With("files", "%d planned, %d compared", len(want), compared)
	}
	return out, nil
}

// issuerChannel makes sure of a channel under the issuer keys.
func (e *Encoder) issuerChannel(ctx context.Context) error {
	const op = "applet.Encoder.ReadBack"
	if err := e.ready(op); err != nil {
		return err
	}
	if e.card.Channel() == e.Profile.Keys.Issuer {
		return nil
	}
	if e.state != Claimed && e.state != Written {
		return WrongState.At(op, nil).With("state", "the card is %s", e.state)
	}
	return e.open(ctx, e.Profile.Keys.Issuer)
}

// readFile selects an EF and reads exactly the planned length.
func (e *Encoder) readFile(ctx context.Context, f chipdata.File) ([]byte, error) {
	const op = "applet.Encoder.readFile"
	cmd := SelectFile(claCard, f.FID)
	a, err := e.card.Sealed(ctx, cmd)
	switch {
	case err != nil:
		return nil, err
	case a.SW == SWFileNotFound:
		return nil, ReadbackMismatch.At(op, &StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW}).With(f.Name, "the file is not on the card")
	case a.SW != SWOK:
		return nil, refused(op, cmd, a.SW)
	}
	out := make([]byte, 0, len(f.Data))
	for len(out) < len(f.Data) {
		n := min(e.lengths.Chunk, len(f.Data)-len(out))
		piece, err := e.card.readAt(ctx, len(out), n)
		if err := e.readPiece(n, err); err != nil {
			return nil, inFile(err, f.Name)
		}
		if len(piece) == 0 {
			break
		}
		out = append(out, piece...)
	}
	return out, nil
}
