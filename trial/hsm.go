package trial

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"blanko/internal/rig"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys"
	"blanko/keys/pkcs11"
)

// vault is a token that SoftHSM2 plays, with every master and signing key of one demo. The chip maker
// of the virtual world knows the transport master, as a real one does; the other keys were made on
// the token, and nobody has seen them.
type vault struct {
	rig    *rig.SoftHSM
	token  *pkcs11.Token
	source *pkcs11.Source
	signer chipdata.Signer
	anchor *x509.Certificate
	meter  meter
}

// meter counts the calls that went to the token and what the lines waited for them, wall clock.
type meter struct {
	calls, waited, longest atomic.Int64
}

func (m *meter) since(began time.Time) {
	took := int64(time.Since(began))
	m.calls.Add(1)
	m.waited.Add(took)
	for {
		was := m.longest.Load()
		if took <= was || m.longest.CompareAndSwap(was, took) {
			return
		}
	}
}

// openVault makes a token and its keys: a session for every line.
func openVault(ctx context.Context, workers int, transport []byte, compact bool) (_ *vault, err error) {
	v := &vault{}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.close())
		}
	}()
	if v.rig, err = rig.StartSoftHSM(); err != nil {
		return v, err
	}
	if v.token, err = v.open(workers); err != nil {
		return v, err
	}
	const size = 16 // AES-128, card profile KTPEL-OP 1, section 6
	if err := v.token.Load(ctx, pkcs11.Name{Role: keys.Transport, Generation: 1}, transport); err != nil {
		return v, err
	}
	for _, role := range keys.Roles {
		if role == keys.Transport {
			continue
		}
		if err := v.token.Generate(ctx, pkcs11.Name{Role: role, Generation: 1}, size); err != nil {
			return v, err
		}
	}
	if v.source, err = v.token.Source(ctx, false); err != nil {
		return v, err
	}
	return v, v.certify(ctx, compact)
}

// secure moves the station's keys to a token.
func (d *demo) secure(ctx context.Context, o *outfit) (err error) {
	if o.vault, err = openVault(ctx, d.Lines, o.keys.Master(keys.Transport), d.Chip == "8k"); err != nil {
		return err
	}
	d.closer = append(d.closer, func() {
		if err := o.vault.close(); err != nil {
			d.log.Error("token not closed", zap.Error(err))
		}
	})
	if d.token != nil {
		d.token(o.vault)
	}
	o.signing.Signer, o.signing.Anchors = o.vault.signer, []*x509.Certificate{o.vault.anchor}
	return nil
}

func (v *vault) open(workers int) (*pkcs11.Token, error) {
	return pkcs11.Open(pkcs11.Config{
		Module: v.rig.Module, Label: v.rig.Label, Workers: workers, PIN: func() ([]byte, error) { return []byte(v.rig.PIN), nil },
	})
}

// certify makes the authority and the document signer, both keys on the token.
func (v *vault) certify(ctx context.Context, compact bool) error {
	names := keys.Names{Authority: "DEV CA", Signer: "DS", CRL: "http://localhost/blanko-dev.crl"}
	from := batchStart.AddDate(0, 0, -1)
	authority, err := v.pair(ctx, keys.IssuingState)
	if err != nil {
		return err
	}
	document, err := v.pair(ctx, keys.Document)
	if err != nil {
		return err
	}
	der, err := keys.Authority(nil, authority, names, big.NewInt(1), from)
	if err != nil {
		return err
	}
	if v.anchor, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	der, err = keys.DocumentSigner(nil, v.anchor, authority, document.Public(), names, big.NewInt(2), from, compact)
	v.signer = chipdata.Signer{Certificate: der, Key: meteredSigner{document, &v.meter}}
	return err
}

func (v *vault) pair(ctx context.Context, role keys.Role) (*pkcs11.Signer, error) {
	public, err := v.token.GeneratePair(ctx, pkcs11.Name{Role: role, Generation: 1})
	if err != nil {
		return nil, err
	}
	return v.token.Signer(ctx, public)
}

// keys is the token's key source, with its time counted.
func (v *vault) keys() applet.KeySource { return meteredKeys{v.source, &v.meter} }

func (v *vault) close() error {
	if v.token != nil {
		v.token.Close()
	}
	if v.rig == nil {
		return nil
	}
	return v.rig.Close()
}

// meteredKeys counts what goes to the token; wrapping and unwrapping do not.
type meteredKeys struct {
	applet.KeySource
	meter *meter
}

