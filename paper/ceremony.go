package paper

import (
	"fmt"
	"time"
)

// Ceremony is the protocol of a key ceremony on paper, to be signed by everybody who was there. The
// token signed its file; the paper tells how to find that file again.
type Ceremony struct {
	Heading
	Place        string
	Began, Ended time.Time
	Token        CeremonyToken
	Persons      []CeremonyPerson
	Keys         []CeremonyKey
	Steps        []CeremonyStep
	Program      string // its version
	Protocol     string // SHA-256 of the protocol's file, 64 hex digits
	Attestation  string // SHA-256 of the token's own public key, 64 hex digits
}

// CeremonyToken says where the keys lie.
type CeremonyToken struct {
	Label, Serial, Manufacturer, Model string
	Hardware                           bool // false: a program; its keys make specimens alone
}

// Duty of a person at a ceremony.
type Duty string

const (
	DutyLeader  Duty = "leader"
	DutyHolder  Duty = "holder"
	DutyWitness Duty = "witness"
)

var dutyWords = map[Duty]string{DutyLeader: "Pemimpin", DutyHolder: "Pemegang bagian", DutyWitness: "Saksi"}

// CeremonyPerson was there.
type CeremonyPerson struct {
	Name string
	Duty Duty
}

// KeyWay is how a key came onto the token, or went.
type KeyWay string

const (
	KeyGenerated KeyWay = "generated"
	KeyShared    KeyWay = "shared"
	KeyCombined  KeyWay = "combined"
	KeyDestroyed KeyWay = "destroyed"
	KeyCertified KeyWay = "certified"
)

var keyWords = map[KeyWay]string{
	KeyGenerated: "dibangkitkan di token", KeyShared: "dibangkitkan, dibagi, dimuat", KeyCombined: "disatukan dari bagian, dimuat", KeyDestroyed: "dimusnahkan", KeyCertified: "diberi sertifikat",
}

// CeremonyKey is one key: by its check value, never by itself.
type CeremonyKey struct {
	Role       string
	Generation int
	Bits       int
	KCV        string // of a symmetric key, hex
	Public     string // of a pair: SHA-256 of its public key, 64 hex digits
	Way        KeyWay
	Needed, Of int // components
}

// CeremonyStep is one thing that was done.
type CeremonyStep struct {
	At   time.Time
	What string
}

// CeremonyProtocol draws the protocol. Error: paper.content_invalid with the field.
func CeremonyProtocol(c Ceremony) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return compose(c.Heading, "Protokol upacara kunci", func(s *sheet) {
		kind := "perangkat keras"
		if !c.Token.Hardware {
			kind = "PERANGKAT LUNAK"
		}
		s.openingOf(c.Heading, "PROTOKOL UPACARA KUNCI",
			[2]string{"Tempat", c.Place}, [2]string{"Mulai", dateTime(c.Began)}, [2]string{"Selesai", dateTime(c.Ended)}, [2]string{"Token", c.Token.Label + ", nomor seri " + c.Token.Serial},
			[2]string{"", c.Token.Manufacturer + " " + c.Token.Model + ", " + kind}, [2]string{"Program", c.Program},
		)
		if !c.Token.Hardware {
			s.verdict(Warning, "Token ini perangkat lunak: kuncinya hanya untuk kartu contoh.")
		}
		s.section("Yang hadir")
		var rows []row
		for i, p := range c.Persons {
			rows = append(rows, row{cells: []string{fmt.Sprint(i + 1), p.Name, dutyWords[p.Duty]}})
		}
		s.table([]column{{"No.", 12, false}, {"Nama", 118, false}, {"Tugas", 50, false}}, rows, "")
		s.section("Kunci")
		rows = nil
		for _, k := range c.Keys {
			rows = append(rows, k.row())
		}
		s.table([]column{
			{"Kunci", 36, false}, {"Angkatan", 17, true}, {"Bit", 12, true}, {"Nilai periksa (KCV) atau SHA-256 kunci publik", 62, false}, {"Asal", 33, false}, {"Bagian", 20, false},
		}, rows, "")
		s.section("Jalannya upacara")
		rows = nil
		for _, x := range c.Steps {
			rows = append(rows, row{cells: []string{x.At.Format("15.04.05"), x.What}})
		}
		s.table([]column{{"Pukul", 22, false}, {"Yang dilakukan", 158, false}}, rows, "")
		s.section("Berkas yang ditandatangani token")
		s.rows([][2]string{{"Protokol", c.Protocol[:32] + " " + c.Protocol[32:]}, {"Kunci token", c.Attestation[:32] + " " + c.Attestation[32:]}}, textWidth)
		s.y += 3
		var list []signer
		for _, p := range c.Persons {
			list = append(list, signer{role: dutyWords[p.Duty], name: p.Name})
		}
		s.signatures("Kami yang hadir telah membandingkan nilai periksa di layar dengan yang tertulis di sini. Bagian kunci tidak pernah tertulis pada protokol ini.", list...)
	})
}

