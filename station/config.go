package station

import (
	_ "embed"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"blanko/paper"

	"github.com/goccy/go-yaml"

	"blanko/applet/pcsc"
	"blanko/fault"
	"blanko/jobs"
	"blanko/keys/pkcs11"
	"blanko/personalize"
	"blanko/registry/standard"
	"blanko/store/backup"
	"blanko/ups"
)

// Sample is the configuration file with every value explained.
//
//go:embed sample.yaml
var Sample string

// maxConfig bounds a configuration file, in bytes.
const maxConfig = 256 << 10

// Config of a station, as in Sample.
type Config struct {
	Office     string         `yaml:"office"`
	Station    string         `yaml:"station"`
	Authority  string         `yaml:"authority"`
	IssuePlace string         `yaml:"issue_place"`
	Letterhead Letterhead     `yaml:"letterhead"`
	Data       string         `yaml:"data"`
	Database   DatabaseConfig `yaml:"database"`
	Listen     string         `yaml:"listen"`
	Network    NetworkConfig  `yaml:"network"`
	Public     NetworkConfig  `yaml:"public"`
	Complaints ComplaintLimit `yaml:"complaints"`
	Profile    string         `yaml:"profile"`
	Service    ServiceConfig  `yaml:"service"`
	Center     CenterConfig   `yaml:"center"`
	Keys       KeysConfig     `yaml:"keys"`
	Backup     BackupConfig   `yaml:"backup"`
	Power      PowerConfig    `yaml:"power"`
	Desk       DeskConfig     `yaml:"desk"`
	Lines      []LineConfig   `yaml:"lines"`
}

// office is the letterhead as papers draw it.
func (l Letterhead) office() paper.Office {
	return paper.Office{Government: l.Government, Name: l.Name, Address: l.Address}
}

// Letterhead is the head of the papers.
type Letterhead struct {
	Government string `yaml:"government"`
	Name       string `yaml:"name"`
	Address    string `yaml:"address"`
}

// DatabaseConfig says where the ledger is when several stations share it. Without an address it is the
// file Data of this station alone.
type DatabaseConfig struct {
	Postgres     string `yaml:"postgres"`
	PasswordFile string `yaml:"password_file"`
	DataKeys     string `yaml:"data_keys"`
}

// NetworkConfig says how a server of the station is reached from other machines; without an address it
// is not.
type NetworkConfig struct {
	Listen      string   `yaml:"listen"`
	Certificate string   `yaml:"certificate"`
	Key         string   `yaml:"key"`
	Clients     string   `yaml:"clients"`
	Names       []string `yaml:"names"`
}

// ComplaintLimit bounds the complaints that the public listener takes, of everybody together.
type ComplaintLimit struct {
	PerHour int `yaml:"per_hour"`
	PerDay  int `yaml:"per_day"`
}

// mostComplaints are more than an office can read in a day.
const mostComplaints = 10000

// ServiceConfig says which rules of the service the station keeps.
type ServiceConfig struct {
	Standard          string        `yaml:"standard"`
	Shifts            bool          `yaml:"shifts"`
	Dispatch          bool          `yaml:"dispatch"`
	ConfirmAtHandOver bool          `yaml:"confirm_at_hand_over"`
	MatchValid        time.Duration `yaml:"match_valid"` // 0: on its day
	StandAlone        bool          `yaml:"stand_alone"`
	OfficerKeys       string        `yaml:"officer_keys"`
}

// CenterConfig says how the data center is reached.
type CenterConfig struct {
	URL               string        `yaml:"url"`
	ClientCertificate string        `yaml:"client_certificate"`
	ClientKey         string        `yaml:"client_key"`
	Authorities       string        `yaml:"authorities"`
	Anchor            string        `yaml:"anchor"`
	KeyList           string        `yaml:"key_list"`
	RecordKeys        string        `yaml:"record_keys"`
	Poll              time.Duration `yaml:"poll"`
}

// KeysConfig says where keys are.
type KeysConfig struct {
	Kind      string `yaml:"kind"`
	Module    string `yaml:"module"`
	Token     string `yaml:"token"`
	Serial    string `yaml:"serial"`
	PINFile   string `yaml:"pin_file"`
	Signer    string `yaml:"signer"`
	Anchors   string `yaml:"anchors"`
	Protocols string `yaml:"protocols"`
}

// BackupConfig says where sealed copies of the ledger are put, and how many stay.
type BackupConfig struct {
	Folder     string        `yaml:"folder"`
	Recipients []string      `yaml:"recipients"`
	Every      time.Duration `yaml:"every"`
	Keep       int           `yaml:"keep"`
}

// PowerConfig says where the power supply of printers and computer is asked how the power is; without an
// address nobody is asked.
type PowerConfig struct {
	Daemon string        `yaml:"upsd"`
	Supply string        `yaml:"ups"`
	Card   time.Duration `yaml:"card"`
}

