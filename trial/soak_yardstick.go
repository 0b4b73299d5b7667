package trial

import (
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"
)

// yardsOfPart is how often the yardstick is laid in one part of a soak.
const yardsOfPart = 100

// yardstick is a piece of work that is always the same. What it takes beside the station tells how fast the machine
// is at that hour: a core that is shared or throttled is no growth of the station.
type yardstick struct {
	picture *image.Gray
	laid    []time.Duration // processor time of each, of this part
}

func newYardstick() *yardstick {
	y := &yardstick{picture: image.NewGray(image.Rect(0, 0, 480, 640))}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range y.picture.Pix {
		y.picture.Pix[i] = byte(random.Uint32())
	}
	return y
}

// lay does the work once.
func (y *yardstick) lay() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := spent(rusageThread)
	if err := jpeg.Encode(io.Discard, y.picture, nil); err != nil {
		return // a picture of this size in memory is always encoded
	}
	y.laid = append(y.laid, spent(rusageThread)-before)
}

// middle is the median of this part, 0 where it was never laid.
func (y *yardstick) middle() time.Duration {
	if len(y.laid) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(y.laid))[len(y.laid)/2]
}

// turn begins the next part.
func (y *yardstick) turn() { y.laid = y.laid[:0] }

// rusageThread asks getrusage(2) about the calling thread.
const rusageThread = 1
