package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"net"
	"os"
	"syscall"
)

// Secured says how a server is reached from other machines: over TLS alone.
type Secured struct {
	Address     string // such as 0.0.0.0:8443
	Certificate string // PEM file
	Key         string // PEM file of its key
	Clients     string // PEM file of the authorities of client certificates; empty: none is asked for
}

// DeskName is the subject of the certificate that every desk makes for itself. The station asks for one of
// this name, so that a browser with other certificates is not asked to choose.
var DeskName = pkix.Name{CommonName: "Blanko desk"}

// ListenTLS opens an address that other machines may reach. TLS 1.3 alone; a client certificate is
// checked where one is given and never needed: a token may come instead. That of a desk is vouched for by
// nobody but the ledger, which knows its hash.
func ListenTLS(ctx context.Context, s Secured) (net.Listener, error) {
	const op = "web.ListenTLS"
	cert, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return nil, CertificateWrong.At(op, err).With("certificate", "the certificate and its key cannot be read together")
	}
	clients, asked := x509.NewCertPool(), x509.NewCertPool()
	if s.Clients != "" {
		text, err := os.ReadFile(s.Clients)
		if err != nil || !clients.AppendCertsFromPEM(text) || !asked.AppendCertsFromPEM(text) {
			return nil, CertificateWrong.At(op, err).With("clients", "no certificates of authorities")
		}
	}
	asked.AddCert(&x509.Certificate{Raw: []byte(DeskName.CommonName), RawSubject: rawName(DeskName)}) // a name to ask for, no authority
	cfg := &tls.Config{
		Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13, NextProtos: []string{"h2", "http/1.1"},
		ClientCAs: asked, ClientAuth: tls.RequestClientCert,
		VerifyConnection: func(c tls.ConnectionState) error { return knownClient(c.PeerCertificates, clients) },
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", s.Address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, AddressTaken.At(op, err).With("listen", "%s", s.Address)
	case err != nil:
		return nil, AddressWrong.At(op, err).With("listen", "%s", s.Address)
	}
	return tls.NewListener(bound(ln), cfg), nil
}

// knownClient lets in who shows no certificate, one of a known authority, or one that a desk signed itself:
// whose that is, the ledger knows. The handshake has proved that the client has its key.
func knownClient(chain []*x509.Certificate, authorities *x509.CertPool) error {
	if len(chain) == 0 || IsDesk(chain[0]) {
		return nil
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: authorities, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err
}

// IsDesk reports whether a certificate has the form of a desk's: its name, signed by its own key.
func IsDesk(c *x509.Certificate) bool {
	name := rawName(DeskName)
	return bytes.Equal(c.RawSubject, name) && bytes.Equal(c.RawIssuer, name) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// rawName is a name as it stands in a certificate.
func rawName(n pkix.Name) []byte {
	raw, _ := asn1.Marshal(n.ToRDNSequence()) // of printable text
	return raw
}