// supply is that of the configuration; nil: none.
func (c PowerConfig) supply() *ups.Supply {
	if c.Daemon == "" {
		return nil
	}
	return &ups.Supply{Address: c.Daemon, Name: c.Supply, Card: c.Card}
}

var supplyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// check names the first field that cannot be.
func (c PowerConfig) check() (field, reason string) {
	if c.Daemon == "" {
		return "", ""
	}
	if _, _, err := net.SplitHostPort(c.Daemon); err != nil {
		return "power.upsd", "an address with a port, such as 127.0.0.1:3493"
	}
	if !supplyName.MatchString(c.Supply) {
		return "power.ups", "the name of the supply, as upsc -l shows it"
	}
	if c.Card < time.Second || c.Card > time.Hour {
		return "power.card", "1s to 1h"
	}
	return "", ""
}

// LineConfig is one production line.
type LineConfig struct {
	ID      jobs.LineID   `yaml:"id"`
	Kind    jobs.Kind     `yaml:"kind"`
	Printer PrinterConfig `yaml:"printer"`
	Reader  ReaderConfig  `yaml:"reader"`
}

// PrinterConfig binds a printer to a line.
type PrinterConfig struct {
	Language string `yaml:"language"`
	Cable    string `yaml:"cable"`
	Serial   string `yaml:"serial"`
	Model    string `yaml:"model"` // as it tells by USB; empty: any of its language
	Place    string `yaml:"place"` // where it is plugged in, for one without a serial number
	// Of a print queue.
	Queue        string     `yaml:"queue"`
	PrintService string     `yaml:"print_service"`
	Page         PageConfig `yaml:"page"`
	Retransfer   bool       `yaml:"retransfer"`
	TwoSided     bool       `yaml:"two_sided"`
	// What is fitted, for a printer that does not tell.
	Ribbon string `yaml:"ribbon"`
	Film   string `yaml:"film"`
	// Settings of the printer itself that must stand before a card is fed, by its language's names.
	Settings      map[string]string `yaml:"settings"`
	CleaningEvery int               `yaml:"cleaning_every"` // cards, for a printer that tells no limit; 0: that of its model
	Rest          personalize.Rest  `yaml:"rest"`
}

// PageConfig is the size of a side at a print queue, in dots at 300 dpi; zero: that of the card.
type PageConfig struct {
	Columns int `yaml:"columns"`
	Rows    int `yaml:"rows"`
}

// ReaderConfig binds an encoder to a line.
type ReaderConfig struct {
	Cable  string `yaml:"cable"`
	Name   string `yaml:"name"`
	Serial string `yaml:"serial"`
	Slot   *int   `yaml:"slot"`
}

// DeskConfig is the table of the print room: its reader reads cards in doubt that a line has put out.
type DeskConfig struct {
	Reader ReaderConfig `yaml:"reader"`
}

// ReadConfig reads a configuration file strictly: an unknown or doubled key, an anchor, an
// alias or a number that should be quoted is an error with line and column.
func ReadConfig(path string) (Config, error) {
	const op = "station.ReadConfig"
	text, err := readSmall(path, maxConfig)
	switch {
	case errors.Is(err, errNotSmall):
		return Config{}, ConfigWrong.At(op, nil).With("config", "a plain file of at most %d bytes is wanted", maxConfig)
	case err != nil:
		return Config{}, ConfigUnreadable.At(op, err).With("config", "%s", path)
	}
	return ParseConfig(text)
}

// ParseConfig is ReadConfig over text. What the text leaves out has the value of Sample.
func ParseConfig(text []byte) (Config, error) {
	const op = "station.ParseConfig"
	var c Config
	if err := yaml.UnmarshalWithOptions([]byte(Sample), &c, yaml.Strict()); err != nil {
		return c, ConfigWrong.At(op, err)
	}
	if err := PlainYAML(text); err != nil {
		return c, ConfigWrong.At(op, nil).With("config", "%v", err)
	}
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
		return c, ConfigWrong.At(op, nil).With("config", "%s", yaml.FormatError(err, false, false))
	}
	return c, c.check()
}

var officeCode = regexp.MustCompile(`^[0-9]{2}\.[0-9]{2}$`)

// maxAuthority is the longest issuing authority on the chip, in bytes (card profile, 3.1.1).
const maxAuthority = 39

// longestMatch bounds how long a 1:1 may stand for the one who fetches the card: a visit, not a season.
const longestMatch = 7 * 24 * time.Hour

