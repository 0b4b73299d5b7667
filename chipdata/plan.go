package chipdata

import (
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Issuance is who makes the card, where and when.
type Issuance struct {
	Authority      string    // issuing authority, as printed
	IssuePlace     string    // place of issue, as printed
	IssueDate      time.Time // date of issue, its day counts
	PersonalizedAt time.Time // time of personalization, to the second
	Station        string    // serial of the station
}

// Signer is the document signer: its certificate and the key behind it.
type Signer struct {
	Certificate []byte // DER
	Key         crypto.Signer
}

// Usable reports whether a card can be signed at a time: chipdata.signer_unusable says why not.
// Whether the token behind the key answers shows when it signs.
func (s Signer) Usable(at time.Time) error {
	_, err := certificateOf(s, at)
	return err
}

// File is the content of one EF.
type File struct {
	FID  uint16
	SFI  byte
	Name string
	Data []byte
}

// String shows name and size alone.
func (f File) String() string { return fmt.Sprintf("%s(%d bytes)", f.Name, len(f.Data)) }

// GoString shows name and size alone.
func (f File) GoString() string { return f.String() }

// ChipKeys are the public keys that the card made, as uncompressed P-256 points of 65 bytes.
type ChipKeys struct{ ChipAuth, ActiveAuth []byte }

// Plan is what one card will hold. Prepare makes it, Seal completes it.
type Plan struct {
	Profile *Profile
	Files   []File // write order, EF.SOD last once sealed; EF.PROF is not among them
	Report  Report
}

// Report says how the record was fitted: numbers and hashes, never a picture.
type Report struct {
	Photo, Signature Picture
	Minutiae         int // 60 or 40: which of the delivered finger records is written
	Payload          int // bytes of all files, EF.PROF and the reserve for keys and EF.SOD included
	Free             int // usable bytes that stay unused
}

// Picture reports one fitted picture.
type Picture struct {
	Width, Height int
	Bytes         int
	Codec         string  // MIME type
	PSNR          float64 // dB, decoded against the scaled source
	SHA256        string  // hex
}

// NeedsChipKeys reports whether Seal wants keys that the card makes in the session.
func (pl *Plan) NeedsChipKeys() bool { return pl.Profile.NeedsChipKeys() }

// Sealed reports whether EF.SOD is there.
func (pl *Plan) Sealed() bool {
	sod, _ := pl.Profile.File(BuildSOD)
	return len(pl.Files) > 0 && pl.Files[len(pl.Files)-1].FID == sod.FID
}

// Seal adds DG14 and DG15, where the profile has them, and signs EF.SOD over all data groups.
// It may be repeated, for another card or after a torn write: the files it made before are
// replaced. On error the plan is as it was: chipdata.chip_key_invalid, signer_unusable,
// does_not_fit.
func (pl *Plan) Seal(k ChipKeys, s Signer, at time.Time) error {
	data := map[uint16][]byte{}
	for _, f := range pl.Files {
		data[f.FID] = f.Data
	}
	var err error
	if f, ok := pl.Profile.File(BuildDG14); ok {
		if data[f.FID], err = EncodeDG14(k.ChipAuth); err != nil {
			return err
		}
	}
	if f, ok := pl.Profile.File(BuildDG15); ok {
		if data[f.FID], err = EncodeDG15(k.ActiveAuth); err != nil {
			return err
		}
	}
	hashes := map[int][]byte{}
	for _, f := range pl.Profile.Files {
		if n := f.DataGroup(); n > 0 {
			sum := sha256.Sum256(data[f.FID])
			hashes[n] = sum[:]
		}
	}
	sod, _ := pl.Profile.File(BuildSOD)
	if data[sod.FID], err = sealSOD(hashes, s, at); err != nil {
		return err
	}
	var files []File
	payload := SizePROF
	for _, f := range pl.Profile.Files {
		if d := data[f.FID]; d != nil {
			files = append(files, File{f.FID, f.SFI, f.Name, d})
			payload += len(d)
		}
	}
	if payload > pl.Profile.UsableBytes {
		return doesNotFit.At("chipdata.Plan.Seal", nil).With("EF.SOD", "%d bytes in all, the chip has %d", payload, pl.Profile.UsableBytes)
	}
	pl.Files, pl.Report.Payload, pl.Report.Free = files, payload, pl.Profile.UsableBytes-payload
	return nil
}

// Hashes are the SHA-256 of the files, hex, by file id in four upper-case hex digits.
func (pl *Plan) Hashes() map[string]string {
	out := map[string]string{}
	for _, f := range pl.Files {
		sum := sha256.Sum256(f.Data)
		out[fmt.Sprintf("%04X", f.FID)] = hex.EncodeToString(sum[:])
	}
	return out
}
