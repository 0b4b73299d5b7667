package pcsc

import (
	"context"
	"slices"
)

// Calibrate learns which reader a line means from a person who has been asked to insert a card into
// it: the one reader, of those that fit the line's binding and are not known as another line's, that
// a card comes to. A card that lies there already does not count. It holds until the reader or the
// service goes away, or the Watcher is closed; what was learnt before for the line is forgotten at
// once. Cards that come to two readers at the same moment are fault code pcsc.calibration_unclear.
func (w *Watcher) Calibrate(ctx context.Context, line string) (Reader, error) {
	const op = "pcsc.Calibrate"
	if _, err := w.Next(ctx, 0); err != nil {
		return Reader{}, err
	}
	if err := w.p.lookout.fresh(ctx); err != nil { // a card that was there before is no answer
		return Reader{}, err
	}
	w.mu.Lock()
	b, err := w.atlas.binding(line)
	delete(w.atlas.shown, line)
	seen := w.now
	w.mu.Unlock()
	if err != nil {
		return Reader{}, err
	}
	for {
		if seen.Err != nil {
			return Reader{}, seen.Err
		}
		if len(w.free(b, seen.Readers)) == 0 {
			return Reader{}, NoReader.At(op, nil).With("reader", "%snone of %d readers fits%s", b.label(), len(seen.Readers), b.wanted())
		}
		now, err := w.Next(ctx, seen.Number)
		if err != nil {
			return Reader{}, err
		}
		var came []Reader
		for _, e := range changes(seen, now) {
			if e.Kind == CardIn {
				came = append(came, e.Reader)
			}
		}
		came = slices.DeleteFunc(w.free(b, came), func(r Reader) bool { // one that was plugged in with its card
			return !slices.ContainsFunc(seen.Readers, func(o Reader) bool { return o.Name == r.Name && o.moves < r.moves })
		})
		switch len(came) {
		case 0:
		case 1:
			return came[0], w.learn(op, b, came[0])
		default:
			return Reader{}, CalibrationUnclear.At(op, nil).With("reader", "%sa card came to %d readers", b.label(), len(came))
		}
		seen = now
	}
}

// free are the readers that a binding may mean and that nobody has shown for another line.
func (w *Watcher) free(b Binding, readers []Reader) []Reader {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(w.atlas.candidates(b, readers), func(r Reader) bool {
		for line, shown := range w.atlas.shown {
			if line != b.Line && shown.Name == r.Name {
				return true
			}
		}
		return false
	})
}

// learn keeps what was shown, unless the reader went away meanwhile.
func (w *Watcher) learn(op string, b Binding, r Reader) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.ContainsFunc(w.now.Readers, func(o Reader) bool { return o.Name == r.Name && o.moves >= r.moves }) {
		return NoReader.At(op, nil).With("reader", "%s%s went away", b.label(), r.Name)
	}
	w.atlas.show(b.Line, r)
	return nil
}
