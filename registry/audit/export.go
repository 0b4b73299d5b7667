package audit

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"blanko/ktp"
	"blanko/store"
)

// exportFormat names the form of an exported log: lines of JSON, the first with format and office, then one
// line for each event, the last with the head. Every hash is in hex, times are RFC 3339 in UTC with
// microseconds, and how the hash of an event is made is told at [Event].
const exportFormat = "blanko/event-log/1"

// maxLine is longer than the longest event: nine ids and codes and a few details.
const maxLine = 1 << 16

type exportOpening struct {
	Format string    `json:"format"`
	Office string    `json:"office"`
	At     time.Time `json:"at"`
}

type exportRow struct {
	ID          int64             `json:"id"`
	At          time.Time         `json:"at"`
	Actor       string            `json:"actor"`
	Code        string            `json:"code"`
	Application string            `json:"application,omitempty"`
	Order       string            `json:"order,omitempty"`
	Attempt     string            `json:"attempt,omitempty"`
	Chip        ktp.ChipUID       `json:"chip,omitempty"`
	Line        string            `json:"line,omitempty"`
	Detail      map[string]string `json:"detail,omitempty"`
	Prev        hexHash           `json:"prev"`
	Hash        hexHash           `json:"hash"`
}

type exportEnd struct {
	Head int64   `json:"head"`
	Hash hexHash `json:"hash"`
}

// hexHash is a hash in a text.
type hexHash Hash

func (h hexHash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

func (h *hexHash) UnmarshalText(text []byte) error {
	b, err := ParseHash(string(text))
	*h = hexHash(b)
	return err
}

// ParseHash reads 64 hex digits.
func ParseHash(text string) (h Hash, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("%d characters, not the 64 hex digits of a SHA-256", len(text))
	}
	return Hash(b), nil
}

// Export writes the whole log so that it can be verified far from the station; see [VerifyExport].
func Export(tx *store.Tx, w io.Writer, office string) (Head, error) {
	head, err := HeadOf(tx)
	if err != nil {
		return head, err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err := out.Encode(exportOpening{Format: exportFormat, Office: office, At: tx.Now().UTC()}); err != nil {
		return head, err
	}
	if err := each(tx, func(e Event) error {
		return out.Encode(exportRow{e.ID, e.At, e.Actor, e.Code, e.Application, e.Order, e.Attempt, e.Chip, e.Line, e.Detail, hexHash(e.Prev), hexHash(e.Hash)})
	}); err != nil {
		return head, err
	}
	return head, out.Encode(exportEnd{head.ID, hexHash(head.Hash)})
}

// VerifyExport verifies an exported log by the file alone, as [Verify] does the log of a ledger. Errors:
// audit.not_an_export names the line that is not one of an export, or that the end is missing.
func VerifyExport(file io.ReadSeeker, anchors ...Anchor) (r Report, office string, err error) {
	opening, end, err := readExport(file, func(Event) error { return nil })
	if err != nil {
		return r, "", err
	}
	log := func(fn func(Event) error) error {
		_, _, err := readExport(file, fn)
		return err
	}
	r, err = walk(log, Head{ID: end.Head, Hash: Hash(end.Hash)}, anchors)
	return r, opening.Office, err
}

// What is wrong with a line.
var (
	errFormat = errors.New("the first line does not name the format " + exportFormat)
	errNoEnd  = errors.New("the line with the head is missing: the file was cut")
	errAfter  = errors.New("there is something behind the line with the head")
	errOther  = errors.New("neither an event nor the head")
)

// readExport reads a file from its beginning.
func readExport(file io.ReadSeeker, fn func(Event) error) (opening exportOpening, end exportEnd, err error) {
	const op = "audit.readExport"
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return opening, end, err
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	ended := false
	line := 0
	refuse := func(err error) error { return notAnExport.At(op, nil).With("line", "%d: %v", line, err) }
	for lines.Scan() {
		line++
		switch {
		case ended:
			return opening, end, refuse(errAfter)
		case line == 1:
			if json.Unmarshal(lines.Bytes(), &opening) != nil || opening.Format != exportFormat {
				return opening, end, refuse(errFormat)
			}
			continue
		}
		var row struct {
			exportRow
			ID   *int64  `json:"id"`
			Head *int64  `json:"head"`
			Hash hexHash `json:"hash"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return opening, end, refuse(err)
		}
		switch {
		case row.Head != nil:
			end, ended = exportEnd{*row.Head, row.Hash}, true
			continue
		case row.ID == nil:
			return opening, end, refuse(errOther)
		}
		e := row.exportRow
		if err := fn(Event{*row.ID, e.At, e.Actor, e.Code, e.Application, e.Order, e.Attempt, e.Chip, e.Line, e.Detail, Hash(e.Prev), Hash(row.Hash)}); err != nil {
			return opening, end, err
		}
	}
	if err := lines.Err(); err != nil {
		line++
		return opening, end, refuse(err)
	}
	if !ended {
		line++
		return opening, end, refuse(errNoEnd)
	}
	return opening, end, nil
}
