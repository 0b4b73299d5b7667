package finger_test

import (
	"testing"

	"blanko/biometric/finger"
	"blanko/emulator/people"
	"blanko/ktp"
)

func TestCopies(t *testing.T) {
	t.Parallel()
	list := []finger.Minutia{
		{Type: 1, X: 10, Y: 20, Angle: 3, Quality: 80},
		{Type: 2, X: 40, Y: 50, Angle: 9, Quality: 60},
		{Type: 1, X: 70, Y: 90, Angle: 200, Quality: 40},
		{Type: 1, X: 120, Y: 30, Angle: 77, Quality: 40},
		{Type: 2, X: 150, Y: 110, Angle: 254, Quality: 40},
	}
	record := func(f ktp.Finger, list ...finger.Minutia) *finger.Template {
		return &finger.Template{Views: []finger.View{{Position: f, Minutiae: list}}}
	}
	each := func(change func(i int, m *finger.Minutia)) *finger.Template {
		var out []finger.Minutia
		for i, m := range list {
			change(i, &m)
			out = append(out, m)
		}
		return record(ktp.RightIndex, out...)
	}
	whole := record(ktp.RightIndex, list...)
	for name, c := range map[string]struct {
		other *finger.Template
		want  bool
	}{
		"itself":           {whole, true},
		"its best two":     {record(ktp.RightIndex, list[1], list[0]), true},
		"other types":      {each(func(_ int, m *finger.Minutia) { m.Type, m.Quality = 0, 10 }), true},
		"shifted":          {each(func(_ int, m *finger.Minutia) { m.X, m.Y = m.X+31, m.Y-4 }), true},
		"shaken":           {each(func(i int, m *finger.Minutia) { m.X, m.Angle = m.X+i%2, m.Angle+byte(i/2%2) }), true},
		"two of five anew": {each(func(i int, m *finger.Minutia) { m.X += i / 3 * (20 * i) }), true},
		"another finger":   {record(ktp.LeftIndex, list...), false},
		"bent":             {each(func(i int, m *finger.Minutia) { m.X, m.Y = m.X+4*i, m.Y-3*i }), false},
		"nothing":          {record(ktp.RightIndex), false},
	} {
		if whole.Copies(c.other) != c.want || c.other.Copies(whole) != c.want {
			t.Errorf("%s: want %v", name, c.want)
		}
	}
}

// A finger that is laid down a second time is no copy of what it left the first time.
func TestLivingFingersAreNoCopies(t *testing.T) {
	t.Parallel()
	g, err := people.New(1, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	const persons = 20
	for n := range persons {
		slots, _, err := g.Fingers(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slots {
			if len(s.Second) == 0 {
				continue
			}
			first, err := finger.Parse(s.Best60)
			if err != nil {
				t.Fatal(err)
			}
			second, err := finger.Parse(s.Second)
			if err != nil {
				t.Fatal(err)
			}
			if !first.Copies(first) || second.Copies(first) {
				t.Errorf("person %d, %s", n, s.Finger)
			}
		}
	}
}
