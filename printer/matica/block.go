package matica

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Command block and status of USB Mass Storage Class, Bulk-Only Transport 1.0, sections 5.1 and 5.2.
const (
	blockSize  = 31
	statusSize = 13

	blockSignature  = "USBC"
	statusSignature = "USBS"

	directionIn = 0x80
)

// Values of the status byte.
const (
	statusGood   = 0
	statusFailed = 1
)

// block is the command block for a CDB of 6 or 10 bytes with a data phase of length bytes.
func block(tag uint32, length int, in bool, cdb []byte) []byte {
	le := binary.LittleEndian
	out := make([]byte, 0, blockSize)
	out = append(out, blockSignature...)
	out = le.AppendUint32(out, tag)
	out = le.AppendUint32(out, uint32(length))
	flags := byte(0)
	if in {
		flags = directionIn
	}
	out = append(out, flags, 0, byte(len(cdb)))
	return append(out, cdb...)[:blockSize]
}

var errNotStatus = errors.New("no status of this command came")

// parseStatus tells whether the command was good. The residue is not looked at: the length of data
// is known by command.
func parseStatus(b []byte, tag uint32) (good bool, err error) {
	switch {
	case len(b) != statusSize || string(b[:4]) != statusSignature:
		return false, fmt.Errorf("%w: %d bytes", errNotStatus, len(b))
	case binary.LittleEndian.Uint32(b[4:]) != tag:
		return false, fmt.Errorf("%w: it is that of another", errNotStatus)
	case b[12] > statusFailed:
		return false, fmt.Errorf("%w: phase error", errNotStatus)
	}
	return b[12] == statusGood, nil
}

// isStatus tells a status from a piece of data.
func isStatus(b []byte, tag uint32) bool {
	return len(b) == statusSize && string(b[:4]) == statusSignature && binary.LittleEndian.Uint32(b[4:]) == tag
}
