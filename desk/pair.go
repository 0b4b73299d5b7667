package desk

import (
	"context"
	"net/url"
	"os"
	"time"
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
// in the folder. Nothing is kept where the station refuses.
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
	var err error
	if i.certificate, err = newCertificate(time.Now()); err != nil {
		return i, unexpected.At(op, err)
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
	var said struct{ Desk, Place string }
	body := map[string]any{"code": p.Code, "certificate": i.certificate.Certificate[0]}
	if err := l.post(ctx, "/v1/desks/pairing", "", body, &said); err != nil {
		return i, err
	}
	i.Desk, i.Place = said.Desk, said.Place
	return i, i.save(p.Folder)
}
