package desk

import (
	"context"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"blanko/applet"
	"blanko/applet/pcsc"
	"blanko/fault"
)

// gone are readers of which one was unplugged, or from which the card was taken, since the card was read.
type gone struct {
	bare
	err error
}

func (g gone) Open(context.Context) (card, module applet.Transport, err error) {
	return nil, nil, g.err
}

// What is missing when the card of a reading has to answer is named, nothing is told to the station but that it was asked
// for a challenge, and the devices are free for the next act.
func TestUnpluggedAfterTheReading(t *testing.T) {
	t.Parallel()
	for want, err := range map[fault.Code]error{
		ReaderMissing.Code: ReaderMissing.At("test", nil), SAMMissing.Code: SAMMissing.At("test", nil), pcsc.NoCard.Code: pcsc.NoCard.At("test", nil),
	} {
		asked := make(chan string, 9)
		identity := stationOf(t, func(w http.ResponseWriter, r *http.Request) {
			asked <- r.URL.Path
			_, _ = io.WriteString(w, `{"challenge":"AAECAwQFBgc="}`)
		})
		a, e := New(Config{Identity: identity, Devices: Devices{Readers: gone{err: err}}})
		if e != nil {
			t.Fatal(e)
		}
		a.reading = &reading{id: "r", at: time.Now()}
		if _, e = a.show(t.Context(), showWish{Reading: "r", Ticket: "t"}); fault.CodeOf(e) != want {
			t.Errorf("%s: %v", want, e)
		}
		if said := say(e); said.Code != string(want) || len(said.StepsID) == 0 || len(said.StepsEN) == 0 {
			t.Errorf("%s is told as %+v", want, said)
		}
		close(asked)
		var paths []string
		for p := range asked {
			paths = append(paths, p)
		}
		if !slices.Equal(paths, []string{"/v1/desk/challenge"}) {
			t.Errorf("%s: the station got %v", want, paths)
		}
		if done, e := a.use("test"); e != nil {
			t.Errorf("%s: the devices are not free: %v", want, e)
		} else {
			done()
		}
	}
}
