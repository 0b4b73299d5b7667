package inspecttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"sync"

	"blanko/chipdata"
	"blanko/emulator/people"
	"blanko/ktp"
)

// town are the people whose fingers are shown.
const (
	town     = "61.05"
	seed     = 1
	holder   = 0
	stranger = 5
)

var fingers = sync.OnceValue(func() (out [2][2]ktp.FingerSlot) {
	g, err := people.New(seed, town)
	if err != nil {
		panic(err)
	}
	for n, who := range [2]int{holder, stranger} {
		if out[n], _, err = g.Fingers(who); err != nil {
			panic(err)
		}
	}
	return out
})

// Chip are EF.FPR and EF.FPL of the holder's card: right and left index finger.
var Chip = sync.OnceValue(func() (files [2][]byte) {
	for n, slot := range fingers()[0] {
		var err error
		if files[n], err = chipdata.EncodeFingerFile(slot.Best60); err != nil {
			panic(err)
		}
	}
	return files
})

// Hashes are those of Chip, as the journal of an attempt has them.
func Hashes() map[string]string {
	out := map[string]string{}
	for n, id := range [2]string{"0201", "0202"} {
		sum := sha256.Sum256(Chip()[n])
		out[id] = hex.EncodeToString(sum[:])
	}
	return out
}

// Holder is a living finger of the holder, right or left index, as a record.
func Holder(f ktp.Finger) []byte { return shown(0, f) }

// Stranger is the same finger of somebody else.
func Stranger(f ktp.Finger) []byte { return shown(1, f) }

// HolderPicture is the picture of a living finger of the holder as a scanner takes it: PNG, 500 dpi.
var HolderPicture = pictures(holder)

// StrangerPicture is one of somebody else.
var StrangerPicture = pictures(stranger)

// laterTouch is none of those from which the records on the chip were made.
const laterTouch = 40

// pictures draws the fingers of a resident, each once.
func pictures(resident int) func(ktp.Finger) []byte {
	var mu sync.Mutex
	drawn := map[ktp.Finger][]byte{}
	return func(f ktp.Finger) []byte {
		mu.Lock()
		defer mu.Unlock()
		if drawn[f] == nil {
			g, err := people.New(seed, town)
			if err != nil {
				panic(err)
			}
			var b bytes.Buffer
			if err := png.Encode(&b, g.Finger(resident, f).Picture(laterTouch, people.Touch{Rotation: 0.05, Shift: 6, Cover: 1})); err != nil {
				panic(err)
			}
			drawn[f] = b.Bytes()
		}
		return drawn[f]
	}
}

func shown(who int, f ktp.Finger) []byte {
	for _, slot := range fingers()[who] {
		if slot.Finger == f {
			return slot.Second
		}
	}
	return nil
}
