package station

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/applet/pcsc"
	"blanko/chipdata"
	"blanko/fault"
)

// CardCommands are blanko card.
type CardCommands struct {
	List   CardListCommand   `cmd:"" help:"List the card readers and what lies in them."`
	Info   CardInfoCommand   `cmd:"" help:"Tell what a card says of itself, without any key or password."`
	Read   CardReadCommand   `cmd:"" help:"Read the content of a card. It shows personal data."`
	Verify CardVerifyCommand `cmd:"" help:"Examine the chip of a card for its holder: is it genuine, and if not, why. Exit status 1: something speaks against the card, or its content could not be checked."`
	Write  CardWriteCommand  `cmd:"" help:"Write a specimen to a blank of the test stock, and check it as a stranger."`
}

// CardKeys is where the card commands find keys.
type CardKeys interface {
	// Reading is the SAM that a reader has; nil where it has none.
	Reading(Config) (applet.KeySource, error)
	// Writing is the issuer for chips of the profile.
	Writing(Config, *chipdata.Profile) (CardIssuer, error)
}

// CardIssuer makes specimens.
type CardIssuer struct {
	Keys    applet.KeySource
	Signer  chipdata.Signer
	Anchors []*x509.Certificate // CSCAs under which the signer's certificate was issued
}

// ConfiguredKeys are the keys that the configuration names.
type ConfiguredKeys struct{}

// Reading finds no SAM while this version reaches none: cards are read as a stranger without keys.
func (ConfiguredKeys) Reading(Config) (applet.KeySource, error) { return nil, nil }

// Writing refuses while this version reaches no token.
func (ConfiguredKeys) Writing(c Config, _ *chipdata.Profile) (CardIssuer, error) {
	return CardIssuer{}, KeysMissing.At("station.ConfiguredKeys.Writing", nil).With("keys.kind", "%q", c.Keys.Kind)
}

// CardReader chooses the reader of one command.
type CardReader struct {
	Reader string        `help:"Whole name of the reader as blanko card list shows it, or its model with * for any characters. Not needed with one reader." placeholder:"NAME"`
	Serial string        `help:"USB serial number of the reader." placeholder:"NUMBER"`
	Slot   *int          `help:"Slot of a reader with several." placeholder:"N"`
	Wait   time.Duration `help:"How long to wait for a card." default:"20s"`
}

// open finds the reader, and waits until a card lies in it. A card that a hand moves is away for a moment:
// every later reset waits for it too, for as long as the service needs to notice that it is back.
func (c CardReader) open(ctx context.Context, t Terminal) (pcsc.Arrival, error) {
	list, err := pcsc.List(ctx)
	if err != nil {
		return pcsc.Arrival{}, err
	}
	name, err := c.choose(list)
	if err != nil {
		return pcsc.Arrival{}, err
	}
	r, err := pcsc.OpenReader(ctx, name)
	if err != nil {
		return pcsc.Arrival{}, err
	}
	if err := c.await(ctx, t, r); err != nil {
		return pcsc.Arrival{}, errors.Join(err, r.Close())
	}
	return pcsc.Arrival{Transport: r}, nil
}

// choose gives the whole name of the one reader that is meant.
func (c CardReader) choose(list []pcsc.Reader) (string, error) {
	for _, r := range list {
		if r.Name == c.Reader {
			return r.Name, nil
		}
	}
	b := pcsc.Binding{Name: c.Reader, Serial: c.Serial, Slot: c.Slot}
	if c.Reader != "" || c.Serial != "" {
		if err := b.Check(); err != nil {
			return "", err
		}
	}
	r, err := b.Find(list)
	if fault.Is(err, pcsc.ReaderAmbiguous) {
		names := make([]string, len(list))
		for i, r := range list {
			names[i] = r.Name
		}
		return "", ReaderUnnamed.At("station.CardReader", err).With("reader", "%s", strings.Join(names, "; "))
	}
	return r.Name, err
}

// await asks for a card where none lies in the reader.
func (c CardReader) await(ctx context.Context, t Terminal, r *pcsc.Transport) error {
	if r.Reader().Card {
		return nil
	}
	fmt.Fprintln(t.Err, t.Language.of(say("Letakkan kartu pada pembaca %s.", "Lay the card on the reader %s.", r.Reader().Name)))
	wait, stop := context.WithTimeout(ctx, c.Wait)
	defer stop()
	err := r.WaitCard(wait)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return pcsc.NoCard.At("station.CardReader", nil).With("wait", "no card within %v", c.Wait)
	}
	return err
}

// CardAccess is what the bearer's card shows, and what this reader trusts.
type CardAccess struct {
	Access     string `help:"File with what opens the card's ICAO view, - for standard input: the six digits of the CAN, the three lines of the machine readable zone, or both. Passwords are never taken from the command line." placeholder:"FILE"`
	CSCA       string `name:"csca" help:"Folder with the CSCA certificates; without it keys.anchors of the configuration." placeholder:"FOLDER"`
	CenterKeys string `help:"Folder with the data center's public keys." placeholder:"FOLDER"`
	LocalKeys  string `help:"Folder with public keys of districts that vouch for their own persons." placeholder:"FOLDER"`
	Status     string `help:"Status list of cards." placeholder:"FILE"`
}

// maxAccess and maxStatusList bound files, in bytes.
const (
	maxAccess     = 4 << 10
	maxStatusList = 256 << 20
)

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

// trust gathers what this reader believes; none of it is needed to read a card.
func (c CardAccess) trust(cfg Config) (inspect.Trust, error) {
	var trust inspect.Trust
	var err error
	folder := func(path string) fs.FS { return os.DirFS(path) }
	csca := c.CSCA
	if csca == "" {
		csca = cfg.Keys.Anchors
	}
	if csca != "" {
		if trust.CSCAs, err = inspect.LoadCSCAs(folder(csca)); err != nil {
			return trust, err
		}
	}
	if c.CenterKeys != "" {
		if trust.CenterKeys, err = inspect.LoadCenterKeys(folder(c.CenterKeys)); err != nil {
			return trust, err
		}
	}
	if c.LocalKeys != "" {
		local, err := inspect.LoadCenterKeys(folder(c.LocalKeys))
		if err != nil {
			return trust, err
		}
		trust.LocalKeys = map[[8]byte]bool{}
		if trust.CenterKeys == nil {
			trust.CenterKeys = map[[8]byte]*ecdsa.PublicKey{}
		}
		for id, key := range local {
			trust.CenterKeys[id], trust.LocalKeys[id] = key, true
		}
	}
	if c.Status != "" {
		text, err := readSmall(c.Status, maxStatusList)
		if err != nil {
			return trust, inspect.StatusListUnusable.At("station.CardAccess", err).With("status", "the file cannot be read")
		}
		if trust.Status, err = inspect.ParseStatusList(text, trust); err != nil {
			return trust, err
		}
	}
	return trust, nil
}

// OptionalConfig is the configuration of a command that works without one.
type OptionalConfig struct{ ConfigFile }

// there reports whether there is a configuration file.
func (c OptionalConfig) there() bool {
	_, err := os.Stat(c.Config)
	return err == nil
}

// read gives the configuration, or that of the sample where the file of the default path is not there.
func (c OptionalConfig) read() (Config, error) {
	_, err := os.Stat(c.Config)
	if errors.Is(err, fs.ErrNotExist) && c.Config == defaultConfig {
		return ParseConfig([]byte(Sample))
	}
	return ReadConfig(c.Config)
}

// defaultConfig is the path that ConfigFile has without the flag.
const defaultConfig = "/etc/blanko/blanko.yaml"
