package chipdata

import "blanko/ktp"

// Marker of EF.PROF.
const (
	MarkerBlank   = 0x00
	MarkerClaimed = 0x01
	MarkerWritten = 0x02
)

// Layout of EF.PROF (card profile KTPEL-OP 1, section 3.5).
const (
	SizePROF     = 32
	profVersion  = 8
	profRevision = 9
	profAttempt  = 10
	ProfMarker   = 26 // offset of the marker, updated alone by the mark "written"
	profReserved = 27
)

// PROF is EF.PROF: whose card it is. On a blank card Attempt is zero.
type PROF struct {
	ID                string // eight ASCII characters
	Version, Revision byte
	Attempt           ktp.AttemptID
	Marker            byte
}

// EncodePROF writes EF.PROF for the profile: 32 bytes.
func EncodePROF(p *Profile, attempt ktp.AttemptID, marker byte) []byte {
	b := make([]byte, SizePROF)
	copy(b, p.ID)
	b[profVersion], b[profRevision] = p.Version, p.Revision
	copy(b[profAttempt:], attempt[:])
	b[ProfMarker] = marker
	return b
}

// ParsePROF reads EF.PROF.
func ParsePROF(b []byte) (PROF, error) {
	const op, file = "chipdata.ParsePROF", "EF.PROF"
	if len(b) != SizePROF {
		return PROF{}, malformed(op, file, "%d bytes, expected %d", len(b), SizePROF)
	}
	p := PROF{ID: string(b[:profVersion]), Version: b[profVersion], Revision: b[profRevision], Marker: b[ProfMarker]}
	copy(p.Attempt[:], b[profAttempt:ProfMarker])
	for i := range len(p.ID) {
		if p.ID[i] < 0x20 || p.ID[i] > 0x7E {
			return PROF{}, malformed(op, file, "the profile id is not ASCII")
		}
	}
	if p.Marker > MarkerWritten || (p.Marker == MarkerBlank) != p.Attempt.IsZero() {
		return PROF{}, malformed(op, file, "marker %02X does not go with the attempt id", p.Marker)
	}
	for _, r := range b[profReserved:] {
		if r != 0 {
			return PROF{}, malformed(op, file, "a reserved byte is not zero")
		}
	}
	return p, nil
}
