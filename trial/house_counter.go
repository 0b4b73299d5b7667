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

func (h *House) applicant(i int) (people.Resident, error) {
	g, err := people.New(h.demo.Seed, office)
	if err != nil {
		return people.Resident{}, err
	}
	return g.Resident(firstApplicant + i)
}

// enlist puts those who come into the list of obliged residents.
func (h *House) enlist(ctx context.Context) error {
	const version = "dpt-lab"
	op := registry.ImportResidents{Version: version}
	for i := range applicants {
		r, err := h.applicant(i)
		if err != nil {
			return err
		}
		op.Rows = append(op.Rows, registry.Resident{ID: fmt.Sprintf("row-%d", i+1), Person: r.Person})
	}
	if _, err := h.demo.staff.do(ctx, hendra, op); err != nil {
		return err
	}
	_, err := h.demo.staff.do(ctx, hendra, registry.UseResidents{Version: version, Residents: applicants})
	return err
}

// Applicants are who stands before the counter.
func (h *House) Applicants() ([]qa.Applicant, error) {
	var list []qa.Applicant
	for i := range applicants {
		r, err := h.applicant(i)
		if err != nil {
			return nil, err
		}
		list = append(list, qa.Applicant{NIK: r.Person.NIK.Digits(), Name: strings.Join(r.Person.Names, " ")})
	}
	return list, nil
}

// ApplicantFile is what somebody at the counter brings or shows, one of qa.ApplicantFiles.
func (h *House) ApplicantFile(nik, file string) (data []byte, mime string, err error) {
	for i := range applicants {
		r, err := h.applicant(i)
		if err != nil {
			return nil, "", err
		}
		if r.Person.NIK.Digits() != nik {
			continue
		}
		switch file {
		case qa.FilePhoto:
			return r.Portrait.Data, r.Portrait.MIME, nil
		case qa.FileSignature:
			return r.Signature.Data, r.Signature.MIME, nil
		case qa.FileIrisRight, qa.FileIrisLeft:
			var b bytes.Buffer
			err := png.Encode(&b, iris(h.demo.Seed, firstApplicant+i, file))
			return b.Bytes(), "image/png", err
		}
	}
	return nil, "", qa.ErrUnknown
}
