package chip

// Card production life cycle data (GlobalPlatform Card Specification, H.6): 42 bytes, of which
// the eight from offset 10 (fabrication date, serial number, batch) name this chip.
const (
	cplcSize   = 42
	cplcSerial = 10
)

// cplcModel is what every chip of this make has in common: fabricator, type, operating system
// and its release. Made-up values.
var cplcModel = [cplcSerial]byte{0xB1, 0xA0, 0x4B, 0x54, 0x50, 0x45, 0x60, 0x01, 0x00, 0x01}

// Tags of GET DATA (GlobalPlatform Card Specification, 11.3).
const (
	tagCPLC = 0x9F7F
	tagKDD  = 0x00CF
)

// KDD is the key diversification data of the chip with this serial number.
func KDD(serial [8]byte) (kdd [10]byte) {
	copy(kdd[2:], serial[:])
	return kdd
}

// getData is GET DATA: CPLC or KDD, in every state, without a channel.
func getData(c *Card, cmd *command) status {
	if len(cmd.data) != 0 || cmd.le == noLe && !cmd.secure {
		return swWrongLength
	}
	switch uint16(cmd.p1)<<8 | uint16(cmd.p2) {
	case tagCPLC:
		c.answer = append(c.answer, 0x9F, 0x7F, cplcSize)
		c.answer = append(c.answer, cplcModel[:]...)
		c.answer = append(c.answer, c.kdd[2:]...)
		for range cplcSize - cplcSerial - 8 {
			c.answer = append(c.answer, 0)
		}
	case tagKDD:
		c.answer = append(c.answer, 0xCF, byte(len(c.kdd)))
		c.answer = append(c.answer, c.kdd[:]...)
	default:
		return swReferenceNotFound
	}
	return c.exactly(cmd)
}

// exactly holds a plain answer of fixed length against Le: 00 or the right length, else 6Cxx.
func (c *Card) exactly(cmd *command) status {
	n := len(c.answer)
	if cmd.secure || cmd.sealed || cmd.le == noLe || cmd.wild || cmd.le == n {
		return swOK
	}
	c.answer = c.answer[:0]
	return swExactLength | status(n)
}

// ATR of a contactless card by PC/SC part 3, 3.1.3.2.3.1: 3B 8n 80 01, the historical bytes of
// the ATS, exclusive or of all but the first byte.
func atrOf(historical []byte) []byte {
	atr := append([]byte{0x3B, 0x80 | byte(len(historical)), 0x80, 0x01}, historical...)
	check := byte(0)
	for _, b := range atr[1:] {
		check ^= b
	}
	return append(atr, check)
}
