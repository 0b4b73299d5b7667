package bench

import "fmt"

// Sentence is what a world tells: words of told, and what they are about.
type Sentence struct {
	Key   string
	About []any // in the order of the words; a Code or a Sentence among them is told in the same language
}

// Code is one of a group that has words; one without is told as it is.
type Code struct{ Group, Code string }

// Told is a sentence by its key.
func Told(key string, about ...any) Sentence { return Sentence{key, about} }

// In is the sentence in a language, id or en.
func (s Sentence) In(lang string) string {
	about := make([]any, len(s.About))
	for i, a := range s.About {
		switch a := a.(type) {
		case Sentence:
			about[i] = a.In(lang)
		case Code:
			about[i] = a.In(lang)
		default:
			about[i] = a
		}
	}
	return fmt.Sprintf(in(lang, told[s.Key]), about...)
}

// In is the word of a code in a language, id or en.
func (c Code) In(lang string) string {
	if w, known := told[c.Group+"."+c.Code]; known {
		return in(lang, w)
	}
	return c.Code
}

// told are the words of what a world tells: sentences, and codes by their groups.
var told = map[string][2]string{
	"counts": {
		"%d jadi, %d rusak%s, %d diblokir%s, %d diragukan, %d ditolak%s, %d ditarik, %d menunggu",
		"%d made, %d spoiled%s, %d blocked%s, %d in doubt, %d refused%s, %d withdrawn, %d waiting",
	},

	"scene":        {"%s, kartu %d: %s", "%s, card %d: %s"},
	"scene.waits":  {"lini menunggu: %s", "the line waits: %s"},
	"scene.step":   {"%s %s: %s", "%s %s: %s"},
	"scene.done":   {"%s selesai %s", "%s done %s"},
	"scene.before": {"sebelum %s: %s", "before %s: %s"},
	"scene.person": {"seseorang melihat %s: %s", "a person sees %s: %s"},

	"wrong.number":     {"%s: %d, seharusnya %d", "%s: %d, should be %d"},
	"wrong.causes":     {"%s: %v, seharusnya %v", "%s: %v, should be %v"},
	"wrong.waits":      {"waits: tidak ada lini yang menunggu %s; mereka menunggu %v", "waits: no line waited for %s; they waited for %v"},
	"wrong.mended":     {"mended: tidak ada yang mengurus %s; orang mengurus %v", "mended: nobody saw to %s; persons saw to %v"},
	"wrong.places":     {"places: %d di %s, seharusnya %d; yang ada %v", "places: %d at %s, should be %d; there are %v"},
	"wrong.events":     {"events[%d]: saatnya tidak pernah tiba", "events[%d]: the moment never came"},
	"wrong.unasked":    {"events: kartu tidak pernah diminta kembali ke pembaca %s", "events: no card was asked back to the reader of %s"},
	"wrong.faults":     {"faults: %d tidak terjadi", "faults: %d did not strike"},
	"wrong.failed":     {"tidak berhasil: %v", "%v"},
	"wrong.difference": {"dunia dan buku besar tidak sama: %s", "%s"},
	"wrong.problem":    {"tidak dapat dimainkan sampai selesai: %s", "%s"},

	"step.prepare": {"persiapan", "prepare"}, "step.feed": {"ambil blangko", "feed"}, "step.claim": {"klaim chip", "claim"}, "step.write": {"tulis", "write"},
	"step.read_back": {"baca ulang", "read back"}, "step.print": {"cetak", "print"}, "step.accept": {"terima muka", "accept"}, "step.activate": {"aktifkan", "activate"},
	"step.recheck": {"periksa ulang", "recheck"}, "step.eject": {"keluarkan", "eject"}, "step.reject": {"buang ke baki tolak", "reject"}, "step.block": {"blokir", "block"},

	"result.failed": {"gagal", "failed"}, "result.unknown": {"tidak diketahui", "unknown"}, "result.refused": {"ditolak", "refused"}, "result.withdrawn": {"ditarik", "withdrawn"},

	"deed.stop": {"stasiun dimatikan", "the station is stopped"}, "deed.withdraw": {"pusat menarik permohonan", "the center takes the request back"}, "deed.pull": {"kartu ditarik keluar", "the card is pulled out"},
	"deed.cut": {"pusat diputus", "the center is cut off"}, "deed.mend": {"pusat pulih", "the center is back"}, "deed.refuse": {"muka ditolak operator", "the operator refuses the face"},
	"deed.drop": {"kartu tidak dibawa kembali", "the card is not brought back"}, "deed.swap": {"kartu lain dibawa ke pembaca", "another card is brought to the reader"},

	"problem.power": {"listrik padam", "the power is off"}, "problem.cable": {"kabel tercabut", "the cable is out"}, "problem.cover": {"tutup terbuka", "the cover is open"}, "problem.jam": {"kartu macet", "a jam"},
	"problem.card_lost": {"kartu tidak terlihat sensor", "a card lost to the sensors"}, "problem.ribbon_out": {"pita habis", "the ribbon has ended"}, "problem.ribbon_missing": {"pita tidak ada", "no ribbon"},
	"problem.ribbon_wrong": {"pita salah", "a wrong ribbon"}, "problem.film_out": {"film habis", "the film has ended"}, "problem.output_full": {"baki penuh", "the output tray is full"},
	"problem.reject_full": {"baki tolak penuh", "the reject box is full"}, "problem.hopper_empty": {"blangko habis", "the hopper is empty"}, "problem.cleaning": {"minta dibersihkan", "cleaning is due"},
	"problem.bezel": {"kartu di celah depan", "a card in the front slot"},

	"act.switch on": {"menyalakan", "switch on"}, "act.plug in": {"memasang kabel", "plug in"}, "act.close the cover": {"menutup tutup", "close the cover"},
	"act.open, clear the path, close": {"membuka, mengosongkan jalur, menutup", "open, clear the path, close"},
	"act.throw into the reject box":   {"membuang ke kotak tolak", "throw into the reject box"}, "act.put into a box": {"menaruh ke kotak", "put into a box"},
	"act.fill the hopper": {"mengisi tempat blangko", "fill the hopper"}, "act.change the ribbon": {"mengganti pita", "change the ribbon"},
	"act.change the film": {"mengganti film", "change the film"}, "act.clean by the book": {"membersihkan menurut petunjuk", "clean by the book"},
	"act.empty the output tray": {"mengosongkan baki", "empty the output tray"}, "act.empty the reject box": {"mengosongkan kotak tolak", "empty the reject box"},
	"act.take the card out of the front slot": {"mengambil kartu dari celah depan", "take the card out of the front slot"},

	"chip.blank": {"kosong", "blank"}, "chip.claimed": {"diklaim", "claimed"}, "chip.written": {"tertulis", "written"}, "chip.active": {"aktif", "active"},
	"chip.blocked": {"diblokir", "blocked"}, "chip.terminated": {"dimatikan", "terminated"},

	"line.running": {"berjalan", "running"}, "line.idle": {"siaga", "idle"}, "line.stopped": {"berhenti", "stopped"},

	"station.print": {"di kepala cetak", "at the print head"}, "station.contact": {"di pembaca kontak", "at the contact reader"}, "station.contactless": {"di encoder", "at the encoder"},
	"station.magnetic": {"di pembaca pita magnet", "at the magnetic head"}, "station.flip": {"di pembalik", "at the flipper"}, "station.between": {"di antara dua tempat", "between two places"},
}
