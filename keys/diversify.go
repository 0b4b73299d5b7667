package keys

// Indexes of the three keys of a set in KDF3.
const (
	indexENC = 1
	indexMAC = 2
	indexDEK = 3
)

// KDF3 derives one key of a card from a master key: CMAC blocks over
// counter (1) | 00 00 00 | index | 00 | KDD (10), counter from 1, cut to size bytes (16, 24 or
// 32). The scheme is GlobalPlatformPro's "kdf3", made for SCP03.
func KDF3(master MAC, index byte, kdd [10]byte, size int) ([]byte, error) {
	var out []byte
	for counter := byte(1); len(out) < size; counter++ {
		block, err := master(append([]byte{counter, 0, 0, 0, index, 0}, kdd[:]...))
		if err != nil {
			return nil, err
		}
		out = append(out, block[:]...)
	}
	return out[:size], nil
}

// KeySet is the static SCP03 key set of one card under one key version.
type KeySet struct{ ENC, MAC, DEK []byte }

// Diversify is the key set of the card with this KDD under a master key; size is the length of
// each key in bytes.
func Diversify(master MAC, kdd [10]byte, size int) (KeySet, error) {
	var s KeySet
	for _, k := range []struct {
		index byte
		to    *[]byte
	}{{indexENC, &s.ENC}, {indexMAC, &s.MAC}, {indexDEK, &s.DEK}} {
		key, err := KDF3(master, k.index, kdd, size)
		if err != nil {
			return KeySet{}, err
		}
		*k.to = key
	}
	return s, nil
}

// Wipe overwrites the keys.
func (s KeySet) Wipe() {
	clear(s.ENC)
	clear(s.MAC)
	clear(s.DEK)
}

// String never shows a key.
func (s KeySet) String() string { return "KeySet(redacted)" }

// GoString never shows a key.
func (s KeySet) GoString() string { return s.String() }
