package printer

import (
	"errors"

	"blanko/fault"
)

// entry of a device error class; the code is "printer." and the class.
func entry(c Class, k fault.Kind, id, en string, stepsID, stepsEN []string) fault.Entry {
	return fault.Entry{Code: classCode(c), Kind: k, ID: id, EN: en, StepsID: stepsID, StepsEN: stepsEN}
}

func classCode(c Class) fault.Code { return fault.Code("printer." + string(c)) }

// classFaults holds one entry for each class a device can report. The first reaction of the
// line (wait, stop, retry, reject) hangs on the class; the steps are for the operator.
var classFaults = map[Class]fault.Entry{
	ClassNoCards: entry(ClassNoCards, fault.Device,
		"Tempat blangko kosong.",
		"The card hopper is empty.",
		[]string{
			"Ambil blangko dari stok shift dan hitung jumlahnya.",
			"Kipas-kipas blangko agar tidak lengket; pegang pada tepinya saja.",
			"Masukkan ke tempat blangko dengan arah yang benar dan pasang kembali pemberatnya.",
			"Catat jumlah yang dimasukkan, lalu tekan Lanjutkan.",
		},
		[]string{
			"Take blanks from the stock of the shift and count them.",
			"Fan the blanks so that they do not stick; hold them by the edges only.",
			"Put them into the hopper the right way round and put its weight back.",
			"Record how many were loaded, then press Continue.",
		}),
	ClassCoverOpen: entry(ClassCoverOpen, fault.Device,
		"Penutup printer terbuka.",
		"The printer cover is open.",
		[]string{
			"Periksa bahwa pita terpasang rata dan tidak ada kartu yang menonjol.",
			"Tutup penutup sampai terdengar bunyi klik.",
			"Tekan Lanjutkan.",
		},
		[]string{
			"Check that the ribbon lies flat and that no card sticks out.",
			"Close the cover until it clicks.",
			"Press Continue.",
		}),
	ClassOutputFull: entry(ClassOutputFull, fault.Device,
		"Baki kartu jadi penuh.",
		"The output tray is full.",
		[]string{
			"Ambil semua kartu dari baki kartu jadi, tetap dalam urutannya.",
			"Simpan kartu di tempat terkunci untuk diperiksa dan dikemas.",
			"Tekan Lanjutkan.",
		},
		[]string{
			"Take all cards from the output tray and keep their order.",
			"Put them under lock for acceptance and packing.",
			"Press Continue.",
		}),
	ClassRejectFull: entry(ClassRejectFull, fault.Device,
		"Baki kartu tolak penuh.",
		"The reject tray is full.",
		[]string{
			"Ambil semua kartu dari baki tolak; jangan dicampur dengan kartu jadi.",
			"Hitung dan catat kartu tolak bersama orang kedua.",
			"Simpan di kotak terkunci kartu rusak, lalu tekan Lanjutkan.",
		},
		[]string{
			"Take all cards from the reject tray; never mix them with finished cards.",
			"Count and record the rejected cards with a second person.",
			"Put them into the locked box for spoiled cards, then press Continue.",
		}),
	ClassRibbonGone: entry(ClassRibbonGone, fault.Device,
		"Pita tidak terpasang atau tidak terbaca.",
		"The ribbon is missing or cannot be read.",
		[]string{
			"Buka penutup dan periksa pita.",
			"Pasang pita sampai kedua gulungan masuk ke tempatnya dan chip pita menghadap pembaca.",
			"Tutup penutup, lalu tekan Lanjutkan.",
			"Bila tetap tidak terbaca, pasang pita lain dan catat nomor pita yang rusak.",
		},
		[]string{
			"Open the cover and look at the ribbon.",
			"Fit it until both rolls sit in place and the ribbon's chip faces the reader.",
			"Close the cover, then press Continue.",
			"If it is still not read, fit another ribbon and record the number of the bad one.",
		}),
	ClassRibbonWrong: entry(ClassRibbonWrong, fault.Device,
		"Jenis pita tidak sesuai dengan pekerjaan.",
		"The ribbon does not fit the job.",
		[]string{
			"Bandingkan jenis pita pada labelnya dengan jenis yang ditampilkan di layar.",
			"Pasang pita yang sesuai; penggantian dicatat oleh dua orang.",
			"Tutup penutup, lalu tekan Lanjutkan.",
		},
		[]string{
			"Compare the type on the ribbon's label with the type shown on the screen.",
			"Fit the right ribbon; two persons record the change.",
			"Close the cover, then press Continue.",
		}),
	ClassRibbonOut: entry(ClassRibbonOut, fault.Device,
		"Pita habis.",
		"The ribbon is used up.",
		[]string{
			"Lepaskan pita bekas; pita bekas memuat wajah dan data, jadi segel dan simpan terkunci.",
			"Pasang pita baru dan catat nomor seri kedua pita bersama orang kedua.",
			"Tutup penutup, lalu tekan Lanjutkan.",
			"Bila sebuah kartu sedang dicetak, ikuti petunjuk untuk kartu itu; jangan dicetak ulang.",
		},
		[]string{
			"Take the used ribbon out; it carries faces and data, so seal it and lock it away.",
			"Fit a new ribbon and record both serial numbers with a second person.",
			"Close the cover, then press Continue.",
			"If a card was being printed, follow the steps shown for that card; do not print it again.",
		}),
	ClassFilmOut: entry(ClassFilmOut, fault.Device,
		"Film transfer habis.",
		"The transfer film is used up.",
		[]string{
			"Lepaskan film bekas; film bekas memuat wajah dan data, jadi segel dan simpan terkunci.",
			"Pasang film baru dan catat nomor seri kedua film bersama orang kedua.",
			"Tutup penutup, tunggu sampai printer siap, lalu tekan Lanjutkan.",
		},
		[]string{
			"Take the used film out; it carries faces and data, so seal it and lock it away.",
			"Fit a new film and record both serial numbers with a second person.",
			"Close the cover, wait until the printer is ready, then press Continue.",
		}),
	ClassHeating: entry(ClassHeating, fault.Transient,
		"Printer sedang memanas.",
		"The printer is heating up.",
		[]string{
			"Tunggu; pencetakan berlanjut sendiri setelah suhu tercapai.",
			"Bila lebih dari sepuluh menit, periksa suhu pada layar printer dan hubungi teknisi.",
		},
		[]string{
			"Wait; printing goes on by itself once the temperature is reached.",
			"If it takes more than ten minutes, read the temperature on the printer's display and call the technician.",
		}),
	ClassCooling: entry(ClassCooling, fault.Transient,
		"Printer sedang mendingin.",
		"The printer is cooling down.",
		[]string{
			"Tunggu; pencetakan berlanjut sendiri.",
			"Jangan mematikan printer dan jangan menutup lubang anginnya.",
		},
		[]string{
			"Wait; printing goes on by itself.",
			"Do not switch the printer off and do not cover its vents.",
		}),
	ClassBusy: entry(ClassBusy, fault.Transient,
		"Printer sedang sibuk.",
		"The printer is busy.",
		[]string{
			"Tunggu sampai printer selesai.",
			"Bila lebih dari lima menit, lihat layar printer dan pastikan tidak ada program lain yang memakainya.",
		},
		[]string{
			"Wait until the printer has finished.",
			"If it takes more than five minutes, look at the printer's display and make sure that no other program uses it.",
		}),
	ClassCleaningDue: entry(ClassCleaningDue, fault.Device,
		"Printer harus dibersihkan.",
		"The printer must be cleaned.",
		[]string{
			"Siapkan kartu pembersih; buka kemasannya sesaat sebelum dipakai.",
			"Keluarkan blangko dari tempatnya dan catat jumlahnya.",
			"Jalankan Pembersihan di layar lini dan masukkan kartu pembersih saat diminta.",
			"Masukkan kembali blangko, lalu tekan Lanjutkan.",
		},
		[]string{
			"Have a cleaning card ready; open its packet just before use.",
			"Take the blanks out of the hopper and record how many.",
			"Start Cleaning on the page of the line and insert the cleaning card when asked.",
			"Put the blanks back, then press Continue.",
		}),
	ClassJam: entry(ClassJam, fault.Device,
		"Kartu macet di dalam printer.",
		"A card is jammed inside the printer.",
		[]string{
			"Jangan mematikan printer; buka penutupnya.",
			"Keluarkan kartu dengan tangan pada tepinya; jangan memakai alat logam.",
			"Jangan membuang kartu itu dan jangan memasukkannya lagi ke tempat blangko.",
			"Tutup penutup, letakkan kartu pada pembaca bila diminta, lalu ikuti petunjuk di layar.",
		},
		[]string{
			"Do not switch the printer off; open its cover.",
			"Take the card out by hand, by its edges; use no metal tool.",
			"Do not throw the card away and do not put it back into the hopper.",
			"Close the cover, lay the card on the reader when asked, then follow the screen.",
		}),
	ClassCardPosition: entry(ClassCardPosition, fault.Device,
		"Kartu tidak berada di tempat yang diharapkan.",
		"The card is not where it should be.",
		[]string{
			"Buka penutup dan lihat di mana kartu berada.",
			"Bila kartu terlihat, keluarkan pada tepinya dan pisahkan.",
			"Tutup penutup, lalu jawab di layar apakah ada kartu di tangan Anda.",
		},
		[]string{
			"Open the cover and see where the card is.",
			"If you see it, take it out by its edges and set it apart.",
			"Close the cover, then answer on the screen whether you hold a card.",
		}),
	ClassRibbonError: entry(ClassRibbonError, fault.Device,
		"Pita putus, kusut, atau tidak bergerak.",
		"The ribbon is torn, creased or does not move.",
		[]string{
			"Buka penutup dan keluarkan pita.",
			"Bila putus, sambung dengan selotip tipis ke gulungan penerima dan putar beberapa panel.",
			"Bila kusut atau rusak, ganti pita; penggantian dicatat oleh dua orang.",
			"Tutup penutup, lalu tekan Lanjutkan.",
		},
		[]string{
			"Open the cover and take the ribbon out.",
			"If it is torn, tape it to the take-up roll with thin tape and wind on a few panels.",
			"If it is creased or damaged, change it; two persons record the change.",
			"Close the cover, then press Continue.",
		}),
	ClassFilmError: entry(ClassFilmError, fault.Device,
		"Film transfer putus, kusut, atau tidak bergerak.",
		"The transfer film is torn, creased or does not move.",
		[]string{
			"Tunggu sampai rol pemanas dingin, lalu buka penutup.",
			"Keluarkan film, buang lipatan, dan sambung atau ganti film.",
			"Tutup penutup, tunggu sampai printer siap, lalu tekan Lanjutkan.",
		},
		[]string{
			"Wait until the heated roller has cooled, then open the cover.",
			"Take the film out, remove the crease and join or change the film.",
			"Close the cover, wait until the printer is ready, then press Continue.",
		}),
	ClassMagnetic: entry(ClassMagnetic, fault.Device,
		"Bagian pita magnet di dalam printer gagal.",
		"The magnetic stripe unit in the printer failed.",
		[]string{
			"Tunggu; kartu dicoba sekali lagi dan kemudian ditolak tanpa dicetak.",
			"Periksa bahwa blangko yang dimuat adalah blangko KTP-el; KTP-el tidak memakai pita magnet.",
			"Bila terulang, catat kode yang ditampilkan di layar dan hubungi teknisi.",
		},
		[]string{
			"Wait; the card is tried once more and then rejected without being printed.",
			"Check that the blanks loaded are those of the KTP-el; it has no magnetic stripe.",
			"If it happens again, write down the code shown on the screen and call the technician.",
		}),
	ClassEncoder: entry(ClassEncoder, fault.Device,
		"Penulis chip di dalam printer tidak menjawab.",
		"The chip encoder in the printer does not answer.",
		[]string{
			"Tunggu; kartu dicoba sekali lagi dan kemudian ditolak tanpa dicetak.",
			"Bila beberapa kartu berturut-turut gagal, jeda lini dan periksa kabel pembaca.",
			"Hubungi teknisi bila pembaca tidak muncul di halaman perangkat.",
		},
		[]string{
			"Wait; the card is tried once more and then rejected without being printed.",
			"If several cards in a row fail, pause the line and check the reader's cable.",
			"Call the technician if the reader is missing from the device page.",
		}),
	ClassRestarted: entry(ClassRestarted, fault.Device,
		"Printer baru saja menyala ulang.",
		"The printer has just restarted.",
		[]string{
			"Tunggu; printer diatur kembali dan letak kartu dibaca.",
			"Bila sering terjadi, periksa kabel listrik dan UPS.",
			"Ikuti petunjuk di layar untuk kartu yang ada di dalam printer.",
		},
		[]string{
			"Wait; the printer is set up again and the card's place is read.",
			"If it happens often, check the power cable and the UPS.",
			"Follow the screen for the card that is inside the printer.",
		}),
	ClassComm: entry(ClassComm, fault.Device,
		"Hubungan ke printer terputus.",
		"The connection to the printer is lost.",
		[]string{
			"Periksa bahwa printer menyala dan kabel terpasang pada kedua ujungnya.",
			"Jangan mengeluarkan kartu dari printer.",
			"Tunggu; hubungan dibuka kembali dan keadaan kartu dibaca.",
			"Bila tidak pulih dalam satu menit, pindahkan kabel ke lubang lain yang sama jenisnya dan tekan Lanjutkan.",
		},
		[]string{
			"Check that the printer is on and the cable is plugged in at both ends.",
			"Do not take a card out of the printer.",
			"Wait; the connection is opened again and the state of the card is read.",
			"If it is not back within a minute, move the cable to another port of the same kind and press Continue.",
		}),
	ClassHardware: entry(ClassHardware, fault.Device,
		"Printer melaporkan kerusakan perangkat keras.",
		"The printer reports a hardware failure.",
		[]string{
			"Catat kode yang ditampilkan di layar.",
			"Matikan printer, tunggu sepuluh detik, lalu nyalakan kembali.",
			"Bila kode muncul lagi, keluarkan printer dari lini dan hubungi teknisi.",
		},
		[]string{
			"Write down the code shown on the screen.",
			"Switch the printer off, wait ten seconds, and switch it on again.",
			"If the code comes back, take the printer off the line and call the technician.",
		}),
	ClassUnsupported: entry(ClassUnsupported, fault.Device,
		"Printer tidak mengenal perintah yang diperlukan.",
		"The printer does not know a command that is needed.",
		[]string{
			"Periksa bahwa model printer di halaman perangkat sama dengan label pada printer.",
			"Catat versi firmware yang ditampilkan.",
			"Hubungi teknisi; lini ini tidak dapat dipakai dengan printer tersebut.",
		},
		[]string{
			"Check that the model on the device page is the one on the printer's label.",
			"Write down the firmware version that is shown.",
			"Call the technician; this line cannot be used with that printer.",
		}),
	ClassUnknown: entry(ClassUnknown, fault.Device,
		"Printer melaporkan galat yang tidak dikenal.",
		"The printer reports an error that is not known.",
		[]string{
			"Catat kode yang ditampilkan di layar.",
			"Lihat layar printer dan ikuti petunjuk di sana.",
			"Bila tidak pulih, jeda lini dan hubungi teknisi dengan kode tersebut.",
		},
		[]string{
			"Write down the code shown on the screen.",
			"Look at the printer's display and follow what it says.",
			"If that does not help, pause the line and call the technician with the code.",
		}),
}

