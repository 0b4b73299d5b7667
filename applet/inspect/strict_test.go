package inspect_test

import (
	"bytes"
	"testing"
)

// strictRow is a shape or an answer that a reader insists on. The readers are named by whom their source
// shows to refuse anything else: gmrtd 7f23b50 (github.com/gmrtd/gmrtd), pymrtd 3731a0e
// (github.com/ZeroPass/pymrtd), JMRTD (mirror github.com/ElMostafaIdrassi/jmrtd), or by the standard
// alone.
type strictRow struct {
	name  string
	who   string
	large bool // of chips with PACE alone
	check func(*subject)
}

// strictRows are all rows, by what they are about.
var strictRows = map[string][]strictRow{
	"EF.SOD":           sodRows,
	"signer":           signerRows,
	"index":            indexRows,
	"DG1":              zoneRows,
	"DG2 and DG7":      pictureRows,
	"DG11 and DG12":    detailRows,
	"keys":             keyRows,
	"opening":          openingRows,
	"secure messaging": messagingRows,
}

// TestStrictReaders tries every row on a card of each profile.
func TestStrictReaders(t *testing.T) {
	t.Parallel()
	subjects := newSubjects(t)
	names := map[string]bool{}
	for about, rows := range strictRows {
		for _, row := range rows {
			if row.who == "" || names[about+row.name] {
				t.Errorf("%s: %s: who insists is missing, or the row stands twice", about, row.name)
			}
			names[about+row.name] = true
			t.Run(about+"/"+row.name, func(t *testing.T) {
				for _, s := range subjects {
					if s.large || !row.large {
						s.run(t, row.check)
					}
				}
			})
		}
	}
}

// A chip with a buffer of 128 bytes, as readers met it that lost their channel over it (NFCPassportReader
// 25 and 89, gmrtd 457): an Le beyond the buffer is refused under secure messaging, and a reader goes on
// with as much as there is.
func TestStrictReaderOnSmallChip(t *testing.T) {
	t.Parallel()
	s := newSubject(t, profiles[1], smallLc, smallLe)
	s.run(t, func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			for _, le := range []int{223, 255, smallLe + 1} {
				s.refusesAndLives(name, 0x6700, r.send(0xB0, 0x82, 0x00, nil, le))
			}
			want := s.files[0x0102]
			got := r.send(0xB0, 0x82, 0x00, nil, 0).data
			for len(got) < len(want) {
				a := r.send(0xB0, byte(len(got)>>8), byte(len(got)), nil, 0)
				if a.sw != 0x9000 || len(a.data) == 0 {
					t.Fatalf("%s at %d: %v", name, len(got), a)
				}
				got = append(got, a.data...)
			}
			s.check(bytes.Equal(got, want), "%s: DG2", name)
		})
	})
}
