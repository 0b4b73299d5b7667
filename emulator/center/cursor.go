package center

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// cursors hands out opaque cursors: place, office, generation and a fixed check, enciphered as
// one AES block. A cursor of another office, of an older generation or of nobody's making is
// not known.
type cursors struct {
	block      cipher.Block
	generation uint16
}

// cursorCheck must come out of every cursor of ours.
const cursorCheck = 0x4B54 // KT

func newCursors(seed int64) cursors {
	key := sha256.Sum256(fmt.Appendf(nil, "blanko emulated center cursors %d", seed))
	block, err := aes.NewCipher(key[:16])
	if err != nil {
		panic("center: AES-128 refuses 16 bytes of key: " + err.Error())
	}
	return cursors{block: block}
}

// renewed no longer knows the cursors of c.
func (c cursors) renewed() cursors { return cursors{c.block, c.generation + 1} }

func officeTag(office string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(office))
	return h.Sum32()
}

func (c cursors) make(office string, place int) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[:], uint64(place))
	binary.BigEndian.PutUint32(b[8:], officeTag(office))
	binary.BigEndian.PutUint16(b[12:], c.generation)
	binary.BigEndian.PutUint16(b[14:], cursorCheck)
	c.block.Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// place reads a cursor; "" is the beginning. ok is false for a cursor that is not known.
func (c cursors) place(office, cursor string, length int) (place int, ok bool) {
	if cursor == "" {
		return 0, true
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(b) != aes.BlockSize {
		return 0, false
	}
	c.block.Decrypt(b, b)
	n := binary.BigEndian.Uint64(b)
	if n > uint64(length) || binary.BigEndian.Uint32(b[8:]) != officeTag(office) ||
		binary.BigEndian.Uint16(b[12:]) != c.generation || binary.BigEndian.Uint16(b[14:]) != cursorCheck {
		return 0, false
	}
	return int(n), true
}
