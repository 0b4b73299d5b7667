package station

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"blanko/applet/pcsc"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/registry"
	"blanko/store"
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
	{"clock", words{"jam mesin", "clock"}, (*exam).clock, words{"Setel jam; jika kejadian terakhir yang salah, dua orang menerima jam yang baru.", "Set the clock; if the newest event is what is wrong, two persons accept the new time."}, false},
	{"encoder", words{"penyandi JPEG 2000", "JPEG 2000 encoder"}, (*exam).encoder, words{"Pasang paket libopenjp2 dan bangun dengan cgo.", "Install libopenjp2 and build with cgo."}, true},
	{"center", words{"pusat data", "data center"}, (*exam).center, words{"Periksa jaringan, bagian center pada konfigurasi, dan sertifikat.", "Check the network, the center part of the configuration, and the certificates."}, false},
	{"certificate", words{"masa berlaku sertifikat", "certificate validity"}, (*exam).certificates, words{"Minta sertifikat baru dari pusat data.", "Ask the data center for a new certificate."}, false},
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
	cfg    Config
	cfgErr error
	latest time.Time // of the newest event, zero when there is none or the ledger is not readable
}

func (x *exam) dir() string { return filepath.Dir(x.cfg.Data) }

func (x *exam) config(context.Context) finding {
	if x.cfgErr != nil {
		return failed(x.cfgErr)
	}
	return fine("%s", "%s", x.Config)
}

func (x *exam) folder(context.Context) finding {
	info, err := os.Stat(x.dir())
	if err != nil || !info.IsDir() {
		return missing("%s tidak ada", "%s does not exist", x.dir())
	}
	f, err := os.CreateTemp(x.dir(), ".blanko-doctor-*")
	if err != nil {
		return missing("%s tidak dapat ditulisi", "%s cannot be written to", x.dir())
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return missing("%s tidak dapat ditulisi", "%s cannot be written to", x.dir())
	}
	return fine("%s", "%s", x.dir())
}

// Disk space: a day of 1000 records of 300 KB with its write-ahead log and a backup takes 1 GB.
const (
	spaceNeeded = 1 << 30 // bytes; below it a day's work may not fit
	spaceWanted = 5 << 30 // a working week
)

func (x *exam) space(context.Context) finding {
	free, _, err := diskOf(x.dir())
	switch gib := float64(free) / (1 << 30); {
	case err != nil:
		return note("tidak dapat diketahui", "cannot be told")
	case free < spaceNeeded:
		return missing("%.1f GiB kosong", "%.1f GiB free", gib)
	case free < spaceWanted:
		return warning("%.1f GiB kosong", "%.1f GiB free", gib)
	default:
		return fine("%.1f GiB kosong", "%.1f GiB free", gib)
	}
}

func (x *exam) local(context.Context) finding {
	_, kind, err := diskOf(x.dir())
	switch bad := unsafeDisks[kind]; {
	case err != nil:
		return note("tidak dapat diketahui", "cannot be told")
	case bad != "":
		return missing("%s", "%s", bad)
	default:
		return fine("disk mesin ini (jenis %#x)", "a disk of this machine (type %#x)", kind)
	}
}

// Every intent and every outcome of a card is one durable commit: about 18 of them a card.
const (
	syncRounds = 9
	syncSlow   = 50 * time.Millisecond // together about a second of a card
)

