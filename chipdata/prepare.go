package chipdata

import (
	"bytes"
	"crypto/sha256"
	"image"

	"blanko/ktp"
)

// Bytes that the files with keys of the card take, known before the card made them.
const (
	sizeDG14 = 172
	sizeDG15 = 93
)

// headers of the picture files when the picture has more than 255 bytes
const (
	headerDG2 = 84
	headerDG7 = 12
)

// Prepare builds everything of a card that needs no card: the text files, the fingers, the
// fitted photo and signature. Room for DG14, DG15 and EF.SOD is kept free. A record that
// cannot become a card is refused with the field, and no card is fed for it:
// chipdata.record_incomplete, text_unprintable, finger_unusable, picture_unusable,
// photo_below_floor, signature_below_floor, does_not_fit; a station that cannot:
// chipdata.codec_not_allowed, codec_failed, signer_unusable.
//
// The 60 minutiae records are taken when the photo meets its floor with what is left,
// otherwise the 40 minutiae records; they are written byte for byte as the center signed them.
func Prepare(p *Profile, r ktp.Record, is Issuance, portrait, signature image.Image, codec Codec, signer Signer) (*Plan, error) {
	if err := checkPerson(r.Person); err != nil {
		return nil, err
	}
	if err := checkIssuance(p, is); err != nil {
		return nil, err
	}
	if err := checkFingers(p, r); err != nil {
		return nil, err
	}
	if err := checkCodec(p, codec); err != nil {
		return nil, err
	}
	face, err := portraitScaler(portrait)
	if err != nil {
		return nil, err
	}
	line, err := signatureScaler(signature)
	if err != nil {
		return nil, err
	}
	cert, err := certificateOf(signer, is.PersonalizedAt)
	if err != nil {
		return nil, err
	}
	reserve, err := sodReserve(p.DataGroups(), cert)
	if err != nil {
		return nil, err
	}
	sign, err := fit(codec, p.Signature, p.Signature.Most-headerDG7, "DG7", line, signatureBelowFloor)
	if err != nil {
		return nil, err
	}
	for _, large := range []bool{true, false} {
		b := bench{profile: p, record: r, issuance: is, large: large, files: map[Builder][]byte{BuildDG7: EncodeDG7(sign.data)}}
		if err = b.texts(); err != nil {
			return nil, err
		}
		rest := p.UsableBytes - SizePROF - reserve - b.keySizes() - b.size()
		if rest <= headerDG2 {
			err = doesNotFit.At("chipdata.Prepare", nil).With("DG2", "%d bytes are left of %d", rest, p.UsableBytes)
			continue
		}
		var photo fitted
		photo, err = fit(codec, p.Photo, min(rest, p.Photo.Most)-headerDG2, "DG2", face, photoBelowFloor)
		if err != nil {
			if !isBelow(err) {
				return nil, err
			}
			continue
		}
		b.files[BuildDG2], err = EncodeDG2(Face{Image: photo.data, MIME: photo.Codec, Width: photo.Width, Height: photo.Height, Sex: r.Person.Sex})
		if err != nil {
			return nil, err
		}
		payload := SizePROF + reserve + b.keySizes() + b.size()
		pl := &Plan{Profile: p, Files: b.ordered(), Report: Report{
			Photo: photo.Picture, Signature: sign.Picture, Minutiae: b.minutiae(), Payload: payload, Free: p.UsableBytes - payload,
		}}
		return pl, nil
	}
	return nil, err
}

// bench builds the files of one card.
type bench struct {
	profile  *Profile
	record   ktp.Record
	issuance Issuance
	large    bool // the 60 minutiae records
	files    map[Builder][]byte
}

// written is the delivered record that goes on the card, other the one that does not.
func (b *bench) written(slot int) (written, other []byte) {
	s := b.record.Fingers[slot]
	if b.large {
		return s.Best60, s.Best40
	}
	return s.Best40, s.Best60
}

func (b *bench) minutiae() int {
	if b.large {
		return b.profile.Minutiae.Most
	}
	return b.profile.Minutiae.Least
}

func (b *bench) issue() IssueDetails {
	return IssueDetails{b.issuance.Authority, b.issuance.IssueDate, b.issuance.PersonalizedAt, b.issuance.Station}
}

// texts builds all files but the pictures, the files with keys and EF.SOD.
func (b *bench) texts() error {
	for _, f := range b.profile.Files {
		data, err := b.build(f.Builder)
		if err != nil {
			return err
		}
		if data != nil {
			b.files[f.Builder] = data
		}
	}
	var err error
	b.files[BuildDG13], err = b.manifest()
	return err
}

// build makes the content of one file; nil for what is made elsewhere or is not on this card.
func (b *bench) build(builder Builder) ([]byte, error) {
	p := b.record.Person
	switch builder {
	case BuildCOM:
		return EncodeCOM(b.profile.DataGroups()), nil
	case BuildDG1:
		return EncodeDG1(p)
	case BuildDG11:
		return EncodeDG11(detailsOf(p)), nil
	case BuildDG11And:
		d, issue := detailsOf(p), b.issue()
		d.Issue = &issue
		return EncodeDG11(d), nil
	case BuildDG12:
		return EncodeDG12(b.issue()), nil
	case BuildBIO:
		return EncodeBIO(biodataOf(p)), nil
	case BuildFinger1, BuildFinger2:
		slot := 0
		if builder == BuildFinger2 {
			slot = 1
		}
		if b.record.Fingers[slot].Empty() {
			return nil, nil
		}
		written, _ := b.written(slot)
		return EncodeFingerFile(written)
	}
	return nil, nil
}

func (b *bench) manifest() ([]byte, error) {
	p := b.record.Person
	m := Manifest{Religion: p.Religion, Marital: p.Marital, Blood: p.Blood, Nationality: pad(p.Nationality, stateSize), Validity: p.Validity}
	for _, f := range b.profile.Files {
		if data := b.files[f.Builder]; f.Hash == hashDG13 && data != nil {
			m.Files = append(m.Files, FileHash{f.FID, sha256.Sum256(data)})
		}
	}
	for _, finger := range DefaultFingers {
		if x, ok := exception(b.record, finger); ok {
			m.Exceptions = append(m.Exceptions, x)
		}
	}
	if id := b.record.Identity; !id.IsZero() {
		c := &CenterSignature{KeyID: id.KeyID, Signature: id.Signature}
		for slot := range c.Other {
			if written, other := b.written(slot); !b.record.Fingers[slot].Empty() && !bytes.Equal(written, other) {
				h := sha256.Sum256(other)
				c.Other[slot] = &h
			}
		}
		m.Center = c
	}
	return EncodeDG13(m)
}

func (b *bench) size() int {
	n := 0
	for _, data := range b.files {
		n += len(data)
	}
	return n
}

// keySizes is what the files with keys of the card will take.
func (b *bench) keySizes() int {
	n := 0
	if _, ok := b.profile.File(BuildDG14); ok {
		n += sizeDG14
	}
	if _, ok := b.profile.File(BuildDG15); ok {
		n += sizeDG15
	}
	return n
}

func (b *bench) ordered() []File {
	var out []File
	for _, f := range b.profile.Files {
		if data := b.files[f.Builder]; data != nil {
			out = append(out, File{f.FID, f.SFI, f.Name, data})
		}
	}
	return out
}
