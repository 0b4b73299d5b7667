package station

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/keys"
	"blanko/keys/pkcs11"
)

// keyring is the keys of a station: a token that may come and go, the certificate of its signer, the
// protocols of its ceremonies. It satisfies applet.KeySource and is the key of the signer; both work
// whenever the token is there and production may use what it holds.
type keyring struct {
	token  *pkcs11.Token
	signer *x509.Certificate
	rules  keys.Production // without what only the token tells
	// anchors is the folder of the authorities and their revocation lists.
	anchors string
	now     func() time.Time

	// source is never nil: before the token was there it has no key.
	source atomic.Pointer[pkcs11.Source]
	// own is the key by which the token signs, once it was asked.
	own atomic.Pointer[ecdsa.PublicKey]

	mu      sync.Mutex // while the rules are asked
	made    bool
	looked  time.Time // when the rules were last asked, zero: never
	refused error
}

// lookAgain is how often the rules are asked again while nothing changes: a signer's time ends.
const lookAgain = time.Minute

// keyring reads what the configuration names and loads the module; the token may be away. A file that
// is missing or wrong is station.keys_misbuilt with its field.
func (c Config) keyring(workers int, now func() time.Time) (*keyring, error) {
	const op = "station.keyring"
	k := &keyring{now: now}
	k.source.Store(&pkcs11.Source{Host: keys.NewHost(keys.Config{Kind: pkcs11.Kind})})
	if c.Keys.Kind != pkcs11.Kind {
		return nil, KeysMissing.At(op, nil).With("keys.kind", "%q", c.Keys.Kind)
	}
	var err error
	if k.signer, err = onlyCertificate(c.Keys.Signer); err != nil {
		return nil, KeysMisbuilt.At(op, err).With("keys.signer", "%s: one certificate in PEM is wanted", c.Keys.Signer)
	}
	k.rules.Signer = k.signer
	k.anchors = c.Keys.Anchors
	if err = k.readAnchors(); err != nil {
		return nil, err
	}
	if k.rules.Protocols, err = protocols(c.Keys.Protocols); err != nil {
		return nil, err
	}
	k.token, err = pkcs11.New(pkcs11.Config{
		Module: c.Keys.Module, Label: c.Keys.Token, Serial: c.Keys.Serial, Workers: workers, PIN: func() ([]byte, error) { return readPIN(c.Keys.PINFile) },
	})
	return k, err
}

// Ready reports whether a card may be fed: the token is there, and nothing speaks against its keys. It
// is what a line's gate asks.
func (k *keyring) Ready(ctx context.Context) error {
	if err := k.token.Ready(ctx); err != nil {
		return err
	}
	_, err := k.open(ctx)
	return err
}

// readAnchors reads the authorities and their revocation lists as they lie in their folder now: a
// revocation reaches a station that runs, by an authority that came later, too.
func (k *keyring) readAnchors() error {
	const op = "station.readAnchors"
	authorities, err := certificates(k.anchors)
	if err != nil {
		return KeysMisbuilt.At(op, err).With("keys.anchors", "%s: a folder with CSCA certificates in PEM is wanted", k.anchors)
	}
	lists, err := revocationLists(k.anchors)
	if err != nil {
		return KeysMisbuilt.At(op, err).With("keys.anchors", "%s: a revocation list in it cannot be read", k.anchors)
	}
	k.rules.Anchors, k.rules.Revoked = authorities, lists
	return nil
}

// open gives the key source, proving the keys anew now and then, by the authorities and revocation lists of that
// moment. The source is that of the first time:
// keys that were changed since are taken by the next start, which two persons release.
func (k *keyring) open(ctx context.Context) (*pkcs11.Source, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := k.now()
	if !k.looked.IsZero() && at.Sub(k.looked) < lookAgain && !at.Before(k.looked) {
		return k.source.Load(), k.refused
	}
	if err := k.readAnchors(); err != nil {
		return nil, err
	}
	list, err := k.token.Keys(ctx)
	if err != nil {
		return nil, err
	}
	p := k.production(list)
	k.own.Store(p.Own())
	k.refused = errors.Join(keyRefusals(p)...)
	if k.refused == nil && !k.made {
		s, err := k.token.Source(ctx, true)
		if err != nil {
			return nil, err
		}
		k.source.Store(s)
		k.made = true
	}
	k.looked = at
	return k.source.Load(), k.refused
}

// production is everything that decides about the keys, with what the token tells now.
func (k *keyring) production(list []pkcs11.Key) keys.Production {
	p := k.rules
	p.Now, p.Token = k.now(), protocolToken(k.token.About())
	p.Keys = heldKeys(list)
	return p
}

func heldKeys(list []pkcs11.Key) (held []keys.Held) {
	for _, k := range list {
		held = append(held, k.Held())
	}
	return held
}

func protocolToken(a pkcs11.About) keys.ProtocolToken {
	return keys.ProtocolToken{Label: a.Label, Serial: a.Serial, Manufacturer: a.Manufacturer, Model: a.Model, Hardware: a.Hardware}
}

// keyRefusals are those of the rules as errors.
func keyRefusals(p keys.Production) (out []error) {
	for _, r := range p.Refusals() {
		out = append(out, r)
	}
	return out
}

