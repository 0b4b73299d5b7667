package inspect

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Trust is what a reader believes before it sees a card.
type Trust struct {
	CSCAs      []*x509.Certificate          // empty: no card's signature can be checked
	Revoked    []*x509.RevocationList       // of these authorities
	CenterKeys map[[8]byte]*ecdsa.PublicKey // the data center's, and those of LocalKeys; by key id
	// LocalKeys are those of CenterKeys that belong to a district which vouches for its own
	// persons. Their cards are shown as "local anchor", never as the center's.
	LocalKeys map[[8]byte]bool
	// StatusKeys seal status lists of stations, and vouch for nothing else; by key id.
	StatusKeys map[[8]byte]*ecdsa.PublicKey
	Status     *StatusList // nil: whether a card was handed over is not known
	// StatusMaxAge is how far the day of Status may lie from Now, on either side: a list from the
	// future has no age. An older list, like an unsigned one, makes no card better. Zero: no limit.
	StatusMaxAge time.Duration
	Now          time.Time // zero: the day of a list is not compared
}

// stale reports whether the list is older than StatusMaxAge, or its age cannot be known.
func (t Trust) stale() bool {
	return t.Status != nil && t.StatusMaxAge > 0 && !t.Now.IsZero() && t.Now.Sub(t.Status.Date).Abs() > t.StatusMaxAge
}

// KeyID names a center's key: the first eight bytes of the SHA-256 of its SubjectPublicKeyInfo
// (card profile KTPEL-OP 1, section 3.3).
func KeyID(key *ecdsa.PublicKey) ([8]byte, error) {
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return [8]byte{}, TrustUnusable.At("inspect.KeyID", err).With("key", "not a public key on a named curve")
	}
	sum := sha256.Sum256(spki)
	return [8]byte(sum[:]), nil
}

// Limits on a folder of anchors.
const (
	maxAnchorFile = 64 << 10 // bytes; a certificate has about 1,000
	maxAnchors    = 1024
)

// Endings of the files that are read from a folder of anchors.
var (
	anchorEndings     = []string{".cer", ".crt", ".der", ".pem"}
	revocationEndings = []string{".crl"}
)

// LoadCSCAs reads the certificates of country signing authorities from the files *.cer, *.crt, *.der
// and *.pem at the top of a folder; others are left alone. A file that is no such certificate is
// fault code inspect.trust_unusable, which names the file; so is a folder without any.
func LoadCSCAs(folder fs.FS) ([]*x509.Certificate, error) {
	const op = "inspect.LoadCSCAs"
	var out []*x509.Certificate
	err := eachFile(op, folder, anchorEndings, func(name string, data []byte) error {
		certs, err := certificates(data)
		if err != nil {
			return TrustUnusable.At(op, err).With(name, "no X.509 certificate in DER or PEM")
		}
		for _, c := range certs {
			if reason := authorityReason(c); reason != "" {
				return TrustUnusable.At(op, nil).With(name, "%s", reason)
			}
			if !slices.ContainsFunc(out, c.Equal) {
				out = append(out, c)
			}
			if len(out) > maxAnchors {
				return TrustUnusable.At(op, nil).With(name, "more than %d certificates in the folder", maxAnchors)
			}
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = TrustUnusable.At(op, nil).With("folder", "no certificate in a file %s", strings.Join(anchorEndings, ", "))
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// LoadRevocationLists reads the revocation lists (*.crl, in DER or PEM) at the top of a folder, which may
// have none; whose they are is looked at when a signer is. A file that is none is inspect.trust_unusable.
func LoadRevocationLists(folder fs.FS) (out []*x509.RevocationList, err error) {
	const op = "inspect.LoadRevocationLists"
	err = eachFile(op, folder, revocationEndings, func(name string, data []byte) error {
		if block, _ := pem.Decode(data); block != nil {
			data = block.Bytes
		}
		list, err := x509.ParseRevocationList(data)
		if err != nil {
			return TrustUnusable.At(op, err).With(name, "no revocation list in DER or PEM")
		}
		out = append(out, list)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// LoadCenterKeys reads public keys of data centers (SubjectPublicKeyInfo, or a certificate around
// one, in DER or PEM) from the same kinds of file, by key id. Every key must be on P-256.
func LoadCenterKeys(folder fs.FS) (map[[8]byte]*ecdsa.PublicKey, error) {
	const op = "inspect.LoadCenterKeys"
	out := map[[8]byte]*ecdsa.PublicKey{}
	err := eachFile(op, folder, anchorEndings, func(name string, data []byte) error {
		if block, _ := pem.Decode(data); block != nil {
			data = block.Bytes
		}
		public, err := x509.ParsePKIXPublicKey(data)
		if err != nil {
			if c, cerr := x509.ParseCertificate(data); cerr == nil {
				public, err = c.PublicKey, nil
			}
		}
		key, ok := public.(*ecdsa.PublicKey)
		if err != nil || !ok || key.Params().Name != "P-256" {
			return TrustUnusable.At(op, err).With(name, "no public key on P-256 in DER or PEM")
		}
		id, err := KeyID(key)
		if err != nil {
			return err
		}
		out[id] = key
		return nil
	})
	if err == nil && len(out) == 0 {
		err = TrustUnusable.At(op, nil).With("folder", "no key in a file %s", strings.Join(anchorEndings, ", "))
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// eachFile hands over the bounded content of each file with such an ending, in the order of names.
func eachFile(op string, folder fs.FS, endings []string, do func(name string, data []byte) error) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return TrustUnusable.At(op, err).With("folder", "it cannot be read")
	}
	for _, e := range entries {
		if e.IsDir() || !slices.Contains(endings, strings.ToLower(path.Ext(e.Name()))) {
			continue
		}
		// A pipe or a device could keep the reader waiting for ever.
		if info, err := fs.Stat(folder, e.Name()); err == nil && !info.Mode().IsRegular() {
			return TrustUnusable.At(op, nil).With(e.Name(), "it is no plain file")
		}
		data, err := readBounded(folder, e.Name())
		if err != nil {
			return TrustUnusable.At(op, err).With(e.Name(), "it cannot be read")
		}
		if len(data) > maxAnchorFile {
			return TrustUnusable.At(op, nil).With(e.Name(), "more than %d bytes", maxAnchorFile)
		}
		if err := do(e.Name(), data); err != nil {
			return err
		}
	}
	return nil
}

func readBounded(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxAnchorFile+1))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return data, err
}

// certificates reads one certificate in DER, or any number in PEM.
func certificates(data []byte) ([]*x509.Certificate, error) {
	block, rest := pem.Decode(data)
	if block == nil {
		c, err := x509.ParseCertificate(data)
		return []*x509.Certificate{c}, err
	}
	var out []*x509.Certificate
	for ; block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// authorityReason says why a certificate is not that of a country signing authority (Doc 9303-12,
// 7.1), or "".
func authorityReason(c *x509.Certificate) string {
	switch {
	case !c.BasicConstraintsValid || !c.IsCA:
		return "it is no authority"
	case c.KeyUsage&x509.KeyUsageCertSign == 0:
		return "it may not sign certificates"
	case len(c.Subject.Country) != 1:
		return "it names no country"
	case string(c.RawSubject) == string(c.RawIssuer) && c.CheckSignatureFrom(c) != nil:
		return "its own signature is wrong"
	}
	return ""
}
