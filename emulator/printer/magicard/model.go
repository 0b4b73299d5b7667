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

// Models are the machines that the world can build. Capacities, ribbon length and cleaning interval
// are the emulator's defaults for the class; options are those that vendors sell with the model.
var Models = []Model{
	{machine("Enduro", true), KGE2, []string{"COE"}},
	{machine("Enduro+", true), KGE2, []string{"COE"}},
	{machine("Pronto", false), KGE2, []string{"COE"}},
	{machine("Rio Pro", true), KGE2, []string{"SLW"}},
	{machine("Rio 2e", false), KEE, []string{"RT2"}},
	{machine("Tango 2e", true), KEE, []string{"RT2", "REJ"}},
}

func machine(name string, duplex bool) printer.Model {
	return printer.Model{
		Maker: "Magicard", Name: name, Hopper: 100, Output: 100, Reject: 20, NearEmpty: 10, NearFull: 1,
		Ribbon: 500, CleaningEvery: 1000, Duplex: duplex, Contact: true, Timing: printer.Direct,
	}
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
