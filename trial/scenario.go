package trial

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"
	"blanko/jobs"
)

// Scenario is a batch in the virtual world, what goes wrong in it, and what must be true at the end.
// Its text form is docs/scenarios.md.
type Scenario struct {
	Name    string `yaml:"-"` // of the file, without its ending
	Title   Title
	Lessons []string // cases of the field that it shows, such as FL-24
	Seed    int64
	Batch   Batch
	Devices Devices
	Center  CenterBehavior
	Faults  []emulator.Fault
	Events  []SceneEvent
	Then    Then
}

// Title says in a sentence what is shown, in both languages.
type Title struct{ ID, EN string }

// Batch is what the center wants made.
type Batch struct {
	Cards     int      // good records
	Chip      string   // 8k, 32k
	Broken    []string // kinds of broken record, one each
	Impostors int      // records whose second impressions are another person's
	Denied    []int    // blanks of the first line whose chip is on the deny list, by the order of the hopper, from 1
}

// Devices is the print room.
type Devices struct {
	Lines   int
	Printer string   // one of scenePrinters; with DesktopPrinter every line is a desktop line
	Eye     []string // lines without a camera: a person accepts their faces
}

// scenePrinters are the models that a print room may have.
func scenePrinters() []string { return append(slices.Clone(InlinePrinters), DesktopPrinter) }

func (d Devices) desktop() bool { return d.Printer == DesktopPrinter }

// CenterBehavior is how the center misbehaves from the beginning; see center.Behavior.
type CenterBehavior struct {
	CutEvery         int `yaml:"cut_every"`
	FailEvery        int `yaml:"fail_every"`
	RepeatEvery      int `yaml:"repeat_every"`
	LoseReportsEvery int `yaml:"lose_reports_every"`
	LoseAnswersEvery int `yaml:"lose_answers_every"`
	Reorder          bool
	Duplicate        bool
	Delay            time.Duration
}

func (b CenterBehavior) behavior() center.Behavior {
	return center.Behavior{
		CutEvery: b.CutEvery, FailEvery: b.FailEvery, RepeatEvery: b.RepeatEvery, LoseReportsEvery: b.LoseReportsEvery,
		LoseAnswersEvery: b.LoseAnswersEvery, Reorder: b.Reorder, Duplicate: b.Duplicate, Delay: b.Delay,
	}
}

// SceneEvent is something that happens beside the lines: when the station has written down that it
// will do the step with a card, and has not begun.
type SceneEvent struct {
	Line  string
	Card  int // that the line has begun, from 1
	Step  jobs.Step
	Do    string // one of Deeds
	Cause string // of a face that is refused: a code of registry.AnswerCauses
}

// Deeds are what may happen beside the lines.
var Deeds = []string{
	deedStop,     // the program of the station ends at this moment and is started again
	deedWithdraw, // the center takes the record of this card back, and the station knows it
	deedPull,     // somebody opens the cover and takes the card out of the path
	deedCut,      // the center is away
	deedMend,     // the center is back
	deedRefuse,   // the person at the line does not accept the face
	deedDrop,     // the person at the desk does not bring the card back to the reader
	deedSwap,     // the person at the desk brings a finished card back instead
}

const (
	deedStop     = "stop"
	deedWithdraw = "withdraw"
	deedPull     = "pull"
	deedCut      = "cut"
	deedMend     = "mend"
	deedRefuse   = "refuse"
	deedDrop     = "drop"
	deedSwap     = "swap"
)

// Then is what must be true when nothing is left to do. What is left out must be nothing. Beside it, every
// blank must be where the ledger says, and every fault and event must have happened.
type Then struct {
	Made      int            // cards that were finished
	Spoiled   map[string]int // blanks that never became a card, by the code of the cause
	Blocked   map[string]int // cards that were active, blocked and revoked, by the code of the cause
	InDoubt   int            `yaml:"in_doubt"`
	Refused   map[string]int // records that the station refused, by the code that it told the center
	Withdrawn int
	Waiting   int            // applications on hold, queued or in doubt
	Waits     []string       // codes for which a line waited for a person: at least these
	Mended    []string       // problems of a machine that a person saw to: at least these
	Places    map[string]int // where blanks are, such as reject/line-1: at least these
}

//go:embed scenarios
var scenarioFiles embed.FS

// Scenarios lists the names of the scenarios that come with the product.
func Scenarios() []string {
	files, err := scenarioFiles.ReadDir("scenarios")
	if err != nil {
		panic(err) // they are part of the program
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// ShippedScenario is one of Scenarios.
func ShippedScenario(name string) (*Scenario, error) {
	if !slices.Contains(Scenarios(), name) {
		return nil, fmt.Errorf("no scenario is called %q", name)
	}
	text, err := scenarioFiles.ReadFile(path.Join("scenarios", name+".yaml"))
	if err != nil {
		return nil, err
	}
	return parseScenario(name+".yaml", text)
}
