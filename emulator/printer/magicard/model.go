package magicard

import "blanko/emulator/printer"

// Format is how a model packs its planes and answers questions.
type Format string

const (
	KGE2 Format = "KGE2" // Enduro family: one question, all fields
	KEE  Format = "KEE"  // Rio and Tango: one question for each value
)

// Model is a machine and its language.
type Model struct {
	printer.Model
	Format Format
	Words  []string // header words that a job for this model must have, besides the format
}

// Models are the machines of the world that speak this language.
var Models = []Model{
	of("Enduro", KGE2, "COE"),
	of("Enduro+", KGE2, "COE"),
	of("Pronto", KGE2, "COE"),
	of("Rio Pro", KGE2, "SLW"),
	of("Rio 2e", KEE, "RT2"),
	of("Tango 2e", KEE, "RT2", "REJ"),
}

func of(name string, f Format, words ...string) Model {
	m, _ := printer.FindModel(name)
	return Model{m, f, words}
}

// FindModel looks a model up by name.
func FindModel(name string) (Model, bool) {
	for _, m := range Models {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}
