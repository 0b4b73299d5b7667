package station

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"blanko/registry/osia"
)

// maxRecordKeys bounds the file of keys that open records, in bytes.
const maxRecordKeys = 64 << 10

// recordKey is one key that opens what the center has encrypted.
type recordKey struct {
	ID      string // kid
	Private *ecdsa.PrivateKey
}

// recordKeyList reads the file of keys that open records, in its order: private keys on P-256 in PEM, closed to
// others. Nil where the configuration names none.
func (c Config) recordKeyList() (list []recordKey, err error) {
	const op, field = "station.recordKeys", "center.record_keys"
	name := c.Center.RecordKeys
	if name == "" {
		return nil, nil
	}
	text, err := readSecret(name, maxRecordKeys)
	if errors.Is(err, errOpenToOthers) {
		return nil, CenterMisbuilt.At(op, nil).With(field, "it may be read by others, or is no plain file")
	}
	if err != nil {
		return nil, CenterMisbuilt.At(op, err).With(field, "the file cannot be read")
	}
	defer clear(text)
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "EC PARAMETERS" { // openssl writes them before a key
			continue
		}
		key, err := privateKey(block)
		clear(block.Bytes)
		if err != nil { // the cause could tell of the key
			return nil, CenterMisbuilt.At(op, nil).With(field, "key %d is no private key on P-256 in PEM", len(list)+1)
		}
		list = append(list, key)
	}
	if len(list) == 0 {
		return nil, CenterMisbuilt.At(op, nil).With(field, "there is no PRIVATE KEY in it")
	}
	return list, nil
}

// recordKeys are the keys that open records, by their ids.
func (c Config) recordKeys() (osia.Keys, error) {
	list, err := c.recordKeyList()
	keys := osia.Keys{}
	for _, k := range list {
		keys[k.ID] = k.Private
	}
	return keys, err
}

// privateKey reads a key as PKCS #8 or SEC 1 has it.
func privateKey(block *pem.Block) (recordKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if block.Type == "EC PRIVATE KEY" {
		parsed, err = x509.ParseECPrivateKey(block.Bytes)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok || key.Curve != elliptic.P256() {
		return recordKey{}, errors.Join(err, errors.New("not a key on P-256"))
	}
	id, err := osia.KeyID(&key.PublicKey)
	return recordKey{id, key}, err
}
