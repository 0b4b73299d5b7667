package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
)

// Protocol is the record of a key ceremony: who was there, which keys came to be and how. The token
// signs it with a key of its own (Attestation), so that a protocol belongs to one token and cannot be
// written afterwards on another machine. The persons sign the printed one.
type Protocol struct {
	Version int            `json:"version"` // protocolVersion
	Place   string         `json:"place"`
	Began   time.Time      `json:"began"`
	Ended   time.Time      `json:"ended"`
	Token   ProtocolToken  `json:"token"`
	Persons []Person       `json:"persons"`
	Keys    []ProtocolKey  `json:"keys"`
	Steps   []ProtocolStep `json:"steps"`
	Program string         `json:"program"` // its version
	// Attestation is the public key of the token's own key (SPKI, base64), and Signature that key's
	// over everything before it (ECDSA with SHA-256, DER, base64).
	Attestation string `json:"attestation"`
	Signature   string `json:"signature"`
}

// protocolVersion is the form of a protocol.
const protocolVersion = 1

// ProtocolToken says where the keys lie.
type ProtocolToken struct {
	Label        string `json:"label"`
	Serial       string `json:"serial"`
	Manufacturer string `json:"manufacturer"`
	Model        string `json:"model"`
	Hardware     bool   `json:"hardware"`
}

// Duty of a person at a ceremony.
type Duty string

const (
	Leader  Duty = "leader"  // runs the program, holds no share
	Holder  Duty = "holder"  // of a share
	Witness Duty = "witness" // compares and signs
)

// Person who was there.
type Person struct {
	Name string `json:"name"`
	Duty Duty   `json:"duty"`
}

// Way in which a key came onto a token.
type Way string

const (
	Generated Way = "generated" // on the token; nobody has seen it and there is no copy
	Shared    Way = "shared"    // generated, divided among holders, loaded
	Combined  Way = "combined"  // put together of the holders' shares, loaded
	Destroyed Way = "destroyed" // gone from the token
	Certified Way = "certified" // a pair, maybe of another token, whose certificate an authority issued
)

// ProtocolKey is one key of the ceremony.
type ProtocolKey struct {
	Role       Role   `json:"role"`
	Generation int    `json:"generation"`
	Bits       int    `json:"bits,omitempty"`
	KCV        string `json:"kcv,omitempty"`    // hex, of a master
	Public     string `json:"public,omitempty"` // SPKI, base64, of a pair
	Way        Way    `json:"way"`
	Needed     int    `json:"needed,omitempty"` // shares
	Of         int    `json:"of,omitempty"`
}

// ProtocolStep is one thing that was done.
type ProtocolStep struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// maxProtocol bounds a protocol, in bytes.
const maxProtocol = 1 << 20

// leastPersons is dual control: nobody is alone with a key.
const leastPersons = 2

// complete says what a protocol lacks, "" when nothing.
func (p Protocol) complete() string {
	names := map[string]bool{}
	for _, person := range p.Persons {
		names[strings.ToLower(strings.Join(strings.Fields(person.Name), " "))] = true
	}
	switch {
	case p.Version != protocolVersion:
		return "its form is not known"
	case names[""]:
		return "a person has no name"
	case len(names) != len(p.Persons):
		return "a person stands in it twice"
	case len(names) < leastPersons:
		return "fewer than two persons were there"
	case p.Token.Serial == "":
		return "the token has no serial number"
	case len(p.Keys) == 0:
		return "it is about no key"
	case p.Began.IsZero() || p.Ended.Before(p.Began):
		return "its times are not in order"
	}
	return ""
}

// signed are the bytes under the signature.
func (p Protocol) signed() ([]byte, error) {
	p.Signature = ""
	return json.Marshal(p)
}

// Sign closes a protocol with the token's own key. random may be nil for a token.
func (p Protocol) Sign(random io.Reader, key crypto.Signer) (Protocol, error) {
	const op = "keys.Protocol.Sign"
	p.Version = protocolVersion
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return p, ProtocolWrong.At(op, err)
	}
	p.Attestation = base64.StdEncoding.EncodeToString(public)
	if lack := p.complete(); lack != "" {
		return p, ProtocolWrong.At(op, nil).With("protocol", "%s", lack)
	}
	text, err := p.signed()
	if err != nil {
		return p, ProtocolWrong.At(op, err)
	}
	digest := sha256.Sum256(text)
	signature, err := key.Sign(random, digest[:], crypto.SHA256)
	if err != nil {
		return p, err
	}
	p.Signature = base64.StdEncoding.EncodeToString(signature)
	return p, nil
}

// Encode is the file of a protocol.
func (p Protocol) Encode() ([]byte, error) {
	b, err := json.MarshalIndent(p, "", "  ")
	return append(b, '\n'), err
}

// ParseProtocol reads a protocol and checks its signature under the key that it names. Whose key that
// is, Tells says.
func ParseProtocol(text []byte) (Protocol, error) {
	const op = "keys.ParseProtocol"
	var p Protocol
	wrong := func(format string, args ...any) (Protocol, error) {
		return Protocol{}, ProtocolWrong.At(op, nil).With("protocol", format, args...)
	}
	if len(text) > maxProtocol {
		return wrong("more than %d bytes", maxProtocol)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Protocol{}, ProtocolWrong.At(op, err)
	}
	if again, err := p.Encode(); err != nil || !bytes.Equal(again, text) {
		return wrong("it is not as it was written")
	}
	if lack := p.complete(); lack != "" {
		return wrong("%s", lack)
	}
	public, err := p.attestation()
	if err != nil {
		return wrong("the key of the token cannot be read")
	}
	body, err := p.signed()
	if err != nil {
		return Protocol{}, ProtocolWrong.At(op, err)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(p.Signature)
	digest := sha256.Sum256(body)
	if err != nil || !ecdsa.VerifyASN1(public, digest[:], signature) {
		return wrong("its signature is wrong")
	}
	return p, nil
}

func (p Protocol) attestation() (*ecdsa.PublicKey, error) {
	der, err := base64.StdEncoding.Strict().DecodeString(p.Attestation)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	public, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return nil, io.ErrUnexpectedEOF
	}
	return public, nil
}

// Tells is what this protocol, signed by the token's own key, says of a master with this check value: the way
// it came onto the token, or left it.
func (p Protocol) Tells(token *ecdsa.PublicKey, serial string, role Role, generation int, kcv string) (way Way, told bool) {
	public, err := p.attestation()
	if err != nil || !public.Equal(token) || p.Token.Serial != serial {
		return "", false
	}
	at := slices.IndexFunc(p.Keys, func(k ProtocolKey) bool { return k.Role == role && k.Generation == generation && k.KCV == kcv })
	if at < 0 {
		return "", false
	}
	return p.Keys[at].Way, true
}
