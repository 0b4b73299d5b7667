package emulator

import (
	"math/rand/v2"
	"slices"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
)

// everyday are the faults of a busy print room, one row each. A batch gets them in a random
// order, about one in eight cards (faults per card are far rarer in life; a trial wants to see
// each of them). The delays are how long a person takes to come.
var everyday = []Fault{
	{Kind: string(printer.KindHopperLifted), Step: string(printer.StepFeed), Mend: 40 * time.Second},
	{Kind: string(printer.KindCoverOpen), Step: string(printer.StepContactless), Mend: 15 * time.Second},
	{Kind: string(printer.KindCoverOpen), Step: string(printer.StepPanel), Panel: 2, Mend: 15 * time.Second},
	{Kind: string(printer.KindJam), Step: string(printer.StepFeed), Mend: 90 * time.Second},
	{Kind: string(printer.KindJam), Step: string(printer.StepContactless), Mend: 90 * time.Second},
	{Kind: string(printer.KindJam), Step: string(printer.StepPanel), Panel: 3, Mend: 120 * time.Second},
	{Kind: string(printer.KindJam), Step: string(printer.StepEject), Mend: 60 * time.Second},
	{Kind: string(printer.KindRibbonTorn), Step: string(printer.StepPanel), Panel: 2, Mend: 180 * time.Second},
	{Kind: string(printer.KindOutputFull), Step: string(printer.StepFeed), Mend: 30 * time.Second},
	{Kind: string(printer.KindCleaningDue), Step: string(printer.StepEject)},
	{Kind: string(chip.Mute), APDU: 12},
	{Kind: KindNoChip},
	{Kind: string(chip.NVMError), Page: 40, Lasting: true},
	{Kind: string(chip.FieldLoss), Page: 60},
	{Kind: string(chip.WrongTransportKey)},
	{Kind: string(chip.ForeignAttempt)},
}

// cardsPerFault is how thinly Some spreads its faults.
const cardsPerFault = 8

// Some makes a fault script for a batch of cards on the named lines of Evolis printers from a seed:
// the same seed gives the same script. No two faults of a line fall on the same card.
func Some(seed uint64, lines []string, cards int) []Fault {
	return SomeOf("Evolis", seed, lines, cards)
}

// SomeOf is Some for the printers of a maker.
func SomeOf(maker string, seed uint64, lines []string, cards int) []Fault {
	rows := slices.Concat(everyday, languages[maker].everyday)
	r := rand.New(rand.NewPCG(seed, uint64(len(lines))))
	var out []Fault
	for _, line := range lines {
		share := cards / max(len(lines), 1)
		order := r.Perm(len(rows))
		for i := range share / cardsPerFault {
			f := rows[order[i%len(order)]]
			f.Line = line
			f.Card = i*cardsPerFault + 1 + r.IntN(cardsPerFault)
			if f.Mend > 0 {
				f.Mend += time.Duration(r.Int64N(int64(f.Mend)))
			}
			out = append(out, f)
		}
	}
	return out
}
