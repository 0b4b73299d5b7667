package chip

import (
	"bytes"
	"errors"
	"testing"
)

// PUT KEY answers with the check values, DELETE KEY with 00; a wrong check value changes
// nothing.
func TestPutKey(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inClaimed31)
	if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
		t.Fatal(err)
	}
	block := h.keyBlock(0x38, 0x31)
	for _, at := range []int{23, 46, 69} { // the last byte of each check value
		bad := bytes.Clone(block)
		bad[at] ^= 1
		if _, sw, err := h.send(0xD8, 0, 0x81, bad, -1); err != nil || sw != 0x6A80 {
			t.Errorf("check value at %d: %04X, %v", at, sw, err)
		}
	}
	if v := h.card.View(); bytes.Contains(v.Keys, []byte{0x38}) {
		t.Fatal("a refused key set is on the card")
	}
	r, err := h.want("PUT KEY", 0xD8, 0, 0x81, block, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := append(append(append([]byte{0x38}, block[21:24]...), block[44:47]...), block[67:70]...); !bytes.Equal(r, want) {
		t.Errorf("PUT KEY answers %X, want %X", r, want)
	}
	// The issuer set itself can be overwritten; the channel goes on, a new one needs the new keys.
	changed := h.keys[0x31]
	changed.MAC[0] ^= 0xFF
	old := h.keys[0x31]
	h.keys[0x31] = changed
	block = h.keyBlock(0x31, 0x31)
	if _, err := h.want("PUT KEY 31", 0xD8, 0x31, 0x81, block, -1); err != nil {
		t.Fatal(err)
	}
	if v := h.card.View(); v.Sequences[0x31] != 0 {
		t.Errorf("sequence counter %d after the replacement", v.Sequences[0x31])
	}
	if r, err := h.want("DELETE KEY 30", 0xE4, 0, 0, []byte{0xD2, 1, 0x30}, 0); err != nil || !bytes.Equal(r, []byte{0}) {
		t.Errorf("DELETE KEY answers %X, %v", r, err)
	}
	if err := h.open(0x31, 0x33); err != nil {
		t.Error(err)
	}
	h.keys[0x31] = old
	if err := h.open(0x31, 0x33); err == nil {
		t.Error("the replaced key still opens")
	}
}

// An AES-256 set is taken too.
func TestPutKey256(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inClaimed31)
	if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
		t.Fatal(err)
	}
	block := []byte{0x38}
	for i := range 3 {
		key := bytes.Repeat([]byte{byte(i + 1), 0xC3}, 16)
		dek := h.keys[0x31].DEK
		block = append(block, 0x88, 0x21, 0x20)
		block = append(block, hostCBC(dek[:], make([]byte, 16), key, true)...)
		kcv := hostCBC(key, make([]byte, 16), bytes.Repeat([]byte{1}, 16), true)
		block = append(append(block, 3), kcv[:3]...)
	}
	if _, err := h.want("PUT KEY", 0xD8, 0, 0x81, block, -1); err != nil {
		t.Error(err)
	}
}

// The small chip makes no key pairs.
func TestSmallChipHasNoKeyPairs(t *testing.T) {
	t.Parallel()
	h := newHost(Config{Size: Size8K})
	if _, _, err := h.probe(); err != nil {
		t.Fatal(err)
	}
	if err := h.open(0x30, 0x33); err != nil {
		t.Fatal(err)
	}
	if _, sw, err := h.send(0x46, 0x80, 0, unhex(t, "AC03800101"), 0); err != nil || sw != 0x6D00 {
		t.Errorf("GENERATE: %04X, %v", sw, err)
	}
}

// The same seed makes the same keys; another seed others.
func TestKeyPairsFollowTheSeed(t *testing.T) {
	t.Parallel()
	points := func(serial byte) [][]byte {
		h := newHost(Config{Serial: [8]byte{serial}})
		p := smallPlan()
		p.keyPairs = true
		if err := h.personalize(p); err != nil {
			t.Fatal(err)
		}
		v := h.card.View()
		return [][]byte{v.ChipAuthentication, v.ActiveAuthentication}
	}
	a, b, other := points(1), points(1), points(2)
	for i := range a {
		if !bytes.Equal(a[i], b[i]) || bytes.Equal(a[i], other[i]) || len(a[i]) != 65 || a[i][0] != 4 {
			t.Errorf("pair %d: %X, %X, %X", i+1, a[i], b[i], other[i])
		}
	}
	if bytes.Equal(a[0], a[1]) {
		t.Error("both pairs are the same")
	}
}
