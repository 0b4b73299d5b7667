package desk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// certificateName is the subject of a desk's certificate: the station asks for one of this name.
var certificateName = pkix.Name{CommonName: "Blanko desk"}

// certificateFor is how long a certificate says that it is valid. What counts is whether the station still
// knows it.
const certificateFor = 10 * 365 * 24 * time.Hour

// Identity is what a paired desk keeps: which station, as which desk, by which key.
type Identity struct {
	Station   string   `json:"station"`   // https://name:port
	Authority string   `json:"authority"` // PEM of who vouches for the station; empty: those of the system
	Origins   []string `json:"origins"`   // of the pages that may use the devices
	Desk      string   `json:"desk"`
	Place     string   `json:"place"`

	certificate tls.Certificate
}

// Files of an identity.
const (
	identityFile    = "desk.json"
	certificateFile = "desk.pem"
	keyFile         = "desk.key"
)

// newCertificate makes a key and a certificate that it signs itself.
func newCertificate(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	const serialBits = 126
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits))
	if err != nil {
		return tls.Certificate{}, err
	}
	c := &x509.Certificate{
		SerialNumber: serial, Subject: certificateName, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateFor),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, err
}

// save writes the identity for its owner alone; the key comes first, so that no identity lacks it.
func (i Identity) save(folder string) error {
	text, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return unexpected.At("desk.save", err)
	}
	if err := saveKey(folder, i.certificate); err != nil {
		return err
	}
	return saveFile(folder, identityFile, text)
}

// saveKey writes a key and its certificate for their owner alone.
func saveKey(folder string, c tls.Certificate) error {
	const op = "desk.saveKey"
	key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return unexpected.At(op, err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return FolderUnusable.At(op, err).With("folder", "it cannot be made")
	}
	if err := saveFile(folder, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})); err != nil {
		return err
	}
	return saveFile(folder, certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}))
}

func saveFile(folder, name string, content []byte) error {
	path := filepath.Join(folder, name)
	err := os.WriteFile(path+".new", content, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return FolderUnusable.At("desk.saveFile", err).With("folder", "%s cannot be written", name)
	}
	return nil
}

// LoadIdentity reads what a pairing left in a folder; desk.not_paired where there is none.
func LoadIdentity(folder string) (i Identity, err error) {
	const op = "desk.LoadIdentity"
	text, err := os.ReadFile(filepath.Join(folder, identityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return i, NotPaired.At(op, nil)
	}
	if err == nil {
		err = json.Unmarshal(text, &i)
	}
	if err == nil {
		i.certificate, err = tls.LoadX509KeyPair(filepath.Join(folder, certificateFile), filepath.Join(folder, keyFile))
	}
	if err != nil {
		return i, FolderUnusable.At(op, err).With("folder", "a file of the pairing cannot be read")
	}
	return i, nil
}
