package paper

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"blanko/ktp"
)

// months in Indonesian.
var months = [...]string{
	"Januari", "Februari", "Maret", "April", "Mei", "Juni",
	"Juli", "Agustus", "September", "Oktober", "November", "Desember",
}

// longDate is such as "23 November 2026".
func longDate(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// dateTime is such as "23 November 2026 pukul 14.05 WIB"; the zone is that of the time.
func dateTime(t time.Time) string {
	return longDate(t) + " pukul " + t.Format("15.04 MST")
}

// days of the week in Indonesian, from Sunday.
var days = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}

// dateInWords is how an official paper tells its day: "Senin, tanggal dua puluh tiga bulan
// November tahun dua ribu dua puluh enam".
func dateInWords(t time.Time) string {
	return fmt.Sprintf("%s, tanggal %s bulan %s tahun %s", days[t.Weekday()], inWords(t.Day()), months[t.Month()-1], inWords(t.Year()))
}

// shortDate is such as "23-11-2026", as dates stand on the card; empty for no time.
func shortDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(ktp.DateLayout)
}

// shortTime is such as "23-11-2026 14.05".
func shortTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(ktp.DateLayout + " 15.04")
}

// TypeWords name a type of application as papers do.
func TypeWords(t ktp.ApplicationType) string { return applicationWords[t] }

// applicationWords name the types of applications (service standard).
var applicationWords = map[ktp.ApplicationType]string{
	ktp.TypeNew:                "KTP-el baru",
	ktp.TypeOldPaper:           "KTP-el baru, pemegang KTP lama",
	ktp.TypeLost:               "penggantian, hilang",
	ktp.TypeDamaged:            "penggantian, rusak",
	ktp.TypeDataChange:         "perubahan data",
	ktp.TypeMovedIn:            "pindah datang",
	ktp.TypeOutsideDomicile:    "penggantian di luar domisili",
	ktp.TypeForeignNew:         "KTP-el baru, Orang Asing",
	ktp.TypeForeignExtension:   "perpanjangan, Orang Asing",
	ktp.TypeForeignReplacement: "penggantian, Orang Asing",
}

// knownType refuses a type that has no name.
func knownType(field string, t ktp.ApplicationType) error {
	if applicationWords[t] == "" {
		return contentInvalid.At("paper.knownType", nil).With(field, "no type of application")
	}
	return nil
}

// isNIK refuses what is not a NIK.
func isNIK(field string, n ktp.NIK) error {
	if _, err := ktp.ParseNIK(n.Digits()); err != nil {
		return contentInvalid.At("paper.isNIK", nil).With(field, "not a number of 16 digits")
	}
	return nil
}

var digits = [...]string{
	"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
}

// inWords writes a count out, as official papers want it: 112 is "seratus dua belas".
func inWords(n int) string {
	join := func(head string, rest int) string {
		if rest == 0 {
			return head
		}
		return head + " " + inWords(rest)
	}
	switch {
	case n < 0:
		return "minus " + inWords(-n)
	case n < 12:
		return digits[n]
	case n < 20:
		return digits[n-10] + " belas"
	case n < 100:
		return join(digits[n/10]+" puluh", n%10)
	case n < 200:
		return join("seratus", n-100)
	case n < 1000:
		return join(digits[n/100]+" ratus", n%100)
	case n < 2000:
		return join("seribu", n-1000)
	case n < 1000000:
		return join(inWords(n/1000)+" ribu", n%1000)
	}
	return join(inWords(n/1000000)+" juta", n%1000000)
}

// maskNIK shows the first six digits (the region) and the last two.
func maskNIK(n ktp.NIK) string {
	d := n.Digits()
	if d == "" {
		return "–" // not known, or erased; a hyphen would begin a formula in a spreadsheet
	}
	if len(d) != 16 {
		return n.String()
	}
	return d[:6] + "********" + d[14:]
}

// uidTail is the end of a chip's key, enough to find a card in a consignment.
func uidTail(u ktp.ChipUID) string {
	const tail = 8
	if len(u) <= tail {
		return string(u)
	}
	return "…" + string(u[len(u)-tail:])
}

// printable proves that a field is there (where it must be) and that the fonts have it.
func printable(field, s string, needed bool) error {
	if needed && strings.TrimSpace(s) == "" {
		return contentInvalid.At("paper.printable", nil).With(field, "is empty")
	}
	for _, r := range s {
		if !fonted(r) {
			return contentInvalid.At("paper.printable", nil).With(field, "U+%04X cannot be printed", r)
		}
	}
	return nil
}

// fonted reports whether the fonts have a character.
func fonted(r rune) bool {
	latin := r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0x17F && r != 0xAD
	return (latin || strings.ContainsRune("‘’“”–—…•€"+unprintable, r)) && !unicode.IsControl(r)
}

// indexed is the name of one element of a list: cards[3].
func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// first error of a list of checks.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (o Office) check() error {
	return first(
		printable("office.government", o.Government, true),
		printable("office.name", o.Name, true),
		printable("office.address", o.Address, true),
	)
}
