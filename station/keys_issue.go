package station

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	"blanko/keys"
	"blanko/keys/pkcs11"
)

// pemFile writes one block to a new file and says so.
func pemFile(t Terminal, path, kind string, der []byte) error {
	if err := newFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.Out, path)
	return err
}

// today is the first second of the day, so that a certificate is valid on the day it is made.
func today() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) }

// KeysCSCACommand is blanko keys csca.
type KeysCSCACommand struct {
	TokenChoice
	Attendance
	Name        string `required:"" help:"Common name of the authority." placeholder:"NAME"`
	CRL         string `required:"" help:"Address where its revocation list is published." placeholder:"URL"`
	Certificate string `arg:"" help:"File of the certificate." type:"path"`
}

// Run makes a new pair and its self-signed certificate (ICAO Doc 9303-12), before at least two persons.
func (c KeysCSCACommand) Run(ctx context.Context, t Terminal) error {
	held, err := c.begin(t, c.TokenChoice)
	if err != nil {
		return err
	}
	defer held.close()
	list, err := held.ready(ctx)
	if err != nil {
		return err
	}
	signer, err := nextPair(ctx, held.token, keys.IssuingState)
	if err != nil {
		return err
	}
	if err := held.pair(ctx, keys.IssuingState, newest(list, keys.IssuingState)+1, signer.Public(), keys.Generated); err != nil {
		return err
	}
	der, err := keys.Authority(nil, signer, keys.Names{Authority: c.Name, CRL: c.CRL}, keys.Serial(), today())
	if err != nil {
		return err
	}
	return held.certified(ctx, c.Certificate, der)
}

// pair writes a pair into the protocol.
func (c *ceremony) pair(ctx context.Context, role keys.Role, generation int, public crypto.PublicKey, way keys.Way) error {
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	c.protocol.Keys = append(c.protocol.Keys, keys.ProtocolKey{Role: role, Generation: generation, Public: base64.StdEncoding.EncodeToString(spki), Way: way})
	return c.sign(ctx)
}

// certified writes a certificate and ends.
func (c *ceremony) certified(ctx context.Context, path string, der []byte) error {
	c.note("certificate with SHA-256 %x was issued", sha256.Sum256(der))
	if err := pemFile(c.t, path, "CERTIFICATE", der); err != nil {
		return err
	}
	return c.end(ctx)
}

// nextPair makes the next generation of a pair.
func nextPair(ctx context.Context, token *pkcs11.Token, role keys.Role) (*pkcs11.Signer, error) {
	list, err := token.Keys(ctx)
	if err != nil {
		return nil, err
	}
	public, err := token.GeneratePair(ctx, pkcs11.Name{Role: role, Generation: newest(list, role) + 1})
	if err != nil {
		return nil, err
	}
	return token.Signer(ctx, public)
}

// KeysDSCCommands are blanko keys dsc.
type KeysDSCCommands struct {
	Request KeysRequestCommand `cmd:"" help:"Make the key of a document signer on the token, and a request for its certificate (PKCS #10)."`
	Issue   KeysIssueCommand   `cmd:"" help:"Issue the certificate of a request, by the authority on the token."`
	Renew   KeysRenewCommand   `cmd:"" help:"Make the next key of a document signer and its request, under the name of the present certificate."`
	Revoke  KeysRevokeCommand  `cmd:"" help:"Revoke a certificate: make the revocation list that names it."`
}

// KeysRequestCommand is blanko keys dsc request.
type KeysRequestCommand struct {
	TokenChoice
	Name string `required:"" help:"Common name of the signer, short: it lies on every chip." placeholder:"NAME"`
	Out  string `arg:"" help:"File of the request." type:"path"`
}

// Run makes pair and request.
func (c KeysRequestCommand) Run(ctx context.Context, t Terminal) error {
	token, _, err := c.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	signer, err := nextPair(ctx, token, keys.Document)
	if err != nil {
		return err
	}
	der, err := keys.Request(nil, signer, c.Name)
	if err != nil {
		return err
	}
	return pemFile(t, c.Out, "CERTIFICATE REQUEST", der)
}

// KeysRenewCommand is blanko keys dsc renew.
type KeysRenewCommand struct {
	TokenChoice
	Current string `arg:"" help:"Present certificate." type:"path"`
	Out     string `arg:"" help:"File of the request." type:"path"`
}

// Run is a request under the same name.
func (c KeysRenewCommand) Run(ctx context.Context, t Terminal) error {
	now, err := onlyCertificate(c.Current)
	if err != nil {
		return KeysMisbuilt.At("station.KeysRenewCommand", err).With("current", "%s: one certificate in PEM is wanted", c.Current)
	}
	return KeysRequestCommand{TokenChoice: c.TokenChoice, Name: now.Subject.CommonName, Out: c.Out}.Run(ctx, t)
}

// AuthorityFile names the authority of a command.
type AuthorityFile struct {
	CSCA string `name:"csca" required:"" help:"Certificate of the authority; its key is on the token." type:"path" placeholder:"FILE"`
}

// open reads the certificate and finds its key.
func (a AuthorityFile) open(ctx context.Context, token *pkcs11.Token) (*x509.Certificate, *pkcs11.Signer, error) {
	c, err := onlyCertificate(a.CSCA)
	if err != nil {
		return nil, nil, KeysMisbuilt.At("station.AuthorityFile", err).With("csca", "%s: one certificate in PEM is wanted", a.CSCA)
	}
	s, err := token.SignerOf(ctx, c)
	return c, s, err
}

