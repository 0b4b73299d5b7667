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
		latin := r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0x17F && r != 0xAD
		if !latin && !strings.ContainsRune("‘’“”–—…•€", r) || unicode.IsControl(r) {
			return contentInvalid.At("paper.printable", nil).With(field, "U+%04X cannot be printed", r)
		}
	}
	return nil
}

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
