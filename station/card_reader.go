package station

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"blanko/applet/pcsc"
	"blanko/fault"
)

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
