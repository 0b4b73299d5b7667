package printer

import "errors"

// What a motion or an act ends with. A language turns these into its own words.
var (
	ErrPowerOff      = errors.New("the printer has no power")
	ErrUnplugged     = errors.New("the cable is out")
	ErrCoverOpen     = errors.New("the cover is open")
	ErrCoverClosed   = errors.New("the cover is closed")
	ErrHopperEmpty   = errors.New("the hopper is empty")
	ErrJam           = errors.New("the mechanics did not finish: card jam")
	ErrCardLost      = errors.New("the position of the card is not known")
	ErrNoCardInside  = errors.New("no card is inside")
	ErrCardInside    = errors.New("a card is inside")
	ErrNotAtHead     = errors.New("no card is at the print position")
	ErrRibbonOut     = errors.New("the ribbon is at its end")
	ErrRibbonMissing = errors.New("no ribbon")
	ErrRibbonWrong   = errors.New("the ribbon does not fit")
	ErrFilmOut       = errors.New("the film is at its end")
	ErrFilmBlank     = errors.New("nothing is printed on the film")
	ErrOutputFull    = errors.New("the output tray is full")
	ErrRejectFull    = errors.New("the reject box is full")
	ErrBezelEmpty    = errors.New("no card is in the front slot")
	ErrBezelBlocked  = errors.New("a card is in the front slot")
	ErrInterrupted   = errors.New("the motion was interrupted")
	ErrNotFitted     = errors.New("this machine has no such station")
	ErrElsewhere     = errors.New("the card is elsewhere")
	ErrTooMany       = errors.New("the cards do not fit")
	ErrNoCard        = errors.New("no card in the field of the encoder")
	ErrCardReset     = errors.New("the card has lost its power since the last reset")
	ErrReaderClosed  = errors.New("the reader is closed")
	ErrStripeBlank   = errors.New("the magnetic track is blank")
)

// Problem is something that a person standing before the machine can see and mend.
type Problem string

const (
	ProblemPower       Problem = "power"
	ProblemCable       Problem = "cable"
	ProblemCover       Problem = "cover"
	ProblemJam         Problem = "jam"
	ProblemCardLost    Problem = "card_lost"
	ProblemRibbonOut   Problem = "ribbon_out"
	ProblemRibbonGone  Problem = "ribbon_missing"
	ProblemRibbonWrong Problem = "ribbon_wrong"
	ProblemFilmOut     Problem = "film_out"
	ProblemOutputFull  Problem = "output_full"
	ProblemRejectFull  Problem = "reject_full"
	ProblemHopperEmpty Problem = "hopper_empty"
	ProblemCleaning    Problem = "cleaning"
	ProblemBezel       Problem = "bezel"
)

// Problems lists what is wrong now, the most urgent first.
func (m *Machine) Problems() []Problem {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Problem
	add := func(bad bool, p Problem) {
		if bad {
			out = append(out, p)
		}
	}
	add(!m.powered, ProblemPower)
	add(m.unplugged, ProblemCable)
	add(m.jam, ProblemJam)
	add(!m.jam && m.lostCard(), ProblemCardLost)
	add(m.cover, ProblemCover)
	add(!m.ribbonIn, ProblemRibbonGone)
	add(m.ribbonIn && m.ribbonWrong(), ProblemRibbonWrong)
	// The last frame may still be in use for the card inside.
	add(m.ribbonIn && (m.torn || m.ribbon.Left <= 0 && (len(m.path) == 0 || !m.passOpen)), ProblemRibbonOut)
	add(m.filmTrouble() != nil, ProblemFilmOut)
	add(m.outputFull(), ProblemOutputFull)
	add(m.rejectFull(), ProblemRejectFull)
	add(len(m.hopper) == 0, ProblemHopperEmpty)
	add(m.cleaning.Due, ProblemCleaning)
	add(m.bezel != nil, ProblemBezel)
	return out
}
