package inspect

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"time"

	"blanko/ktp"
)

// ListedCard is a card of a status list that is written.
type ListedCard struct {
	Chip ktp.ChipUID `json:"chip"`
	CardStatus
}

// SealStatusList writes a signed [StatusList]: a compact JWS by a key on P-256, whose signatures are ECDSA-Sig-Value
// (RFC 3279, section 2.2.3). ParseStatusList reads it where that key is known. inspect.status_list_unusable for what it
// would refuse.
func SealStatusList(number int64, date time.Time, cards []ListedCard, key crypto.Signer) ([]byte, error) {
	const op = "inspect.SealStatusList"
	public, ok := key.Public().(*ecdsa.PublicKey)
	if !ok || public.Params().Name != "P-256" {
		return nil, StatusListUnusable.At(op, nil).With("key", "not a key on P-256")
	}
	id, err := KeyID(public)
	if err != nil {
		return nil, err
	}
	if cards == nil {
		cards = []ListedCard{}
	}
	payload, err := json.Marshal(struct {
		Format string       `json:"format"`
		Number int64        `json:"number"`
		Date   time.Time    `json:"date"`
		Cards  []ListedCard `json:"cards"`
	}{statusListFormat, number, date.UTC().Truncate(time.Second), cards})
	if err != nil {
		return nil, err
	}
	header, err := json.Marshal(struct {
		Alg string `json:"alg"`
		Kid string `json:"kid"`
		Typ string `json:"typ"`
	}{"ES256", hex.EncodeToString(id[:]), statusListType})
	if err != nil {
		return nil, err
	}
	text := base64.RawURLEncoding.AppendEncode(nil, header)
	text = base64.RawURLEncoding.AppendEncode(append(text, '.'), payload)
	sum := sha256.Sum256(text)
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var value struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(signature, &value); err != nil || len(rest) > 0 {
		return nil, StatusListUnusable.At(op, err).With("signature", "not an ECDSA-Sig-Value")
	}
	raw := make([]byte, rawSignature)
	value.R.FillBytes(raw[:rawSignature/2])
	value.S.FillBytes(raw[rawSignature/2:])
	text = base64.RawURLEncoding.AppendEncode(append(text, '.'), raw)
	if _, err := ParseStatusList(text, Trust{CenterKeys: map[[8]byte]*ecdsa.PublicKey{id: public}}); err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}
