package inspect_test

import (
	"bytes"
	"crypto/aes"
	"crypto/elliptic"
	"crypto/rand"
)

// everyWay tries something in a fresh channel of every kind that the card offers.
func (s *subject) everyWay(try func(name string, r *reader)) {
	s.t.Helper()
	for name, open := range s.openers {
		open(s.open)
		try(name, s.open)
	}
}

// refusesAndLives: a protected refusal with this word, behind which the channel goes on.
func (s *subject) refusesAndLives(what string, want uint16, a answer) {
	s.t.Helper()
	s.check(a.sealed && a.sw == want && len(a.data) == 0, "%s: %v, expected %04X", what, a, want)
	s.lives(what)
}

// ends: a plain refusal with this word and no data, behind which the old keys open nothing.
func (s *subject) ends(what string, want uint16, a answer) {
	s.t.Helper()
	s.check(!a.sealed && a.sw == want && len(a.data) == 0, "%s: %v, expected %04X", what, a, want)
	a = s.open.plain(s.open.seal(0xB0, 0x80|0x1E, 0x00, nil, 1, false)...)
	s.check(len(a.data) == 0 && a.refused(), "%s: the channel goes on: %v", what, a)
}

// wrongKeys are the bytes of an EXTERNAL AUTHENTICATE that no card takes.
func wrongKeys() []byte {
	return append(append([]byte{0x00, 0x82, 0x00, 0x00, 0x28}, make([]byte, 40)...), 0x28)
}

var openingRows = []strictRow{
	{name: "the application by name without FCI, no Le; the MF by 3F00", who: "gmrtd, JMRTD", check: func(s *subject) {
		s.open.reset()
		s.open.need(0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00)
		a := s.open.plain(selectLDS...)
		s.check(a.sw == 0x9000 && len(a.data) == 0, "%v", a)
	}},
	{name: "an unknown application is 6A82", who: "gmrtd (file not found alone is tolerated)", check: func(s *subject) {
		s.open.reset()
		a := s.open.plain(0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x02)
		s.check(a.sw == 0x6A82 && len(a.data) == 0, "%v", a)
	}},
	{name: "files before BAC or PACE are 6982, plain", who: "Doc 9303-11, 4.2; JMRTD asks EF.COM to find BAC out", check: func(s *subject) {
		for _, fid := range []byte{0x01, 0x02, 0x1D, 0x1E} {
			s.open.reset()
			s.open.need(selectLDS...)
			a := s.open.plain(0x00, 0xB0, 0x80|fid, 0x00, 0x00)
			s.check(a.sw == 0x6982 && len(a.data) == 0, "file 01%02X: %v", fid, a)
		}
	}},
	{name: "GET CHALLENGE gives eight bytes, new ones each time", who: "gmrtd, JMRTD, libmrtd", check: func(s *subject) {
		s.open.reset()
		s.open.need(selectLDS...)
		one, two := s.open.need(0x00, 0x84, 0x00, 0x00, 0x08), s.open.need(0x00, 0x84, 0x00, 0x00, 0x08)
		s.check(len(one) == 8 && len(two) == 8 && !bytes.Equal(one, two), "%d and %d bytes", len(one), len(two))
	}},
	{name: "a wrong zone is refused in the clear, and the right one opens behind it", who: "Doc 9303-11, 4.3.4", check: func(s *subject) {
		s.open.reset()
		s.open.need(selectLDS...)
		s.open.need(0x00, 0x84, 0x00, 0x00, 0x08)
		a := s.open.plain(wrongKeys()...)
		s.check(len(a.data) == 0 && a.sw == 0x6300, "%v", a)
		a = s.open.plain(wrongKeys()...)
		s.check(len(a.data) == 0 && a.sw == 0x6985, "without a challenge of its own: %v", a)
		s.openers["BAC"](s.open)
		s.lives("a wrong zone")
	}},
	{name: "a wrong CAN tells the tries left, and the right one opens behind it", who: "Doc 9303-11, 4.4.4; OpenPACE", large: true, check: func(s *subject) {
		s.open.reset()
		set := append(object(0x80, oidPACE...), object(0x83, byCAN)...)
		s.open.need(append([]byte{0x00, 0x22, 0xC1, 0xA4, byte(len(set))}, set...)...)
		s.open.general(0x10, 0, nil, 0x80)
		key := func() []byte {
			_, x, y := s.open.ephemeral()
			return elliptic.Marshal(elliptic.P256(), x, y)
		}
		s.open.general(0x10, 0x81, key(), 0x82)
		s.open.general(0x10, 0x83, key(), 0x84)
		token := object(0x7C, object(0x85, make([]byte, 8)...)...)
		a := s.open.plain(append(append([]byte{0x00, 0x86, 0x00, 0x00, byte(len(token))}, token...), 0)...)
		s.check(len(a.data) == 0 && a.sw == 0x63C9, "%v", a)
		s.openers["PACE with the CAN"](s.open)
		s.lives("a wrong CAN")
	}},
	{name: "MSE:Set AT: a protocol or a password that the card has not is 6A80 or 6A88", who: "Doc 9303-11, 4.4.4.1", large: true, check: func(s *subject) {
		other := bytes.Clone(oidPACE)
		other[len(other)-1] = 0x04 // AES-256
		for _, c := range []struct {
			data []byte
			want uint16
		}{
			{append(object(0x80, other...), object(0x83, byCAN)...), 0x6A80},
			{append(object(0x80, oidPACE...), object(0x83, 3)...), 0x6A88}, // a PIN
		} {
			s.open.reset()
			a := s.open.plain(append([]byte{0x00, 0x22, 0xC1, 0xA4, byte(len(c.data))}, c.data...)...)
			s.check(a.sw == c.want && len(a.data) == 0, "%X: %v", c.data, a)
		}
	}},
	{name: "an Le in SELECT of a file or in MSE:Set AT is 6700", who: "cards that NFCPassportReader and passy met; Doc 9303-11 has no Le there", large: true, check: func(s *subject) {
		s.open.reset()
		a := s.open.plain(0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C, 0x00)
		s.check(a.sw == 0x6700, "SELECT: %v", a)
		set := append(object(0x80, oidPACE...), object(0x83, byCAN)...)
		a = s.open.plain(append(append([]byte{0x00, 0x22, 0xC1, 0xA4, byte(len(set))}, set...), 0)...)
		s.check(a.sw == 0x6700, "MSE:Set AT: %v", a)
	}},
}

