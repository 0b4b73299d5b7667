package applet

import (
	"context"

	"blanko/chipdata"
)

// EF.ATR/INFO: short file id (Doc 9303-10, section 3.11.2) and the extended length information
// in it (ISO/IEC 7816-4, section 12.7.1): 7F66 { 02 command | 02 answer }, bytes of whole APDUs.
const (
	sfiATRInfo        = 0x01
	tagExtendedLength = 0x7F66
	tagInteger        = 0x02
	maxIntegerBytes   = 3
	sizeATRInfo       = 16 // of the emulated card: card capabilities beside it
)

// readExtended asks the card for its extended length information, where the profile plans
// extended length. A card that has none is taken with short APDUs.
func (c *Card) readExtended(ctx context.Context) error {
	c.extended = Limits{}
	if !c.Profile.Quirks.ExtendedLength {
		return nil
	}
	a, err := c.Plain(ctx, ReadShort(claISO, sfiATRInfo, maxLe))
	if err != nil {
		return err
	}
	if a.SW == SWOK || a.SW == SWEndOfFile {
		c.extended = parseATRInfo(a.Data)
	}
	return nil
}

// parseATRInfo finds the extended length information; zeros where there is none, or none that
// can be read.
func parseATRInfo(b []byte) Limits {
	list, err := chipdata.ParseTLV(b)
	if err != nil {
		return Limits{}
	}
	for _, t := range list {
		if t.Tag != tagExtendedLength {
			continue
		}
		two, err := chipdata.ParseTLV(t.Value)
		if err != nil || len(two) != 2 {
			return Limits{}
		}
		var n [2]int
		for i, v := range two {
			if v.Tag != tagInteger || len(v.Value) == 0 || len(v.Value) > maxIntegerBytes {
				return Limits{}
			}
			for _, x := range v.Value {
				n[i] = n[i]<<8 | int(x)
			}
		}
		if n[0] < leastData+extendedHeader+extendedLe || n[1] < leastData+statusBytes {
			return Limits{} // no card of the profile
		}
		return Limits{Command: min(n[0], maxExtended), Answer: min(n[1], maxExtended)}
	}
	return Limits{}
}