// Entries of a face that cannot become panels. They are errors of set-up or of the caller:
// no blank has been used when they occur.
var (
	FaceSizeWrong = fault.Entry{
		Code: "printer.face_size_wrong", Kind: fault.Invalid,
		ID:      "Ukuran gambar kartu tidak cocok dengan bidang cetak printer.",
		EN:      "The card picture does not fit the print area of the printer.",
		StepsID: []string{"Periksa model printer pada konfigurasi lini.", "Periksa bahwa templat kartu berukuran ID-1.", "Hubungi pengelola sistem bila keduanya benar."},
		StepsEN: []string{"Check the printer model in the configuration of the line.", "Check that the card template has the size ID-1.", "Call the system administrator if both are right."},
	}
	PanelsUnsupported = fault.Entry{
		Code: "printer.panels_unsupported", Kind: fault.Invalid,
		ID:      "Susunan panel pita tidak dapat dipakai untuk kartu ini.",
		EN:      "The panels of the ribbon cannot be used for this card.",
		StepsID: []string{"Periksa jenis pita pada konfigurasi lini dan pada label pita.", "Pasang pita berwarna dengan hitam dan lapisan pelindung (YMCKO)."},
		StepsEN: []string{"Check the ribbon type in the configuration of the line and on the ribbon's label.", "Fit a color ribbon with black and overlay (YMCKO)."},
	}
	NothingToPrint = fault.Entry{
		Code: "printer.nothing_to_print", Kind: fault.Invalid,
		ID:      "Sisi kartu tidak berisi apa pun untuk dicetak.",
		EN:      "The side of the card holds nothing to print.",
		StepsID: []string{"Buka contoh cetak kartu ini dan periksa isinya.", "Periksa templat kartu pada konfigurasi."},
		StepsEN: []string{"Open the proof of this card and check what it shows.", "Check the card template in the configuration."},
	}
)

