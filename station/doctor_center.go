package station

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"
)

// centerPatience is how long the doctor waits for the center.
const centerPatience = 5 * time.Second

func (x *exam) center(ctx context.Context) finding {
	if x.cfg.Center.URL == "" {
		return note("tidak dikonfigurasi; data masuk lewat import", "not configured; records come in by import")
	}
	l, err := x.cfg.centerLink(centerPatience)
	if err != nil {
		return failed(err)
	}
	keys, err := l.client.Keys(ctx, l.anchor, x.Now())
	if err != nil {
		return failed(err)
	}
	return fine("terjangkau, %d kunci", "reached, %d keys", len(keys))
}

// officers looks at whose signature a station without a center takes for that of one.
func (x *exam) officers(context.Context) finding {
	if !x.cfg.Service.StandAlone {
		return note("kantor ini tidak berdiri sendiri; pusat data yang menjamin data", "the station does not stand alone; a data center vouches for records")
	}
	known, err := x.cfg.officerKeys()
	if err != nil {
		return failed(err)
	}
	return fine("berdiri sendiri, %d kunci", "stands alone, %d keys", len(known))
}

// certificateNotice is how long before its end a certificate is mentioned.
const certificateNotice = 30 * 24 * time.Hour

func (x *exam) certificates(context.Context) finding {
	worst := note("tidak ada sertifikat pada konfigurasi", "no certificate is configured")
	var first time.Time
	for _, c := range []struct{ field, path string }{
		{"center.client_certificate", x.cfg.Center.ClientCertificate},
		{"center.authorities", x.cfg.Center.Authorities},
		{"keys.signer", x.cfg.Keys.Signer},
	} {
		if c.path == "" {
			continue
		}
		ends, err := firstEnd(c.path)
		day := ends.Format(time.DateOnly)
		switch left := ends.Sub(x.Now()); {
		case err != nil:
			return missing("%s tidak dapat dibaca", "%s cannot be read", c.field)
		case left <= 0:
			return missing("%s habis pada %s", "%s ended on %s", c.field, day)
		case left < certificateNotice:
			worst = warning("%s berakhir pada %s", "%s ends on %s", c.field, day)
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
