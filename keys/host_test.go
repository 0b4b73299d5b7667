package keys

import (
	"bytes"
	"context"
	"crypto/cipher"
	"testing"

	"blanko/fault"
	"blanko/keys/vectors"
)

// cardAnswer is what a card with the key set answers to INITIALIZE UPDATE: i = 60, a random
// challenge and no sequence counter; with i = 70 the challenge follows from the counter 000001.
func cardAnswer(t *testing.T, set KeySet, kvn, i byte, kdd [10]byte, host [8]byte) []byte {
	t.Helper()
	challenge := unhex(t, "0102030405060708")
	if i&iPseudoRandom != 0 {
		enc, err := NewMAC(set.ENC)
		if err != nil {
			t.Fatal(err)
		}
		if challenge, err = SessionKDF(enc, kdfCardChallenge, 64, append([]byte{0, 0, 1}, application...)); err != nil {
			t.Fatal(err)
		}
	}
	mac, err := NewMAC(set.MAC)
	if err != nil {
		t.Fatal(err)
	}
	context := append(append([]byte{}, host[:]...), challenge...)
	smac, err := SessionKDF(mac, kdfSMAC, len(set.MAC)*8, context)
	if err != nil {
		t.Fatal(err)
	}
	session, err := NewMAC(smac)
	if err != nil {
		t.Fatal(err)
	}
	cryptogram, err := SessionKDF(session, kdfCardCryptogram, 64, context)
	if err != nil {
		t.Fatal(err)
	}
	out := append(append([]byte{}, kdd[:]...), kvn, scp03, i)
	out = append(append(out, challenge...), cryptogram...)
	if i&iPseudoRandom != 0 {
		out = append(out, 0, 0, 1)
	}
	return out
}

var testKDD = [10]byte{0, 0, 1, 2, 3, 4, 5, 6, 7, 8}

func testHost(t *testing.T, size int) (*Host, map[Role]Master) {
	t.Helper()
	masters := map[Role]Master{}
	for n, role := range Roles {
		key := unhex(t, vectors.KDF[n])
		key = append(key, key...)[:size] // some rows are 16 bytes
		m, err := NewMaster(key)
		if err != nil {
			t.Fatal(err)
		}
		masters[role] = m
	}
	challenge := func() ([8]byte, error) { return [8]byte{8, 7, 6, 5, 4, 3, 2, 1}, nil }
	return NewHost(Config{Kind: "test", Production: true, Masters: masters, Challenge: challenge}), masters
}

// Every role opens a channel to a card that holds its diversified keys, for both kinds of card
// challenge, and to no other card.
func TestHostOpens(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, size := range keySizes {
		h, masters := testHost(t, size)
		for _, role := range Roles {
			for _, i := range []byte{0x60, 0x70} {
				kvn := role.Version()
				set, err := Diversify(masters[role].MAC, testKDD, size)
				if err != nil {
					t.Fatal(err)
				}
				challenge, err := h.Challenge(ctx, kvn)
				if err != nil {
					t.Fatal(err)
				}
				answer := cardAnswer(t, set, kvn, i, testKDD, challenge)
				handle, command, err := h.Open(ctx, kvn, testKDD, challenge, 0x33, answer)
				if err != nil || handle < 1 || len(command) != 21 {
					t.Fatalf("%s i %02X: handle %d, command %X, %v", role, i, handle, command, err)
				}
				wrapped, err := h.Wrap(ctx, handle, []byte{0x80, 0xD6, 0, 0, 1, 0xAA})
				if err != nil || len(wrapped) != 5+16+8 || wrapped[0] != 0x84 {
					t.Errorf("%s: wrapped %X, %v", role, wrapped, err)
				}
				if _, err := h.Unwrap(ctx, handle, []byte{0x90, 0x00}); !fault.Is(err, ChannelBroken) {
					t.Errorf("%s: a bare 9000 gives %v", role, err)
				}
				h.Close(handle)
				h.Close(handle)
				if _, err := h.Wrap(ctx, handle, []byte{0x80, 0xD6, 0, 0}); !fault.Is(err, NoChannel) {
					t.Errorf("%s: a closed channel wraps: %v", role, err)
				}
				other := testKDD
				other[9]++
				answer = append(other[:len(other):len(other)], answer[10:]...)
				if _, _, err := h.Open(ctx, kvn, other, challenge, 0x33, answer); !fault.Is(err, CardCryptogramWrong) {
					t.Errorf("%s: another card opens: %v", role, err)
				}
				if i&iPseudoRandom != 0 {
					answer = cardAnswer(t, set, kvn, i, testKDD, challenge)
					answer[len(answer)-1]++
					if _, _, err := h.Open(ctx, kvn, testKDD, challenge, 0x33, answer); !fault.Is(err, CardCryptogramWrong) {
						t.Errorf("%s: a counter that the card did not tell: %v", role, err)
					}
				}
			}
		}
	}
}

