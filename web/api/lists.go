package api

import (
	"context"
	"net/url"
	"unicode/utf8"

	"blanko/registry"
	"blanko/registry/lists"
	"blanko/web"
)

// ListFile is a list that comes as a file.
type ListFile struct {
	Keyed
	DryRun  bool   `query:"dryRun" doc:"Name every line that is wrong, count the others, change nothing"`
	RawBody []byte `contentType:"text/csv" doc:"CSV in UTF-8 with the names of the columns in the first line, separated by commas or semicolons"`
}

// badLine names what keeps a line out. It never repeats the value.
type badLine struct {
	Line   int      `json:"line" doc:"In the file, from 1; 0: the whole list"`
	Column string   `json:"column,omitempty"`
	Reason web.Text `json:"reason"`
}

// takenList is what became of a list.
type takenList struct {
	Good     int       `json:"good" doc:"Lines with nothing wrong"`
	Bad      []badLine `json:"bad" nullable:"false" doc:"Everything that is wrong, line by line; where there is any, nothing was imported"`
	DryRun   bool      `json:"dryRun"`
	Imported int       `json:"imported"`
	Before   int       `json:"before" doc:"Of them, imported by the same file before"`
}

// takesList is an address that takes a list as a file. The same file once more doubles nothing,
// under whatever key.
func takesList[I any](a *api, of registry.Operation, path, id, what string, read func(*I) (lists.List, bool, error)) {
	row := registry.RowOf(of.Name())
	d := a.posting(row, rowsBody, path, id, what)
	delete(d.Extensions, "x-operation")
	register(a, d, func(ctx context.Context, in *I) (*answer[takenList], error) {
		list, dry, err := read(in)
		if err != nil {
			return nil, err
		}
		l, err := list.Take(ctx, a.Registry, web.ActorOf(ctx), dry)
		if err != nil {
			return nil, err
		}
		out := takenList{Good: l.Good, Bad: []badLine{}, DryRun: l.DryRun, Imported: l.Imported, Before: l.Before}
		for _, b := range l.Bad {
			out.Bad = append(out.Bad, badLine{b.Line, b.Column, web.Text(b.Reason)})
		}
		return &answer[takenList]{out}, nil
	})
}

// mostNote bounds a note, in characters, as in a body.
const mostNote = 500

func listFiles(a *api) {
	takesList(a, registry.ImportResidents{}, "/v1/resident-lists/{version}/file", "takeResidentsFile", "Add the rows of a CSV file to a version of the list that is not in use yet; one bad row refuses all, and each is named",
		func(in *struct {
			Version string `path:"version" pattern:"^[A-Za-z][A-Za-z0-9._-]{0,39}$" patternDescription:"letters, digits, dots, dashes; a letter first"`
			ListFile
		},
		) (l lists.List, dry bool, err error) {
			l, err = lists.Residents(in.RawBody, in.Version)
			return l, in.DryRun, err
		})
	takesList(a, registry.ImportBlanks{}, "/v1/lots/{lot}/file", "takeBlanksFile", "Count blanks into the store by the supplier's CSV file of chips, all or none; each bad row is named",
		func(in *struct {
			Lot     string `path:"lot" minLength:"1" maxLength:"64"`
			Product string `query:"product" required:"true" minLength:"1" maxLength:"64"`
			ListFile
		},
		) (l lists.List, dry bool, err error) {
			l, err = lists.Blanks(in.RawBody, in.Lot, in.Product)
			return l, in.DryRun, err
		})
	takesList(a, registry.ImportDenied{}, "/v1/deny-list/file", "takeDeniedFile", "Put the chips of a CSV file on the deny list; each bad row is named",
		func(in *struct {
			Reason string `query:"reason" required:"true" minLength:"1" maxLength:"64" doc:"A code; GET /v1/reasons has them"`
			Note   string `header:"Note" maxLength:"1500" doc:"What no code says, at most 500 characters, percent-encoded UTF-8 (RFC 3986, section 2.1); it stands in no address, which logs keep. Needed with the code other"`
			ListFile
		},
		) (l lists.List, dry bool, err error) {
			note, err := url.PathUnescape(in.Note)
			if err != nil || utf8.RuneCountInString(note) > mostNote {
				return l, false, web.BadParameter.At("api.takeDeniedFile", nil).With("Note", "at most %d characters, percent-encoded", mostNote)
			}
			l, err = lists.Denied(in.RawBody, registry.Because{Reason: in.Reason, Note: note})
			return l, in.DryRun, err
		})
}
