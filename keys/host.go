package keys

import (
	"context"
	"encoding/hex"
	"sync"

	"blanko/fault"
)

// Master is a master key as a host needs it: it computes CMACs and has a check value. The key
// itself may lie in a token.
type Master struct {
	MAC  MAC
	Size int // bytes: 16, 24 or 32; diversified keys have the same size
	KCV  [3]byte
}

// NewMaster makes a master key in memory.
func NewMaster(key []byte) (Master, error) {
	mac, err := NewMAC(key)
	if err != nil {
		return Master{}, err
	}
	kcv, err := KCV(key)
	if err != nil {
		return Master{}, err
	}
	return Master{MAC: mac, Size: len(key), KCV: kcv}, nil
}

// Config of a Host.
type Config struct {
	Kind       string // software, pkcs11, sam
	Production bool   // whether production may use it
	Masters    map[Role]Master
	// Older are masters that cards may still be under, newest first: generations before the present
	// one, transport keys of other consignments. They open channels and make no key block.
	Older map[Role][]Master
	// Challenge makes 8 unpredictable bytes. Safe for concurrent use.
	Challenge func() ([8]byte, error)
	// CounterOnlyWithData opens every channel for chips with that quirk.
	CounterOnlyWithData bool
}

// Host opens secure channels with keys diversified from masters (KDF3). It satisfies
// applet.KeySource; its methods promise what stands there. A host that was given a key which
// the whole world knows opens no channel and makes no key block.
type Host struct {
	config  Config
	refused error

	mu   sync.Mutex
	next int
	open map[int]*Channel
}

// NewHost takes masters as they are; roles may be missing.
func NewHost(config Config) *Host {
	h := &Host{config: config, open: map[int]*Channel{}}
	for _, role := range Roles {
		for _, m := range h.all(role) {
			if name, known := WellKnown(m.KCV); known {
				h.refused = wellKnownKey.At("keys.NewHost", nil).With(string(role), "this is the %s", name)
				return h
			}
		}
	}
	return h
}

// all are the masters of a role, the present one first.
func (h *Host) all(role Role) []Master {
	m, ok := h.config.Masters[role]
	if !ok {
		return h.config.Older[role]
	}
	return append([]Master{m}, h.config.Older[role]...)
}

// Describe names the kind, whether production may use it, and the key check values by role.
func (h *Host) Describe(context.Context) (kind string, production bool, kcv map[string]string, err error) {
	kcv = map[string]string{}
	for role, m := range h.config.Masters {
		kcv[string(role)] = hex.EncodeToString(m.KCV[:])
	}
	return h.config.Kind, h.config.Production && h.refused == nil, kcv, h.refused
}

// Challenge makes a host challenge.
func (h *Host) Challenge(_ context.Context, kvn byte) ([8]byte, error) {
	if _, err := h.master("keys.Host.Challenge", kvn); err != nil {
		return [8]byte{}, err
	}
	return h.config.Challenge()
}

// master finds the master key for a key version.
func (h *Host) master(op string, kvn byte) (Master, error) {
	if h.refused != nil {
		return Master{}, h.refused
	}
	role, ok := RoleOf(kvn)
	if !ok {
		return Master{}, NoKey.At(op, nil).With("kvn", "key version %02X has no role", kvn)
	}
	m, ok := h.config.Masters[role]
	if !ok {
		return Master{}, NoKey.At(op, nil).With("kvn", "there is no %s here", role)
	}
	return m, nil
}

// Open checks the card cryptogram and returns a channel handle with EXTERNAL AUTHENTICATE. The
// card's answer proves which generation of the master it is under; it is compared here with each of
// them, and the card counts no failure.
func (h *Host) Open(_ context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	if _, err := h.master("keys.Host.Open", kvn); err != nil {
		return 0, nil, err
	}
	role, _ := RoleOf(kvn)
	o := Opening{KVN: kvn, KDD: kdd, Challenge: challenge, Level: level, CounterOnlyWithData: h.config.CounterOnlyWithData, Application: application}
	var c *Channel
	var command []byte
	var err error
	for _, m := range h.all(role) {
		if c, command, err = m.open(o, answer); err == nil || !fault.Is(err, CardCryptogramWrong) {
			break
		}
	}
	if err != nil {
		return 0, nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	h.open[h.next] = c
	return h.next, command, nil
}

// open opens a channel with the card's keys under this master.
func (m Master) open(o Opening, answer []byte) (*Channel, []byte, error) {
	set, err := Diversify(m.MAC, o.KDD, m.Size)
	if err != nil {
		return nil, nil, err
	}
	defer set.Wipe()
	static, err := set.Static()
	if err != nil {
		return nil, nil, err
	}
	return OpenChannel(static, o, answer)
}

// channel finds an open channel.
func (h *Host) channel(op string, handle int) (*Channel, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.open[handle]
	if !ok {
		return nil, NoChannel.At(op, nil)
	}
	return c, nil
}

// Wrap protects a plain command.
func (h *Host) Wrap(_ context.Context, handle int, command []byte) ([]byte, error) {
	c, err := h.channel("keys.Host.Wrap", handle)
	if err != nil {
		return nil, err
	}
	return c.Wrap(command)
}

// Unwrap opens an answer.
func (h *Host) Unwrap(_ context.Context, handle int, answer []byte) ([]byte, error) {
	c, err := h.channel("keys.Host.Unwrap", handle)
	if err != nil {
		return nil, err
	}
	return c.Unwrap(answer)
}

// KeyBlock makes the PUT KEY data for the card's key set of version target under the Key-DEK of
// the channel.
func (h *Host) KeyBlock(_ context.Context, handle int, target byte, kdd [10]byte) ([]byte, [3][3]byte, error) {
	const op = "keys.Host.KeyBlock"
	var none [3][3]byte
	c, err := h.channel(op, handle)
	if err != nil {
		return nil, none, err
	}
	if c.dead {
		return nil, none, NoChannel.At(op, nil)
	}
	m, err := h.master(op, target)
	if err != nil {
		return nil, none, err
	}
	set, err := Diversify(m.MAC, kdd, m.Size)
	if err != nil {
		return nil, none, err
	}
	defer set.Wipe()
	return keyBlock(c.dek, target, set)
}

// Close ends a channel; an unknown handle changes nothing.
func (h *Host) Close(handle int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c, ok := h.open[handle]; ok {
		c.Wipe()
		delete(h.open, handle)
	}
}
