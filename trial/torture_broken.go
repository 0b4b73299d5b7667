package trial

import (
	"fmt"

	"blanko/personalize"
	"blanko/printer/evolis"
)

// variant is a station that breaks one promise, so that a torture is known to bite.
type variant struct {
	name string
	make func(p *post, l *personalize.Line, unit *evolis.Printer)
}

var variants = []variant{}

func findBroken(name string) (variant, error) {
	for _, b := range variants {
		if b.name == name {
			return b, nil
		}
	}
	return variant{}, fmt.Errorf("--broken: %q is no broken variant", name)
}