// classes is the order in which the entries are listed.
var classes = []Class{
	ClassNoCards, ClassCoverOpen, ClassOutputFull, ClassRejectFull, ClassRibbonGone, ClassRibbonWrong,
	ClassRibbonOut, ClassFilmOut, ClassHeating, ClassCooling, ClassBusy, ClassCleaningDue, ClassJam,
	ClassCardPosition, ClassRibbonError, ClassFilmError, ClassMagnetic, ClassEncoder, ClassRestarted, ClassComm,
	ClassHardware, ClassUnsupported, ClassUnknown,
}

// Faults are the entries of this room.
var Faults = func() []fault.Entry {
	out := make([]fault.Entry, 0, len(classes)+3)
	for _, c := range classes {
		out = append(out, classFaults[c])
	}
	return append(out, FaceSizeWrong, PanelsUnsupported, NothingToPrint)
}()

// Fault is the entry of a class; a class that has none, ClassNone among them, gets the entry
// of ClassUnknown. A printer package raises it with At and sets the kind to InDoubt where a
// panel had already begun.
func Fault(c Class) fault.Entry {
	if e, ok := classFaults[c]; ok {
		return e
	}
	return classFaults[ClassUnknown]
}

// ClassOf is the class of the outermost device error in the chain of err; ClassNone where
// no device error is in it.
func ClassOf(err error) Class {
	for err != nil {
		e, ok := errors.AsType[*fault.Error](err)
		if !ok {
			return ClassNone
		}
		for _, c := range classes {
			if e.Code == classCode(c) {
				return c
			}
		}
		err = e.Err
	}
	return ClassNone
}