func (k meteredKeys) Challenge(ctx context.Context, kvn byte) ([8]byte, error) {
	defer k.meter.since(time.Now())
	return k.KeySource.Challenge(ctx, kvn)
}

func (k meteredKeys) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	defer k.meter.since(time.Now())
	return k.KeySource.Open(ctx, kvn, kdd, challenge, level, answer)
}

func (k meteredKeys) KeyBlock(ctx context.Context, handle int, target byte, kdd [10]byte) ([]byte, [3][3]byte, error) {
	defer k.meter.since(time.Now())
	return k.KeySource.KeyBlock(ctx, handle, target, kdd)
}

type meteredSigner struct {
	crypto.Signer
	meter *meter
}

func (s meteredSigner) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	defer s.meter.since(time.Now())
	return s.Signer.Sign(random, digest, opts)
}

// HSMSummary is what the token did in a demo, and what it can do.
type HSMSummary struct {
	Token      string     `json:"token"`
	Keys       []string   `json:"keys"`        // name and check value of every master, name of every pair
	Calls      int        `json:"calls"`       // acts of lines that went to the token
	MeanUS     float64    `json:"mean_us"`     // a line waited for one; wall clock
	LongestMS  float64    `json:"longest_ms"`  // wall clock, with everything else that the machine did
	WaitedPart float64    `json:"waited_part"` // of the time of all lines
	Rates      []HSMRates `json:"rates"`
}

// HSMRates are measured after the batch, with nothing else going on.
type HSMRates struct {
	Workers       int     `json:"workers"`
	Diversified   float64 `json:"diversified_per_second"` // key sets of three keys
	Signed        float64 `json:"signed_per_second"`
	DiversifiedOf int     `json:"diversified"`
	SignedOf      int     `json:"signed"`
}

// How much is measured.
const (
	measuredSets       = 1000
	measuredSignatures = 500
)

// summary tells of the batch, and measures the token with one and two workers.
func (v *vault) summary(ctx context.Context, lines int, took time.Duration) (*HSMSummary, error) {
	about := v.token.About()
	s := &HSMSummary{Token: about.Manufacturer + " " + about.Model, Calls: int(v.meter.calls.Load()), LongestMS: float64(v.meter.longest.Load()) / 1e6}
	if s.Calls > 0 {
		s.MeanUS = float64(v.meter.waited.Load()) / 1e3 / float64(s.Calls)
		s.WaitedPart = float64(v.meter.waited.Load()) / float64(took) / float64(lines)
	}
	list, err := v.token.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		name := fmt.Sprintf("%s %d", k.Role, k.Generation)
		if k.Public == nil {
			name += fmt.Sprintf(" (%X)", k.KCV)
		}
		s.Keys = append(s.Keys, name)
	}
	for _, workers := range []int{1, 2} {
		r, err := v.rates(ctx, workers)
		if err != nil {
			return nil, err
		}
		s.Rates = append(s.Rates, r)
	}
	return s, nil
}

func (v *vault) rates(ctx context.Context, workers int) (HSMRates, error) {
	token, err := v.open(workers)
	if err != nil {
		return HSMRates{}, err
	}
	defer token.Close()
	source, err := token.Source(ctx, false)
	if err != nil {
		return HSMRates{}, err
	}
	cert, err := x509.ParseCertificate(v.signer.Certificate)
	if err != nil {
		return HSMRates{}, err
	}
	signer, err := token.SignerOf(ctx, cert)
	if err != nil {
		return HSMRates{}, err
	}
	master := source.Present[keys.Personalization]
	r := HSMRates{Workers: workers, DiversifiedOf: measuredSets, SignedOf: measuredSignatures}
	if r.Diversified, err = perSecond(workers, measuredSets, func(n int) error {
		set, err := keys.Diversify(master.MAC, [10]byte{0, 0, byte(n), byte(n >> 8)}, master.Size)
		set.Wipe()
		return err
	}); err != nil {
		return r, err
	}
	r.Signed, err = perSecond(workers, measuredSignatures, func(n int) error {
		digest := sha256.Sum256([]byte{byte(n), byte(n >> 8)})
		_, err := signer.Sign(nil, digest[:], crypto.SHA256)
		return err
	})
	return r, err
}

// perSecond does something n times by so many workers.
func perSecond(workers, n int, do func(int) error) (float64, error) {
	errs := make([]error, workers)
	began := time.Now()
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				errs[w] = do(i)
			}
		})
	}
	group.Wait()
	return float64(n) / time.Since(began).Seconds(), errors.Join(errs...)
}
