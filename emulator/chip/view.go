package chip

import (
	"slices"
	"time"
)

// View is the card as the world sees it: what its memory holds and what has happened to it. It
// is a copy.
type View struct {
	KDD     [10]byte          `json:"kdd"`
	ATR     []byte            `json:"atr"`
	State   string            `json:"state"` // blank, claimed, written, active, blocked, terminated
	Attempt [16]byte          `json:"attempt"`
	Marker  byte              `json:"marker"`
	Files   map[uint16][]byte `json:"files"` // EF.PROF (0204) is always among them
	Free    int               `json:"free"`  // bytes of memory left, file headers counted

	Keys      []byte          `json:"keys"`      // key versions present
	Sequences map[byte]uint32 `json:"sequences"` // INITIALIZE UPDATEs answered per key version present
	Failures  map[byte]int    `json:"failures"`  // wrong cryptograms since the last right one
	BACKeys   bool            `json:"bac_keys"`
	CAN       bool            `json:"can"`
	// CANFailures are the wrong tokens under the CAN since it was last resumed; at 10 it is
	// suspended.
	CANFailures int `json:"can_failures,omitempty"`
	// Public points (uncompressed, 65 bytes) of the key pairs made on the card; nil where none.
	ChipAuthentication   []byte `json:"chip_authentication,omitempty"`
	ActiveAuthentication []byte `json:"active_authentication,omitempty"`

	APDUs    int           `json:"apdus"`     // commands that arrived
	BytesIn  int           `json:"bytes_in"`  // of those commands
	BytesOut int           `json:"bytes_out"` // of answers sent, status words counted
	Pages    int           `json:"pages"`     // pages programmed or tried
	Resets   int           `json:"resets"`
	Spent    time.Duration `json:"spent"` // time handed to Spend, or that would have been
	Dead     bool          `json:"dead"`
	Pending  int           `json:"pending"` // faults that have not happened yet
}

// View shows the card as it is now.
func (c *Card) View() View {
	c.mu.Lock()
	defer c.mu.Unlock()
	v := View{
		KDD: c.kdd, ATR: slices.Clone(c.atr), State: c.state.String(), Attempt: c.attempt, Marker: c.marker,
		Files: make(map[uint16][]byte, len(c.files)), Free: c.free(),
		Sequences: map[byte]uint32{}, Failures: map[byte]int{}, BACKeys: c.bacSet, CAN: c.canSet, CANFailures: c.canFailures,
		APDUs: c.apdus, BytesIn: c.bytesIn, BytesOut: c.bytesOut, Pages: c.pages, Resets: c.resets,
		Spent: c.spent, Dead: c.dead, Pending: len(c.faults),
	}
	for _, f := range c.files {
		v.Files[f.fid] = slices.Clone(f.data)
	}
	for i := range c.keySets {
		if k := &c.keySets[i]; k.present() {
			v.Keys = append(v.Keys, k.kvn)
			v.Sequences[k.kvn], v.Failures[k.kvn] = k.sequence, k.failures
		}
	}
	v.ChipAuthentication, v.ActiveAuthentication = c.point(keyChipAuthentication), c.point(keyActiveAuthentication)
	return v
}

// point is the public part of a key pair of the card.
func (c *Card) point(reference int) []byte {
	key := c.pairs[reference-1]
	if key == nil {
		return nil
	}
	b, err := key.PublicKey.Bytes()
	if err != nil {
		return nil
	}
	return b
}
