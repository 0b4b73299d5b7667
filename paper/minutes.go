package paper

import (
	"fmt"
	"image"
	"time"

	"blanko/ktp"
)

// MinutesKind is what a berita acara tells of.
type MinutesKind string

const (
	MinutesDestruction MinutesKind = "destruction"      // cards, blanks, rolls
	MinutesMute        MinutesKind = "surrendered_mute" // a card that is at hand and does not answer
	MinutesLost        MinutesKind = "declared_lost"    // one blank or card, or a consignment
)

var minutesWords = map[MinutesKind]struct{ title, did, counted string }{
	MinutesDestruction: {
		"BERITA ACARA PEMUSNAHAN KTP-el DAN BLANGKO", "telah melaksanakan pemusnahan barang sebagaimana tercantum dalam daftar di bawah ini", "Dimusnahkan",
	},
	MinutesMute: {
		"BERITA ACARA PENYERAHAN KTP-el YANG TIDAK TERBACA", "telah menerima kartu yang chipnya tidak menjawab sebagaimana tercantum dalam daftar di bawah ini, dan mencabutnya", "Dicabut",
	},
	MinutesLost: {
		"BERITA ACARA PERNYATAAN HILANG", "menyatakan hilang barang sebagaimana tercantum dalam daftar di bawah ini setelah dicari dan tidak ditemukan", "Dinyatakan hilang",
	},
}

// ItemKind is what a thing of a berita acara is.
type ItemKind string

const (
	ItemCard    ItemKind = "card"
	ItemBlank   ItemKind = "blank" // never used
	ItemSpoiled ItemKind = "spoiled"
	ItemForeign ItemKind = "foreign"
	ItemRoll    ItemKind = "roll"
)

var itemWords = map[ItemKind]string{
	ItemCard: "KTP-el", ItemBlank: "blangko", ItemSpoiled: "blangko gagal", ItemForeign: "kartu asal luar", ItemRoll: "pita atau film",
}

// MinutesItem is one thing, by name and address where it is a card (SE Mendagri 470.13/11176/SJ of
// 2018). Item is the chip of a card or blank, or the number of a foreign card or roll.
type MinutesItem struct {
	Kind      ItemKind
	Item      string
	NIK       ktp.NIK // empty: not known, or erased by the rules of retention
	Name      string
	Address   string
	Cause     string // in words
	ChipState string // dihentikan, diblokir; empty: it does not answer, there is none, or it is lost
}

// Witness saw it and signs.
type Witness struct {
	Name     string
	Position string // Inspektorat Kabupaten Sintang
}

// MinutesPicture is one picture of what was done.
type MinutesPicture struct {
	Image   image.Image // nil: it is attached to the paper
	Caption string
	Hash    string // SHA-256 of the picture as it is kept, 64 hex digits
}

// Minutes is a berita acara.
type Minutes struct {
	Heading
	Kind     MinutesKind
	DoneAt   time.Time
	Place    string // where it was done
	Method   string // dibakar; of a destruction
	Basis    string // legal basis, or the reason why something counts as lost
	First    Officer
	Second   Officer
	CountIn  Officer // who counted before; of a destruction
	Counted  int     // before
	Done     int     // destroyed, revoked, declared lost
	Items    []MinutesItem
	Witness  []Witness
	Pictures []MinutesPicture
}

