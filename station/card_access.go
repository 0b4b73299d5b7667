package station

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"blanko/applet/icao"
	"blanko/chipdata"
)

// CardAccess is what the bearer's card shows, and what this reader trusts.
type CardAccess struct {
	Access     string `help:"File with what opens the card's ICAO view, - for standard input: the six digits of the CAN, the three lines of the machine readable zone, or both. Passwords are never taken from the command line." placeholder:"FILE"`
	CSCA       string `name:"csca" help:"Folder with the CSCA certificates; without it keys.anchors of the configuration." placeholder:"FOLDER"`
	CenterKeys string `help:"Folder with the data center's public keys." placeholder:"FOLDER"`
	StatusKeys string `help:"Folder with public keys of stations that seal status lists." placeholder:"FOLDER"`
	LocalKeys  string `help:"Folder with public keys of districts that vouch for their own persons." placeholder:"FOLDER"`
	Status     string `help:"Status list of cards." placeholder:"FILE"`
}

// maxAccess bounds the file of passwords, in bytes.
const maxAccess = 4 << 10

// access reads the file of passwords. Nothing of it is ever shown.
func (c CardAccess) access(t Terminal) (icao.Access, error) {
	const op = "station.CardAccess"
	if c.Access == "" {
		return icao.Access{}, nil
	}
	var text []byte
	var err error
	if c.Access == "-" {
		text, err = typed(t, os.Stdin)
	} else {
		text, err = readSmall(c.Access, maxAccess)
	}
	if err != nil || len(text) > maxAccess {
		return icao.Access{}, icao.AccessMalformed.At(op, err).With("access", "the file cannot be read, or is too long")
	}
	return parseAccess(string(text))
}

// typed reads what standard input holds. A person at a keyboard is asked, and the last line that is
// needed ends the asking.
func typed(t Terminal, in *os.File) ([]byte, error) {
	info, err := in.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return io.ReadAll(io.LimitReader(in, maxAccess+1))
	}
	fmt.Fprintln(t.Err, t.Language.of(words{"Ketik enam angka CAN, atau tiga baris MRZ:", "Type the six digits of the CAN, or the three lines of the machine readable zone:"}))
	var text []byte
	lines := bufio.NewScanner(io.LimitReader(in, maxAccess))
	for zone := 0; zone < mrzLines && lines.Scan(); {
		text = append(append(text, lines.Bytes()...), '\n')
		switch line := strings.TrimSpace(lines.Text()); {
		case canDigits.MatchString(line):
			return text, nil
		case line != "":
			zone++
		}
	}
	return text, lines.Err()
}

// A zone of type TD1 (Doc 9303-5).
const (
	mrzLines = 3
	mrzWidth = 30
)

// Tags of DG1 (Doc 9303-10, 4.7.1), in which a zone is parsed.
const (
	tagDG1 = 0x61
	tagMRZ = 0x5F1F
)

var canDigits = regexp.MustCompile(`^[0-9]{6}$`)

// parseAccess finds a CAN and the lines of a zone of type TD1 (Doc 9303-5).
func parseAccess(text string) (icao.Access, error) {
	const op = "station.parseAccess"
	var a icao.Access
	var lines []string
	s := bufio.NewScanner(strings.NewReader(text))
	for s.Scan() {
		line := strings.TrimSpace(s.Text())
		switch {
		case line == "":
		case canDigits.MatchString(line) && a.CAN == "":
			a.CAN = line
		case len(line) == mrzWidth && len(lines) < mrzLines:
			lines = append(lines, line)
		default:
			return icao.Access{}, icao.AccessMalformed.At(op, nil).With("access", "six digits, or three lines of %d characters, are wanted", mrzWidth)
		}
	}
	if len(lines) > 0 {
		zone := chipdata.AppendTLV(nil, tagMRZ, []byte(strings.Join(lines, ""))...)
		m, err := chipdata.ParseDG1(chipdata.AppendTLV(nil, tagDG1, zone...))
		if err != nil {
			return icao.Access{}, icao.AccessMalformed.At(op, err).With("access", "the machine readable zone is incomplete or a check digit is wrong")
		}
		z := icao.FromMRZ(m)
		z.CAN = a.CAN
		a = z
	}
	return a, a.Check()
}