func (c Config) check() error {
	const op = "station.ParseConfig"
	wrong := func(field, format string, args ...any) error {
		return ConfigWrong.At(op, nil).With(field, format, args...)
	}
	switch {
	case !officeCode.MatchString(c.Office):
		return wrong("office", "the code of a Dinas is PP.KK in quotes, such as \"61.05\"")
	case c.Station == "" || len(c.Station) > 16:
		return wrong("station", "1 to 16 characters")
	case c.Authority == "" || len(c.Authority) > maxAuthority:
		return wrong("authority", "1 to %d bytes", maxAuthority)
	case c.IssuePlace == "":
		return wrong("issue_place", "missing")
	case c.Keys.Kind == pkcs11.Kind && (c.Keys.Module == "" || c.Keys.Token == ""):
		return wrong("keys", "a token is known by its module and its label (keys.module, keys.token)")
	case c.Data == "" && c.Database.Postgres == "":
		return wrong("data", "missing")
	case c.Complaints.PerHour < 1 || c.Complaints.PerDay < c.Complaints.PerHour || c.Complaints.PerDay > mostComplaints:
		return wrong("complaints", "per_hour is 1 or more, per_day no less and at most %d", mostComplaints)
	case c.Service.Standard != "" && !slices.Contains(standard.Names, c.Service.Standard):
		return wrong("service.standard", "one of %s", strings.Join(standard.Names, ", "))
	case c.Service.MatchValid < 0 || c.Service.MatchValid > longestMatch:
		return wrong("service.match_valid", "0 for its day, or a time of at most %s", longestMatch)
	case c.Service.StandAlone && c.Center.URL != "":
		return wrong("service.stand_alone", "there is a data center (center.url)")
	case c.Service.StandAlone != (c.Service.OfficerKeys != ""):
		return wrong("service.officer_keys", "the folder with the keys of the data center officers, where the station stands alone and nowhere else")
	case c.Database.Postgres == "" && c.Database.PasswordFile != "":
		return wrong("database.password_file", "a file (data) has no password")
	case c.Backup.Folder != "" && c.Data == "":
		return wrong("data", "a copy of the ledger is made beside it, on a disk of this machine")
	case c.Backup.Folder != "" && (c.Backup.Every < time.Minute || c.Backup.Keep < 1):
		return wrong("backup", "every is a minute or more, keep 1 or more")
	}
	if _, err := backup.Recipients(c.Backup.Recipients); err != nil && (c.Backup.Folder != "" || len(c.Backup.Recipients) > 0) {
		return wrong("backup.recipients", "public keys of age (age1...), one or more")
	}
	if field, reason := c.Power.check(); field != "" {
		return wrong(field, "%s", reason)
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return wrong("listen", "an address with a port, such as 127.0.0.1:8080")
	}
	seen := map[jobs.LineID]bool{}
	for i, l := range c.Lines {
		at := fmt.Sprintf("lines[%d]", i)
		switch {
		case l.ID == "" || l.ID == deskReader || seen[l.ID]:
			return wrong(at+".id", "every line needs a name of its own")
		case !slices.Contains(jobs.Kinds, l.Kind):
			return wrong(at+".kind", "inline, inline_eye, one_way or desktop")
		}
		if field, why := l.Printer.wrong(); field != "" {
			return wrong(at+".printer."+field, "%s", why)
		}
		for _, o := range c.Lines[:i] {
			if field := l.Printer.same(o.Printer); field != "" {
				return wrong(at+".printer."+field, "it is the printer of line %q", o.ID)
			}
		}
		seen[l.ID] = true
	}
	return c.checkReaders()
}

// cablePCSC is the way to a reader through the operating system's service.
const cablePCSC = "pcsc"

// deskReader is what the reader of the desk is called among those of the lines; no line is called so.
const deskReader = "desk.reader"

// binding is what a line, or the desk, means by its reader.
func (r ReaderConfig) binding(of string) pcsc.Binding {
	return pcsc.Binding{Line: of, Name: r.Name, Serial: r.Serial, Slot: r.Slot}
}

// readers are the readers of lines and desk that the operating system's service reaches.
func (c Config) readers() []pcsc.Binding {
	var out []pcsc.Binding
	for _, l := range c.Lines {
		if l.Reader.Cable == cablePCSC {
			out = append(out, l.Reader.binding(string(l.ID)))
		}
	}
	if c.Desk.Reader.Cable == cablePCSC {
		out = append(out, c.Desk.Reader.binding(deskReader))
	}
	return out
}

// checkReaders refuses a reader that is not named, one by its order, and one serial number in two
// places. Two lines may name one model: a calibration tells their readers apart.
func (c Config) checkReaders() error {
	const op = "station.ParseConfig"
	readers := c.readers()
	for i, mine := range readers {
		at := deskReader
		if n := slices.IndexFunc(c.Lines, func(l LineConfig) bool { return string(l.ID) == mine.Line }); n >= 0 {
			at = fmt.Sprintf("lines[%d].reader", n)
		}
		if err, ok := errors.AsType[*fault.Error](mine.Check()); ok {
			return ConfigWrong.At(op, nil).With(at+"."+err.Field, "%s", err.Detail)
		}
		for _, other := range readers[:i] {
			if mine.Serial != "" && other.Serial != "" && mine.Overlaps(other) {
				return ConfigWrong.At(op, nil).With(at+".serial", "it is the reader of line %q", other.Line)
			}
		}
	}
	return nil
}
