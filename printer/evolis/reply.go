package evolis

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"blanko/printer"
)

// maxReply bounds the text of one answer. The longest known ones (model, serial, firmware)
// are a few dozen bytes.
const maxReply = 256

var errReplyTooLong = errors.New("no end of answer within 256 bytes")

// replies cuts what a link delivers into answers: text ended by NUL, in as many pieces or as
// many at once as the transport likes.
type replies struct{ rest []byte }

// take returns the next whole answer that holds any text. Empty ones are filling.
func (r *replies) take() (reply, bool, error) {
	for {
		end := bytes.IndexByte(r.rest, 0)
		if end < 0 {
			if len(r.rest) > maxReply {
				return "", false, errReplyTooLong
			}
			return "", false, nil
		}
		if end > maxReply {
			return "", false, errReplyTooLong
		}
		text := plain(r.rest[:end])
		r.rest = r.rest[end+1:]
		if text != "" {
			return text, true, nil
		}
	}
}

// next reads until an answer is whole.
func (r *replies) next(ctx context.Context, link printer.Link) (reply, error) {
	buf := make([]byte, maxReply)
	for {
		text, ok, err := r.take()
		if err != nil {
			r.rest = nil
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

// reply is one answer, printable ASCII without space at its ends.
type reply string

// plain keeps the printable ASCII of an answer; anything else becomes '?'.
func plain(b []byte) reply {
	text := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, string(bytes.Trim(b, " \t\r\n")))
	return reply(text)
}

func (r reply) is(text string) bool { return strings.EqualFold(string(r), text) }

func (r reply) begins(text string) bool {
	return len(r) >= len(text) && strings.EqualFold(string(r[:len(text)]), text)
}

// number reads an answer such as "312".
func (r reply) number() (int, bool) {
	n, err := strconv.Atoi(string(r))
	return n, err == nil && n >= 0
}

// maxVolts bounds a sensor reading; the sensors are of 5 V.
const maxVolts = 50

// volts reads a sensor such as "5,00 Volts". The decimal sign is a comma.
func (r reply) volts() (float64, bool) {
	text, _, _ := strings.Cut(string(r), " ")
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return v, err == nil && v >= 0 && v <= maxVolts
}

// troubles are the texts that tell a fault, compared as prefixes without case after "ERROR "
// is read as "ERR "; the first that fits counts. Printers of different age write them
// differently. Sources: Programming Guide A5013 Rev E, and answers met by published programs.
var troubles = []struct {
	text  string
	class printer.Class
}{
	{"FEEDER EMPTY", printer.ClassNoCards},
	{"COVER OPEN", printer.ClassCoverOpen},
	{"ERR RIBBON TYPE", printer.ClassRibbonWrong},
	{"ERR RIBBON", printer.ClassRibbonOut},
	{"ERR RIB DETECTION", printer.ClassRibbonGone},
	{"ERR TIME", printer.ClassJam},
	{"TIME OUT", printer.ClassJam},
	{"ERR CARD", printer.ClassCardPosition},
	{"ERR NEED CLEANING", printer.ClassCleaningDue},
	{"ERR PARAMETRES", printer.ClassUnsupported},
	{"ERR", printer.ClassUnknown},
}

// trouble is the class of an answer that tells a fault, ClassNone for any other.
func (r reply) trouble() printer.Class {
	if r.begins("ERROR ") {
		r = "ERR " + r[len("ERROR "):]
	}
	for _, t := range troubles {
		if r.begins(t.text) {
			return t.class
		}
	}
	return printer.ClassNone
}

// position reads the answer to Rlr;p. OK, and NO CARD on old units, is an empty path.
func (r reply) position() (printer.Position, bool) {
	switch {
	case r.is("OK"), r.is("NO CARD"):
		return printer.PositionNone, true
	case r.is("CARD"):
		return printer.PositionPrint, true
	case r.is("SMART CARD"):
		return printer.PositionContact, true
	case r.is("CONTACTLESS CARD"):
		return printer.PositionContactless, true
	case r.trouble() == printer.ClassCardPosition:
		return printer.PositionUnknown, true
	}
	return "", false
}
