package printer

import (
	"context"
	"errors"
	"time"
)

// Link moves bytes to and from one device. Not safe for concurrent use. After any error the
// outcome of the transfer is unknown; the printer's own counters decide.
type Link interface {
	// Write sends all of p or fails; the context bounds it.
	Write(ctx context.Context, p []byte) error
	// Read waits for at least one byte and returns what is there, at most len(p).
	Read(ctx context.Context, p []byte) (int, error)
	// DeviceID is the IEEE 1284 text, or iManufacturer and iProduct.
	DeviceID(ctx context.Context) (string, error)
	Close() error
}

// ErrStall is in the error of a Link when the device halted the endpoint: it refused the transfer,
// and every further one until the halt is cleared.
var ErrStall = errors.New("the endpoint is halted")

// ErrNothingInside is in the error of a movement that needs a card inside where the sensor sees none.
var ErrNothingInside = errors.New("no card is inside")

// Printer is what every printer can do. One caller at a time.
type Printer interface {
	// Capabilities are as read or configured when the printer was opened.
	Capabilities() Capabilities
	// Status reads the device; each field says whether it is known.
	Status(ctx context.Context) (Status, error)
	// Print prints the panels on the card inside (feeding one when none is). Not repeatable.
	// It returns when the printer has accepted and finished; of a spooled one, when the spooler says so,
	// which proves nothing. An error after the first byte of a
	// panel leaves the print in doubt: its fault kind is InDoubt, before that it is Device.
	Print(ctx context.Context, p Panels) error
}

// Path is what a printer can do whose host owns the card's way. Movements may be repeated
// only after the position has been read again.
type Path interface {
	// Move brings the card to a station; feeds one when none is inside.
	Move(ctx context.Context, to Position) error
	// Flip turns the card over.
	Flip(ctx context.Context) error
	// Eject puts the card into a tray. Where it sees no card inside it moves nothing and fails with
	// ErrNothingInside: a sensor that lies must not make a card of one that left.
	Eject(ctx context.Context, tray Tray) error
	// Purge runs the way to the reject tray whatever the sensor says, for a card that is inside and not
	// seen. It feeds nothing, and its success proves nothing: there may have been no card.
	Purge(ctx context.Context) error
	// Clear clears the error after the operator acted; sets the printer up again where needed.
	Clear(ctx context.Context) error
	// Clean starts the cleaning cycle.
	Clean(ctx context.Context) error
}

// Position of the card inside.
type Position string

const (
	PositionUnknown     Position = "unknown" // inside, but where is not known
	PositionNone        Position = "none"
	PositionPrint       Position = "print"
	PositionContact     Position = "contact"
	PositionContactless Position = "contactless"
	PositionMagnetic    Position = "magnetic"
	PositionFlip        Position = "flip"
	PositionExit        Position = "exit"
)

// Tray takes a card that leaves.
type Tray string

const (
	TrayOutput Tray = "output"
	TrayReject Tray = "reject"
)

// Known wraps a value that the printer may or may not tell. Not known is never shown as
// zero, empty or fine.
type Known[T any] struct {
	Value T    `json:"value"`
	Known bool `json:"known"`
}

// Know is a told value.
func Know[T any](v T) Known[T] { return Known[T]{v, true} }

// Level of a hopper or tray.
type Level string

const (
	LevelEmpty    Level = "empty"
	LevelLow      Level = "low"
	LevelCards    Level = "cards"
	LevelRoom     Level = "room"
	LevelNearFull Level = "near_full"
	LevelFull     Level = "full"
)

// Ribbon as the printer tells it; counts in printed sides.
type Ribbon struct {
	Type  string
	Total Known[int]
	Left  Known[int]
	Lot   Known[string]
	Fits  Known[bool]
}

// Film of a retransfer printer as it tells it; counts in transferred sides.
type Film struct {
	Type  string
	Total Known[int]
	Left  Known[int]
}

// Cleaning counters, in cards.
type Cleaning struct {
	Since, Limit Known[int]
	Due, Must    Known[bool]
}

