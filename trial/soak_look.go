package trial

import (
	"cmp"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"syscall"
	"time"
)

// looksOfPart is how often a soak looks at its process in one part: what a process holds at one instant depends on the
// cards under way, the median of many instants does not.
const looksOfPart = 400

// looks are what a process held at many instants of one part of a soak.
type looks struct {
	picture *image.Gray // the work of the yardstick

	yards                               []time.Duration
	resident, heap, goroutines, handles []int
}

func newLooks() *looks {
	l := &looks{picture: image.NewGray(image.Rect(0, 0, 480, 640))}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range l.picture.Pix {
		l.picture.Pix[i] = byte(random.Uint32())
	}
	return l
}

// look measures once.
func (l *looks) look() error {
	resident, err := residentSet()
	if err != nil {
		return err
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	yard, err := l.lay()
	if err != nil {
		return err
	}
	l.yards, l.resident, l.heap = append(l.yards, yard), append(l.resident, resident), append(l.heap, int(live[0].Value.Uint64()))
	l.goroutines, l.handles = append(l.goroutines, runtime.NumGoroutine()), append(l.handles, len(open))
	return nil
}

// lay does a piece of work that is always the same and tells the processor time that it took. It tells how fast the
// machine is at that hour: a core that is shared or throttled is no growth of the station.
func (l *looks) lay() (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := spent(rusageThread)
	if err := jpeg.Encode(io.Discard, l.picture, nil); err != nil {
		return 0, err
	}
	return spent(rusageThread) - before, nil
}

// tell gives a part the medians of what was held and the mean of the yardstick, and begins the next one.
func (l *looks) tell(p *SoakPart) {
	p.Yard = meanOf(l.yards).Seconds()
	p.Resident, p.Heap, p.Goroutines, p.Handles = medianOf(l.resident), medianOf(l.heap), medianOf(l.goroutines), medianOf(l.handles)
	l.yards, l.resident, l.heap, l.goroutines, l.handles = nil, nil, nil, nil, nil
}

// meanOf is the mean, 0 where there is nothing. An hour in which the machine is slow at times costs the station as much as
// it costs the mean; the median would hide it.
func meanOf(list []time.Duration) (m time.Duration) {
	for _, d := range list {
		m += d
	}
	return m / time.Duration(max(1, len(list)))
}

// medianOf is the median, 0 where there is nothing.
func medianOf[T cmp.Ordered](list []T) (m T) {
	if len(list) == 0 {
		return m
	}
	return slices.Sorted(slices.Values(list))[len(list)/2]
}

// residentSet is how much memory the system gave this process (proc(5), statm: the second figure, in pages).
func residentSet() (int, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0, err
	}
	return pages * os.Getpagesize(), nil
}

// processor is the time that this process took of any core.
func processor() time.Duration { return spent(syscall.RUSAGE_SELF) }

// rusageThread asks getrusage(2) about the calling thread.
const rusageThread = 1

// spent is the processor time, in user and system mode, of whom getrusage(2) asks about.
func spent(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
