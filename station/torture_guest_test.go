package station

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	wires "blanko/emulator/cable"
	"blanko/internal/rig"
)

// tortureVariable is how often the program of the product is killed in a guest.
const tortureVariable = "BLANKO_KILLS"

// Few deaths in every run; "make torture" asks for more.
const fewKills = "4"

// TestProductIsTorturedInGuest kills the program of the product at random instants, with nothing emulated between it and
// its devices but the devices: scard and pcscd, gousb and an unmodified kernel, a token by PKCS#11, its database on a
// disk, the data center over TLS.
func TestProductIsTorturedInGuest(t *testing.T) {
	t.Parallel()
	kills := os.Getenv(tortureVariable)
	if kills == "" {
		kills = fewKills
	}
	rig.Guest(t, rig.GuestOptions{
		Packages: []string{"./station"}, Run: "^TestRealTorture$", Modules: rig.USBModules, PCSC: true, SoftHSM: true,
		Programs: []string{"./cmd/blanko"}, Env: []string{productVariable + "=/bin/blanko", tortureVariable + "=" + kills},
	})
}

// plugIn plugs the printer into the kernel's virtual host controller.
func (r *inlineRoom) plugIn() {
	r.Helper()
	controller, err := wires.FindVHCI()
	r.fine(err)
	const evolis, primacy = 0x0F49, 0xB001
	port := wires.NewUSBPort(wires.NewUSBPrinter(wires.USBDescription{
		Vendor: evolis, Product: primacy, Manufacturer: "Evolis", Name: "Evolis Primacy 2", Serial: r.world.Machine.Serial(),
	}, func() wires.ByteLink { return r.world.Device.Connect() }, nil))
	life, unplug := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() {
		if err := controller.Follow(life, port, func() (bool, <-chan struct{}) {
			changed, s := r.world.Machine.Changed(), r.world.Machine.State()
			return s.Powered && s.Plugged, changed
		}); err != nil {
			r.Errorf("the plug: %v", err)
		}
	})
	r.Cleanup(func() { unplug(); following.Wait() })
}

// The program is started again and again, until every card is made; cards in doubt are brought to the desk. At the end
// no person has two cards, no card was printed twice, and every blank is where the ledger has it.
func TestRealTorture(t *testing.T) {
	rig.NeedGuest(t)
	kills, err := strconv.Atoi(os.Getenv(tortureVariable))
	if err != nil || kills > 130 { // made() reads one page of applications
		t.Fatalf("%s=%d, %v", tortureVariable, kills, err)
	}
	const seed, someActs = 5, 450 // somewhat more than a card takes
	records, blanks := 1+3*kills/4, 8+2*kills
	r := newInlineRoom(t, blanks, records)
	r.plugIn()
	r.begin()
	r.serveApart()
	r.staff()
	r.ready(blanks)
	random, killed, lives, at := rand.New(rand.NewPCG(seed, seed)), 0, 1, int64(0)
	look := time.NewTicker(400 * time.Millisecond)
	defer look.Stop()
	for {
		if at == 0 && killed < kills {
			at = r.acts.Load() + 1 + random.Int64N(someActs)
			r.last.Store(at)
		}
		r.attend()
		if at > 0 && r.acts.Load() >= at {
			r.end()
			killed, at = killed+1, 0
			fmt.Printf("killed %d times, %d acts, %s\n", killed, r.acts.Load(), r.world.Machine.Sense().Card)
			r.serveApart()
			lives++
			continue
		}
		if r.made() == records {
			break
		}
		<-look.C
	}
	t.Logf("%d records, killed %d times, %d lives, %d acts", records, killed, lives, r.acts.Load())
	if killed < kills/2 {
		t.Errorf("killed %d of %d times", killed, kills)
	}
	r.accounts(records, blanks)
	r.end()
}
