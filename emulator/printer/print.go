package printer

import (
	"crypto/sha256"
	"sync"
)

// Layer is one panel as it was laid on one side of a card. The dots stay packed as the
// language received them until somebody looks.
type Layer struct {
	Letter byte // 'Y' 'M' 'C' 'K' 'O'
	Levels int  // values per dot
	Width  int  // dots along the long side
	Height int  // dots along the short side

	mu      sync.Mutex
	packed  []byte
	unpack  func(packed []byte) []byte
	size    int
	sum     [sha256.Size]byte
	hashed  bool
	partial bool
}

// NewLayer makes a layer. unpack turns the packed bytes into Width x Height values, row-major,
// landscape, top row first, and must not change its argument. The layer owns packed.
func NewLayer(letter byte, levels, width, height int, packed []byte, unpack func([]byte) []byte) *Layer {
	return &Layer{Letter: letter, Levels: levels, Width: width, Height: height, packed: packed, unpack: unpack, size: len(packed)}
}

// Dots are the values of the panel, Width x Height, landscape, top row first; nil after Forget.
func (l *Layer) Dots() []byte {
	l.mu.Lock()
	packed := l.packed
	l.mu.Unlock()
	if packed == nil {
		return nil
	}
	return l.unpack(packed)
}

// Partial tells that the motion stopped in the middle of the panel.
func (l *Layer) Partial() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.partial
}

func (l *Layer) finish(done bool) {
	l.mu.Lock()
	l.partial = !done
	l.mu.Unlock()
}

// Size is the number of packed bytes.
func (l *Layer) Size() int { return l.size }

// Sum is the SHA-256 of the packed bytes; it outlives Forget.
func (l *Layer) Sum() [sha256.Size]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hash()
}

func (l *Layer) hash() [sha256.Size]byte {
	if !l.hashed {
		l.sum, l.hashed = sha256.Sum256(l.packed), true
	}
	return l.sum
}

// Forget gives the memory of the dots back; size and hash stay.
func (l *Layer) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hash()
	l.packed = nil
}

// Again is the same panel for another card or pass.
func (l *Layer) Again() *Layer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &Layer{Letter: l.Letter, Levels: l.Levels, Width: l.Width, Height: l.Height, packed: l.packed, unpack: l.unpack, size: l.size, sum: l.sum, hashed: l.hashed}
}

// Print is everything that was ever laid on one side of a card, in order.
type Print struct {
	mu     sync.Mutex
	layers []*Layer
	passes int
}

// Passes counts the print passes that touched this side.
func (p *Print) Passes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passes
}

// Layers are the panels in the order in which they were laid.
func (p *Print) Layers() []*Layer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*Layer(nil), p.layers...)
}

// Layer is the panel that was laid last with this letter; nil when there is none.
func (p *Print) Layer(letter byte) *Layer {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.layers) - 1; i >= 0; i-- {
		if p.layers[i].Letter == letter {
			return p.layers[i]
		}
	}
	return nil
}

// Forget gives the memory of all dots of this side back.
func (p *Print) Forget() {
	for _, l := range p.Layers() {
		l.Forget()
	}
}

func (p *Print) beginPass() {
	p.mu.Lock()
	p.passes++
	p.mu.Unlock()
}

func (p *Print) lay(l *Layer) {
	p.mu.Lock()
	p.layers = append(p.layers, l)
	p.mu.Unlock()
}
