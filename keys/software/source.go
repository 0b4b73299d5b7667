package software

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"

	"blanko/keys"
)

// Kind is the word that Describe gives.
const Kind = "software"

// masterSize is AES-128, as the card profile KTPEL-OP 1 has it for every role.
const masterSize = 16

// Source satisfies applet.KeySource with masters made from a seed. Safe for concurrent use by
// different handles.
type Source struct {
	*keys.Host
	masters map[keys.Role][]byte
}

// New makes the source of a seed. The same seed gives the same masters and the same host
// challenges in the same order.
func New(seed []byte) *Source {
	s := &Source{masters: map[keys.Role][]byte{}}
	config := keys.Config{Kind: Kind, Masters: map[keys.Role]keys.Master{}}
	for _, role := range keys.Roles {
		key := derive(seed, "master "+string(role), masterSize)
		m, err := keys.NewMaster(key)
		if err != nil {
			panic(err) // 16 bytes are an AES key
		}
		s.masters[role], config.Masters[role] = key, m
	}
	var count atomic.Uint64
	config.Challenge = func() (c [8]byte, err error) {
		info := binary.BigEndian.AppendUint64([]byte("host challenge "), count.Add(1))
		copy(c[:], derive(seed, string(info), len(c)))
		return c, nil
	}
	s.Host = keys.NewHost(config)
	return s
}

// String never shows a key.
func (*Source) String() string { return "Source(redacted)" }

// GoString never shows a key.
func (s *Source) GoString() string { return s.String() }

// Master is the master key of a role, for handing to a virtual chip maker or SAM that derives
// card keys with its own code. Nil for an unknown role.
func (s *Source) Master(role keys.Role) []byte {
	return append([]byte(nil), s.masters[role]...)
}

// derive stretches the seed for one purpose (HKDF, RFC 5869, SHA-256).
func derive(seed []byte, purpose string, size int) []byte {
	const salt = "blanko development keys 1"
	out, err := hkdf.Key(sha256.New, seed, []byte(salt), purpose, size)
	if err != nil {
		panic(err) // sizes here are far below HKDF's limit
	}
	return out
}