// OfficialMinutes draws a berita acara. It is refused where its counts differ from its list, where a
// person stands twice, where a destruction has no witness or no picture. Error:
// paper.content_invalid with the field.
func OfficialMinutes(m Minutes) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	var pictures album
	var shown []picture
	for _, p := range m.Pictures {
		if p.Image == nil {
			shown = append(shown, picture{})
			continue
		}
		pic, err := pictures.encode(p.Image)
		if err != nil {
			return nil, renderFailed.At("paper.OfficialMinutes", err)
		}
		shown = append(shown, pic)
	}
	w := minutesWords[m.Kind]
	return compose(m.Heading, "Berita acara", func(s *sheet) {
		s.openingOf(m.Heading, w.title,
			[2]string{"Dibuat", dateTime(m.At)}, [2]string{"Dilaksanakan", dateTime(m.DoneAt)}, [2]string{"Tempat", m.Place}, [2]string{"Cara", m.Method},
			[2]string{"Jumlah", count(len(m.Items), "barang")},
		)
		s.prose("", inkBlack, fmt.Sprintf("Pada hari ini, %s (%s), bertempat di %s, kami yang bertanda tangan di bawah ini %s.",
			dateInWords(m.DoneAt), shortDate(m.DoneAt), m.Place, w.did))
		if m.Basis != "" {
			s.rows([][2]string{{"Dasar", m.Basis}}, textWidth)
			s.y += 3
		}
		m.list(s)
		m.counts(s, w.counted)
		m.gallery(s, shown)
		s.prose("", inkBlack, "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.")
		list := []signer{signs("Pihak pertama", m.First), signs("Pihak kedua", m.Second)}
		if m.CountIn.Name != "" {
			list = append(list, signs("Penghitung", m.CountIn))
		}
		for i, p := range m.Witness {
			list = append(list, signer{role: fmt.Sprintf("Saksi %d: %s", i+1, p.Position), name: p.Name})
		}
		s.signatures("", append(list, signer{role: "Mengetahui, Kepala Dinas"})...)
	})
}

func (m Minutes) list(s *sheet) {
	var rows []row
	for i, x := range m.Items {
		nik, chip := "-", x.ChipState
		if x.NIK != "" {
			nik = maskNIK(x.NIK)
		}
		switch {
		case x.Kind == ItemRoll, chip == "" && m.Kind == MinutesLost: // nobody has its chip to ask
			chip = "-"
		case chip == "":
			chip = "tidak menjawab atau tanpa chip"
		}
		rows = append(rows, row{cells: []string{fmt.Sprint(i + 1), itemWords[x.Kind], x.Name, x.Address, nik, tail(x.Item), x.Cause, chip}})
	}
	s.table([]column{
		{"No.", 8, false}, {"Barang", 16, false}, {"Nama", 34, false}, {"Alamat", 40, false}, {"NIK", nikWidth, false}, {"UID atau nomor", 21, false}, {"Sebab", 17, false}, {"Chip", 17, false},
	}, rows, "")
}

// tail is the end of a long identifier; a short one stays whole.
func tail(item string) string { return uidTail(ktp.ChipUID(item)) }

func (m Minutes) counts(s *sheet, done string) {
	sums := newTally()
	for _, x := range m.Items {
		sums.add(itemWords[x.Kind] + ", " + x.Cause)
	}
	s.section("Jumlah menurut barang dan sebab")
	s.table([]column{{"Barang dan sebab", 150, false}, {"Jumlah", 30, true}}, sums.rows(), "")
	rows := [][2]string{}
	if m.Kind == MinutesDestruction {
		rows = append(rows, [2]string{"Dihitung", count(m.Counted, "barang") + ", oleh " + m.CountIn.Name})
	}
	s.rows(append(rows, [2]string{done, count(m.Done, "barang")}), textWidth)
	s.y += 3
}

// gallery shows two pictures in a row, each with what its file's hash is.
func (m Minutes) gallery(s *sheet, shown []picture) {
	if len(shown) == 0 {
		return
	}
	const gap, high, caption = 6.0, 58.0, 13.0
	width := (textWidth - gap) / 2
	s.room(high + caption + 20)
	s.section("Gambar")
	for i, p := range shown {
		if i%2 == 0 {
			if i > 0 {
				s.y += high + caption
			}
			s.room(high + caption)
		}
		x := margin + float64(i%2)*(width+gap)
		if m.Pictures[i].Image != nil {
			w, h := within(m.Pictures[i].Image, width, high)
			s.picture(p, x+(width-w)/2, s.y+(high-h)/2, w, h)
		} else {
			s.center(x+width/2, s.y+high/2, "", 8, inkGray, "Gambar dilampirkan di sini")
		}
		s.frame(x, s.y, width, high, 0.15, lineGray)
		s.fitted(x, s.y+high+0.6, width, 5, "", 8, inkBlack, fmt.Sprintf("%d. %s", i+1, m.Pictures[i].Caption))
		s.fitted(x, s.y+high+5.4, width, 5, "", 6, inkGray, "SHA-256 "+m.Pictures[i].Hash)
	}
	s.y += high + caption + 2
}

