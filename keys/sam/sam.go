package sam

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"

	"blanko/fault"
	"blanko/keys"
)

// Kind is the word that Describe gives.
const Kind = "sam"

// Transport carries one APDU to the SAM and its answer with the status word back. An applet.Transport is one.
type Transport interface {
	Transmit(ctx context.Context, capdu []byte) (rapdu []byte, err error)
}

// Status is what a SAM tells of itself.
type Status struct {
	Serial     [8]byte
	Generation int     // of MK_SAM
	KCV        [3]byte // of MK_SAM
	Uses       int     // left
	Until      time.Time
	Used       int // ever, whatever renewed it; it only rises
}

// Source is a SAM in a reader. It opens one channel at a time: opening another ends the one before. It
// satisfies applet.KeySource. Safe for concurrent use.
type Source struct {
	now func() time.Time

	mu     sync.Mutex
	to     Transport
	handle int // of the open channel, 0: none
	last   int
}

// Instructions of the SAM, class 80.
const (
	insStatus    = 0xF2
	insChallenge = 0x84
	insOpen      = 0x10
	insWrap      = 0x12
	insUnwrap    = 0x14
	insClose     = 0x16
	insAsk       = 0x18
	insRenew     = 0x1A
)

var aid = []byte{0xF0, 'K', 'T', 'P', 'E', 'L', '-', 'S', 'A', 'M', 0x01}

// Open selects the application of the SAM behind a transport; nil now is the wall clock.
func Open(ctx context.Context, to Transport, now func() time.Time) (*Source, error) {
	if now == nil {
		now = time.Now
	}
	s := &Source{to: to, now: now}
	_, err := s.send(ctx, "sam.Open", append([]byte{0x00, 0xA4, 0x04, 0x00, byte(len(aid))}, aid...))
	return s, err
}

// refusals are the status words that have a meaning of their own.
var refusals = map[uint16]fault.Entry{
	0x6A82: NotASAM, 0x6983: UsedUp, 0x6984: DaysOver, 0x6982: RenewalRefused, 0x6300: keys.CardCryptogramWrong, 0x6988: keys.ChannelBroken, 0x6985: keys.NoChannel,
}

func (s *Source) send(ctx context.Context, op string, command []byte) ([]byte, error) {
	answer, err := s.to.Transmit(ctx, command)
	if err != nil {
		return nil, err
	}
	if len(answer) < 2 {
		return nil, answerWrong.At(op, nil).With("answer", "no status word")
	}
	n := len(answer) - 2
	sw := binary.BigEndian.Uint16(answer[n:])
	if sw == 0x9000 {
		return answer[:n], nil
	}
	entry, known := refusals[sw]
	if !known {
		entry = answerWrong
	}
	return nil, entry.At(op, nil).With("status", "%04X", sw)
}

// ask sends one of the SAM's own commands with an extended length.
func (s *Source) ask(ctx context.Context, op string, ins, p1 byte, data []byte) ([]byte, error) {
	command := []byte{0x80, ins, p1, 0x00}
	if len(data) > 0 {
		command = append(command, 0, byte(len(data)>>8), byte(len(data)))
		command = append(command, data...)
	}
	return s.send(ctx, op, command)
}

// exactly is ask for an answer of a known length.
func (s *Source) exactly(ctx context.Context, op string, length int, ins, p1 byte, data []byte) ([]byte, error) {
	out, err := s.ask(ctx, op, ins, p1, data)
	if err == nil && len(out) != length {
		err = answerWrong.At(op, nil).With("answer", "%d bytes, %d are wanted", len(out), length)
	}
	return out, err
}

// day of a time, since 1970, in UTC.
func day(t time.Time) uint32 { return uint32(t.Unix() / int64(24*time.Hour/time.Second)) }

