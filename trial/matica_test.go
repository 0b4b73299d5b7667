package trial

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	machine "blanko/emulator/printer"

	"blanko/printer"
	"blanko/printer/matica"
)

// maticaKept is what was prepared for panels of a Matica: black alone.
var maticaKept = &kept{panels: "K"}

// onMatica is a batch on a retransfer printer.
func onMatica() crashUnit {
	model, _ := machine.FindModel("XID580i")
	return crashUnit{
		model: model.Name, ribbon: model.NewRibbon("A"), kept: maticaKept,
		open: func(ctx context.Context, link printer.Link, clock lineClock) (inline, error) {
			return matica.Open(ctx, link, matica.Config{
				HoldAfterPrint: true, OnlyInside: true, Sleep: clock.Sleep, Timeouts: matica.Timeouts{Quiet: quiet, Command: time.Second},
			})
		},
	}
}

// filmMishaps are those that such a printer knows besides: those of the film.
var filmMishaps = []mishap{
	{"film torn", plan(machine.Fault{Kind: machine.KindFilmTorn})},
	{"jam in the transfer", plan(machine.Fault{Kind: machine.KindJam, Step: machine.StepTransfer})},
	{"power cut in the transfer", plan(machine.Fault{Kind: machine.KindPowerCut, Step: machine.StepTransfer})},
}

// elsewhere are mishaps that the batches of the other printer try: of the office.
var elsewhere = []string{"withdrawal"}

func onFilm(seed uint64) (list []mishap) {
	for _, m := range append(without(apart[seed%2]), filmMishaps...) {
		if !slices.Contains(elsewhere, m.name) {
			list = append(list, m)
		}
	}
	return list
}

// Batches on a retransfer printer in which much goes wrong at once, with deaths between: every
// promise stands, and no face comes to another person's card by what stayed on the film.
func TestUnluckyBatchesOnFilm(t *testing.T) {
	t.Parallel()
	o, err := theOffice()
	if err != nil {
		t.Fatal(err)
	}
	from, count := seeds()
	for seed := from; seed < from+count; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			c := newCrashOn(t, o, onMatica(), byte(seed))
			defer c.end()
			const span = 2500 // instants of an undisturbed batch
			c.unlucky(rand.New(rand.NewPCG(seed, 0xF117)), span, 3, 3, onFilm(seed))
		})
	}
}