func (k CeremonyKey) row() row {
	bits, parts, value := "-", "-", k.KCV
	if k.Bits > 0 {
		bits = fmt.Sprint(k.Bits)
	}
	if k.Of > 0 {
		parts = fmt.Sprintf("%d dari %d", k.Needed, k.Of)
	}
	if k.Public != "" {
		value = k.Public[:32] + " " + k.Public[32:]
	}
	return row{cells: []string{k.Role, fmt.Sprint(k.Generation), bits, value, keyWords[k.Way], parts}}
}

func (c Ceremony) check() error {
	const op = "paper.Ceremony"
	if err := first(
		c.Heading.check(), printable("place", c.Place, true), given("began", c.Began), given("ended", c.Ended), inOrder("ended", c.Began, c.Ended),
		printable("token.label", c.Token.Label, true), printable("token.serial", c.Token.Serial, true), printable("token.manufacturer", c.Token.Manufacturer, false),
		printable("token.model", c.Token.Model, false), printable("program", c.Program, true), isHash("protocol", c.Protocol), isHash("attestation", c.Attestation),
	); err != nil {
		return err
	}
	// Dual control: nobody is alone with a key.
	names := map[string]bool{}
	for i, p := range c.Persons {
		field := indexed("persons", i)
		if err := printable(field+".name", p.Name, true); err != nil {
			return err
		}
		if dutyWords[p.Duty] == "" {
			return contentInvalid.At(op, nil).With(field+".duty", "leader, holder or witness")
		}
		if names[p.Name] {
			return contentInvalid.At(op, nil).With(field+".name", "stands twice")
		}
		names[p.Name] = true
	}
	switch {
	case len(names) < 2:
		return contentInvalid.At(op, nil).With("persons", "fewer than two were there")
	case len(c.Keys) == 0:
		return contentInvalid.At(op, nil).With("keys", "is empty")
	case len(c.Steps) == 0:
		return contentInvalid.At(op, nil).With("steps", "is empty")
	}
	for i, k := range c.Keys {
		if err := k.check(indexed("keys", i)); err != nil {
			return err
		}
	}
	for i, x := range c.Steps {
		field := indexed("steps", i)
		if err := first(given(field+".at", x.At), printable(field+".what", x.What, true)); err != nil {
			return err
		}
	}
	return nil
}

func (k CeremonyKey) check(field string) error {
	const op = "paper.Ceremony"
	if keyWords[k.Way] == "" {
		return contentInvalid.At(op, nil).With(field+".way", "generated, shared, combined or destroyed")
	}
	if (k.KCV == "") == (k.Public == "") && k.Way != KeyDestroyed {
		return contentInvalid.At(op, nil).With(field, "a check value or a public key, one of them")
	}
	if k.Generation < 0 || k.Bits < 0 || k.Needed < 0 || k.Of < k.Needed {
		return contentInvalid.At(op, nil).With(field, "numbers do not fit")
	}
	if k.Public != "" {
		if err := isHash(field+".public", k.Public); err != nil {
			return err
		}
	}
	return first(printable(field+".role", k.Role, true), printable(field+".kcv", k.KCV, false))
}
