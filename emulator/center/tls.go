package center

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Credentials are what an office needs to reach the center: PEM files, and the same as a
// configuration for a client in the same process.
type Credentials struct {
	URL         string // https://127.0.0.1:port
	CA          []byte // certificate of the center's authority
	Certificate []byte // of the office; its common name is the office's code
	Key         []byte // PKCS #8
	TLS         *tls.Config
}

// Server is a center that listens with TLS 1.3 and asks every client for a certificate.
type Server struct {
	URL string

	center *Center
	ca     authority
	http   *http.Server
}

// authority is the center's own certificate authority.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

const headerTimeout = 10 * time.Second

// ListenTLS serves the center on a TCP address; "127.0.0.1:0" takes a free port.
func (c *Center) ListenTLS(address string) (*Server, error) {
	ca, err := c.newAuthority()
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var addresses []net.IP
	if ip := net.ParseIP(host); ip != nil {
		addresses = append(addresses, ip)
	}
	own, _, _, err := c.certificate(ca, "server", "data center", x509.ExtKeyUsageServerAuth, addresses...)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	plain, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{
		URL: "https://" + plain.Addr().String(), center: c, ca: ca,
		http: &http.Server{Handler: c, ReadHeaderTimeout: headerTimeout, ErrorLog: log.New(io.Discard, "", 0)},
	}
	listener := tls.NewListener(plain, &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert,
		ClientCAs: pool, NextProtos: []string{"http/1.1"}, Time: c.cfg.Now,
	})
	go s.http.Serve(listener) //nolint:errcheck // ends with ErrServerClosed at Close
	return s, nil
}

// Close drops every connection.
func (s *Server) Close() error { return s.http.Close() }

// Client makes the credentials of an office.
func (s *Server) Client(office string) (Credentials, error) {
	pair, cert, key, err := s.center.certificate(s.ca, "client "+office, office, x509.ExtKeyUsageClientAuth)
	if err != nil {
		return Credentials{}, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.ca.cert)
	return Credentials{
		URL: s.URL, CA: pemOf("CERTIFICATE", s.ca.cert.Raw), Certificate: cert, Key: key,
		TLS: &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: pool, Certificates: []tls.Certificate{pair}, Time: s.center.cfg.Now},
	}, nil
}

func (c *Center) newAuthority() (authority, error) {
	s, err := newSigner(c.cfg.Seed, "tls", "authority")
	if err != nil {
		return authority{}, err
	}
	t := c.template("Emulated data center authority")
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, t, t, s.Public, s.private)
	if err != nil {
		return authority{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return authority{cert, s.private}, err
}

// template is what all certificates of the center's authority share.
func (c *Center) template(commonName string) *x509.Certificate {
	const year = 365 * 24 * time.Hour
	serial := sha256.Sum256([]byte(commonName))
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:8]),
		Subject:      pkix.Name{Country: []string{"ID"}, Organization: []string{"Emulated data center, not for production"}, CommonName: commonName},
		NotBefore:    c.started.Add(-year).UTC(), NotAfter: c.started.Add(10 * year).UTC(),
	}
}

func (c *Center) certificate(ca authority, purpose, commonName string, use x509.ExtKeyUsage, addresses ...net.IP) (pair tls.Certificate, cert, key []byte, err error) {
	s, err := newSigner(c.cfg.Seed, "tls", purpose)
	if err != nil {
		return pair, nil, nil, err
	}
	t := c.template(commonName)
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{use}
	if use == x509.ExtKeyUsageServerAuth {
		t.IPAddresses, t.DNSNames = append([]net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, addresses...), []string{"localhost"}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca.cert, s.Public, ca.key)
	if err != nil {
		return pair, nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(s.private)
	if err != nil {
		return pair, nil, nil, err
	}
	cert, key = pemOf("CERTIFICATE", der), pemOf("PRIVATE KEY", pkcs8)
	pair, err = tls.X509KeyPair(cert, key)
	return pair, cert, key, err
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
