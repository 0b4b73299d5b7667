package standard

import (
	"slices"

	"blanko/ktp"
)

// Class of orders that are alike: who comes first.
type Class struct {
	ID       string                `yaml:"id"`
	Text     Text                  `yaml:"text"`
	Types    []ktp.ApplicationType `yaml:"types"`
	Disaster bool                  `yaml:"disaster"` // those that a disaster made necessary
	Backlog  bool                  `yaml:"backlog"`  // print ready since before the shortage, or with a temporary certificate
	Exempt   bool                  `yaml:"exempt"`   // no quota holds them
	Priority int                   `yaml:"priority"` // 9 highest
}

// Order is what decides about an order.
type Order struct {
	Type     ktp.ApplicationType
	District string // PP.KK.CC
	Disaster bool
	Backlog  bool
}

func (c Class) holds(o Order) bool {
	return c.Disaster && o.Disaster || c.Backlog && o.Backlog || slices.Contains(c.Types, o.Type)
}

// Class is the first class that an order belongs to.
func (s Standard) Class(o Order) (Class, bool) {
	i := slices.IndexFunc(s.Priorities, func(c Class) bool { return c.holds(o) })
	if i < 0 {
		return Class{}, false
	}
	return s.Priorities[i], true
}

// Priority is that of the class of an order, 0 lowest to 9 highest; 0 for one of no class.
func (s Standard) Priority(o Order) int {
	c, _ := s.Class(o)
	return c.Priority
}

// Shortage is what bounds printing while blanks are short.
type Shortage struct {
	On     bool    `yaml:"on"`
	Quotas []Quota `yaml:"quotas"`
}

// EachDistrict bounds every kecamatan by itself.
const EachDistrict = "each"

// Quota bounds how many cards of its kind are given to the lines on one day of the district's calendar.
type Quota struct {
	ID       string                `yaml:"id"`
	Types    []ktp.ApplicationType `yaml:"types"`    // empty: all
	District string                `yaml:"district"` // PP.KK.CC, or each; empty: all
	PerDay   int                   `yaml:"perDay"`   // 0: none is given
}

// Kind of orders that are counted together.
type Kind struct {
	Type     ktp.ApplicationType
	District string // PP.KK.CC
}

// Kind of an order.
func (o Order) Kind() Kind { return Kind{o.Type, o.District} }

func (q Quota) bounds(k Kind) bool {
	return (len(q.Types) == 0 || slices.Contains(q.Types, k.Type)) && (q.District == "" || q.District == EachDistrict || q.District == k.District)
}

// Admits reports whether an order may still be given to the lines today, after as many of each kind as
// are told; where not, the id of the first quota that is used up. Without a shortage, and for an order
// of any class that is exempt, it may. What is exempt still counts.
func (s Standard) Admits(o Order, used map[Kind]int) (ok bool, quota string) {
	if !s.Shortage.On || slices.ContainsFunc(s.Priorities, func(c Class) bool { return c.Exempt && c.holds(o) }) {
		return true, ""
	}
	for _, q := range s.Shortage.Quotas {
		if !q.bounds(o.Kind()) {
			continue
		}
		n := 0
		for k, count := range used {
			if q.bounds(k) && (q.District != EachDistrict || k.District == o.District) {
				n += count
			}
		}
		if n >= q.PerDay {
			return false, q.ID
		}
	}
	return true, ""
}
