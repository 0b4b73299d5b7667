package ups

import (
	"errors"

	"blanko/fault"
)

// What a power supply may say, and what its daemon may.
var (
	OnBattery = fault.Entry{
		Code: "ups.on_battery", Kind: fault.Device,
		ID:      "Listrik padam: UPS memakai baterai dan kartu baru mungkin tidak selesai; tidak ada blangko yang dimasukkan.",
		EN:      "The mains are away: the UPS runs on its battery and a new card might not be finished; no blank is fed.",
		StepsID: []string{"Tunggu sampai listrik kembali; lini berjalan lagi sendiri.", "Kartu yang sedang dibuat diselesaikan; jangan matikan printer.", "Laporkan gangguan listrik kepada petugas data center."},
		StepsEN: []string{"Wait until the mains are back; the line goes on by itself.", "The card in work is finished; do not switch the printer off.", "Report the outage to the data center officer."},
	}
	Unreachable = fault.Entry{
		Code: "ups.unreachable", Kind: fault.Device,
		ID:      "Layanan UPS (upsd) tidak menjawab; keadaan listrik tidak diketahui.",
		EN:      "The UPS service (upsd) does not answer; how the power is is not known.",
		StepsID: []string{"Jalankan layanan nut-server dan lihat apakah upsc -l menjawab.", "Periksa power.upsd pada konfigurasi."},
		StepsEN: []string{"Start the service nut-server and see whether upsc -l answers.", "Check power.upsd in the configuration."},
	}
	Wrong = fault.Entry{
		Code: "ups.wrong", Kind: fault.Device,
		ID:      "Layanan UPS tidak mengetahui keadaan UPS ini; keadaan listrik tidak diketahui.",
		EN:      "The UPS service does not know how this UPS is; how the power is is not known.",
		StepsID: []string{"Periksa kabel data UPS.", "Samakan power.ups pada konfigurasi dengan nama yang ditampilkan upsc -l."},
		StepsEN: []string{"Check the data cable of the UPS.", "Give power.ups in the configuration the name that upsc -l shows."},
	}
)

// Faults are all entries of the room.
var Faults = []fault.Entry{OnBattery, Unreachable, Wrong}

// refusal is the word with which upsd refused a question.
func refusal(err error) (refused, bool) {
	r, ok := errors.AsType[refused](err)
	return r, ok
}
