package paper

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/fault"
)

// faces are decoded once; nobody draws on them.
var faces = sync.OnceValues(func() (map[string]image.Image, error) {
	out := map[string]image.Image{}
	for _, name := range []string{"face-1", "face-2", "back"} {
		b, err := os.ReadFile("testdata/" + name + ".png")
		if err != nil {
			return nil, err
		}
		if out[name], err = png.Decode(bytes.NewReader(b)); err != nil {
			return nil, err
		}
	}
	return out, nil
})

func face(t testing.TB, name string) image.Image {
	t.Helper()
	all, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	return all[name]
}

func batch(t testing.TB) ProofBatch {
	person := func(name, birth, street string) []Line {
		return []Line{
			{"NIK", "6105011708850003"},
			{"Nama", name},
			{"Tempat/Tgl Lahir", birth},
			{"Jenis Kelamin", "LAKI-LAKI"},
			{"Gol. Darah", "O"},
			{"Alamat", street},
			{"RT/RW", "004/002"},
			{"Kel/Desa", "KAPUAS KANAN HULU"},
			{"Kecamatan", "SINTANG"},
			{"Agama", "ISLAM"},
			{"Status Perkawinan", "KAWIN"},
			{"Pekerjaan", "KARYAWAN SWASTA"},
			{"Kewarganegaraan", "WNI"},
			{"Berlaku Hingga", "SEUMUR HIDUP"},
		}
	}
	results := []Result{
		{"Tanda tangan pusat data", Good, "sah"},
		{"Keunikan 1:N", Good, "tunggal"},
		{"Tanggal lahir dalam NIK", Good, "sesuai"},
		{"Latar pas foto", Good, "merah, tahun ganjil"},
		{"Panjang nama", Good, "muat pada ukuran penuh"},
	}
	warned := []Result{
		{"Tanda tangan pusat data", Good, "sah"},
		{"Keunikan 1:N", Good, "tunggal"},
		{"Tanggal lahir dalam NIK", Warning, "berbeda; NIK tidak pernah berubah"},
		{"Latar pas foto", Bad, "biru, seharusnya merah"},
	}
	return ProofBatch{
		Office: office(), Number: "BATCH-2026-11-23-04", At: time.Date(2026, 11, 23, 9, 30, 0, 0, wib), By: "Rina Oktaviani, S.Kom.",
		Proofs: []Proof{
			{Face: face(t, "face-1"), Title: "PRR-2026-000418  ·  KTP-el baru", Person: person("BUDI SANTOSO", "SINTANG, 17-08-1985", "JL. LINTAS MELAWI NO. 12"), Results: results},
			{
				Face: face(t, "face-2"), Title: "PRR-2026-000421  ·  penggantian, rusak", Attempt: "5b1f0c9ad2e84f7699c0a1d37e42b856",
				Person: person("RADEN MAS MUHAMMAD ABDURRAHMAN WIRANATAKUSUMAH DIPONEGORO II", "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU, 17-08-1985",
					"JL. RAYA PELABUHAN SUNDA KELAPA LAMA BLOK C NO. 117 GANG HAJI ABDUL MANAF"), Results: warned,
			},
			{Face: face(t, "face-1"), Back: face(t, "back"), Title: "PRR-2026-000422  ·  KTP-el baru, dua sisi", Person: person("BUDI SANTOSO", "SINTANG, 17-08-1985", "JL. LINTAS MELAWI NO. 12")},
		},
	}
}

func TestProofsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	got, err := Proofs(batch(t))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "proofs", got)
}

// Pictures of one size came in the order of a map: the paper of one batch had several forms.
func TestProofsOfManyEqualFacesAreAlwaysTheSame(t *testing.T) {
	t.Parallel()
	b := batch(t)
	b.Proofs = nil
	for i := range 12 {
		m := image.NewGray(image.Rect(0, 0, 168, 106))
		m.Pix[i] = byte(i)
		b.Proofs = append(b.Proofs, Proof{Face: m, Title: "PRR"})
	}
	want, err := Proofs(b)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if got, err := Proofs(b); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("another paper: %s, first %s (%v)", sum(got), sum(want), err)
		}
	}
}

func TestProofsRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field  string
		change func(*ProofBatch)
	}{
		{"office.address", func(b *ProofBatch) { b.Office.Address = "" }},
		{"number", func(b *ProofBatch) { b.Number = "" }},
		{"code", func(b *ProofBatch) { b.Code = "\n" }},
		{"by", func(b *ProofBatch) { b.By = "\x07" }},
		{"at", func(b *ProofBatch) { b.At = time.Time{} }},
		{"proofs", func(b *ProofBatch) { b.Proofs = nil }},
		{"proofs[0].title", func(b *ProofBatch) { b.Proofs[0].Title = "" }},
		{"proofs[0].face", func(b *ProofBatch) { b.Proofs[0].Face = nil }},
		{"proofs[0].face", func(b *ProofBatch) { b.Proofs[0].Face = image.NewGray(image.Rectangle{}) }},
		{"proofs[1].face", func(b *ProofBatch) { b.Proofs[1].Face = image.NewGray(image.Rect(0, 0, 638, 1011)) }},
		{"proofs[2].back", func(b *ProofBatch) { b.Proofs[2].Back = image.NewGray(image.Rect(0, 0, 10, 10)) }},
		{"proofs[0].person[1]", func(b *ProofBatch) { b.Proofs[0].Person[1].Value = "李" }},
		{"proofs[0].person", func(b *ProofBatch) { b.Proofs[0].Person = make([]Line, maxPersonLines+1) }},
		{"proofs[2]", func(b *ProofBatch) { b.Proofs[2].Person[1].Value = strings.Repeat("ABU ", 400) }},
		{"proofs[0].results[0]", func(b *ProofBatch) { b.Proofs[0].Results[0].Text = "" }},
		{"proofs[0].results[0]", func(b *ProofBatch) { b.Proofs[0].Results[0].Mark = 7 }},
		{"proofs[0].results", func(b *ProofBatch) { b.Proofs[0].Results = make([]Result, maxResults+1) }},
	} {
		b := batch(t)
		c.change(&b)
		out, err := Proofs(b)
		if !fault.Is(err, contentInvalid) || out != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("field %q, want %q", got, c.field)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "nol", 1: "satu", 10: "sepuluh", 11: "sebelas", 12: "dua belas", 19: "sembilan belas", 20: "dua puluh",
		21: "dua puluh satu", 99: "sembilan puluh sembilan", 100: "seratus", 101: "seratus satu", 112: "seratus dua belas",
		199: "seratus sembilan puluh sembilan", 200: "dua ratus", 999: "sembilan ratus sembilan puluh sembilan",
		1000: "seribu", 1011: "seribu sebelas", 2500: "dua ribu lima ratus", 100000: "seratus ribu", 1000000: "satu juta",
	} {
		if got := inWords(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	at := time.Date(2026, 5, 3, 4, 5, 0, 0, wib)
	if got := dateTime(at); got != "3 Mei 2026 pukul 04.05 WIB" {
		t.Errorf("time is %q", got)
	}
	if got := maskNIK("6105011708850003"); got != "610501********03" {
		t.Errorf("NIK is %q", got)
	}
	if got := maskNIK("12"); strings.Contains(got, "12") {
		t.Errorf("a wrong NIK is %q", got)
	}
	if got := uidTail("479051686B2A0010A3C4"); got != "…0010A3C4" {
		t.Errorf("chip is %q", got)
	}
}

func BenchmarkProofs(b *testing.B) {
	batch := batch(b)
	for b.Loop() {
		if _, err := Proofs(batch); err != nil {
			b.Fatal(err)
		}
	}
}
