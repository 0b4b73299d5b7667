package trial

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"strings"

	"blanko/emulator/people"

	"blanko/registry"
	"blanko/registry/access"
	qa "blanko/web/bench"
)

// The residents who come to the counter of a house for their first card; the center sends nothing for them before.
const (
	firstApplicant = 9000
	applicants     = 6
)

// hendra is the officer who keeps the list of obliged residents.
var hendra = access.Actor{ID: "data.hendra", Roles: []access.Role{access.DatacenterOfficer}}

// crowd generates who comes: citizens, since a house has no blanks for others.
func (h *House) crowd() (*people.Generator, error) {
	g, err := people.New(h.demo.Seed, office)
	if err != nil {
		return nil, err
	}
	return g.Foreign(0), nil
}

// enlist puts those who come into the list of obliged residents.
func (h *House) enlist(ctx context.Context) error {
	const version = "dpt-lab"
	g, err := h.crowd()
	if err != nil {
		return err
	}
	op := registry.ImportResidents{Version: version}
	for i := range applicants {
		op.Rows = append(op.Rows, registry.Resident{ID: fmt.Sprintf("row-%d", i+1), Person: g.Person(firstApplicant + i)})
	}
	if _, err := h.demo.staff.do(ctx, hendra, op); err != nil {
		return err
	}
	_, err = h.demo.staff.do(ctx, hendra, registry.UseResidents{Version: version, Residents: applicants})
	return err
}

// Applicants are who stands before the counter.
func (h *House) Applicants() ([]qa.Applicant, error) {
	g, err := h.crowd()
	if err != nil {
		return nil, err
	}
	var list []qa.Applicant
	for i := range applicants {
		p := g.Person(firstApplicant + i)
		list = append(list, qa.Applicant{NIK: p.NIK.Digits(), Name: strings.Join(p.Names, " ")})
	}
	return list, nil
}

// ApplicantFile is what somebody at the counter brings or shows, one of qa.ApplicantFiles.
func (h *House) ApplicantFile(nik, file string) (data []byte, mime string, err error) {
	g, err := h.crowd()
	if err != nil {
		return nil, "", err
	}
	for i := firstApplicant; i < firstApplicant+applicants; i++ {
		if g.Person(i).NIK.Digits() == nik {
			return h.brought(g, i, file)
		}
	}
	return nil, "", qa.ErrUnknown
}

func (h *House) brought(g *people.Generator, i int, file string) (data []byte, mime string, err error) {
	switch file {
	case qa.FileIrisRight, qa.FileIrisLeft:
		var b bytes.Buffer
		err := png.Encode(&b, iris(h.demo.Seed, i, file))
		return b.Bytes(), "image/png", err
	case qa.FilePhoto, qa.FileSignature:
		r, err := g.Resident(i)
		if file == qa.FilePhoto {
			return r.Portrait.Data, r.Portrait.MIME, err
		}
		return r.Signature.Data, r.Signature.MIME, err
	}
	return nil, "", qa.ErrUnknown
}
