package console

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

func packer(level int) *gzip.Writer {
	z, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // the levels are constants of the package
	}
	return z
}

// packed is content as gzip (RFC 1952).
func packed(z *gzip.Writer, content []byte) []byte {
	var b bytes.Buffer
	z.Reset(&b)
	_, _ = z.Write(content) // into memory
	_ = z.Close()
	return b.Bytes()
}

// packers of pages are kept: each has some hundred kilobytes of tables.
var packers = sync.Pool{New: func() any { return packer(gzip.BestSpeed) }}

func packedPage(text []byte) []byte {
	z, _ := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	return packed(z, text)
}

// takesGzip reports whether who asks takes an answer as gzip (RFC 9110, section 12.5.3).
func takesGzip(r *http.Request) bool {
	for offer := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(strings.ReplaceAll(offer, " ", ""), ";")
		if !strings.EqualFold(coding, "gzip") {
			continue
		}
		q, given := strings.CutPrefix(weight, "q=")
		f, err := strconv.ParseFloat(q, 64)
		return !given || err == nil && f > 0
	}
	return false
}

// fromItself reports whether a page of this console or the person at the browser asks, by the word of the browser
// (Fetch Metadata Request Headers, W3C). The answers to others are not compressed: a page has data of persons beside
// what the request says, the way back for one, and whoever lets it ask for one guess after another and sees how long
// the answers are would read them from that (BREACH). The keys of forms are no secret, and no form has a token: guard
// stands in its place.
func fromItself(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "same-origin" || site == "none"
}
