package trial

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"blanko/emulator/center"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys/software"
	"blanko/ktp"
	"blanko/station"
)

// CardKeys are the keys of the virtual world of a seed, for the card commands.
type CardKeys struct{ Seed int64 }

var _ station.CardKeys = (*CardKeys)(nil)

// seedText is what every key of a virtual world is made of.
func seedText(seed int64) []byte { return fmt.Appendf(nil, "blanko trial %d", seed) }

// Reading is the SAM of the virtual world.
func (k *CardKeys) Reading(station.Config) (applet.KeySource, error) {
	return software.New(seedText(k.Seed)), nil
}

// Writing is the issuer of the virtual world. Its document signer may sign from yesterday on.
func (k *CardKeys) Writing(_ station.Config, p *chipdata.Profile) (station.CardIssuer, error) {
	pki, err := software.DevelopmentPKI(seedText(k.Seed), time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1))
	if err != nil {
		return station.CardIssuer{}, err
	}
	signer := pki.Full
	if !p.NeedsChipKeys() {
		signer = pki.Compact
	}
	return station.CardIssuer{
		Keys: software.New(seedText(k.Seed)), Signer: chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key}, Anchors: []*x509.Certificate{pki.CSCA},
	}, nil
}

// Specimen is the record of a made-up resident, for a specimen that is made of no file.
func (k *CardKeys) Specimen(station.Config) (r ktp.Record, err error) {
	m := &cardMaker{seed: k.Seed}
	if m.center, err = center.New(center.Config{Seed: k.Seed, Offices: []string{office}, Now: func() time.Time { return batchStart }}); err != nil {
		return r, err
	}
	r, err = m.record(context.Background())
	return r, errors.Join(err, m.close())
}
