package desk

import (
	"context"
	"crypto/tls"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"blanko/fault"
)

// Pairing is what makes a computer a desk.
type Pairing struct {
	Folder    string // where the identity is kept
	Station   string // https://name:port
	Authority string // PEM file of who vouches for the station; empty: those of the system
	Code      string // as the console shows it
	// Origins of pages beside the station's own address: another name by which the console is opened.
	Origins []string
}

// Pair makes a key and a certificate, shows the code to the station and keeps what it became. The key stays
// in the folder. Nothing is kept where the station refuses; where its answer is lost the key is kept, so that the
// same code pairs once more.
func Pair(ctx context.Context, p Pairing) (Identity, error) {
	const op = "desk.Pair"
	i := Identity{}
	if p.Authority != "" {
		text, err := os.ReadFile(p.Authority)
		if err != nil {
			return i, FolderUnusable.At(op, err).With("authority", "the file cannot be read")
		}
		i.Authority = string(text)
	}
	l, err := linkTo(p.Station, i.Authority, nil)
	if err != nil {
		return i, err
	}
	defer l.close()
	i.Station, i.Origins = l.station, append([]string{l.station}, p.Origins...)
	for n, o := range p.Origins {
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || o != u.Scheme+"://"+u.Host {
			return i, AddressWrong.At(op, err).With("origin", "number %d is not scheme://name:port", n+1)
		}
	}
	waiting := filepath.Join(p.Folder, waitingFolder)
	if i.certificate, err = waitingCertificate(waiting); err != nil {
		return i, err
	}
	var said struct{ Desk, Place string }
	body := map[string]any{"code": p.Code, "certificate": i.certificate.Certificate[0]}
	err = l.post(ctx, "/v1/desks/pairing", "", body, &said)
	if fault.Is(err, StationAway) { // it may have arrived
		err = l.post(ctx, "/v1/desks/pairing", "", body, &said)
	}
	if err == nil {
		i.Desk, i.Place = said.Desk, said.Place
		err = i.save(p.Folder)
	}
	if err == nil || fault.Is(err, StationRefused) {
		if gone := os.RemoveAll(waiting); gone != nil && err == nil {
			err = FolderUnusable.At(op, gone).With("folder", "%s cannot be removed", waitingFolder)
		}
	}
	return i, err
}

// waitingFolder holds the key of a pairing whose answer has not come.
const waitingFolder = "waiting"

// waitingCertificate is that of the pairing before whose answer was lost, or a new one, which is kept until the
// answer comes.
func waitingCertificate(folder string) (tls.Certificate, error) {
	const op = "desk.Pair"
	c, err := tls.LoadX509KeyPair(filepath.Join(folder, certificateFile), filepath.Join(folder, keyFile))
	if err == nil {
		return c, nil
	}
	if c, err = newCertificate(time.Now()); err != nil {
		return c, unexpected.At(op, err)
	}
	return c, saveKey(folder, c)
}
