package trial

import (
	"context"
	"sync/atomic"
	"time"

	"blanko/emulator/cable"

	"blanko/applet/pcsc"
)

// measured is a card whose time is counted.
type measured struct {
	cable.Chip
	place *place
}

func (m *measured) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	defer since(&m.place.inChip, time.Now())
	return m.Chip.Transmit(ctx, capdu)
}

// metered is a transport whose time is counted.
type metered struct {
	pcsc.Arrival
	place *place
}

func (m *metered) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	defer since(&m.place.waited, time.Now())
	m.place.apdus.Add(1)
	return m.Arrival.Transmit(ctx, capdu)
}

func (m *metered) Reset(ctx context.Context) ([]byte, error) {
	began := time.Now()
	atr, err := m.Arrival.Reset(ctx)
	if err == nil && m.place.fresh.Swap(false) {
		m.place.cards.Add(1)
		since(&m.place.lost, began)
	}
	return atr, err
}

func since(sum *atomic.Int64, began time.Time) { sum.Add(int64(time.Since(began))) }

// PCSCSummary is what the way through PC/SC did and what it cost.
type PCSCSummary struct {
	Readers  int     `json:"readers"`
	APDUs    int     `json:"apdus"`
	ReaderUS float64 `json:"reader_us_per_apdu"` // scard, pcscd, driver and its line, without the chip; wall clock
	Cards    int     `json:"cards_noticed"`      // stays in an encoder or on the desk
	NoticeMS float64 `json:"notice_ms_per_card"` // until pcscd had noticed one, as the station waited; wall clock
}

func (s *service) summary() *PCSCSummary {
	var sum PCSCSummary
	var waited, inChip, lost int64
	for _, p := range s.places {
		sum.Readers++
		sum.APDUs += int(p.apdus.Load())
		sum.Cards += int(p.cards.Load())
		waited += p.waited.Load()
		inChip += p.inChip.Load()
		lost += p.lost.Load()
	}
	if sum.APDUs > 0 {
		sum.ReaderUS = float64(waited-inChip) / 1e3 / float64(sum.APDUs)
	}
	if sum.Cards > 0 {
		sum.NoticeMS = float64(lost) / 1e6 / float64(sum.Cards)
	}
	return &sum
}
