package station

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"os"
	"time"

	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// link is what a station needs to speak with its center.
type link struct {
	client *datacenter.Client
	anchor osia.Trust
}

// maxPEM bounds a certificate or key file, in bytes.
const maxPEM = 1 << 20

// centerLink builds the link of the configuration; the zero link when no center is configured.
// A file that is missing or wrong is station.center_misbuilt with its field.
func (c Config) centerLink(timeout time.Duration) (link, error) {
	const op = "station.centerLink"
	if c.Center.URL == "" {
		return link{}, nil
	}
	if u, err := url.Parse(c.Center.URL); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return link{}, CenterMisbuilt.At(op, nil).With("center.url", "an https address is wanted")
	}
	pair, err := c.clientCertificate()
	if err != nil {
		return link{}, err
	}
	roots := x509.NewCertPool()
	text, err := readSmall(c.Center.Authorities, maxPEM)
	if err != nil || !roots.AppendCertsFromPEM(text) {
		return link{}, CenterMisbuilt.At(op, err).With("center.authorities", "no certificate can be read from the file")
	}
	anchor, err := c.anchor()
	if err != nil {
		return link{}, err
	}
	return link{anchor: anchor, client: datacenter.New(datacenter.Config{
		URL: c.Center.URL, Office: c.Office, Timeout: timeout,
		TLS: &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, Certificates: []tls.Certificate{pair}},
	})}, nil
}

// clientCertificate reads the office's certificate and its key.
func (c Config) clientCertificate() (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.Center.ClientCertificate, c.Center.ClientKey)
	if err != nil {
		return pair, CenterMisbuilt.At("station.clientCertificate", err).
			With("center.client_certificate", "certificate and key cannot be read, or do not belong together")
	}
	return pair, nil
}

// anchor reads the key that signs the center's key list: an SPKI in PEM, P-256 (RFC 7468, section 13).
func (c Config) anchor() (osia.Trust, error) {
	const op, field = "station.anchor", "center.anchor"
	text, err := readSmall(c.Center.Anchor, maxPEM)
	if err != nil {
		return nil, CenterMisbuilt.At(op, err).With(field, "the file cannot be read")
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, CenterMisbuilt.At(op, nil).With(field, "a PUBLIC KEY in PEM is wanted")
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, ok := public.(*ecdsa.PublicKey)
	if err != nil || !ok || key.Curve != elliptic.P256() {
		return nil, CenterMisbuilt.At(op, err).With(field, "an elliptic curve key on P-256 is wanted")
	}
	trust, err := datacenter.Anchor(key)
	if err != nil {
		return nil, CenterMisbuilt.At(op, err).With(field, "the key cannot be named")
	}
	return trust, nil
}

// readSmall reads a file of at most limit bytes.
func readSmall(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, errNotSmall
	}
	return os.ReadFile(path)
}
