package console

import (
	"slices"
	"sync"

	"blanko/ktp"
)

// mostFaces is how many drawn faces are kept: those of the cards that lines have in work, and of the ones before.
const mostFaces = 8

// faces are those that were drawn last: thirty open consoles ask for the same one at the same moment. They are in memory
// alone, and who asks for one was looked at before.
type faces struct {
	mu    sync.Mutex
	drawn []drawnFace // oldest first
}

type drawnFace struct {
	attempt ktp.AttemptID
	png     []byte
}

// of is the face of an attempt, drawn by the first of all who ask for it.
func (f *faces) of(attempt ktp.AttemptID, draw func() ([]byte, error)) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.drawn, func(d drawnFace) bool { return d.attempt == attempt }); i >= 0 {
		return f.drawn[i].png, nil
	}
	png, err := draw()
	if err != nil {
		return nil, err
	}
	if len(f.drawn) == mostFaces {
		f.drawn = slices.Delete(f.drawn, 0, 1)
	}
	f.drawn = append(f.drawn, drawnFace{attempt, png})
	return png, nil
}