// KeysIssueCommand is blanko keys dsc issue.
type KeysIssueCommand struct {
	TokenChoice
	Attendance
	AuthorityFile
	CRL         string `required:"" help:"Address where the authority's revocation list is published." placeholder:"URL"`
	Compact     bool   `help:"The short profile for chips of 8 KB, without that address and the alternative names."`
	Request     string `arg:"" help:"The request." type:"path"`
	Certificate string `arg:"" help:"File of the certificate." type:"path"`
}

// Run issues, before at least two persons.
func (c KeysIssueCommand) Run(ctx context.Context, t Terminal) error {
	text, err := readSmall(c.Request, maxPEM)
	var block *pem.Block
	if err == nil {
		block, _ = pem.Decode(text)
	}
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		return KeysMisbuilt.At("station.KeysIssueCommand", err).With("request", "%s: a request in PEM is wanted", c.Request)
	}
	public, name, err := keys.Requested(block.Bytes)
	if err != nil {
		return err
	}
	held, err := c.begin(t, c.TokenChoice)
	if err != nil {
		return err
	}
	defer held.close()
	list, err := held.ready(ctx)
	if err != nil {
		return err
	}
	authority, key, err := c.AuthorityFile.open(ctx, held.token)
	if err != nil {
		return err
	}
	der, err := keys.DocumentSigner(nil, authority, key, public, keys.Names{Signer: name, CRL: c.CRL}, keys.Serial(), today(), c.Compact)
	if err != nil {
		return err
	}
	generation := 0 // of another token
	for _, k := range list {
		if k.Public != nil && k.Public.Equal(public) {
			generation = k.Generation
		}
	}
	if err := held.pair(ctx, keys.Document, generation, public, keys.Certified); err != nil {
		return err
	}
	return held.certified(ctx, c.Certificate, der)
}

// Revocations are what the commands about lists share.
type Revocations struct {
	TokenChoice
	AuthorityFile
	Last string `help:"The authority's newest list; without it this is its first, and none may lie in keys.anchors." type:"path" placeholder:"FILE"`
}

// next makes and writes the next list.
func (r Revocations) next(ctx context.Context, t Terminal, more []keys.Revocation, out string) error {
	var last *x509.RevocationList
	if r.Last != "" {
		text, err := readSmall(r.Last, maxPEM)
		var block *pem.Block
		if err == nil {
			block, _ = pem.Decode(text)
		}
		if block == nil {
			return keys.CRLWrong.At("station.Revocations", err).With("last", "%s: a list in PEM is wanted", r.Last)
		}
		if last, err = x509.ParseRevocationList(block.Bytes); err != nil {
			return keys.CRLWrong.At("station.Revocations", err).With("last", "%s: it cannot be read", r.Last)
		}
	}
	token, cfg, err := r.TokenChoice.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	authority, key, err := r.AuthorityFile.open(ctx, token)
	if err != nil {
		return err
	}
	before, err := certificates(cfg.Keys.Anchors)
	if err != nil && cfg.Keys.Anchors != "" {
		return KeysMisbuilt.At("station.Revocations", err).With("keys.anchors", "%s: a folder with CSCA certificates in PEM is wanted", cfg.Keys.Anchors)
	}
	lists, err := revocationLists(cfg.Keys.Anchors)
	if err != nil {
		return KeysMisbuilt.At("station.Revocations", err).With("keys.anchors", "%s: a revocation list in it cannot be read", cfg.Keys.Anchors)
	}
	newest := keys.NewestList(authority.RawSubject, append(before, authority), lists)
	if newest != nil && (last == nil || last.Number == nil || last.Number.Cmp(newest.Number) < 0) { // what it revokes would be left out
		return keys.CRLWrong.At("station.Revocations", nil).With("last", "list %s of this authority lies in keys.anchors: name the newest", newest.Number)
	}
	der, err := keys.RevocationList(nil, authority, key, before, last, more, time.Now())
	if err != nil {
		return err
	}
	return pemFile(t, out, "X509 CRL", der)
}

// KeysRevokeCommand is blanko keys dsc revoke.
type KeysRevokeCommand struct {
	Revocations
	Certificate string `arg:"" help:"The certificate." type:"path"`
	Out         string `arg:"" help:"File of the new list." type:"path"`
}

// Run revokes from now on. The certificate may be of an older authority of the same name, which lies in
// keys.anchors: the newest signs the list for those before it.
func (c KeysRevokeCommand) Run(ctx context.Context, t Terminal) error {
	gone, err := onlyCertificate(c.Certificate)
	if err != nil {
		return KeysMisbuilt.At("station.KeysRevokeCommand", err).With("certificate", "%s: one certificate in PEM is wanted", c.Certificate)
	}
	authority, err := onlyCertificate(c.CSCA)
	if err != nil {
		return KeysMisbuilt.At("station.KeysRevokeCommand", err).With("csca", "%s: one certificate in PEM is wanted", c.CSCA)
	}
	cfg, err := c.read()
	if err != nil {
		return err
	}
	authorities, _ := certificates(cfg.Keys.Anchors) // without any, the authority of the command is asked alone
	if !slices.ContainsFunc(append(authorities, authority), func(a *x509.Certificate) bool {
		return bytes.Equal(a.RawSubject, authority.RawSubject) && gone.CheckSignatureFrom(a) == nil
	}) {
		return KeysMisbuilt.At("station.KeysRevokeCommand", nil).With("certificate", "%s is not of this authority, nor of one of its name in keys.anchors", c.Certificate)
	}
	return c.next(ctx, t, []keys.Revocation{{Serial: gone.SerialNumber, At: time.Now()}}, c.Out)
}

// KeysCRLCommand is blanko keys crl.
type KeysCRLCommand struct {
	Revocations
	Out string `arg:"" help:"File of the new list." type:"path"`
}

// Run makes the next list with the same entries.
func (c KeysCRLCommand) Run(ctx context.Context, t Terminal) error { return c.next(ctx, t, nil, c.Out) }
