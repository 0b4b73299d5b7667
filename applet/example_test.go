package applet_test

import (
	"context"
	"fmt"
	"time"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/emulator/chip"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
)

// A card on a reader is made from blank to active. The files of a real card come from
// chipdata.Prepare.
func ExampleEncoder() {
	ctx := context.Background()
	seed := []byte("example")
	profile, err := chipdata.LoadProfile("ktpel-op-1-8k")
	if err != nil {
		fmt.Println(err)
		return
	}
	pki, err := software.DevelopmentPKI(seed, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	signer := chipdata.Signer{Certificate: pki.Compact.Certificate, Key: pki.Compact.Key}
	source := software.New(seed)
	serial := [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
	card := chip.New(chip.Config{
		Serial: serial, Size: chip.Size8K,
		TransportKey: chip.Diversify(source.Master(keys.Transport), chip.KDD(serial)),
	})

	commands := 0
	e := &applet.Encoder{
		Transport: &field{card: card}, Keys: source, Profile: profile,
		Trace: func(applet.Exchange) { commands++ },
	}
	defer e.Close()
	attempt := ktp.AttemptID{0xC0, 0xFF, 0xEE}
	zone, err := chipdata.EncodeDG1(ktp.Person{
		NIK: "3173041708901234", Names: []string{"BUDI SANTOSO"}, BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC),
		Sex: ktp.Male, Nationality: "IDN", Validity: ktp.Lifelong,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	plan := &chipdata.Plan{Profile: profile, Files: []chipdata.File{
		{FID: 0x011E, SFI: 0x1E, Name: "EF.COM", Data: chipdata.EncodeCOM([]int{1})},
		{FID: 0x0101, SFI: 0x01, Name: "DG1", Data: zone},
	}}

	p, err := e.Probe(ctx)
	fmt.Println(p.UID, p.State, err)
	_, err = e.Write(ctx, attempt, plan, signer, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	fmt.Println("written:", len(plan.Files), "files", err)
	_, err = e.ReadBack(ctx, plan)
	fmt.Println("read back:", err)
	fmt.Println("finished:", e.Finish(ctx))
	fmt.Println("activated:", e.Activate(ctx, attempt))
	p, err = e.Probe(ctx)
	fmt.Println(p.UID, p.State, p.Attempt, err, "after", commands, "commands")
	// Output:
	// 00000102030405060708 blank <nil>
	// written: 3 files <nil>
	// read back: <nil>
	// finished: <nil>
	// activated: <nil>
	// 00000102030405060708 active c0ffee00000000000000000000000000 <nil> after 42 commands
}
