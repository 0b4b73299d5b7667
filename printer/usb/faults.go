package usb

import "blanko/fault"

// Entries of this room. Errors of a link have the class comm of package printer above them.
var (
	NotBuilt = fault.Entry{
		Code: "usb.not_built", Kind: fault.Internal,
		ID: "Program ini dibangun tanpa dukungan USB.", EN: "This program was built without USB support.",
		StepsID: []string{"Pasang Blanko dari paket resminya.", "Atau bangun dengan cgo dan paket libusb-1.0-0-dev."},
		StepsEN: []string{"Install Blanko from its own package.", "Or build it with cgo and the package libusb-1.0-0-dev."},
	}
	NoUSB = fault.Entry{
		Code: "usb.no_usb", Kind: fault.Transient,
		ID: "USB pada komputer ini tidak dapat dipakai.", EN: "USB cannot be used on this computer.",
		StepsID: []string{"Periksa bahwa folder /dev/bus/usb ada dan boleh dibaca.", "Mulai ulang komputer jika baru saja diperbarui."},
		StepsEN: []string{"Check that the folder /dev/bus/usb is there and may be read.", "Restart the computer if it was just updated."},
	}
	NotPluggedIn = fault.Entry{
		Code: "usb.not_plugged_in", Kind: fault.Transient,
		ID: "Printer yang dimaksud tidak terpasang.", EN: "The printer that is meant is not plugged in.",
		StepsID: []string{"Periksa kabel USB dan sakelar daya printer.", "Bandingkan nomor seri: blanko printer list."},
		StepsEN: []string{"Check the USB cable and the printer's power switch.", "Compare the serial number: blanko printer list."},
	}
	NotAllowed = fault.Entry{
		Code: "usb.not_allowed", Kind: fault.Denied,
		ID: "Pengguna ini tidak berhak memakai printer USB.", EN: "This user may not use the USB printer.",
		StepsID: []string{"Masukkan pengguna layanan ke dalam grup lp.", "Periksa bahwa aturan udev Blanko (70-blanko-printers.rules) ada di /etc/udev/rules.d, lalu pasang ulang kabel printer.", "Mulai ulang stasiun."},
		StepsEN: []string{"Put the service's user into the group lp.", "Check that Blanko's udev rules (70-blanko-printers.rules) are in /etc/udev/rules.d, then plug the printer in again.", "Start the station again."},
	}
	InUse = fault.Entry{
		Code: "usb.in_use", Kind: fault.Conflict,
		ID: "Printer sedang dipakai program lain.", EN: "Another program is using the printer.",
		StepsID: []string{"Tutup program lain yang memakai printer ini, juga antrean cetak sistem.", "Ulangi."},
		StepsEN: []string{"Close the other program that uses this printer, the system's print queue too.", "Repeat."},
	}
	Ambiguous = fault.Entry{
		Code: "usb.ambiguous", Kind: fault.Conflict,
		ID: "Beberapa printer cocok; tidak ada yang dipakai.", EN: "Several printers fit; none of them is used.",
		StepsID: []string{"Tulis nomor seri USB printer pada konfigurasi lini.", "Lihat nomor seri dengan \"blanko printer list\"."},
		StepsEN: []string{"Write the printer's USB serial number into the line's configuration.", "See the serial numbers with \"blanko printer list\"."},
	}
	NoPrinter = fault.Entry{
		Code: "usb.no_printer", Kind: fault.Invalid,
		ID: "Perangkat USB ini tidak punya jalur data printer.", EN: "This USB device has no data path of a printer.",
		StepsID: []string{"Bandingkan model dan nomor seri: blanko printer list.", "Hubungi teknisi jika modelnya benar."},
		StepsEN: []string{"Compare model and serial number: blanko printer list.", "Call the technician if the model is right."},
	}
	NotOpened = fault.Entry{
		Code: "usb.not_opened", Kind: fault.Transient,
		ID: "Printer terpasang, tetapi tidak menjawab saat dibuka.", EN: "The printer is plugged in but does not answer when it is opened.",
		StepsID: []string{"Matikan printer, tunggu sepuluh detik, lalu nyalakan kembali.", "Jika terulang, pakai kabel lain dan lubang USB lain.", "Hubungi teknisi dengan kode yang ditampilkan."},
		StepsEN: []string{"Switch the printer off, wait ten seconds and switch it on again.", "If it happens again, use another cable and another USB port.", "Call the technician with the code that is shown."},
	}
	NoRoom = fault.Entry{
		Code: "usb.no_room", Kind: fault.Transient,
		ID: "Komputer kehabisan memori untuk perpindahan data USB.", EN: "The computer is out of memory for USB transfers.",
		StepsID: []string{"Tutup program lain yang memakai perangkat USB.", "Mulai ulang komputer jika terulang."},
		StepsEN: []string{"Close other programs that use USB devices.", "Restart the computer if it happens again."},
	}
	Stuck = fault.Entry{
		Code: "usb.stuck", Kind: fault.InDoubt,
		ID: "Printer tidak menyelesaikan perpindahan data; hasilnya tidak diketahui.", EN: "The printer does not finish a transfer; its outcome is unknown.",
		StepsID: []string{"Cabut kabel USB printer, tunggu lima detik, lalu pasang kembali.", "Jika belum pulih, matikan printer dan nyalakan lagi.", "Biarkan stasiun membaca keadaan printer sebelum tindakan apa pun."},
		StepsEN: []string{"Unplug the printer's USB cable, wait five seconds and plug it in again.", "If it does not recover, switch the printer off and on.", "Let the station read the printer's state before anything else is done."},
	}
)

// Faults lists every entry.
var Faults = []fault.Entry{NotBuilt, NoUSB, NotPluggedIn, NotAllowed, InUse, Ambiguous, NoPrinter, NotOpened, NoRoom, Stuck}
