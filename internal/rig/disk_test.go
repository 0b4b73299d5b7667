package rig

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A cut keeps what was flushed, and of each later sector one of its states; a deaf disk may lose all.
func TestCutKeepsWhatWasFlushed(t *testing.T) {
	t.Parallel()
	fill := func(b byte, sectors int) []byte { return bytes.Repeat([]byte{b}, sectors*Sector) }
	d := NewDisk(fill('0', 4))
	d.write(0, fill('1', 2))
	d.flush()
	d.testify("two sectors")
	d.write(Sector, fill('2', 2))
	d.write(2*Sector, fill('3', 2))
	acts := d.Acts()
	if len(acts) != 5 || !acts[1].Flush() || acts[2].Witness != "two sectors" || acts[0].Flush() {
		t.Fatalf("%+v", acts)
	}
	if got := d.read(0, 4*Sector); !bytes.Equal(got, append(append(fill('1', 1), fill('2', 1)...), fill('3', 2)...)) {
		t.Errorf("the guest reads %q", got)
	}
	may := []string{"1", "12", "023", "03"} // of each sector, behind the last act
	seen, lost := map[string]bool{}, false
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 0))
		medium := d.Cut(len(acts), false, dice)
		for i, states := range may {
			sector := medium[i*Sector : (i+1)*Sector]
			if !bytes.Equal(sector, fill(sector[0], 1)) || !bytes.Contains([]byte(states), sector[:1]) {
				t.Fatalf("seed %d: sector %d is %q", seed, i, sector)
			}
			seen[states+" "+string(sector[:1])] = true
		}
		lost = lost || d.Cut(2, true, dice)[0] == '0'
	}
	if len(seen) != 8 || !lost {
		t.Errorf("seen %v, a deaf disk lost what was flushed: %v", seen, lost)
	}
}
