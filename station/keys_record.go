package station

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"blanko/registry/osia"
)

// KeysRecordCommands are blanko keys record: the keys that open what the center has encrypted of a record.
type KeysRecordCommands struct {
	New    KeysRecordNewCommand    `cmd:"" help:"Make a file with a new private key, for center.record_keys. A file that is there gets none: several keys are put one after the other by hand."`
	Public KeysRecordPublicCommand `cmd:"" help:"Print the public keys of center.record_keys as a JWK set (RFC 7517), for the data center. It encrypts for one of them and names it by its kid."`
}

// KeysRecordNewCommand is blanko keys record new.
type KeysRecordNewCommand struct {
	File string `arg:"" help:"File to make; one that is there is left as it is."`
}

// Run makes the file.
func (c KeysRecordNewCommand) Run(_ context.Context, t Terminal) error {
	refused := func(err error) error {
		return OutputRefused.At("station.keys_record", err).With("file", "%s", c.File)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	id, err := osia.KeyID(&key.PublicKey)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	defer clear(der)
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return refused(err)
	}
	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return refused(err)
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("Dibuat: kunci data %s dalam %s.", "Made: record key %s in %s.", id, c.File)))
	return err
}

// KeysRecordPublicCommand is blanko keys record public.
type KeysRecordPublicCommand struct{ ConfigFile }

// recordJWK is a public key as the center gets it.
type recordJWK struct {
	osia.JWK
	KID string `json:"kid"`
	Use string `json:"use"`
	Alg string `json:"alg"`
}

// Run prints them.
func (c KeysRecordPublicCommand) Run(_ context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	list, err := cfg.recordKeyList()
	if err != nil {
		return err
	}
	set := struct {
		Keys []recordJWK `json:"keys"`
	}{[]recordJWK{}}
	for _, k := range list {
		jwk, err := osia.PublicJWK(&k.Private.PublicKey)
		if err != nil {
			return err
		}
		set.Keys = append(set.Keys, recordJWK{jwk, k.ID, "enc", "ECDH-ES"})
	}
	return printJSON(t.Out, set)
}
