package console

import "blanko/fault"

// part is the part of a line that a fault is about, as the picture beside its steps shows it.
type part string

const (
	partHopper  part = "hopper"
	partCover   part = "cover"
	partPath    part = "path"
	partRibbon  part = "ribbon"
	partFilm    part = "film"
	partRoller  part = "roller"
	partEncoder part = "encoder"
	partOutput  part = "output"
	partReject  part = "reject"
	partCable   part = "cable"
	partPower   part = "power"
)

// partOf says where a person has to look. Faults that are not here have no such place.
var partOf = map[fault.Code]part{
	"printer.no_cards":       partHopper,
	"printer.cover_open":     partCover,
	"printer.jam":            partPath,
	"printer.card_position":  partPath,
	"printer.ribbon_missing": partRibbon,
	"printer.ribbon_wrong":   partRibbon,
	"printer.ribbon_out":     partRibbon,
	"printer.ribbon_error":   partRibbon,
	"printer.film_out":       partFilm,
	"printer.film_error":     partFilm,
	"printer.heating":        partRoller,
	"printer.cooling":        partRoller,
	"printer.cleaning_due":   partRoller,
	"printer.encoder":        partEncoder,
	"printer.output_full":    partOutput,
	"printer.reject_full":    partReject,
	"printer.comm":           partCable,

	"applet.reader_away":         partEncoder,
	"applet.card_mute":           partEncoder,
	"pcsc.no_reader":             partEncoder,
	"pcsc.reader_gone":           partEncoder,
	"pcsc.reader_stuck":          partEncoder,
	"personalize.foreign_card":   partPath,
	"personalize.wrong_person":   partOutput,
	"registry.stock_unexplained": partHopper,
	"ups.on_battery":             partPower,
}

// litAt is the class of a part of the picture.
func litAt(of, lit part) string {
	if of == lit {
		return "piece lit"
	}
	return "piece"
}
