package desk

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"blanko/applet/inspect"
)

// Commands are blanko desk.
type Commands struct {
	Pair   PairCommand   `cmd:"" help:"Make this computer a desk of a station, by the code that its console shows."`
	Run    RunCommand    `cmd:"" help:"Bring the devices of this computer to the pages of the station."`
	Status StatusCommand `cmd:"" help:"Say which station this desk is paired with, and how its devices are."`
}

// Voice speaks with the person at the computer.
type Voice interface {
	Say(id, en string)
	Log() *zap.Logger
}

// Scanners opens the scanners of a desk: those of makers, or in a laboratory emulated ones.
type Scanners interface {
	Open(kind Kind, program string) Scanner
}

// MakersScanners are reached by the programs of their makers.
type MakersScanners struct{}

// Open gives the scanner behind a program; without a program it is missing.
func (MakersScanners) Open(kind Kind, program string) Scanner { return Program{kind, program} }

// Home says where the identity of the desk is.
type Home struct {
	Folder string `help:"Folder of the pairing; without it blanko-desk in the configuration folder of the user." type:"path" placeholder:"FOLDER"`
}

func (h Home) folder() (string, error) {
	if h.Folder != "" {
		return h.Folder, nil
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", FolderUnusable.At("desk.Home", err).With("folder", "name one")
	}
	return filepath.Join(config, "blanko-desk"), nil
}

// PairCommand is blanko desk pair.
type PairCommand struct {
	Home
	Station   string   `arg:"" help:"Address of the station: https://name:port." placeholder:"ADDRESS"`
	Code      string   `arg:"" help:"Code that the console shows on its page Desks; it works once." placeholder:"CODE"`
	Authority string   `help:"PEM file of who vouches for the station's certificate; without it the authorities of this computer." type:"path" placeholder:"FILE"`
	Origin    []string `help:"Another address by which the console is opened here, such as http://127.0.0.1:8700; may be given more than once." placeholder:"ADDRESS"`
}

// Run pairs.
func (c PairCommand) Run(ctx context.Context, v Voice) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	i, err := Pair(ctx, Pairing{Folder: folder, Station: c.Station, Authority: c.Authority, Code: c.Code, Origins: c.Origin})
	if err == nil {
		v.Say("Komputer ini sekarang meja "+i.Desk+" dari "+i.Station+".", "This computer is the desk "+i.Desk+" of "+i.Station+" now.")
	}
	return err
}

// DeviceFlags say what the desk has.
type DeviceFlags struct {
	Reader        []string `help:"Whole name of a reader that this desk may use, as blanko card list shows it; may be given more than once. Without it every one." placeholder:"NAME"`
	FingerProgram string   `help:"Program of the finger scanner's maker: prints the serial number for 'serial', a PNG for 'capture PART'." type:"path" placeholder:"FILE"`
	IrisProgram   string   `help:"The same of the iris scanner." type:"path" placeholder:"FILE"`
}

func (d DeviceFlags) devices(s Scanners) Devices {
	return Devices{Readers: &PCSC{Only: d.Reader}, Finger: s.Open(FingerScanner, d.FingerProgram), Iris: s.Open(IrisScanner, d.IrisProgram)}
}

// RunCommand is blanko desk run.
type RunCommand struct {
	Home
	DeviceFlags
	Listen     string `help:"Address on this computer where its pages find the desk." default:"127.0.0.1:7610" placeholder:"ADDRESS"`
	CSCA       string `name:"csca" help:"Folder with the CSCA certificates (*.pem) and their revocation lists (*.crl); read anew every minute." type:"path" placeholder:"FOLDER"`
	CenterKeys string `help:"Folder with the data center's public keys." type:"path" placeholder:"FOLDER"`
	StatusKeys string `help:"Folder with public keys of stations that seal status lists." type:"path" placeholder:"FOLDER"`
	Status     string `help:"Signed status list of cards." type:"path" placeholder:"FILE"`
}

// Run serves until the context ends.
func (c RunCommand) Run(ctx context.Context, v Voice, s Scanners) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	i, err := LoadIdentity(folder)
	if err != nil {
		return err
	}
	trust, err := c.trust()
	if err != nil {
		return err
	}
	a, err := New(Config{Identity: i, Devices: c.devices(s), Trust: trust, Anchors: c.trust, Log: v.Log()})
	if err != nil {
		return err
	}
	ln, err := Listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	v.Say("Meja "+i.Desk+" melayani halaman di "+ln.Addr().String()+".", "Desk "+i.Desk+" serves pages at "+ln.Addr().String()+".")
	return a.Serve(ctx, ln)
}

// trust is what the desk checks cards by.
func (c RunCommand) trust() (inspect.Trust, error) {
	return inspect.Folders{CSCA: c.CSCA, CenterKeys: c.CenterKeys, StatusKeys: c.StatusKeys, StatusList: c.Status}.Trust()
}

// StatusCommand is blanko desk status.
type StatusCommand struct {
	Home
	DeviceFlags
}

// Run tells.
func (c StatusCommand) Run(ctx context.Context, v Voice, s Scanners) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	i, err := LoadIdentity(folder)
	if err != nil {
		return err
	}
	v.Say("Meja "+i.Desk+" dari "+i.Station, "Desk "+i.Desk+" of "+i.Station)
	for _, d := range c.devices(s).Look(ctx) {
		id, en := d.words()
		v.Say(id, en)
	}
	return nil
}

// names of devices.
var names = map[Kind]Text{
	CardReader: {"pembaca kartu", "card reader"}, SAM: {"SAM", "SAM"}, FingerScanner: {"pemindai jari", "finger scanner"}, IrisScanner: {"pemindai iris", "iris scanner"},
}

func (d Device) words() (id, en string) {
	n := names[d.Kind]
	if d.Missing != nil {
		return n.ID + ": " + d.Missing.ID + " " + strings.Join(d.Missing.StepsID, " "), n.EN + ": " + d.Missing.EN + " " + strings.Join(d.Missing.StepsEN, " ")
	}
	what := strings.TrimSpace(d.Name + " " + d.Serial)
	return n.ID + ": " + what, n.EN + ": " + what
}
