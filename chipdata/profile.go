package chipdata

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"

	"github.com/goccy/go-yaml"
)

// Profile is one version of the card's tables: files, budgets, keys, access. It holds no key,
// no APDU and no step (card profile KTPEL-OP 1, section 11).
type Profile struct {
	Name        string        `yaml:"name"`     // ktpel-op-1-32k: the file's name
	ID          string        `yaml:"id"`       // eight ASCII characters, bytes 0 to 7 of EF.PROF
	Version     byte          `yaml:"version"`  // files, keys, access rules
	Revision    byte          `yaml:"revision"` // budgets, quirks
	Program     string        `yaml:"program"`  // oldest program version that may use it
	UsableBytes int           `yaml:"usable_bytes"`
	AID         Hex           `yaml:"aid"`      // issuer and SAM view
	ICAOAID     Hex           `yaml:"icao_aid"` // ICAO view
	Chunk       int           `yaml:"chunk"`    // most plain bytes of one UPDATE or READ BINARY
	Quirks      Quirks        `yaml:"quirks"`
	Keys        KeyTable      `yaml:"keys"`
	Files       []FileSpec    `yaml:"files"` // write order: EF.PROF (the claim), data, EF.SOD last
	Photo       PictureBudget `yaml:"photo"`
	Signature   PictureBudget `yaml:"signature"`
	Minutiae    MinutiaeRule  `yaml:"minutiae"`
	Deviations  []string      `yaml:"deviations"` // from Doc 9303, in words
	Access      []AccessRule  `yaml:"access"`     // what a stranger must be answered on an active card
	sum         [sha256.Size]byte
}

// Quirks of the chip type.
type Quirks struct {
	ExtendedLength      bool `yaml:"extended_length"`        // APDUs beyond 255 bytes of data, where the card's EF.ATR/INFO promises them
	CounterOnlyWithData bool `yaml:"counter_only_with_data"` // C-ENC counter rises only with commands that carry data
}

// KeyTable names the key versions and the one secure channel.
type KeyTable struct {
	Transport  byte   `yaml:"transport"`  // KVN 30, from the chip maker
	Issuer     byte   `yaml:"issuer"`     // KVN 31, personalization
	SAM        byte   `yaml:"sam"`        // KVN 38, reading
	Admin      byte   `yaml:"admin"`      // KVN 39, block, unblock, terminate
	SCP        byte   `yaml:"scp"`        // 03
	I          byte   `yaml:"i"`          // 70: pseudo-random challenge, R-MAC, R-ENC
	Level      byte   `yaml:"level"`      // 33: C-MAC, C-ENC, R-MAC, R-ENC
	MACLength  int    `yaml:"mac_length"` // bytes
	KeyLength  int    `yaml:"key_length"` // bytes
	Derivation string `yaml:"derivation"` // kdf3
}

// FileSpec is one transparent EF.
type FileSpec struct {
	FID       uint16   `yaml:"fid"`
	SFI       byte     `yaml:"sfi"`
	Name      string   `yaml:"name"`
	Builder   Builder  `yaml:"builder"`
	Codecs    []string `yaml:"codecs"`    // jpeg2000, jpeg; of picture files
	Hash      string   `yaml:"hash"`      // where its SHA-256 stands: sod, manifest, or empty
	Read      string   `yaml:"read"`      // issuer view of an active card: free, or sam
	ICAO      bool     `yaml:"icao"`      // shown in the ICAO view
	Reference int      `yaml:"reference"` // bytes in the benchmark record
}

// DataGroup is the number of the LDS data group, 0 for other files.
func (f FileSpec) DataGroup() int {
	if n := int(f.FID) - 0x0100; n >= 1 && n <= 16 {
		return n
	}
	return 0
}

// Builder names the content of a file.
type Builder string

const (
	BuildPROF    Builder = "prof" // EF.PROF, written by the claim
	BuildCOM     Builder = "com"
	BuildDG1     Builder = "dg1"
	BuildDG2     Builder = "dg2"
	BuildDG7     Builder = "dg7"
	BuildDG11    Builder = "dg11"
	BuildDG11And Builder = "dg11+dg12" // DG11 with issue date, personalization time and station
	BuildDG12    Builder = "dg12"
	BuildDG13    Builder = "dg13"
	BuildDG14    Builder = "dg14"
	BuildDG15    Builder = "dg15"
	BuildFinger1 Builder = "finger1"
	BuildFinger2 Builder = "finger2"
	BuildBIO     Builder = "bio"
	BuildSOD     Builder = "sod"
)

