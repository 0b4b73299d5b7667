package finger_test

import (
	"testing"

	"blanko/biometric/finger"
	"blanko/ktp"
)

func TestCopies(t *testing.T) {
	t.Parallel()
	list := []finger.Minutia{{Type: 1, X: 10, Y: 20, Angle: 3, Quality: 80}, {Type: 2, X: 40, Y: 50, Angle: 9, Quality: 60}, {Type: 1, X: 70, Y: 90, Angle: 200, Quality: 40}}
	record := func(f ktp.Finger, list ...finger.Minutia) *finger.Template {
		return &finger.Template{Views: []finger.View{{Position: f, Minutiae: list}}}
	}
	moved := list[1]
	moved.X++
	retold := list[0]
	retold.Type, retold.Quality = 2, 10
	whole := record(ktp.RightIndex, list...)
	for name, c := range map[string]struct {
		other *finger.Template
		want  bool
	}{
		"itself":             {whole, true},
		"its best two":       {record(ktp.RightIndex, list[1], list[0]), true},
		"other types":        {record(ktp.RightIndex, retold, list[2]), true},
		"another finger":     {record(ktp.LeftIndex, list...), false},
		"another impression": {record(ktp.RightIndex, list[0], moved, list[2]), false},
		"nothing":            {record(ktp.RightIndex), false},
	} {
		if whole.Copies(c.other) != c.want || c.other.Copies(whole) != c.want {
			t.Errorf("%s: want %v", name, c.want)
		}
	}
}
