package evolis

import (
	"context"
	"errors"
	"fmt"

	"blanko/fault"
	"blanko/printer"
)

// Entries of this package. What the device reports are the entries of printer, by class.
var (
	modelDataWrong = fault.Entry{
		Code: "evolis.model_data_wrong", Kind: fault.Invalid,
		ID:      "Berkas data model printer Evolis salah.",
		EN:      "The data file of an Evolis printer model is wrong.",
		StepsID: []string{"Periksa berkas data model pada konfigurasi lini; nama isian yang salah ada di log.", "Kembalikan berkas bawaan, lalu mulai ulang lini."},
		StepsEN: []string{"Check the model's data file in the configuration of the line; the log names the field.", "Put the file that came with the product back, then restart the line."},
	}
	settingsWrong = fault.Entry{
		Code: "evolis.settings_wrong", Kind: fault.Invalid,
		ID:      "Pengaturan printer Evolis tidak dapat dipakai.",
		EN:      "The settings of the Evolis printer cannot be used.",
		StepsID: []string{"Bandingkan jenis pita dan jumlah tingkat warna pada konfigurasi lini dengan model printer.", "Perbaiki konfigurasi, lalu mulai ulang lini."},
		StepsEN: []string{"Compare the ribbon type and the number of color levels in the configuration of the line with the printer model.", "Correct the configuration, then restart the line."},
	}
)

// Faults are the entries of this package.
var Faults = []fault.Entry{modelDataWrong, settingsWrong}

// badAnswer is a command that the printer answered with a fault.
type badAnswer struct {
	command string
	answer  reply
}

func (e *badAnswer) Error() string { return fmt.Sprintf("%s answered %q", e.command, string(e.answer)) }

// commFault is a command without its answer, or a link that broke.
func commFault(op string, cause error) error { return printer.Fault(printer.ClassComm).At(op, cause) }

// inDoubt marks an error after the first byte of a panel: whether the card was printed is
// not known. Code and class stay those of the cause.
func inDoubt(op string, err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		e = printer.Fault(printer.ClassUnknown).At(op, err)
	}
	c := *e
	c.Kind = fault.InDoubt
	return &c
}

// stopped is the caller's wish to stop while the printer was waited for.
func stopped(ctx context.Context, op string) error {
	if ctx.Err() == nil {
		return nil
	}
	return commFault(op, ctx.Err())
}