// Status asks the SAM.
func (s *Source) Status(ctx context.Context) (Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const length = 24
	b, err := s.exactly(ctx, "sam.Status", length, insStatus, 0, nil)
	if err != nil {
		return Status{}, err
	}
	return Status{
		Serial: [8]byte(b[:8]), Generation: int(b[8]), KCV: [3]byte(b[9:12]), Uses: int(binary.BigEndian.Uint32(b[12:])),
		Until: time.Unix(int64(binary.BigEndian.Uint32(b[16:]))*int64(24*time.Hour/time.Second), 0).UTC(), Used: int(binary.BigEndian.Uint32(b[20:])),
	}, nil
}

// Describe tells of the one key. Production may use it unless the whole world knows it.
func (s *Source) Describe(ctx context.Context) (kind string, production bool, kcv map[string]string, err error) {
	st, err := s.Status(ctx)
	if err != nil {
		return Kind, false, nil, err
	}
	_, known := keys.WellKnown(st.KCV)
	return Kind, !known, map[string]string{string(keys.Reading): hex.EncodeToString(st.KCV[:])}, nil
}

func reading(op string, kvn byte) error {
	if kvn != keys.Reading.Version() {
		return keys.NoKey.At(op, nil).With("kvn", "a SAM has %02X alone, not %02X", keys.Reading.Version(), kvn)
	}
	return nil
}

// Challenge makes a host challenge, which the next Open uses.
func (s *Source) Challenge(ctx context.Context, kvn byte) (c [8]byte, err error) {
	const op = "sam.Challenge"
	if err := reading(op, kvn); err != nil {
		return c, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.exactly(ctx, op, len(c), insChallenge, 0, nil)
	copy(c[:], b)
	return c, err
}

// Open has the SAM check the card, which takes one use. At the cap it is sam.used_up or sam.days_over.
func (s *Source) Open(ctx context.Context, kvn byte, kdd [10]byte, _ [8]byte, level byte, answer []byte) (int, []byte, error) {
	const op, whole = "sam.Open", 32
	if err := reading(op, kvn); err != nil {
		return 0, nil, err
	}
	if a, err := keys.ParseInitialized(answer); err != nil {
		return 0, nil, err
	} else if len(answer) != whole || a.KDD != kdd || a.KVN != kvn {
		return 0, nil, answerWrong.At(op, nil).With("answer", "of another card or key version")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handle = 0
	const length = 16
	b, err := s.exactly(ctx, op, length, insOpen, level, append(binary.BigEndian.AppendUint32(nil, day(s.now())), answer...))
	if err != nil {
		return 0, nil, err
	}
	s.last++
	s.handle = s.last
	return s.handle, append([]byte{0x84, 0x82, level, 0x00, length}, b...), nil
}

func (s *Source) through(ctx context.Context, op string, handle int, ins byte, data []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if handle == 0 || handle != s.handle {
		return nil, keys.NoChannel.At(op, nil)
	}
	out, err := s.ask(ctx, op, ins, 0, data)
	if err != nil {
		s.handle = 0
	}
	return out, err
}

// Wrap protects a short command.
func (s *Source) Wrap(ctx context.Context, handle int, capdu []byte) ([]byte, error) {
	return s.through(ctx, "sam.Wrap", handle, insWrap, capdu)
}

// Unwrap opens an answer.
func (s *Source) Unwrap(ctx context.Context, handle int, rapdu []byte) ([]byte, error) {
	return s.through(ctx, "sam.Unwrap", handle, insUnwrap, rapdu)
}

// KeyBlock is refused: a SAM reads.
func (*Source) KeyBlock(context.Context, int, byte, [10]byte) ([]byte, [3][3]byte, error) {
	return nil, [3][3]byte{}, keys.NoKey.At("sam.KeyBlock", nil).With("kvn", "a SAM makes no keys")
}

// Close ends a channel.
func (s *Source) Close(handle int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if handle != 0 && handle == s.handle {
		s.handle = 0
		_, _ = s.ask(context.Background(), "sam.Close", insClose, 0, nil) // the next opening ends it, too
	}
}
