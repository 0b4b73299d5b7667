package station

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"path/filepath"
	"time"

	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/registry"
	"blanko/registry/audit"
)

// Level of a finding.
type Level string

const (
	Fine    Level = "ok"
	Note    Level = "note"    // nothing to do
	Warning Level = "warning" // production goes on, and somebody should act
	Missing Level = "missing" // production needs it
	Skipped Level = "skipped" // cannot be looked at, because of an earlier finding
)

// finding is what one check saw.
type finding struct {
	Level Level
	Seen  words
}

func fine(id, en string, v ...any) finding    { return finding{Fine, say(id, en, v...)} }
func note(id, en string, v ...any) finding    { return finding{Note, say(id, en, v...)} }
func warning(id, en string, v ...any) finding { return finding{Warning, say(id, en, v...)} }
func missing(id, en string, v ...any) finding { return finding{Missing, say(id, en, v...)} }

// failed tells an error by the sentence of its entry and its field.
func failed(err error) finding {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return finding{Missing, unexpected}
	}
	entry, known := entryOf(e.Code)
	if !known {
		return finding{Missing, unexpected}
	}
	f := missing("%s [%s]", "%s [%s]", entry.ID, e.Code)
	f.Seen.EN = entry.EN + " [" + string(e.Code) + "]"
	if e.Field != "" && e.Kind != fault.Internal {
		f.Seen.ID += " " + e.Field + ": " + e.Detail
		f.Seen.EN += " " + e.Field + ": " + e.Detail
	}
	return f
}

// check is one thing that a station needs.
type check struct {
	Name string // stable
	What words
	Do   func(*exam, context.Context) finding
	Mend words
	Free bool // can be looked at without a configuration
}

// checkTable is the table of the doctor, in the order of the report.
var checkTable = []check{
	{"config", words{"berkas konfigurasi", "configuration file"}, (*exam).config, words{"Perbaiki berkas itu; yang baru: blanko serve --print-config > blanko.yaml", "Mend the file; for a new one: blanko serve --print-config > blanko.yaml"}, true},
	{"folder", words{"folder data", "data folder"}, (*exam).folder, words{"Buat folder dan beri hak tulis kepada pengguna layanan.", "Make the folder and let the service's user write to it."}, false},
	{"disk_local", words{"jenis penyimpanan", "kind of disk"}, (*exam).local, words{"Pindahkan data ke disk mesin ini sendiri; buku besar tidak aman pada jaringan atau memori.", "Move the data to a disk of this machine; the ledger is not safe on a network or in memory."}, false},
	{"disk_space", words{"ruang disk", "disk space"}, (*exam).space, words{"Kosongkan disk atau pindahkan cadangan.", "Free the disk or move backups away."}, false},
	{"disk_sync", words{"waktu simpan ke disk", "time to write to disk"}, (*exam).sync, words{"Pakai disk yang lebih cepat (SSD); periksa beban mesin.", "Use a faster disk (SSD); look at what else the machine does."}, false},
	{"ledger", words{"buku besar", "ledger"}, (*exam).ledger, words{"Hentikan produksi dan hubungi petugas data center; pulihkan dari cadangan.", "Stop production and call the data center officer; restore a backup."}, false},
	{"data_keys", words{"kunci data pribadi", "keys of personal data"}, (*exam).dataKeys, words{"Lihat blanko keys data status; isi database.data_keys, atau jalankan blanko keys data seal atau rotate.", "See blanko keys data status; set database.data_keys, or run blanko keys data seal or rotate."}, false},
	{"anchors", words{"jangkar harian catatan kejadian", "daily anchors of the event log"}, (*exam).anchored, words{"Periksa hubungan ke pusat data; jalankan blanko audit verify.", "Check the link to the data center; run blanko audit verify."}, false},
	{"copies", words{"cadangan buku besar", "copies of the ledger"}, (*exam).copies, words{"Isi backup pada konfigurasi, periksa disk cadangan, atau jalankan blanko backup create; uji dengan blanko backup verify.", "Set backup in the configuration, check the disk of the copies, or run blanko backup create; prove one with blanko backup verify."}, false},
	{"restored", words{"buku besar yang dipasang kembali", "a ledger that was put back"}, (*exam).restored, words{"Tempelkan semua kartu yang ada, tunggu pencocokan, lalu dua orang menerima buku besar.", "Present every card there is, wait for the comparison, then two persons accept the ledger."}, false},
	{"clock", words{"jam mesin", "clock"}, (*exam).clock, words{"Setel jam; jika kejadian terakhir yang salah, dua orang menerima jam yang baru.", "Set the clock; if the newest event is what is wrong, two persons accept the new time."}, false},
	{"power", words{"UPS", "UPS"}, (*exam).power, words{"Tunggu listrik kembali, atau periksa layanan nut-server dan kabel data UPS (upsc -l).", "Wait for the mains, or check the service nut-server and the data cable of the UPS (upsc -l)."}, false},
	{"encoder", words{"penyandi JPEG 2000", "JPEG 2000 encoder"}, (*exam).encoder, words{"Pasang paket libopenjp2 dan bangun dengan cgo.", "Install libopenjp2 and build with cgo."}, true},
	{"center", words{"pusat data", "data center"}, (*exam).center, words{"Periksa jaringan, bagian center pada konfigurasi, dan sertifikat.", "Check the network, the center part of the configuration, and the certificates."}, false},
	{"officers", words{"kunci petugas data center", "keys of the data center officers"}, (*exam).officers, words{"Taruh kunci publik petugas (ECDSA P-256, *.pem) ke folder service.officer_keys.", "Put the officers' public keys (ECDSA P-256, *.pem) into the folder service.officer_keys."}, false},
	{"certificate", words{"masa berlaku sertifikat", "certificate validity"}, (*exam).certificates, words{"Minta sertifikat baru dari pusat data.", "Ask the data center for a new certificate."}, false},
	{"token", words{"token kunci", "key token"}, (*exam).token, words{"Lihat blanko keys list; pasang token, periksa keys pada konfigurasi, adakan upacara kunci.", "See blanko keys list; plug the token in, check keys in the configuration, hold a key ceremony."}, false},
	{"revocations", words{"daftar pencabutan sertifikat", "revocation list of certificates"}, (*exam).revocations, words{"Buat daftar berikutnya dengan blanko keys crl, dan letakkan sebagai *.crl di keys.anchors.", "Make the next list with blanko keys crl, and lay it as *.crl into keys.anchors."}, false},
	{"lines", words{"lini produksi", "production lines"}, (*exam).lines, words{"Lihat sebab setiap lini; perbarui Blanko atau lengkapi konfigurasi.", "See the reason of each line; update Blanko or complete the configuration."}, false},
	{"pcsc", words{"layanan pembaca kartu (PC/SC)", "card reader service (PC/SC)"}, (*exam).pcsc, words{"Pasang dan jalankan pcscd, pasang pembaca setiap lini; lihat blanko card list.", "Install and start pcscd, plug in the reader of each line; see blanko card list."}, true},
	{"usb", words{"printer USB", "USB printers"}, (*exam).usb, words{"Lihat blanko printer list dan blanko printer status; beri pengguna layanan hak atas /dev/bus/usb.", "See blanko printer list and blanko printer status; let the service's user at /dev/bus/usb."}, true},
	{"cups", words{"layanan cetak (CUPS)", "print service (CUPS)"}, (*exam).cups, words{"Hanya perlu untuk pencetak yang digerakkan sistem operasi.", "Only needed for printers that the operating system drives."}, true},
}