var messagingRows = []strictRow{
	{name: "gmrtd's way: four bytes, then as much as there is", who: "gmrtd (9000 alone is success, the plain word that of object 99)", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			for _, fid := range []uint16{0x011E, 0x0101, 0x0102, 0x011D} {
				want := s.files[fid]
				if a := r.send(0xA4, 0x02, 0x0C, []byte{byte(fid >> 8), byte(fid)}, noLe); a.sw != 0x9000 {
					s.t.Fatalf("%s: %v", name, a)
				}
				got := r.send(0xB0, 0x00, 0x00, nil, 4).data
				for len(got) < len(want) {
					le := min(len(want)-len(got), 256) % 256 // 256 is 00
					a := r.send(0xB0, byte(len(got)>>8), byte(len(got)), nil, le)
					if a.sw != 0x9000 || len(a.data) == 0 {
						s.t.Fatalf("%s: file %04X at %d: %v", name, fid, len(got), a)
					}
					got = append(got, a.data...)
				}
				s.check(bytes.Equal(got, want), "%s: file %04X", name, fid)
			}
		})
	}},
	{name: "JMRTD's way: eight bytes by short identifier, then blocks of 223", who: "JMRTD", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			for _, fid := range []uint16{0x011E, 0x0101, 0x0102, 0x011D} {
				want := s.files[fid]
				got := r.send(0xB0, 0x80|byte(fid), 0x00, nil, 8).data
				for len(got) < len(want) {
					a := r.send(0xB0, byte(len(got)>>8), byte(len(got)), nil, min(len(want)-len(got), 223))
					if a.sw != 0x9000 || len(a.data) == 0 {
						s.t.Fatalf("%s: file %04X at %d: %v", name, fid, len(got), a)
					}
					got = append(got, a.data...)
				}
				s.check(bytes.Equal(got, want), "%s: file %04X", name, fid)
			}
		})
	}},
	{name: "the end of a file is 6282 with what is left, beyond it 6B00", who: "ISO/IEC 7816-4, 11.2.2", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			size := len(s.files[0x011E])
			a := r.send(0xB0, 0x80|0x1E, 0x00, nil, size+1)
			s.check(a.sealed && a.sw == 0x6282 && bytes.Equal(a.data, s.files[0x011E]), "%s: %v", name, a)
			s.refusesAndLives(name, 0x6B00, r.send(0xB0, 0x80|0x1E, byte(size), nil, 1))
		})
	}},
	{name: "errors of the application are protected and end nothing", who: "gmrtd, JMRTD; Doc 9303-11, 9.8.5", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			s.refusesAndLives(name+": EF.DIR", 0x6A82, r.send(0xA4, 0x02, 0x0C, []byte{0x2F, 0x00}, noLe)) // gmrtd asks for it
			s.refusesAndLives(name+": unknown instruction", 0x6D00, r.send(0x0E, 0x00, 0x00, nil, noLe))
			s.refusesAndLives(name+": P1 of SELECT", 0x6A86, r.send(0xA4, 0x09, 0x0C, []byte{0x01, 0x01}, noLe))
			s.refusesAndLives(name+": UPDATE BINARY", 0x6982, r.send(0xD6, 0x81, 0x00, []byte{0x61}, noLe))
			s.refusesAndLives(name+": DG3", 0x6A82, r.send(0xB0, 0x83, 0x00, nil, 1))
			s.refusesAndLives(name+": Le in SELECT", 0x6700, r.send(0xA4, 0x02, 0x0C, []byte{0x01, 0x01}, 0))
		})
	}},
	{name: "a wrong checksum is 6988, a missing one 6987, in the clear, and the channel is over", who: "Doc 9303-11, 9.8.9", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			bad := r.seal(0xB0, 0x81, 0x00, nil, 1, false)
			bad[len(bad)-2] ^= 1
			s.ends(name+": wrong checksum", 0x6988, r.plain(bad...))
		})
		s.everyWay(func(name string, r *reader) {
			r.count()
			s.ends(name+": no checksum", 0x6987, r.plain(0x0C, 0xB0, 0x81, 0x00, 0x03, 0x97, 0x01, 0x01, 0x00))
		})
	}},
	{name: "a command that was protected once is not taken a second time", who: "Doc 9303-11, 9.8.1", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			once := r.seal(0xB0, 0x80|0x1E, 0x00, nil, 1, false)
			a := r.open(0xB0, r.plain(once...))
			s.check(a.sealed && a.sw == 0x9000, "%s: %v", name, a)
			s.ends(name, 0x6988, r.plain(once...))
		})
	}},
	{name: "a plain command ends the channel", who: "Doc 9303-11, 9.8.9; TR-03105-3.2, 3.2.1", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) { s.ends(name, 0x6987, r.plain(0x00, 0xB0, 0x81, 0x00, 0x01)) })
		s.everyWay(func(name string, r *reader) {
			a := r.plain(selectLDS...)
			s.check(a.sw == 0x9000, "%s: SELECT: %v", name, a)
			a = r.plain(0x00, 0xB0, 0x81, 0x00, 0x01)
			s.check(a.sw == 0x6982 && len(a.data) == 0, "%s: DG1 behind it: %v", name, a)
		})
	}},
	{name: "extended lengths where the chip announces them, else a plain 6700 that ends the channel", who: "gmrtd issue 457; NFCPassportReader", check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			sealed := r.seal(0xB0, 0x82, 0x00, nil, 1500, true)
			if !s.large {
				s.ends(name, 0x6700, r.plain(sealed...))
				return
			}
			a := r.open(0xB0, r.plain(sealed...))
			s.check(a.sealed && a.sw == 0x9000 && bytes.Equal(a.data, s.files[0x0102][:1500]), "%s: %v", name, a)
			s.lives(name)
		})
	}},
	{name: "active authentication: r and s of 32 bytes each", who: "gmrtd, JMRTD", large: true, check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			nonce := make([]byte, 8)
			rand.Read(nonce)
			a := r.send(0x88, 0x00, 0x00, nonce, 0)
			s.check(a.sealed && a.sw == 0x9000 && len(a.data) == 64, "%s: %v", name, a)
			s.refusesAndLives(name+": nonce of seven bytes", 0x6700, r.send(0x88, 0x00, 0x00, nonce[1:], 0))
		})
	}},
	{name: "chip authentication renews the keys, and its counter begins at zero", who: "gmrtd, JMRTD", large: true, check: func(s *subject) {
		s.everyWay(func(name string, r *reader) {
			old := bytes.Clone(r.enc)
			r.authenticateChip(s.card.View().ChipAuthentication)
			s.check(!bytes.Equal(old, r.enc) && bytes.Equal(r.ssc, make([]byte, aes.BlockSize)), "%s: the old keys", name)
			s.lives(name)
		})
	}},
}