// Counters prove after a crash what was fed or printed. They only rise, but for RibbonLeft.
type Counters struct {
	Cards      Known[int]    `json:"cards"`       // cards fed in
	Panels     Known[int]    `json:"panels"`      // panels printed
	Prints     Known[int]    `json:"prints"`      // cards whose print was finished; an old value does not prove that none began
	RibbonLeft Known[int]    `json:"ribbon_left"` // printed sides left
	Job        Known[string] `json:"job"`         // job id of a spooler
}

// Class of a device error; the reaction hangs on it.
type Class string

const (
	ClassNone         Class = ""
	ClassNoCards      Class = "no_cards"
	ClassCoverOpen    Class = "cover_open"
	ClassOutputFull   Class = "output_full"
	ClassRejectFull   Class = "reject_full"
	ClassRibbonGone   Class = "ribbon_missing"
	ClassRibbonWrong  Class = "ribbon_wrong"
	ClassRibbonOut    Class = "ribbon_out"
	ClassFilmOut      Class = "film_out"
	ClassHeating      Class = "heating"
	ClassCooling      Class = "cooling"
	ClassBusy         Class = "busy"
	ClassCleaningDue  Class = "cleaning_due"
	ClassJam          Class = "jam"
	ClassCardPosition Class = "card_position"
	ClassRibbonError  Class = "ribbon_error"
	ClassFilmError    Class = "film_error"
	ClassMagnetic     Class = "magnetic"
	ClassEncoder      Class = "encoder"
	ClassRestarted    Class = "restarted"
	ClassComm         Class = "comm"
	ClassHardware     Class = "hardware"
	ClassUnsupported  Class = "unsupported"
	ClassUnknown      Class = "unknown"
)

// Status is one reading.
type Status struct {
	At       time.Time // by the caller's clock; zero when the printer does not stamp it
	Ready    Known[bool]
	Busy     Known[bool]
	Card     Known[Position]
	Cover    Known[bool] // true: closed
	Hopper   Known[Level]
	Output   Known[Level]
	Reject   Known[Level]
	Ribbon   Known[Ribbon]
	Film     Known[Film] // never known of a direct printer, which has none
	Cleaning Cleaning
	Counters Counters
	Error    Class
	Raw      string // the code as the printer gave it
}

// Geometry of one panel at the printer, landscape: Columns along the long side.
type Geometry struct {
	Columns, Rows, DPI int
	Levels             int // of Y, M and C; K and overlay have two
}

// Technology is how a printer brings color onto a card.
type Technology string

const (
	DirectToCard Technology = "direct"     // the head touches the card
	Retransfer   Technology = "retransfer" // the head prints on a film, which is pressed onto the card
)

// Capabilities of an opened printer.
type Capabilities struct {
	Model, Serial, Firmware string
	Technology              Technology
	Geometry                Geometry
	Panels                  string // such as "YMCKO"
	TwoSided                bool
	FlipCommand             bool // Path.Flip works outside a job
	Contactless             bool // can move there
	HoldAfterPrint          bool // keeps the card inside after Print
	ReturnAfterPrint        bool // can move to the encoder after Print
	RejectTray              bool
	Hopper                  int // capacity in cards
	FeedCounter             bool
	PrintCounter            bool // Counters.Panels or Counters.Prints
	RibbonCounter           bool
	Spooled                 bool // a spooler stands between: that Print has ended proves no printed card
}

// Panel is one color of one side, a value per dot: 0 no ink, Levels-1 full ink (K and
// overlay: 0 or 1). Row-major, landscape, top row first.
type Panel struct {
	Letter byte // 'Y' 'M' 'C' 'K' 'O'
	Levels int
	Dots   []byte // Columns x Rows
}

// Side is what is printed on one side, in the order of the ribbon.
type Side struct{ Panels []Panel }

// Panels is one print: front, and back where the template prints one.
type Panels struct {
	Job      string // the attempt id, for a spooler's job name
	Geometry Geometry
	Front    Side
	Back     *Side
}
