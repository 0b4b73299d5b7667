package api

import (
	"context"
	"encoding/hex"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// residentList is a version of the list of obliged residents.
type residentList struct {
	Version   string    `json:"version"`
	State     string    `json:"state" enum:"open,in use,replaced"`
	Residents int       `json:"residents"`
	Root      string    `json:"root" doc:"SHA-256 chained over every row, hex"`
	ChangedAt time.Time `json:"changedAt"`
	ChangedBy string    `json:"changedBy"`
}

// resident is a row of the list, masked.
type resident struct {
	ID       string `json:"id"`
	NIK      string `json:"nik" doc:"Masked"`
	Name     string `json:"name" doc:"Masked"`
	Region   string `json:"region"`
	Birth    string `json:"birthYear"`
	Foreign  bool   `json:"foreign"`
	FamilyID string `json:"familyCard" doc:"Masked"`
}

// listed is a row of the list as it is imported.
type listed struct {
	ID        string `json:"id" minLength:"1" maxLength:"64" doc:"As the list numbers it"`
	Person    civil  `json:"person"`
	MarriedOn string `json:"marriedOn,omitempty" format:"date"`
	StayUntil string `json:"stayUntil,omitempty" format:"date"`
}

// rowsBody bounds the body of one import.
const rowsBody = 15 << 20

func residents(a *api) {
	changeOf(a, rowsBody, registry.ImportResidents{}, "/v1/resident-lists/{version}/rows", "importResidents", "Add rows to a version of the list that is not in use yet; one bad row refuses all",
		func(_ context.Context, in *struct {
			Keyed
			Version string `path:"version" pattern:"^[A-Za-z][A-Za-z0-9._-]{0,39}$" patternDescription:"letters, digits, dots, dashes; a letter first"`
			Body    struct {
				Rows []listed `json:"rows" nullable:"false" minItems:"1" maxItems:"10000"`
			}
		},
		) (registry.Operation, error) {
			op := registry.ImportResidents{Version: in.Version}
			for _, row := range in.Body.Rows {
				p, err := row.Person.person()
				if err != nil {
					return op, err
				}
				married, err := dateOf("rows.marriedOn", row.MarriedOn)
				if err != nil {
					return op, err
				}
				stay, err := dateOf("rows.stayUntil", row.StayUntil)
				if err != nil {
					return op, err
				}
				op.Rows = append(op.Rows, registry.Resident{ID: row.ID, Person: p, MarriedOn: married, StayUntil: stay})
			}
			return op, nil
		})
	change(a, registry.UseResidents{}, "/v1/resident-lists/{version}/use", "useResidents", "Take a version of the list into use",
		func(_ context.Context, in *struct {
			Keyed
			Version string `path:"version" pattern:"^[A-Za-z][A-Za-z0-9._-]{0,39}$" patternDescription:"letters, digits, dots, dashes; a letter first"`
			Body    struct {
				Residents int `json:"residents" minimum:"1" doc:"As many as it must have"`
			}
		},
		) (registry.Operation, error) {
			return registry.UseResidents{Version: in.Version, Residents: in.Body.Residents}, nil
		})
	get(a, access.SeeApplications, "/v1/resident-lists", "listResidentLists", "Versions of the list of obliged residents, newest first",
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
		},
		) (*answer[list[residentList]], error) {
			all, err := a.Registry.ResidentLists(ctx, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[list[residentList]]{list[residentList]{Items: []residentList{}}}
			for _, l := range all {
				out.Body.Items = append(out.Body.Items, residentList{l.Version, string(l.State), l.Residents, hex.EncodeToString(l.Root[:]), l.ChangedAt.UTC(), l.ChangedBy})
			}
			return out, nil
		})
	get(a, access.SeePersons, "/v1/residents", "listResidents", "The list of obliged residents, masked",
		func(ctx context.Context, in *struct {
			Version string `query:"version" maxLength:"40" doc:"Absent: the one in use"`
			NIK     string `query:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
			Region  string `query:"region" maxLength:"13" doc:"Code of a region or its beginning"`
			Paging
		},
		) (*answer[list[resident]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Resident, error) {
				return a.Registry.Residents(ctx, registry.ResidentFilter{Version: in.Version, NIK: ktp.NIK(in.NIK), Region: in.Region, After: after, Limit: limit})
			}, func(r registry.Resident) string { return r.ID }, func(r registry.Resident) resident {
				name := ""
				if len(r.Person.Names) > 0 {
					name = r.Person.Names[0]
				}
				return resident{
					r.ID, maskNumber(r.Person.NIK.Digits()), maskName(name), r.Person.RegionCode, r.Person.BirthDate.Format("2006"), r.Person.Foreign(), maskNumber(r.Person.FamilyCard),
				}
			})
		})
}