// The block for a new key set deciphers to the diversified keys under the Key-DEK of the channel.
func TestKeyBlock(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, size := range []int{16, 32} {
		h, masters := testHost(t, size)
		old, err := Diversify(masters[Transport].MAC, testKDD, size)
		if err != nil {
			t.Fatal(err)
		}
		challenge, err := h.Challenge(ctx, 0x30)
		if err != nil {
			t.Fatal(err)
		}
		handle, _, err := h.Open(ctx, 0x30, testKDD, challenge, 0x33, cardAnswer(t, old, 0x30, 0x70, testKDD, challenge))
		if err != nil {
			t.Fatal(err)
		}
		data, kcvs, err := h.KeyBlock(ctx, handle, 0x31, testKDD)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := Diversify(masters[Personalization].MAC, testKDD, size)
		if err != nil {
			t.Fatal(err)
		}
		static, err := old.Static()
		if err != nil {
			t.Fatal(err)
		}
		field := 1 + 2 + size + 1 + 3
		if len(data) != 1+3*field || data[0] != 0x31 {
			t.Fatalf("%d bytes, first %02X", len(data), data[0])
		}
		for n, key := range [][]byte{fresh.ENC, fresh.MAC, fresh.DEK} {
			f := data[1+n*field:][:field]
			plain := make([]byte, size)
			cipher.NewCBCDecrypter(static.DEK, make([]byte, 16)).CryptBlocks(plain, f[3:3+size])
			kcv, err := KCV(key)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(plain, key) || f[0] != 0x88 || int(f[1]) != size+1 || int(f[2]) != size || f[3+size] != 3 ||
				!bytes.Equal(f[4+size:], kcv[:]) || kcvs[n] != kcv {
				t.Errorf("key %d: field %X", n+1, f)
			}
		}
		if _, _, err := h.KeyBlock(ctx, handle, 0x77, testKDD); !fault.Is(err, NoKey) {
			t.Errorf("key version 77: %v", err)
		}
	}
	// 24-byte keys are no whole blocks.
	h, masters := testHost(t, 24)
	set, err := Diversify(masters[Transport].MAC, testKDD, 24)
	if err != nil {
		t.Fatal(err)
	}
	handle, _, err := h.Open(ctx, 0x30, testKDD, [8]byte{}, 0x33, cardAnswer(t, set, 0x30, 0x70, testKDD, [8]byte{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.KeyBlock(ctx, handle, 0x31, testKDD); !fault.Is(err, badKey) {
		t.Errorf("AES-192: %v", err)
	}
}

// A host that was given a publicly known master does nothing with any of its keys.
func TestHostRefusesWellKnown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, masters := testHost(t, 16)
	m, err := NewMaster(unhex(t, "404142434445464748494A4B4C4D4E4F"))
	if err != nil {
		t.Fatal(err)
	}
	masters[Admin] = m
	h := NewHost(Config{Kind: "test", Production: true, Masters: masters, Challenge: func() (c [8]byte, err error) { return c, nil }})
	if _, production, _, err := h.Describe(ctx); production || !fault.Is(err, wellKnownKey) {
		t.Errorf("describe: production %v, %v", production, err)
	}
	if _, err := h.Challenge(ctx, 0x31); !fault.Is(err, wellKnownKey) {
		t.Errorf("challenge: %v", err)
	}
	if _, _, err := h.Open(ctx, 0x31, testKDD, [8]byte{}, 0x33, nil); !fault.Is(err, wellKnownKey) {
		t.Errorf("open: %v", err)
	}
}

func TestHostWithoutMaster(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, masters := testHost(t, 16)
	delete(masters, Reading)
	h := NewHost(Config{Kind: "test", Masters: masters, Challenge: func() (c [8]byte, err error) { return c, nil }})
	kind, production, kcv, err := h.Describe(ctx)
	if err != nil || kind != "test" || production || len(kcv) != 3 || len(kcv["MK_T"]) != 6 {
		t.Errorf("%s %v %v %v", kind, production, kcv, err)
	}
	for _, kvn := range []byte{0x38, 0x01} {
		if _, err := h.Challenge(ctx, kvn); !fault.Is(err, NoKey) {
			t.Errorf("key version %02X: %v", kvn, err)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	want := map[Role]byte{"MK_T": 0x30, "MK_P": 0x31, "MK_SAM": 0x38, "MK_A": 0x39}
	if len(Roles) != len(want) {
		t.Errorf("%d roles", len(Roles))
	}
	for role, kvn := range want {
		if back, ok := RoleOf(kvn); role.Version() != kvn || !ok || back != role {
			t.Errorf("%s: %02X, back %s", role, role.Version(), back)
		}
	}
}