// Examination says what the doctor looks at.
type Examination struct {
	Config string // path of the configuration file
	Now    func() time.Time
	// Printers; nil: those of this machine.
	Printers Printers
}

// Result of one check.
type Result struct {
	Name  string `json:"name"`
	What  words  `json:"what"`
	Level Level  `json:"level"`
	Seen  words  `json:"seen"`
	Mend  *words `json:"mend,omitempty"` // where somebody should act
}

// Diagnosis is the doctor's report.
type Diagnosis struct {
	Ready  bool     `json:"ready"` // nothing that the configuration needs is missing
	Checks []Result `json:"checks"`
}

// Examine runs every check. It opens the ledger as serve does, which brings the tables of an older
// version up to date, and writes a small file of its own into the data folder, which it removes.
func Examine(ctx context.Context, o Examination) Diagnosis {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Printers == nil {
		o.Printers = ConnectedPrinters{}
	}
	x := &exam{Examination: o}
	x.cfg, x.cfgErr = ReadConfig(o.Config)
	d := Diagnosis{Ready: true}
	for _, c := range checkTable {
		f := finding{Skipped, words{"konfigurasi belum dapat dibaca", "the configuration cannot be read"}}
		if x.cfgErr == nil || c.Free {
			f = c.Do(x, ctx)
		}
		r := Result{Name: c.Name, What: c.What, Level: f.Level, Seen: f.Seen}
		if f.Level == Missing || f.Level == Warning {
			r.Mend = &c.Mend
		}
		d.Ready = d.Ready && f.Level != Missing
		d.Checks = append(d.Checks, r)
	}
	return d
}

// exam is one run of the doctor.
type exam struct {
	Examination
	cfg     Config
	cfgErr  error
	latest  time.Time             // of the newest event, zero when there is none or the ledger is not readable
	anchors []audit.Daily         // that the center has not taken
	put     *registry.Restoration // back and not accepted yet
	// ahead is how far the clock of the database server is before this machine's.
	ahead time.Duration
}

func (x *exam) dir() string { return filepath.Dir(x.cfg.Data) }

func (x *exam) config(context.Context) finding {
	if x.cfgErr != nil {
		return failed(x.cfgErr)
	}
	return fine("%s", "%s", x.Config)
}

// A picture of the portrait's size on the chip, and a budget that it must meet.
const (
	trialWidth, trialHeight = 240, 320
	trialBudget             = 10 << 10 // bytes
)

func (x *exam) encoder(context.Context) finding {
	codec, err := openjpeg.New()
	if err != nil {
		return failed(err)
	}
	pic, grain := image.NewGray(image.Rect(0, 0, trialWidth, trialHeight)), rand.New(rand.NewPCG(1, 1))
	for i := range pic.Pix { // a slope with grain, as hard as a photo
		pic.Pix[i] = uint8(i*128/len(pic.Pix) + grain.IntN(64))
	}
	data, err := codec.Encode(pic, trialBudget)
	if err != nil {
		return failed(err)
	}
	back, err := codec.Decode(data)
	if err != nil {
		return failed(err)
	}
	if back.Bounds().Size() != pic.Bounds().Size() {
		return missing("gambar kembali dengan ukuran lain", "a picture came back in another size")
	}
	return fine("bekerja, %d byte", "works, %d bytes", len(data))
}
