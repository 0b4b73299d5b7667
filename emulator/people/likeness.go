package people

import (
	"sync"

	"blanko/ktp"
)

// likeness is one portrait, drawn when it is first asked for.
type likeness struct {
	sex   ktp.Sex
	odd   bool // of the birth year, which the background follows
	drawn func() (ktp.Image, error)
}

// OfFew makes a generator of the same residents of whom only the first n have a portrait of their own: the others
// have that of one of these with the same sex and background. Drawing is the most of what a resident costs.
func (g *Generator) OfFew(n int) *Generator {
	few := *g
	few.likenesses = make([]likeness, n)
	for i := range few.likenesses {
		_, l := g.person(i)
		few.likenesses[i] = likeness{l.sex, l.birthYear%2 == 1, sync.OnceValues(func() (ktp.Image, error) { return g.portrait(i, l) })}
	}
	return &few
}

// Foreign makes a generator of residents of whom one in so many is a foreign one: with 1 all are, with 0 nobody is.
func (g *Generator) Foreign(oneIn int) *Generator {
	all := *g
	all.foreign = oneIn
	return &all
}

// likenessOf is the portrait of resident i.
func (g *Generator) likenessOf(i int, l look) (ktp.Image, error) {
	for n := range g.likenesses {
		if one := g.likenesses[(i+n)%len(g.likenesses)]; one.sex == l.sex && one.odd == (l.birthYear%2 == 1) {
			return one.drawn()
		}
	}
	return g.portrait(i, l)
}
