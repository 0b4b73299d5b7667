package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"

	"blanko/emulator/people"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// capturing shows how a resident who came to the counter is captured, from a file.
func (g *guest) capturing() {
	g.t.Helper()
	world, err := people.New(1, "61.05")
	g.must(err)
	r, err := world.Resident(50)
	g.must(err)
	dewi, hendra := access.Actor{ID: "layanan.dewi", Roles: []access.Role{access.ServiceOfficer}}, access.Actor{ID: "data.hendra", Roles: []access.Role{access.DatacenterOfficer}}
	keys := 0
	do := func(who access.Actor, op registry.Operation) registry.Result {
		g.t.Helper()
		keys++
		res, err := g.house.Registry().Do(g.t.Context(), who, op, fmt.Sprintf("capturing-%d", keys))
		g.must(err)
		return res
	}
	do(hendra, registry.ImportResidents{Version: "dpt-9", Rows: []registry.Resident{{ID: "row-1", Person: r.Person}}})
	do(hendra, registry.UseResidents{Version: "dpt-9", Residents: 1})
	app := do(dewi, registry.Register{Type: ktp.TypeNew, NIK: r.Person.NIK, Requirements: []registry.Presented{{ID: "family_card"}, {ID: "rt_rw_letter"}}}).Application
	for _, class := range []string{"form", "requirement.family_card", "requirement.rt_rw_letter"} {
		do(dewi, registry.Attach{Application: app, Class: class, MIME: "application/pdf", Data: []byte("%PDF-1.4 scan")})
	}
	do(dewi, registry.Examine{Application: app})

	photo := filepath.Join(g.t.TempDir(), "foto.jpg")
	g.must(os.WriteFile(photo, r.Portrait.Data, 0o600))
	g.signIn(string(access.EnrolmentOperator))
	g.open("/permohonan/" + string(app) + "/perekaman")
	g.picture("capture", func() {
		g.do(chromedp.SetUploadFiles(chromedp.CSS("#photo-file"), []string{photo}), chromedp.WaitVisible(chromedp.CSS("#part-portrait .taken img")))
		_, err := chromedp.Run(g.ctx, chromedp.Evaluate[any](`document.getElementById('capture').scrollIntoView(), blankoUnsent.letGo(), 0`))
		g.must(err)
	})
	if source := g.read("#part-portrait .taken"); source == "" {
		g.t.Error("the page does not say where the photo came from")
	}
	g.signOut()
}

// accepting shows the face of the card that is in the machine, and answers for it by a key.
func (g *guest) accepting() {
	g.t.Helper()
	asked, end := context.WithCancel(g.t.Context())
	defer end()
	answer := make(chan bool, 1)
	go func() {
		q, err := g.house.Registry().Ask(asked, "line-1", registry.AskFace, "")
		answer <- err == nil && q.Good
	}()
	g.until("/penerimaan", "#accept")
	g.picture("acceptance", func() {
		wide, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`document.querySelector('.face img').decode().then(() => document.querySelector('.face img').naturalWidth)`, chromedp.EvalAwaitPromise))
		g.must(err)
		if wide == 0 {
			g.t.Error("no expected face")
		}
	})
	g.do(chromedp.WaitReady(chromedp.CSS("body[data-stream=open]")), chromedp.KeyEvent("y"), chromedp.WaitVisible(chromedp.CSS("#done")))
	if !<-answer {
		g.t.Error("the face was not accepted")
	}
}
