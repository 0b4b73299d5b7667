package center

import (
	"math/rand/v2"
	"time"
)

// Spoil names a kind of Broken that every record is given while it lasts.
type Spoil string

const (
	SpoilSignature Spoil = "signature_bit_flipped" // also of withdrawals, holds and lists
	SpoilExpired   Spoil = "expired"
	SpoilKey       Spoil = "key_unknown"
)

// Behavior is how the center misbehaves. The zero value behaves. A number called Every strikes
// each so-manieth call of its sort; 0 never, 1 always.
type Behavior struct {
	Away  bool          // connections are dropped without an answer
	Delay time.Duration // before every answer

	CutEvery  int // the body ends in the middle and the connection drops
	FailEvery int // 500, nothing done

	RepeatEvery int  // a page of the feed is the one before
	Reorder     bool // the items of a page are shuffled
	Duplicate   bool // every item of a page stands twice

	LoseReportsEvery int // a batch of reports is answered as taken and forgotten
	LoseAnswersEvery int // a batch is taken and the connection drops

	Spoil Spoil
}

// Behave sets the behavior from the next call on.
func (c *Center) Behave(b Behavior) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behavior = b
	clear(c.calls)
}

// behaving is the behavior at this moment.
func (c *Center) behaving() Behavior {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.behavior
}

// strikes counts a call and tells whether it is one of those that strike.
func (c *Center) strikes(what string, every int) bool {
	if every <= 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[what]++
	return c.calls[what]%every == 0
}

// disturb puts the items of a page that begins at place into another order, or twice.
func (b Behavior) disturb(items [][]byte, place int) [][]byte {
	if b.Duplicate {
		twice := make([][]byte, 0, 2*len(items))
		for _, i := range items {
			twice = append(twice, i, i)
		}
		items = twice
	}
	if b.Reorder {
		r := rand.New(rand.NewPCG(uint64(place), uint64(len(items))))
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	}
	return items
}
