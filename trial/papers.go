package trial

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"blanko/artwork"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/paper"
)

// The trial's office as its papers name it.
var letterhead = paper.Office{
	Government: "PEMERINTAH KABUPATEN SINTANG",
	Name:       "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
	Address:    "Dokumen percobaan, bukan dokumen dinas",
}

// proofsShown bounds the proofs of one document.
const proofsShown = 24

// papers makes the proofs and the delivery note of the batch. The ledger has erased the pictures
// by now; the faces are drawn again from what the center still holds.
func (d *demo) papers(ctx context.Context, made []madeCard) error {
	at := batchStart.In(time.FixedZone("WIB", 7*60*60))
	batch := paper.ProofBatch{Office: letterhead, Number: fmt.Sprintf("P-%d", d.Seed), At: at, By: printRoom.ID}
	note := paper.Delivery{
		Office: letterhead, Number: fmt.Sprintf("SJ-%d", d.Seed), At: at,
		From: paper.Place{Name: letterhead.Name, Address: letterhead.Address},
		To:   paper.Place{Name: "LOKET DINAS", Address: letterhead.Address},
		Seal: fmt.Sprintf("SEGEL-%06d", d.Seed), Sender: printRoom.ID, Carrier: "-", Code: fmt.Sprintf("LAB-%d-%d", d.Seed, len(made)),
	}
	for _, m := range made {
		res, err := d.center.Resident(m.attempt.Application)
		if err != nil {
			return err
		}
		note.Cards = append(note.Cards, paper.DeliveredCard{NIK: res.Person.NIK, Name: res.Person.Names[0], Chip: m.attempt.Chip})
		if len(batch.Proofs) == proofsShown {
			continue
		}
		proof, err := d.proof(m.attempt, res.Person, res.Portrait, res.Signature)
		if err != nil {
			return err
		}
		batch.Proofs = append(batch.Proofs, proof)
	}
	if len(made) == 0 {
		return nil
	}
	for _, p := range []struct {
		name string
		make func() ([]byte, error)
	}{
		{"card-proofs.pdf", func() ([]byte, error) { return paper.Proofs(batch) }},
		{"delivery-note.pdf", func() ([]byte, error) { return paper.DeliveryNote(note) }},
	} {
		text, err := p.make()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(d.Out, p.name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) proof(t jobs.Attempt, person ktp.Person, portrait, signature ktp.Image) (paper.Proof, error) {
	name := "ktp-el-wni"
	if person.Foreign() {
		name = "ktp-el-oa"
	}
	in := artwork.Input{Person: person, IssuePlace: issuePlace, IssueDate: batchStart}
	var err error
	if in.Portrait, err = decodeImage(portrait.Data); err != nil {
		return paper.Proof{}, err
	}
	if in.Signature, err = decodeImage(signature.Data); err != nil {
		return paper.Proof{}, err
	}
	const dpi = 300
	face, err := d.room.templates[name].Front(in, dpi)
	if err != nil {
		return paper.Proof{}, err
	}
	match := paper.Result{What: "Pencocokan 1:1 setelah penulisan", Mark: paper.Good, Text: "cocok"}
	if t.Match == jobs.EqualByHash {
		match.Mark, match.Text = paper.Warning, "sama menurut hash, tanpa 1:1"
	}
	return paper.Proof{
		Face: d.room.templates[name].Preview(face), Title: t.Application, Attempt: t.ID.String(),
		Person: []paper.Line{
			{Label: "Nama", Value: person.Names[0]},
			{Label: "Tempat/Tgl Lahir", Value: person.BirthPlace + ", " + person.BirthDate.Format("02-01-2006")},
			{Label: "Kecamatan", Value: person.District},
		},
		Results: []paper.Result{match},
	}, nil
}