func (x *exam) sync(context.Context) finding {
	f, err := os.CreateTemp(x.dir(), ".blanko-doctor-*")
	if err != nil {
		return finding{Skipped, words{"folder data tidak dapat ditulisi", "the data folder cannot be written to"}}
	}
	defer os.Remove(f.Name()) //nolint:errcheck // an empty file of our own that stays harms nothing
	defer f.Close()           //nolint:errcheck // what it holds is thrown away
	block := make([]byte, 4096)
	var took []time.Duration
	for range syncRounds {
		began := time.Now()
		if _, err := f.WriteAt(block, 0); err != nil {
			return missing("penulisan gagal", "writing failed")
		}
		if err := f.Sync(); err != nil {
			return missing("penyimpanan gagal", "storing failed")
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	median := took[syncRounds/2]
	ms := float64(median.Microseconds()) / 1000
	if median > syncSlow {
		return warning("%.1f ms setiap simpan", "%.1f ms each time", ms)
	}
	return fine("%.1f ms setiap simpan", "%.1f ms each time", ms)
}

func (x *exam) ledger(ctx context.Context) finding {
	info, err := os.Stat(x.cfg.Data)
	if errors.Is(err, os.ErrNotExist) {
		return note("belum ada; serve membuatnya", "not there yet; serve makes it")
	}
	if err != nil || !info.Mode().IsRegular() {
		return missing("%s bukan berkas biasa", "%s is no plain file", x.cfg.Data)
	}
	st, err := store.Open(ctx, x.cfg.Data, store.WithClock(x.Now))
	if err != nil {
		return failed(err)
	}
	defer st.Close() //nolint:errcheck // it was only read
	if err := st.Check(ctx); err != nil {
		return failed(err)
	}
	rep, err := registry.New(st, registry.Config{Office: x.cfg.Office, Production: true}, nil).VerifyEvents(ctx)
	if err != nil {
		return failed(err)
	}
	x.latest = rep.Head.Latest
	if !rep.Sound() {
		return missing("catatan kejadian diubah dari luar: %d temuan, yang pertama %s", "the event log was changed from outside: %d findings, the first %s", len(rep.Findings), rep.Findings[0])
	}
	head := hex.EncodeToString(rep.Head.Hash[:8])
	return fine("utuh, %d kejadian, kepala rantai %s", "sound, %d events, chain head %s", rep.Events, head)
}

// clockSlack is how far the clock may stand behind the newest event, as for the feeding of cards.
const clockSlack = 5 * time.Second

func (x *exam) clock(context.Context) finding {
	now := x.Now()
	if x.latest.IsZero() {
		return note("%s; belum ada kejadian untuk dibandingkan", "%s; there is no event to compare with", now.Format(time.RFC3339))
	}
	if behind := x.latest.Sub(now); behind > clockSlack {
		return missing("%s di belakang kejadian terakhir", "%s behind the newest event", behind.Round(time.Second))
	}
	return fine("%s", "%s", now.Format(time.RFC3339))
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

// centerPatience is how long the doctor waits for the center.
const centerPatience = 5 * time.Second

func (x *exam) center(ctx context.Context) finding {
	if x.cfg.Center.URL == "" {
		return note("tidak dikonfigurasi; data masuk lewat import", "not configured; records come in by import")
	}
	l, err := x.cfg.centerLink(centerPatience)
	if err != nil {
		return failed(err)
	}
	keys, err := l.client.Keys(ctx, l.anchor, x.Now())
	if err != nil {
		return failed(err)
	}
	return fine("terjangkau, %d kunci", "reached, %d keys", len(keys))
}

// certificateNotice is how long before its end a certificate is mentioned.
const certificateNotice = 30 * 24 * time.Hour

func (x *exam) certificates(context.Context) finding {
	worst := note("tidak ada sertifikat pada konfigurasi", "no certificate is configured")
	var first time.Time
	for _, c := range []struct{ field, path string }{
		{"center.client_certificate", x.cfg.Center.ClientCertificate},
		{"center.authorities", x.cfg.Center.Authorities},
		{"keys.signer", x.cfg.Keys.Signer},
	} {
		if c.path == "" {
			continue
		}
		ends, err := firstEnd(c.path)
		day := ends.Format(time.DateOnly)
		switch left := ends.Sub(x.Now()); {
		case err != nil:
			return missing("%s tidak dapat dibaca", "%s cannot be read", c.field)
		case left <= 0:
			return missing("%s habis pada %s", "%s ended on %s", c.field, day)
		case left < certificateNotice:
			worst = warning("%s berakhir pada %s", "%s ends on %s", c.field, day)
		}
		if first.IsZero() || ends.Before(first) {
			first = ends
		}
	}
	if worst.Level == Note && !first.IsZero() {
		day := first.Format(time.DateOnly)
		return fine("berlaku; yang pertama berakhir %s", "valid; the first ends on %s", day)
	}
	return worst
}

// firstEnd is the earliest end of the certificates of a PEM file.
func firstEnd(path string) (end time.Time, err error) {
	text, err := readSmall(path, maxPEM)
	if err != nil {
		return end, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return end, err
		}
		if end.IsZero() || cert.NotAfter.Before(end) {
			end = cert.NotAfter
		}
	}
	if end.IsZero() {
		return end, errNoCertificate
	}
	return end, nil
}

var errNoCertificate = errors.New("no certificate in the file")

func (x *exam) lines(context.Context) finding {
	if len(x.cfg.Lines) == 0 {
		return note("tidak ada lini pada konfigurasi; tidak ada kartu yang dibuat", "no line is configured; no card will be made")
	}
	var id, en []string
	for _, l := range x.cfg.Lines {
		if r := refusal(l, x.cfg.Keys); r != nil {
			f := failed(r)
			id, en = append(id, string(l.ID)+": "+f.Seen.ID), append(en, string(l.ID)+": "+f.Seen.EN)
		}
	}
	if len(en) > 0 {
		return finding{Missing, words{strings.Join(id, "; "), strings.Join(en, "; ")}}
	}
	return fine("%d lini", "%d lines", len(x.cfg.Lines))
}

// pcsc asks the card reader service, and finds the reader of each line as serve would.
func (x *exam) pcsc(ctx context.Context) finding {
	lines := x.cfg.readers()
	readers, err := pcsc.List(ctx)
	if err != nil {
		f := failed(err)
		if len(lines) == 0 {
			f.Level = Note
		}
		return f
	}
	var id, en []string
	for _, r := range readers {
		id, en = append(id, r.Name), append(en, r.Name)
	}
	level := Fine
	if len(lines) == 0 {
		level = Note
	}
	found, errs := pcsc.FindEach(lines, readers)
	for i, b := range lines {
		switch {
		case errs[i] == nil:
			id, en = append(id, b.Line+": "+found[i].Name), append(en, b.Line+": "+found[i].Name)
			continue
		case !fault.Is(errs[i], pcsc.ReaderAmbiguous): // a calibration helps
			level = Missing
		case level == Fine:
			level = Warning
		}
		f := failed(errs[i])
		id, en = append(id, b.Line+": "+f.Seen.ID), append(en, b.Line+": "+f.Seen.EN)
	}
	if len(readers) == 0 {
		id, en = append([]string{"tidak ada pembaca"}, id...), append([]string{"no reader"}, en...)
	}
	return finding{level, words{strings.Join(id, "; "), strings.Join(en, "; ")}}
}
