package magicard

import (
	"errors"

	"blanko/fault"
	"blanko/printer"
)

// Entries of this package. What the device reports are the entries of printer, by class.
var (
	modelDataWrong = fault.Entry{
		Code: "magicard.model_data_wrong", Kind: fault.Invalid,
		ID:      "Berkas data model printer Magicard salah.",
		EN:      "The data file of a Magicard printer model is wrong.",
		StepsID: []string{"Periksa berkas data model pada konfigurasi lini; nama isian yang salah ada di log.", "Kembalikan berkas bawaan, lalu mulai ulang lini."},
		StepsEN: []string{"Check the model's data file in the configuration of the line; the log names the field.", "Put the file that came with the product back, then restart the line."},
	}
	settingsWrong = fault.Entry{
		Code: "magicard.settings_wrong", Kind: fault.Invalid,
		ID:      "Pengaturan printer Magicard tidak dapat dipakai.",
		EN:      "The settings of the Magicard printer cannot be used.",
		StepsID: []string{"Bandingkan jenis pita pada konfigurasi lini dengan label pita.", "Perbaiki konfigurasi, lalu mulai ulang lini."},
		StepsEN: []string{"Compare the ribbon type in the configuration of the line with the ribbon's label.", "Correct the configuration, then restart the line."},
	}
)

// Faults are the entries of this package.
var Faults = []fault.Entry{modelDataWrong, settingsWrong}

// commFault is a request without its answer, or a link that broke.
func commFault(op string, cause error) error { return printer.Fault(printer.ClassComm).At(op, cause) }

// kindOf is err with another kind; code and class stay.
func kindOf(err error, k fault.Kind) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		e = printer.Fault(printer.ClassUnknown).At("magicard.Print", err)
	}
	c := *e
	c.Kind = k
	return &c
}

// inDoubt marks an error after the first byte of a panel: whether the card was printed is not
// known.
func inDoubt(err error) error { return kindOf(err, fault.InDoubt) }

// device makes an error before the first byte of a panel one of kind Device, whatever the class
// usually is.
func device(err error) error { return kindOf(err, fault.Device) }
