package station

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"

	"blanko/web/api"
)

// certificateNotice is how long before its end a certificate is mentioned.
const certificateNotice = 30 * 24 * time.Hour

// certificateFile is a place in the configuration where certificates stand.
type certificateFile struct {
	field string
	ends  func() (time.Time, error) // of the first that ends
}

// certificateFiles are those that are configured: of the link to the center, of the signer and its authority, and of what
// other machines reach. Other authorities in keys.anchors may have ended: cards of theirs are still about.
func (c Config) certificateFiles() (list []certificateFile) {
	for _, f := range []struct{ field, path string }{
		{"center.client_certificate", c.Center.ClientCertificate},
		{"center.authorities", c.Center.Authorities},
		{"keys.signer", c.Keys.Signer},
		{"network.certificate", c.Network.Certificate},
		{"network.clients", c.Network.Clients},
		{"public.certificate", c.Public.Certificate},
	} {
		if f.path != "" {
			list = append(list, certificateFile{f.field, func() (time.Time, error) { return firstEnd(f.path) }})
		}
	}
	if c.Keys.Signer != "" && c.Keys.Anchors != "" {
		list = append(list, certificateFile{"keys.anchors", c.authorityEnd})
	}
	return list
}

// authorityEnd is when the authority of the signer ends; of several the last.
func (c Config) authorityEnd() (end time.Time, err error) {
	signer, err := onlyCertificate(c.Keys.Signer)
	if err != nil {
		return end, err
	}
	authorities, err := certificates(c.Keys.Anchors)
	if err != nil {
		return end, err
	}
	for _, a := range authorities {
		if signer.CheckSignatureFrom(a) == nil && a.NotAfter.After(end) {
			end = a.NotAfter
		}
	}
	if end.IsZero() {
		return end, errNoCertificate
	}
	return end, nil
}

// certificatesLeft are how long they hold yet.
func (c Config) certificatesLeft(now time.Time) (list []api.CertificateLeft) {
	for _, f := range c.certificateFiles() {
		left := api.CertificateLeft{Name: f.field}
		if ends, err := f.ends(); err == nil {
			left.Left = max(ends.Sub(now), 0)
		}
		list = append(list, left)
	}
	return list
}

func (x *exam) certificates(context.Context) finding {
	worst := note("tidak ada sertifikat pada konfigurasi", "no certificate is configured")
	var first time.Time
	for _, f := range x.cfg.certificateFiles() {
		ends, err := f.ends()
		day := ends.Format(time.DateOnly)
		switch left := ends.Sub(x.Now()); {
		case err != nil:
			return missing("%s tidak dapat dibaca", "%s cannot be read", f.field)
		case left <= 0:
			return missing("%s habis pada %s", "%s ended on %s", f.field, day)
		case left < certificateNotice:
			worst = warning("%s berakhir pada %s", "%s ends on %s", f.field, day)
		}
		if first.IsZero() || ends.Before(first) {
			first = ends
		}
	}
	if worst.Level == Note && !first.IsZero() {
		day := first.Format(time.DateOnly)
		return fine("berlaku; yang pertama berakhir %s", "valid; the first ends on %s", day)
	}
	return worst
}

// firstEnd is the earliest end of the certificates of a PEM file.
func firstEnd(path string) (end time.Time, err error) {
	text, err := readSmall(path, maxPEM)
	if err != nil {
		return end, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return end, err
		}
		if end.IsZero() || cert.NotAfter.Before(end) {
			end = cert.NotAfter
		}
	}
	if end.IsZero() {
		return end, errNoCertificate
	}
	return end, nil
}

var errNoCertificate = errors.New("no certificate in the file")