func (m Minutes) check() error {
	const op = "paper.Minutes"
	if minutesWords[m.Kind].title == "" {
		return contentInvalid.At(op, nil).With("kind", "destruction, surrendered_mute or declared_lost")
	}
	destruction := m.Kind == MinutesDestruction
	if err := first(
		m.Heading.check(), given("doneAt", m.DoneAt), printable("place", m.Place, true), printable("method", m.Method, destruction),
		printable("basis", m.Basis, true), m.First.check("first", true), m.Second.check("second", true), different("second", m.First, m.Second),
		m.CountIn.check("countIn", destruction),
	); err != nil {
		return err
	}
	// Counted in and counted destroyed by different people.
	if destruction {
		if err := first(different("countIn", m.First, m.CountIn), different("countIn", m.Second, m.CountIn)); err != nil {
			return err
		}
	}
	switch n := len(m.Items); {
	case n == 0:
		return contentInvalid.At(op, nil).With("items", "is empty")
	case destruction && m.Counted != n:
		return contentInvalid.At(op, nil).With("counted", "%d counted, %d in the list", m.Counted, n)
	case m.Done != n:
		return contentInvalid.At(op, nil).With("done", "%d done, %d in the list", m.Done, n)
	case destruction && len(m.Witness) == 0:
		return contentInvalid.At(op, nil).With("witness", "a destruction has at least one witness")
	case m.Kind != MinutesLost && len(m.Pictures) == 0:
		return contentInvalid.At(op, nil).With("pictures", "is empty")
	}
	for i, x := range m.Items {
		if err := x.check(indexed("items", i)); err != nil {
			return err
		}
	}
	for i, p := range m.Witness {
		field := indexed("witness", i)
		if err := first(printable(field+".name", p.Name, true), printable(field+".position", p.Position, true)); err != nil {
			return err
		}
	}
	for i, p := range m.Pictures {
		field := indexed("pictures", i)
		if p.Image != nil && p.Image.Bounds().Empty() {
			return contentInvalid.At(op, nil).With(field+".image", "is empty")
		}
		if err := first(printable(field+".caption", p.Caption, true), isHash(field+".hash", p.Hash)); err != nil {
			return err
		}
	}
	return nil
}

func (x MinutesItem) check(field string) error {
	if itemWords[x.Kind] == "" {
		return contentInvalid.At("paper.Minutes", nil).With(field+".kind", "card, blank, spoiled, foreign or roll")
	}
	card := x.Kind == ItemCard
	if err := first(
		printable(field+".item", x.Item, true), printable(field+".name", x.Name, card), printable(field+".address", x.Address, card),
		printable(field+".cause", x.Cause, true), printable(field+".chipState", x.ChipState, false),
	); err != nil {
		return err
	}
	if x.NIK != "" {
		return isNIK(field+".nik", x.NIK)
	}
	return nil
}

// MinutesCSV lists the things of a berita acara.
func MinutesCSV(m Minutes) []byte {
	t := newCSV("number", "line", "kind", "item", "nik_masked", "name", "address", "cause", "chip_state")
	for i, x := range m.Items {
		nik := ""
		if x.NIK != "" {
			nik = maskNIK(x.NIK)
		}
		t.Add(m.Number, i+1, string(x.Kind), x.Item, nik, x.Name, x.Address, x.Cause, x.ChipState)
	}
	return t.bytes()
}
