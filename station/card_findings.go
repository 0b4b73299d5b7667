package station

import (
	"fmt"
	"time"

	"blanko/applet/inspect"
)

// findingWords are what came of one proof.
var findingWords = map[inspect.Finding]words{
	inspect.Good: {"sah", "good"}, inspect.Bad: {"TIDAK SAH", "BAD"}, inspect.None: {"tidak ada pada kartu", "not on the card"},
	inspect.NotChecked: {"tidak diperiksa", "not checked"},
}

// proof is one line of the result.
type proof struct {
	what   words
	result inspect.Finding
	more   string // codes and names of the machine's own, in no language
}

// centerProof is the place of the data center's signature among proofs.
const centerProof = 1

// proofs are what an examination proves, in the order in which a person asks.
func proofs(x inspect.Examination) []proof {
	return []proof{
		{words{"tanda tangan stasiun atas kartu", "station's signature over the card"}, x.Station.Result, join(x.Station.Signer, x.Station.Reason)},
		{words{"tanda tangan pusat data atas orang", "data center's signature over the person"}, x.Center.Result, join(x.Center.KeyID, x.Center.Anchor, x.Center.Reason)},
		{words{"autentikasi chip", "chip authentication"}, x.ChipProof.ChipAuthentication, ""},
		{words{"autentikasi aktif", "active authentication"}, x.ChipProof.ActiveAuthentication, ""},
		{words{"kunci SAM kartu ini", "SAM key of this card"}, x.ChipProof.SAMKey, ""},
	}
}

func join(parts ...string) string {
	text := ""
	for _, p := range filled(parts...) {
		if text != "" {
			text += ", "
		}
		text += p
	}
	return text
}

// standingWords say how the register has a card.
var standingWords = map[inspect.Standing]words{
	inspect.Made: {"dibuat, belum diserahkan", "made, not handed over"}, inspect.InForce: {"berlaku", "in force"}, inspect.Retired: {"tidak berlaku lagi", "retired"},
	inspect.Denied: {"masuk daftar larangan", "on the deny list"},
}

// inRegister says what the status list has, and of when the list is: an old one, or one that nobody
// signed, is worth what its holder believes.
func inRegister(x inspect.Examination) words {
	r := x.Register
	w := words{"tidak diketahui (tanpa daftar status)", "not known (no status list)"}
	if r.List != 0 {
		s := words{"tidak tercantum", "not named"}
		if r.Known {
			s = standingWords[r.Standing]
		}
		sign := words{"", ""}
		switch {
		case !r.Signed:
			sign = words{", tanpa tanda tangan", ", not signed"}
		case r.Local:
			sign = words{", jangkar lokal", ", local anchor"}
		}
		day := r.Date.Format(time.DateOnly)
		w = words{fmt.Sprintf("%s (daftar %d, %s%s)", s.ID, r.List, day, sign.ID), fmt.Sprintf("%s (list %d, %s%s)", s.EN, r.List, day, sign.EN)}
	}
	if r.Reason != "" {
		w = words{w.ID + ": " + r.Reason, w.EN + ": " + r.Reason}
	}
	if r.Held {
		w = words{w.ID + ", ditahan", w.EN + ", held"}
	}
	return w
}

// readingWords say how the card was read.
func readingWords(x inspect.Examination, took time.Duration) words {
	way := join(x.Reading.Protocol, x.Reading.Password)
	if x.Reading.WithSAM() {
		way = join(way, "SAM")
	}
	if way == "" {
		way = "-"
	}
	return say("%s; %d perintah, %d kali diulang, potongan %d B, %v", "%s; %d commands, %d retries, chunks of %d B, %v",
		way, x.Reading.Commands, x.Reading.Retries, x.Reading.Chunk, took.Round(time.Millisecond))
}
