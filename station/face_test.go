package station

import (
	"testing"

	"blanko/personalize"
	"blanko/registry"
)

// What a person finds wrong with a face is what the attempt ends with, each cause by a code of its own, so that the
// reports tell of it; that of somebody else is the finding that stops the line.
func TestFaceCauses(t *testing.T) {
	t.Parallel()
	codes := map[string]string{}
	for _, c := range registry.AnswerCauses {
		if c.Kind != registry.AskFace {
			continue
		}
		e, known := faceCauses[c.Code]
		if !known || c.WrongPerson != (e.Code == personalize.WrongPerson.Code) {
			t.Errorf("%s: %q", c.Code, e.Code)
		}
		if other, twice := codes[string(e.Code)]; twice {
			t.Errorf("%s and %s are both %s", other, c.Code, e.Code)
		}
		codes[string(e.Code)] = c.Code
	}
	if len(codes) != len(faceCauses) {
		t.Errorf("%d causes are asked for, %d are known", len(codes), len(faceCauses))
	}
}
