package people

import (
	"bytes"
	"reflect"
	"testing"
)

// Of few, the first have portraits of their own; who comes later has one of these, with the sex and the background
// of his own, and everything else is as it would be.
func TestOfFew(t *testing.T) {
	t.Parallel()
	const own = 12
	all, err := New(5, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	few := all.OfFew(own)
	var portraits [own][]byte
	for i := range 2 * own {
		want, err := all.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		got, err := few.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Person, want.Person) || !bytes.Equal(got.Signature.Data, want.Signature.Data) {
			t.Errorf("resident %d is another person", i)
		}
		if i < own {
			portraits[i] = got.Portrait.Data
			if !bytes.Equal(got.Portrait.Data, want.Portrait.Data) {
				t.Errorf("resident %d has not the portrait of his own", i)
			}
			continue
		}
		of := -1
		for n, p := range portraits {
			if bytes.Equal(got.Portrait.Data, p) {
				of = n
			}
		}
		if of < 0 {
			t.Errorf("resident %d has a portrait of nobody", i)
			continue
		}
		if p := all.Person(of); p.Sex != got.Person.Sex || p.BirthDate.Year()%2 != got.Person.BirthDate.Year()%2 {
			t.Errorf("resident %d has the portrait of resident %d, of another sex or background", i, of)
		}
	}
}
