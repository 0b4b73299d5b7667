package magicard

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"blanko/printer"
)

// maxReply bounds one answer. A status has 35 fields, none of them longer than a name.
const maxReply = 2048

var errReplyTooLong = errors.New("no end of answer within 2048 bytes")

// replies cuts what a link delivers into answers, from 01 to 03, in as many pieces or as many at
// once as the transport likes. What stands between answers is dropped.
type replies struct{ rest []byte }

// take returns the text of the next whole answer.
func (r *replies) take() (text string, ok bool, err error) {
	at := bytes.IndexByte(r.rest, start)
	if at < 0 {
		r.rest = nil
		return "", false, nil
	}
	r.rest = r.rest[at:]
	stop := bytes.IndexByte(r.rest, end)
	if stop > maxReply || stop < 0 && len(r.rest) > maxReply {
		r.rest = nil
		return "", false, errReplyTooLong
	}
	if stop < 0 {
		return "", false, nil
	}
	text = string(r.rest[1:stop])
	r.rest = r.rest[stop+1:]
	return text, true, nil
}

// next reads until an answer is whole.
func (r *replies) next(ctx context.Context, link printer.Link) (string, error) {
	buf := make([]byte, 512)
	for {
		text, ok, err := r.take()
		if err != nil {
			return "", err
		}
		if ok {
			return text, nil
		}
		n, err := link.Read(ctx, buf)
		r.rest = append(r.rest, buf[:n]...)
		if err != nil {
			return "", err
		}
	}
}

// Fields of a KGE2 status.
const (
	fieldBits     = 0
	fieldName     = 1
	fieldHead     = 2
	fieldSerial   = 3
	fieldFirmware = 6
	fieldCards    = 9
	fieldSince    = 14
	fieldLimit    = 15
	fieldPosition = 16
	fieldMajor    = 19
	fieldMinor    = 20
	fieldUID      = 21
	fieldTotal    = 22 // shots on the film
	fieldUsed     = 23 // shots used
	fieldFilm     = 24
	leastFields   = fieldFilm + 1
)

// Bits of fieldBits.
const bitDuplex = 2

// headKGE2 is the head type (field 2) whose planes this package packs.
const headKGE2 = 0

// status are the fields of the answer to REQ,INF.
type status []string

const statusMark = "STA$$"

// parseStatus splits the text of an answer at "," and ":". ok tells that it is a status that can be
// worked with: counters and error numbers are there.
func parseStatus(text string) (s status, ok bool) {
	body, ok := strings.CutPrefix(text, statusMark)
	if !ok {
		return nil, false
	}
	s = strings.Split(strings.ReplaceAll(body, ":", ","), ",")
	if len(s) < leastFields {
		return nil, false
	}
	for _, i := range []int{fieldBits, fieldHead, fieldCards, fieldPosition, fieldMajor, fieldMinor} {
		if !s.number(i).Known {
			return nil, false
		}
	}
	return s, true
}

// number reads a field; not known where it is none.
func (s status) number(i int) printer.Known[int] { return number(s[i]) }

// text reads a field, printable ASCII only.
func (s status) text(i int) string { return plain(s[i]) }

// maxValue bounds every number of an answer, so that sums stay far from overflow.
const maxValue = 1 << 40

func number(s string) printer.Known[int] {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > maxValue {
		return printer.Known[int]{}
	}
	return printer.Know(n)
}

// plain keeps the printable ASCII of an answer; anything else becomes '?'.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, strings.TrimSpace(s))
}

// parseValue is the value of a KEE answer to one key: "STA,", the key, the value, a comma.
func parseValue(text, key string) (string, bool) {
	body, ok := strings.CutPrefix(text, "STA,"+key)
	if !ok {
		return "", false
	}
	value, ok := strings.CutSuffix(body, ",")
	return plain(value), ok
}