// chipSigner is the document signer of the lines.
func (k *keyring) chipSigner() chipdata.Signer {
	return chipdata.Signer{Certificate: k.signer.Raw, Key: signerKey{k}}
}

// signerKey is the key of the signer's certificate, on the token.
type signerKey struct{ ring *keyring }

var _ crypto.Signer = signerKey{}

func (s signerKey) Public() crypto.PublicKey { return s.ring.signer.PublicKey }

func (s signerKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	ctx := context.Background()
	if _, err := s.ring.open(ctx); err != nil {
		return nil, err
	}
	key, err := s.ring.token.SignerOf(ctx, s.ring.signer)
	if err != nil {
		return nil, err
	}
	return key.Sign(random, digest, opts)
}

// Describe tells of the token's keys.
func (k *keyring) Describe(ctx context.Context) (kind string, production bool, kcv map[string]string, err error) {
	s, err := k.open(ctx)
	if err != nil {
		return pkcs11.Kind, false, nil, err
	}
	return s.Describe(ctx)
}

// Challenge makes a host challenge.
func (k *keyring) Challenge(ctx context.Context, kvn byte) ([8]byte, error) {
	s, err := k.open(ctx)
	if err != nil {
		return [8]byte{}, err
	}
	return s.Challenge(ctx, kvn)
}

// Open opens a channel.
func (k *keyring) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	s, err := k.open(ctx)
	if err != nil {
		return 0, nil, err
	}
	return s.Open(ctx, kvn, kdd, challenge, level, answer)
}

// opened is the source of a channel that is open: what was allowed when it was opened is finished,
// however long the token takes to answer another line.
func (k *keyring) opened() *pkcs11.Source { return k.source.Load() }

// Wrap protects a command.
func (k *keyring) Wrap(ctx context.Context, handle int, capdu []byte) ([]byte, error) {
	return k.opened().Wrap(ctx, handle, capdu)
}

// Unwrap opens an answer.
func (k *keyring) Unwrap(ctx context.Context, handle int, rapdu []byte) ([]byte, error) {
	return k.opened().Unwrap(ctx, handle, rapdu)
}

// KeyBlock makes the data of PUT KEY.
func (k *keyring) KeyBlock(ctx context.Context, handle int, target byte, kdd [10]byte) ([]byte, [3][3]byte, error) {
	return k.opened().KeyBlock(ctx, handle, target, kdd)
}

// Close wipes a channel.
func (k *keyring) Close(handle int) { k.opened().Close(handle) }

// onlyCertificate reads a file with one certificate.
func onlyCertificate(path string) (*x509.Certificate, error) {
	text, err := readSmall(path, maxPEM)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" || len(strings.TrimSpace(string(rest))) > 0 {
		return nil, errNoCertificate
	}
	return x509.ParseCertificate(block.Bytes)
}

// inFolder calls read for the small files of a folder that end so.
func inFolder(dir, end string, read func(text []byte) error) error {
	if dir == "" { // else it would be the folder of the process
		return nil
	}
	list, err := filepath.Glob(filepath.Join(dir, "*"+end))
	if err != nil {
		return err
	}
	for _, path := range list {
		text, err := readSmall(path, maxPEM)
		if err == nil {
			err = read(text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// certificates reads the authorities of a folder: every certificate in its files *.pem.
func certificates(dir string) (out []*x509.Certificate, err error) {
	if dir == "" {
		return nil, os.ErrNotExist
	}
	err = inFolder(dir, ".pem", func(text []byte) error {
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if block.Type != "CERTIFICATE" {
				continue
			}
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return err
			}
			if c.IsCA {
				out = append(out, c)
			}
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = errNoCertificate
	}
	return out, err
}

// revocationLists reads the lists that lie beside the authorities: *.crl, in PEM.
func revocationLists(dir string) (out []*x509.RevocationList, err error) {
	err = inFolder(dir, ".crl", func(text []byte) error {
		block, _ := pem.Decode(text)
		if block == nil {
			return errNoCertificate
		}
		l, err := x509.ParseRevocationList(block.Bytes)
		out = append(out, l)
		return err
	})
	return out, err
}

// protocols reads those of a folder: *.json.
func protocols(dir string) (out []keys.Protocol, err error) {
	if dir == "" {
		return nil, nil
	}
	err = inFolder(dir, ".json", func(text []byte) error {
		p, err := keys.ParseProtocol(text)
		out = append(out, p)
		return err
	})
	if err != nil && fault.CodeOf(err) == "" {
		err = KeysMisbuilt.At("station.protocols", err).With("keys.protocols", "%s: a protocol in it cannot be read", dir)
	}
	return out, err
}

// maxPIN bounds a PIN, in bytes.
const maxPIN = 256

// readPIN reads the PIN of a token: a file of this user that nobody else may read, or the name of a
// credential that systemd hands over. One line end at its end does not count.
func readPIN(path string) ([]byte, error) {
	if path == "" {
		return nil, errNoPIN
	}
	text, err := readSecret(path, maxPIN)
	if err != nil {
		return nil, err
	}
	pin := text
	if n := len(pin); n > 0 && pin[n-1] == '\n' {
		pin = pin[:n-1]
	}
	if len(pin) == 0 {
		return nil, errNoPIN
	}
	return pin, nil
}

var errNoPIN = errors.New("no PIN is given")
