package station

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/paper"
)

// slipNumber is the reference of one examination: its time and a word that no other one has.
func slipNumber(at time.Time) string {
	const letters = 4
	return "PC-" + at.Format("20060102-150405") + "-" + rand.Text()[:letters]
}

// marks of a slip.
var findingMarks = map[inspect.Finding]paper.Mark{inspect.Good: paper.Good, inspect.Bad: paper.Bad, inspect.None: paper.Warning, inspect.NotChecked: paper.Warning}

// slipOf is the holder's slip, in Indonesian as all papers are.
func (c CardVerifyCommand) slipOf(cfg Config, x inspect.Examination, number string, at time.Time) paper.ChipCheck {
	e := x.Cause.Explain()
	slip := paper.ChipCheck{
		Office: cfg.Letterhead.office(),
		Number: number, At: at, By: c.By, Chip: x.Chip.UID, Code: string(x.Cause), Mark: paper.Bad, Finding: e.ID, Steps: holderSteps[x.Cause],
	}
	switch {
	case x.Cause == inspect.CardGenuine || x.Cause == inspect.HandOverUnknown:
		slip.Mark = paper.Good
	case e.Sound:
		slip.Mark = paper.Warning
	}
	if x.Person != nil {
		if nik, err := ktp.ParseNIK(x.Person.NIK); err == nil { // a forged zone may hold anything
			slip.NIK = nik
		}
	}
	if x.Center.Anchor == inspect.AnchorLocal && e.Sound {
		slip.Finding += " Orangnya dijamin Dinas setempat, bukan pusat data."
	}
	if deaf(x.Cause) == "" {
		for _, p := range proofs(x) {
			slip.Checks = append(slip.Checks, paper.Result{What: p.what.ID, Mark: findingMarks[p.result], Text: findingWords[p.result].ID})
		}
		if center := &slip.Checks[centerProof]; x.Center.Anchor == inspect.AnchorLocal { // never shown as the center's
			center.Mark, center.Text = max(center.Mark, paper.Warning), center.Text+", jangkar lokal"
		}
		retries := paper.Result{What: "pengulangan pembacaan", Mark: paper.Good, Text: fmt.Sprintf("%d kali", x.Reading.Retries)}
		if x.Reading.Retries >= inspect.SuspectRetries {
			retries.Mark = paper.Warning
		}
		slip.Checks = append(slip.Checks, retries, paper.Result{What: "register", Mark: registerMark(x), Text: inRegister(x).ID})
	}
	return slip
}

func (c CardVerifyCommand) writeSlip(x inspect.Examination, number string, at time.Time) error {
	cfg, err := c.read()
	if err != nil {
		return err
	}
	pdf, err := paper.ChipCheckSlip(c.slipOf(cfg, x, number, at))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Slip, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(pdf)
		if err = errors.Join(err, f.Close()); err != nil { // half a slip is none
			err = errors.Join(err, os.Remove(c.Slip))
		}
	}
	if err != nil {
		return OutputRefused.At("station.writeSlip", err).With("slip", "%s cannot be written", c.Slip)
	}
	return nil
}

func registerMark(x inspect.Examination) paper.Mark {
	switch {
	case x.Register.Held || x.Register.Standing == inspect.Retired || x.Register.Standing == inspect.Denied:
		return paper.Bad
	case x.Register.Standing == inspect.InForce && x.Register.Signed:
		return paper.Good
	}
	return paper.Warning
}

// What holders do, where several causes ask the same of them.
var (
	cardKept = []string{
		"Kartu ini ditahan petugas untuk diperiksa penyelia.",
		"Simpan lembar ini sebagai tanda terima; nomor di atas adalah rujukannya.",
		"Tanyakan hasilnya kepada kantor ini dengan menyebut nomor itu.",
	}
	cardDamaged = []string{
		"Mintalah petugas membaca kartu sekali lagi.",
		"Jika tetap gagal, ajukan penggantian KTP-el karena rusak dengan membawa kartu dan lembar ini.",
	}
	cardUnsure = []string{
		"Pemeriksaan di loket ini belum lengkap; kartu belum dinyatakan asli.",
		"Untuk kepastian, periksakan kartu di kantor yang memiliki SAM.",
	}
)

// holderSteps is what the slip asks of the holder. What the officer does stands in the explanation of the
// cause, on the screen.
var holderSteps = map[inspect.Cause][]string{
	inspect.NoAnswer: cardDamaged, inspect.CardTaken: cardDamaged, inspect.WornAntenna: cardDamaged,
	inspect.ChipTerminated: cardKept, inspect.ChipBlocked: cardKept, inspect.NotPersonalized: cardKept, inspect.Copy: cardKept,
	inspect.SignatureInvalid: cardKept, inspect.KeyRefused: cardKept, inspect.ContentWrong: cardKept, inspect.RulesBroken: cardKept,
	inspect.Specimen: cardKept, inspect.CardRetired: cardKept, inspect.CardDenied: cardKept,
	inspect.ContentUnread: cardUnsure, inspect.CenterNotChecked: cardUnsure, inspect.SignerUnknown: cardUnsure, inspect.CopyNotExcluded: cardUnsure, inspect.SAMCannotJudge: cardUnsure,
	inspect.WrongCard:       {"Bawalah KTP-el yang akan diperiksa; kartu ini bukan KTP-el profil KTPEL-OP 1."},
	inspect.CardHeld:        {"Kartu tidak dapat dipakai sampai penahanannya dicabut.", "Tanyakan kepada Dinas penerbit dengan membawa lembar ini."},
	inspect.NotHandedOver:   {"Kartu diserahkan setelah sidik jari pemegangnya dicocokkan di loket.", "Simpan lembar ini sampai kartu diterima."},
	inspect.AccessRefused:   {"Petugas membandingkan CAN atau MRZ dengan muka kartu dan membacanya sekali lagi.", "Jika tetap ditolak, kartu ditahan untuk diperiksa penyelia; simpan lembar ini sebagai tanda terima."},
	inspect.HandOverUnknown: {"Tidak ada yang perlu dilakukan; status penyerahan diperiksa dengan daftar status terbaru."},
	inspect.CardGenuine:     {"Tidak ada yang perlu dilakukan; kartu dapat dipakai."},
}