// PictureBudget bounds a picture file and its quality.
type PictureBudget struct {
	Least int    `yaml:"least"` // bytes of picture below which no size is tried
	Most  int    `yaml:"most"`  // bytes of the file, header included
	Sizes []Size `yaml:"sizes"` // tried in this order, largest first
}

// Size is a pixel size with its quality floor.
type Size struct {
	Width  int     `yaml:"width"`
	Height int     `yaml:"height"`
	Floor  float64 `yaml:"floor"` // PSNR in dB of the decoded picture against the scaled source
}

// MinutiaeRule bounds the finger records; there is no step in between.
type MinutiaeRule struct {
	Most  int `yaml:"most"`  // of the large record: 60
	Least int `yaml:"least"` // most of the small record: 40
}

// AccessRule is one thing a stranger tries on an active card and the one right answer
// (card profile KTPEL-OP 1, section 8.4).
type AccessRule struct {
	Name    string `yaml:"name"`
	View    string `yaml:"view"`    // icao, issuer
	Channel string `yaml:"channel"` // plain, sam
	Act     string `yaml:"act"`     // read, update, initialize_update
	File    uint16 `yaml:"file"`    // of read and update
	KVN     byte   `yaml:"kvn"`     // of initialize_update
	SW      uint16 `yaml:"sw"`      // expected status word
}

// Hex is bytes written as hex digits.
type Hex []byte

// UnmarshalText reads hex digits of either case.
func (h *Hex) UnmarshalText(b []byte) error {
	v, err := hex.DecodeString(string(b))
	if err != nil {
		return fmt.Errorf("not hex digits")
	}
	*h = v
	return nil
}

// MarshalText writes upper-case hex digits.
func (h Hex) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%X", []byte(h)), nil }

//go:embed profiles/*.yaml
var profiles embed.FS

// LoadProfile reads an embedded profile by name: ktpel-op-1-32k or ktpel-op-1-8k.
// An unknown name is fault code chipdata.profile_unknown.
func LoadProfile(name string) (*Profile, error) {
	b, err := profiles.ReadFile("profiles/" + name + ".yaml")
	if err != nil {
		return nil, profileUnknown.At("chipdata.LoadProfile", nil).With("profile", "%q is not embedded", name)
	}
	return ParseProfile(b)
}

// ParseProfile reads a profile strictly: an unknown key, a missing table or a number out of
// range is fault code chipdata.profile_malformed.
func ParseProfile(b []byte) (*Profile, error) {
	p := &Profile{sum: sha256.Sum256(b)}
	if len(b) > maxProfile {
		return nil, profileMalformed.At("chipdata.ParseProfile", nil).With("profile", "%d bytes, at most %d", len(b), maxProfile)
	}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(p); err != nil {
		return nil, profileMalformed.At("chipdata.ParseProfile", err)
	}
	if field, reason := p.check(); reason != "" {
		return nil, profileMalformed.At("chipdata.ParseProfile", nil).With(field, "%s", reason)
	}
	return p, nil
}

// maxProfile bounds a profile file, bytes; the embedded ones have about 6,000.
const maxProfile = 64 << 10

// Hash is the SHA-256 of the profile file; it goes into every card record.
func (p *Profile) Hash() [32]byte { return p.sum }

// File finds the file with that builder.
func (p *Profile) File(b Builder) (FileSpec, bool) {
	for _, f := range p.Files {
		if f.Builder == b {
			return f, true
		}
	}
	return FileSpec{}, false
}

// FileByID finds the file with that FID.
func (p *Profile) FileByID(fid uint16) (FileSpec, bool) {
	for _, f := range p.Files {
		if f.FID == fid {
			return f, true
		}
	}
	return FileSpec{}, false
}

// NeedsChipKeys reports whether the profile has files with keys that the card makes.
func (p *Profile) NeedsChipKeys() bool {
	_, ca := p.File(BuildDG14)
	_, aa := p.File(BuildDG15)
	return ca || aa
}

// DataGroups are the numbers of the profile's data groups, in file order.
func (p *Profile) DataGroups() []int {
	var out []int
	for _, f := range p.Files {
		if n := f.DataGroup(); n > 0 {
			out = append(out, n)
		}
	}
	return out
}
