package inspect

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/ktp"
)

// Standing is what the register says of a card (card profile KTPEL-OP 1, section 7.1).
type Standing string

const (
	Made       Standing = "made"     // produced, not yet handed over
	InForce    Standing = "in_force" // handed over
	Retired    Standing = "retired"  // replaced, lost, blocked, died, withdrawn
	Denied     Standing = "denied"   // on the deny list: a stolen or suspended blank, whether it became a card or not
	NotOnAList Standing = ""         // no list, or the list does not name the card
)

// standings are what a list may say.
var standings = []Standing{Made, InForce, Retired, Denied}

// StatusList tells the standing of cards by their chips. On file it is a JSON object, or the same
// object signed as a compact JWS (RFC 7515) with header {"alg":"ES256","kid":KEY ID,"typ":
// "ktp-status-list"}, where KEY ID is the id of a center key as 16 hex digits:
//
//	{"format":"ktp-status-list/1","number":12,"date":"2026-11-22T03:00:00Z","cards":[
//	  {"chip":"0000FAB101020304BA7C","standing":"made"},
//	  {"chip":"0000FAB101020304BA7D","standing":"in_force","held":true},
//	  {"chip":"0000FAB101020304BA7E","standing":"retired","reason":"lost"},
//	  {"chip":"0000FAB101020304BA7F","standing":"denied","reason":"stolen"}]}
//
// Reasons are code words: lower-case letters, digits and low lines. A plain list can retire, hold
// and deny cards; it makes none genuine and in force.
type StatusList struct {
	Number   int64
	Date     time.Time
	Signed   bool   // by a key that the reader knows; a plain file is not
	SignedBy string // key id in hex; empty: not signed
	Local    bool   // the key is a district's own, or a station's
	cards    map[ktp.ChipUID]CardStatus
}

// CardStatus is one card on a list.
type CardStatus struct {
	Standing Standing `json:"standing"`
	Reason   string   `json:"reason,omitempty"` // why it is retired, held or denied
	Held     bool     `json:"held,omitempty"`   // stopped at the next act
}

// Limits and form of a status list.
const (
	statusListFormat = "ktp-status-list/1"
	statusListType   = "ktp-status-list"
	maxStatusList    = 256 << 20 // bytes; two million cards of about 100
	rawSignature     = 64        // ES256: r and s of 32 bytes
)

var reasonWord = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

// ParseStatusList reads a list, plain or signed. A signature by a key that trust does not know, or a
// wrong one, refuses the whole list: fault code inspect.status_list_unusable, and so does a form
// that is not the one of StatusList, or a chip that stands twice.
func ParseStatusList(b []byte, trust Trust) (*StatusList, error) {
	const op = "inspect.ParseStatusList"
	if len(b) > maxStatusList {
		return nil, StatusListUnusable.At(op, nil).With("list", "more than %d bytes", maxStatusList)
	}
	b = bytes.TrimSpace(b)
	list := &StatusList{cards: map[ktp.ChipUID]CardStatus{}}
	if len(b) > 0 && b[0] != '{' {
		payload, err := list.unseal(b, trust)
		if err != nil {
			return nil, err
		}
		b = payload
	}
	var file struct {
		Format string    `json:"format"`
		Number int64     `json:"number"`
		Date   time.Time `json:"date"`
		Cards  []struct {
			Chip ktp.ChipUID `json:"chip"`
			CardStatus
		} `json:"cards"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, StatusListUnusable.At(op, err).With("list", "not the JSON of a status list")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, StatusListUnusable.At(op, nil).With("list", "something stands behind it")
	}
	if file.Format != statusListFormat || file.Number < 1 || file.Date.IsZero() {
		return nil, StatusListUnusable.At(op, nil).With("list", "format is not %q, or number or date is missing", statusListFormat)
	}
	list.Number, list.Date = file.Number, file.Date
	for n, c := range file.Cards {
		switch _, twice := list.cards[c.Chip]; {
		case !c.Chip.Valid():
			return nil, StatusListUnusable.At(op, nil).With("cards", "card %d: the chip is not 20 capital hex digits", n+1)
		case twice:
			return nil, StatusListUnusable.At(op, nil).With("cards", "card %d: the chip stands twice", n+1)
		case !slices.Contains(standings, c.Standing):
			return nil, StatusListUnusable.At(op, nil).With("cards", "card %d: the standing is unknown", n+1)
		case c.Reason != "" && !reasonWord.MatchString(c.Reason):
			return nil, StatusListUnusable.At(op, nil).With("cards", "card %d: the reason is no code word", n+1)
		}
		list.cards[c.Chip] = c.CardStatus
	}
	return list, nil
}

// unseal checks a compact JWS and returns its payload.
func (l *StatusList) unseal(b []byte, trust Trust) ([]byte, error) {
	const op = "inspect.ParseStatusList"
	bad := func(reason string) ([]byte, error) {
		return nil, StatusListUnusable.At(op, nil).With("signature", "%s", reason)
	}
	parts := strings.Split(string(b), ".")
	if len(parts) != 3 {
		return bad("neither JSON nor a compact JWS")
	}
	var raw [3][]byte
	for i, p := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.Strict().DecodeString(p); err != nil {
			return bad("not base64url")
		}
	}
	var header struct{ Alg, Kid, Typ string }
	d := json.NewDecoder(bytes.NewReader(raw[0]))
	d.DisallowUnknownFields()
	if err := d.Decode(&header); err != nil || header.Alg != "ES256" || header.Typ != statusListType {
		return bad("the header is not that of a status list under ES256")
	}
	id, err := hex.DecodeString(header.Kid)
	if err != nil || len(id) != len([8]byte{}) {
		return bad("the key id is not 16 hex digits")
	}
	key, local := trust.CenterKeys[[8]byte(id)], trust.LocalKeys[[8]byte(id)]
	if key == nil {
		key, local = trust.StatusKeys[[8]byte(id)], true
	}
	if key == nil {
		return bad("by a key that is not known here")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	sig := raw[2]
	if len(sig) != rawSignature || !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(sig[:rawSignature/2]), new(big.Int).SetBytes(sig[rawSignature/2:])) {
		return bad("it is wrong")
	}
	l.Signed, l.SignedBy, l.Local = true, hex.EncodeToString(id), local
	return raw[1], nil
}

// Len is the number of cards on the list.
func (l *StatusList) Len() int { return len(l.cards) }

// Find is what the list says of a chip; ok is false where it does not name it.
func (l *StatusList) Find(chip ktp.ChipUID) (s CardStatus, ok bool) {
	if l == nil {
		return CardStatus{}, false
	}
	s, ok = l.cards[chip]
	return s, ok
}
