package matica

import (
	"encoding/binary"
	"fmt"
)

// Sizes and signatures of USB Mass Storage Class, Bulk-Only Transport 1.0, section 5.
const (
	blockSize       = 31
	statusSize      = 13
	blockSignature  = "USBC"
	statusSignature = "USBS"
	flagIn          = 0x80
	maxCDB          = 16
)

// block is a command block as the host sent it.
type block struct {
	tag    uint32
	length int // of the data phase
	in     bool
	cdb    []byte
}

// parseBlock takes a command block apart.
func parseBlock(p []byte) (block, error) {
	le := binary.LittleEndian
	switch {
	case len(p) != blockSize:
		return block{}, fmt.Errorf("a command block has %d bytes, not %d", blockSize, len(p))
	case string(p[:4]) != blockSignature:
		return block{}, fmt.Errorf("signature % x", p[:4])
	case p[13] != 0:
		return block{}, fmt.Errorf("logical unit %d", p[13])
	case p[14] < 1 || p[14] > maxCDB:
		return block{}, fmt.Errorf("CDB of %d bytes", p[14])
	case p[12]&^flagIn != 0:
		return block{}, fmt.Errorf("flags %02x", p[12])
	}
	length := le.Uint32(p[8:])
	if length > maxData {
		return block{}, fmt.Errorf("a data phase of %d bytes", length)
	}
	return block{tag: le.Uint32(p[4:]), length: int(length), in: p[12] == flagIn, cdb: append([]byte(nil), p[15:15+p[14]]...)}, nil
}

// maxData bounds a data phase: the largest panel with room to spare.
const maxData = 16 << 20

// status is the answer to a command: 0 good, 1 failed.
func status(tag uint32, residue int, failed byte) []byte {
	out := make([]byte, 0, statusSize)
	out = append(out, statusSignature...)
	out = binary.LittleEndian.AppendUint32(out, tag)
	out = binary.LittleEndian.AppendUint32(out, uint32(residue))
	return append(out, failed)
}
