package desk

import (
	"slices"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/applet/pcsc"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/keys"
	"blanko/keys/sam"
)

// Said is an error as a page shows it.
type Said struct {
	Code    string   `json:"code"`
	ID      string   `json:"id"`
	EN      string   `json:"en"`
	StepsID []string `json:"stepsId"`
	StepsEN []string `json:"stepsEn"`
}

// Text is one sentence in both languages.
type Text struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// entries of every room whose errors a desk shows.
var entries = slices.Concat(Faults, applet.Faults, icao.Faults, inspect.Faults, pcsc.Faults, finger.Faults, extract.Faults, chipdata.Faults, openjpeg.Faults, keys.Faults, sam.Faults)

// say is what a page is told of an error: the entry of the outermost code, or one for what nobody expected.
func say(err error) *Said {
	e := unexpected
	if i := slices.IndexFunc(entries, func(e fault.Entry) bool { return e.Code == fault.CodeOf(err) }); i >= 0 {
		e = entries[i]
	}
	return &Said{Code: string(e.Code), ID: e.ID, EN: e.EN, StepsID: e.StepsID, StepsEN: e.StepsEN}
}
