package matica

import (
	"context"
	"errors"

	"blanko/fault"
	"blanko/printer"
)

// Entries of this package. What the device reports are the entries of printer, by class.
var (
	modelDataWrong = fault.Entry{
		Code: "matica.model_data_wrong", Kind: fault.Invalid,
		ID:      "Berkas data printer Matica salah.",
		EN:      "A data file of the Matica printers is wrong.",
		StepsID: []string{"Periksa berkas data model pada konfigurasi lini; nama isian yang salah ada di log.", "Kembalikan berkas bawaan, lalu mulai ulang lini."},
		StepsEN: []string{"Check the model's data file in the configuration of the line; the log names the field.", "Put the file that came with the product back, then restart the line."},
	}
	settingsWrong = fault.Entry{
		Code: "matica.settings_wrong", Kind: fault.Invalid,
		ID:      "Konfigurasi printer Matica tidak dapat dipakai.",
		EN:      "The configuration of the Matica printer cannot be used.",
		StepsID: []string{"Bandingkan nama dan nilai setelan pada konfigurasi lini dengan daftar setelan printer.", "Periksa bahwa printer terhubung dengan kabel USB.", "Perbaiki konfigurasi, lalu mulai ulang lini."},
		StepsEN: []string{"Compare names and values of the settings in the configuration of the line with the list of the printer's settings.", "Check that the printer is connected by its USB cable.", "Correct the configuration, then restart the line."},
	}
	settingsDrifted = fault.Entry{
		Code: "matica.settings_drifted", Kind: fault.Device,
		ID: "Setelan printer berbeda dari yang ditetapkan untuk lini ini.",
		EN: "The printer's settings are not those that were set down for this line.",
		StepsID: []string{
			"Lihat setelan mana yang berbeda; namanya ditampilkan di layar.",
			"Suhu transfer yang salah membuat lapisan mengelupas atau kartu melengkung: jangan mencetak dulu.",
			"Kembalikan setelan itu pada panel printer bersama orang kedua, lalu tekan Lanjutkan.",
			"Bila setelan baru memang dikehendaki, perbaiki konfigurasi lini.",
		},
		StepsEN: []string{
			"See which setting differs; its name is shown on the screen.",
			"A wrong transfer temperature makes the layer peel off or the card warp: do not print yet.",
			"Put the setting back at the printer's panel with a second person, then press Continue.",
			"If the new setting is the wanted one, correct the configuration of the line.",
		},
	}
)

// Faults are the entries of this package.
var Faults = []fault.Entry{modelDataWrong, settingsWrong, settingsDrifted}

// commFault is a command without its answer, or a link that broke.
func commFault(op string, cause error) error { return printer.Fault(printer.ClassComm).At(op, cause) }

// device makes an error before the first byte of a panel one of kind Device, whatever the class
// usually is.
func device(err error) error { return as(err, fault.Device) }

// inDoubt marks an error after the first byte of a panel: whether the card was printed is not
// known. Code and class stay those of the cause.
func inDoubt(err error) error { return as(err, fault.InDoubt) }

func as(err error, k fault.Kind) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Kind == fault.Invalid {
		return err
	}
	c := *e
	c.Kind = k
	return &c
}

// stopped is the caller's wish to stop.
func stopped(ctx context.Context, op string) error {
	if ctx.Err() == nil {
		return nil
	}
	return commFault(op, ctx.Err())
}
