package standard

import (
	"fmt"
	"slices"

	"blanko/ktp"
)

const highestPriority = 9

// Shortage is what is printed when blanks are short.
type Shortage struct {
	// Order lists the classes in the order in which they are printed.
	Order []Class `yaml:"order"`
	// PerDay bounds the cards of a day, PerDistrict those of one kecamatan in a day; 0: no bound.
	PerDay      int `yaml:"perDay"`
	PerDistrict int `yaml:"perDistrict"`
}

// Class of orders that are alike in a shortage.
type Class struct {
	ID       string                `yaml:"id"`
	Text     Text                  `yaml:"text"`
	Types    []ktp.ApplicationType `yaml:"types"`
	Disaster bool                  `yaml:"disaster"` // those that a disaster made necessary
	Backlog  bool                  `yaml:"backlog"`  // print ready since before the shortage
	Priority int                   `yaml:"priority"` // while the shortage lasts
}

func (s Standard) shortageWrong() (field, why string) {
	if s.Shortage.PerDay < 0 || s.Shortage.PerDistrict < 0 {
		return "shortage", "quotas are 0 or more"
	}
	last := highestPriority + 1
	for i, c := range s.Shortage.Order {
		at := fmt.Sprintf("shortage.order[%d]", i)
		switch {
		case !word.MatchString(c.ID) || c.Text.ID == "" || c.Text.EN == "":
			return at + ".id", "a word and texts in both languages"
		case c.Priority < 0 || c.Priority >= last:
			return at + ".priority", "0 to 9, falling"
		}
		for _, t := range c.Types {
			if _, known := ktp.Application(t); !known {
				return at + ".types", "no application type"
			}
		}
		last = c.Priority
	}
	return "", ""
}

// Order is what is asked of an order in a shortage.
type Order struct {
	Type     ktp.ApplicationType
	District string // PP.KK.CC
	Disaster bool
	Backlog  bool
}

// Class is the first class that an order belongs to; the last one where none fits.
func (s Shortage) Class(o Order) (Class, bool) {
	for _, c := range s.Order {
		switch {
		case c.Disaster && o.Disaster, c.Backlog && o.Backlog:
			return c, true
		case !c.Disaster && !c.Backlog && slices.Contains(c.Types, o.Type):
			return c, true
		}
	}
	return Class{}, false
}

// Used is how many cards were given to the lines today.
type Used struct{ All, District int }

// Admits reports whether an order may still be given to the lines today. A disaster is no question of
// quotas.
func (s Shortage) Admits(o Order, u Used) bool {
	if o.Disaster {
		return true
	}
	return (s.PerDay == 0 || u.All < s.PerDay) && (s.PerDistrict == 0 || u.District < s.PerDistrict)
}
