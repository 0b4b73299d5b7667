package magicard

import (
	"bytes"
	"slices"
)

// Bytes of the framing.
const (
	leadIn    = 0x05
	start     = 0x01
	endOfText = 0x1C // ends a header and each plane
	colon     = 0x3A
	end       = 0x03
)

// Lead-in bytes before a job and before a short request.
const (
	jobLead     = 64
	requestLead = 9
)

// Words of a request.
const (
	restart = "RST"
	eject   = "EJT"
)

// Keys of a KEE printer.
const (
	keySerial   = "MSR"
	keyFirmware = "VRS"
	keyPosition = "FPP"
	keyCards    = "TCQ" // cards printed
	keyRibbon   = "DFR" // panels remaining
	keySince    = "CCQ" // cards since cleaning
	keyLimit    = "CCP" // cards between cleanings
	keyPrompt   = "CLP"
)

// askStatus is the request of a KGE2 printer, with its comma in front and without lead-in, as the
// filter sends it.
func askStatus() []byte {
	return slices.Concat([]byte{start}, []byte(",REQ,INF,"), []byte{endOfText, end})
}

// askKey asks a KEE printer for one value.
func askKey(key string) []byte { return command("REQ,STA," + key) }

// command is a simple command. It is not answered.
func command(word string) []byte {
	return slices.Concat(bytes.Repeat([]byte{leadIn}, requestLead), []byte{start}, []byte(word+","), []byte{endOfText, end})
}

// pageHead is what comes before the planes of a page.
func pageHead(text string) []byte {
	return slices.Concat(bytes.Repeat([]byte{leadIn}, jobLead), []byte{start}, []byte(text), []byte{endOfText})
}

// planeTail is what comes behind a plane; the last one ends the page.
func planeTail(letter byte, last bool) []byte {
	tail := []byte{endOfText, letter, colon}
	if last {
		tail = append(tail, end)
	}
	return tail
}
