package api

import (
	"cmp"
	"context"
	"encoding/hex"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// roll is one ribbon or film.
type roll struct {
	Serial     string     `json:"serial"`
	Kind       string     `json:"kind" enum:"ribbon,film"`
	Product    string     `json:"product"`
	Panels     int        `json:"panels" doc:"Cards that a new one is good for"`
	State      string     `json:"state" enum:"store,fitted,removed,destroyed,sent,lost"`
	Line       string     `json:"line,omitempty"`
	Seal       string     `json:"seal,omitempty"`
	Used       int        `json:"used" doc:"Prints that were begun while it was fitted, by the ledger"`
	Left       int        `json:"left" doc:"Cards left, by that count"`
	Told       *int       `json:"told,omitempty" doc:"Cards left, as the printer told when it was taken out"`
	Apart      *int       `json:"apart,omitempty" doc:"Cards that the printer used of it and the ledger does not know of; below 0: the ledger knows of more"`
	Cause      string     `json:"cause,omitempty" doc:"Why, a code"`
	ReceivedAt time.Time  `json:"receivedAt"`
	FittedAt   *time.Time `json:"fittedAt,omitempty"`
	RemovedAt  *time.Time `json:"removedAt,omitempty"`
}

// RollKeyed names a roll, with a key.
type RollKeyed struct {
	Keyed
	RollName
}

// RollName names a roll.
type RollName struct {
	Serial string `path:"roll" pattern:"^[A-Za-z0-9][A-Za-z0-9.-]{2,39}$" patternDescription:"3 to 40 letters, digits, dots, dashes"`
}

// shift is a working day of the print room between two counts.
type shift struct {
	ID           string       `json:"id"`
	State        string       `json:"state" enum:"open,closed"`
	OpenedBy     string       `json:"openedBy"`
	OpenedSecond string       `json:"openedSecond"`
	OpenedAt     time.Time    `json:"openedAt"`
	ClosedBy     string       `json:"closedBy,omitempty"`
	ClosedSecond string       `json:"closedSecond,omitempty"`
	ClosedAt     *time.Time   `json:"closedAt,omitempty"`
	Recounts     int          `json:"recounts" doc:"Counts that did not fit"`
	Reason       string       `json:"reason,omitempty" doc:"Of a difference that was settled"`
	AnchorID     int64        `json:"anchorId,omitempty" doc:"Newest event when it closed"`
	Anchor       string       `json:"anchor,omitempty" doc:"Its hash, hex"`
	Counts       []shiftCount `json:"counts" nullable:"false"`
}

type shiftCount struct {
	Turn     string `json:"turn" enum:"open,close"`
	N        int    `json:"n"`
	Kind     string `json:"kind" enum:"blank,ribbon,film"`
	Place    string `json:"place"`
	Lot      string `json:"lot" doc:"Of rolls: their product"`
	Counted  int    `json:"counted"`
	Expected *int   `json:"expected,omitempty" doc:"Absent while the shift is open: the count is blind"`
}

// heap is blanks of a lot, or rolls of a product, as two people counted them.
type heap struct {
	Kind     string `json:"kind,omitempty" enum:"blank,ribbon,film" doc:"Absent: blanks"`
	Place    string `json:"place" minLength:"1" maxLength:"80" doc:"Of blanks: store, hopper/LINE, or testing; of ribbons and films: store or fitted/LINE"`
	Lot      string `json:"lot" minLength:"1" maxLength:"64" doc:"Of ribbons and films: their product"`
	Quantity int    `json:"quantity" minimum:"0" maximum:"1000000"`
}

type heaps struct {
	Keyed
	Body struct {
		Counts []heap `json:"counts" nullable:"false" maxItems:"200"`
	}
}

func (h heaps) counts() []registry.Counted { return countedOf(h.Body.Counts) }

func countedOf(list []heap) (out []registry.Counted) {
	for _, c := range list {
		out = append(out, registry.Counted{Heap: registry.Heap{Kind: cmp.Or(c.Kind, registry.CountedBlank), Place: c.Place, Lot: c.Lot}, Quantity: c.Quantity})
	}
	return out
}

// inspection is a random sample of what must be here.
type inspection struct {
	ID       string          `json:"id"`
	Seed     string          `json:"seed"`
	State    string          `json:"state" enum:"open,closed"`
	DrawnBy  string          `json:"drawnBy"`
	DrawnAt  time.Time       `json:"drawnAt"`
	ClosedAt *time.Time      `json:"closedAt,omitempty"`
	Items    []inspectedItem `json:"items" nullable:"false"`
}

// inspectionSum is an inspection without its sample.
type inspectionSum struct {
	ID        string     `json:"id"`
	Seed      string     `json:"seed"`
	State     string     `json:"state" enum:"open,closed"`
	DrawnBy   string     `json:"drawnBy"`
	DrawnAt   time.Time  `json:"drawnAt"`
	ClosedAt  *time.Time `json:"closedAt,omitempty"`
	Items     int        `json:"items"`
	Presented int        `json:"presented"`
}

// nameless is a blank whose chip nobody has read.
type nameless struct {
	Item  string    `json:"item" doc:"As a list of destruction names it"`
	Lot   string    `json:"lot"`
	Test  bool      `json:"test" doc:"It was used for a test card"`
	Place string    `json:"place"`
	Since time.Time `json:"since"`
}

// denied is a chip that no card may be made of.
type denied struct {
	Chip   string    `json:"chip"`
	Reason string    `json:"reason" doc:"Code"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Place  string    `json:"place,omitempty" doc:"Where the ledger has its blank; absent of one that never came"`
}

// deniedLabel is what is printed on a blank that may not be used.
type deniedLabel struct {
	Label  string    `json:"label"`
	Reason string    `json:"reason" doc:"Code"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
}

// deniedRange is a range of printed numbers on the deny list.
type deniedRange struct {
	From   string    `json:"from"`
	To     string    `json:"to"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
}

type inspectedItem struct {
	Item        string     `json:"item" doc:"Chip, or serial of a roll"`
	Kind        string     `json:"kind" enum:"card,blank,roll"`
	Place       string     `json:"place" doc:"Where the ledger has it"`
	PresentedAt *time.Time `json:"presentedAt,omitempty"`
	PresentedBy string     `json:"presentedBy,omitempty"`
}

// InspectionKeyed names an inspection, with a key.
type InspectionKeyed struct {
	Keyed
	InspectionName
}

// InspectionName names an inspection.
type InspectionName struct {
	ID string `path:"inspection" pattern:"^[0-9a-f]{20}$" patternDescription:"20 hex digits"`
}

// chipsBody bounds the body of a list of chips.
const chipsBody = 1 << 20

func stocks(a *api) {
	change(a, registry.ReceiveRoll{}, "/v1/rolls/{roll}/receipt", "receiveRoll", "Count a ribbon or film into the store",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Kind    string `json:"kind" enum:"ribbon,film"`
				Product string `json:"product" minLength:"1" maxLength:"64"`
				Panels  int    `json:"panels" minimum:"1" maximum:"100000" doc:"Cards that it is good for"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.ReceiveRoll{Serial: in.Serial, Kind: b.Kind, Product: b.Product, Panels: b.Panels}, nil
		})
	change(a, registry.FitRoll{}, "/v1/rolls/{roll}/fitting", "fitRoll", "Put a roll into the printer of a line, seen by two",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Line string `json:"line" minLength:"1" maxLength:"64"`
			}
		},
		) (registry.Operation, error) {
			return registry.FitRoll{Serial: in.Serial, Line: jobs.LineID(in.Body.Line)}, nil
		})
	change(a, registry.RemoveRoll{}, "/v1/rolls/{roll}/removal", "removeRoll", "Take a roll out and seal it, seen by two",
		func(_ context.Context, in *struct {
			RollKeyed
			Body struct {
				Seal string `json:"seal" pattern:"^[A-Z0-9-]{3,40}$" patternDescription:"3 to 40 capitals, digits, dashes"`
				Left *int   `json:"left,omitempty" minimum:"0" doc:"Cards left, as the printer shows; absent: what it told the station last, where it did"`
				BecauseIfAny
			}
		},
		) (registry.Operation, error) {
			op := registry.RemoveRoll{Serial: in.Serial, Seal: in.Body.Seal, Left: -1, Because: in.Body.why()}
			if in.Body.Left != nil {
				op.Left = *in.Body.Left
			}
			return op, nil
		})
	get(a, access.SeeStock, "/v1/rolls", "listRolls", "Ribbons and films in the order of their serials; those in the store are left out for who counts them blind",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"store,fitted,removed,destroyed,sent,lost"`
			Line  string `query:"line" maxLength:"64"`
			Paging
		},
		) (*answer[list[roll]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.RollUse, error) {
				return a.Registry.Rolls(ctx, registry.RollFilter{State: registry.RollState(in.State), Line: jobs.LineID(in.Line), Blind: registry.RollsCountedBlind(actor(ctx)), After: after, Limit: limit})
			}, func(r registry.RollUse) string { return r.Serial }, rollOf)
		})
	get(a, access.SeeStock, "/v1/rolls/{roll}", "getRoll", "One ribbon or film", func(ctx context.Context, in *RollName) (*answer[roll], error) {
		r, err := a.Registry.Roll(ctx, in.Serial)
		return thing(r, err, rollOf)
	})
	change(a, registry.OpenShift{}, "/v1/shifts", "openShift", "Begin a shift by a blind count of two; answer recount: it does not fit",
		func(_ context.Context, in *heaps) (registry.Operation, error) {
			return registry.OpenShift{Counts: in.counts()}, nil
		})
	change(a, registry.CloseShift{}, "/v1/shifts/closing", "closeShift", "End the shift by a blind count of two; answer recount: it does not fit",
		func(_ context.Context, in *heaps) (registry.Operation, error) {
			return registry.CloseShift{Counts: in.counts()}, nil
		})
	change(a, registry.SettleShift{}, "/v1/shifts/settlement", "settleShift", "End a shift whose counts do not fit after a recount; a roll too many stays a difference until it is received",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Counts  []heap   `json:"counts,omitempty" maxItems:"200" doc:"Of an opening that did not fit; it opens a shift then"`
				Missing []string `json:"missing,omitempty" maxItems:"5000" doc:"Chips of missing blanks that the ledger knows by their chips, and the serial of every missing roll. While a roll is not named, whoever decides is refused, with those that the ledger has there"`
			}
		},
		) (registry.Operation, error) {
			return registry.SettleShift{Because: in.Body.why(), Counts: countedOf(in.Body.Counts), Missing: in.Body.Missing}, nil
		})
	get(a, access.SeeStock, "/v1/shifts", "listShifts", "Shifts, newest first",
		func(ctx context.Context, in *Paging) (*answer[list[shift]], error) {
			return idPage(*in, func(after string, limit int) ([]registry.Shift, error) {
				return a.Registry.ListShifts(ctx, after, limit)
			},
				func(s registry.Shift) string { return s.ID }, shiftOf)
		})
	get(a, access.SeeStock, "/v1/shifts/{shift}", "getShift", "A shift with its counts",
		func(ctx context.Context, in *struct {
			ID string `path:"shift" pattern:"^S-[0-9]{4}-[0-9]{5}$" patternDescription:"S-YYYY-NNNNN"`
		},
		) (*answer[shift], error) {
			s, err := a.Registry.ShiftByID(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[shift]{shiftOf(s)}, nil
		})
	change(a, registry.DrawInspection{}, "/v1/inspections", "drawInspection", "Draw a random sample by a seed that the inspector brings",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Seed   string `json:"seed" minLength:"8" maxLength:"64"`
				Cards  int    `json:"cards" minimum:"0" maximum:"500"`
				Blanks int    `json:"blanks" minimum:"0" maximum:"500"`
				Rolls  int    `json:"rolls" minimum:"0" maximum:"500"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.DrawInspection{Seed: b.Seed, Cards: b.Cards, Blanks: b.Blanks, Rolls: b.Rolls}, nil
		})
	change(a, registry.PresentItem{}, "/v1/inspections/{inspection}/items", "presentItem", "Note that one thing of a sample is here",
		func(_ context.Context, in *struct {
			InspectionKeyed
			Body struct {
				Item string `json:"item" minLength:"1" maxLength:"64"`
			}
		},
		) (registry.Operation, error) {
			return registry.PresentItem{Inspection: in.ID, Item: in.Body.Item}, nil
		})
	change(a, registry.CloseInspection{}, "/v1/inspections/{inspection}/closing", "closeInspection", "End it; the answer is how many did not appear",
		func(_ context.Context, in *InspectionKeyed) (registry.Operation, error) {
			return registry.CloseInspection{Inspection: in.ID}, nil
		})
	get(a, access.SeeStock, "/v1/inspections", "listInspections", "Inspections, newest first",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,closed"`
			Paging
		},
		) (*answer[list[inspectionSum]], error) {
			return timePage(in.Paging, func(last registry.Seen, limit int) ([]registry.Inspection, error) {
				return a.Registry.InspectionsBehind(ctx, in.State, last.At, last.ID, limit)
			}, func(i registry.Inspection) registry.Seen { return registry.Seen{At: i.DrawnAt, ID: i.ID} }, func(i registry.Inspection) inspectionSum {
				return inspectionSum{i.ID, i.Seed, i.State, i.DrawnBy, i.DrawnAt.UTC(), moment(i.ClosedAt), len(i.Items), i.Presented()}
			})
		})
	get(a, access.SeeStock, "/v1/inspections/{inspection}", "getInspection", "An inspection with its sample", func(ctx context.Context, in *InspectionName) (*answer[inspection], error) {
		i, err := a.Registry.InspectionByID(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		out := inspection{i.ID, i.Seed, i.State, i.DrawnBy, i.DrawnAt.UTC(), moment(i.ClosedAt), []inspectedItem{}}
		for _, x := range i.Items {
			out.Items = append(out.Items, inspectedItem{x.Item, x.Kind, x.Place, moment(x.PresentedAt), x.PresentedBy})
		}
		return &answer[inspection]{out}, nil
	})
	get(a, access.SeeStock, "/v1/blanks/nameless", "listNamelessBlanks", "Blanks whose chip nobody has read, used test cards among them, that wait for their destruction and are on no list yet",
		func(ctx context.Context, in *Paging) (*answer[list[nameless]], error) {
			return idPage(*in, func(after string, limit int) ([]registry.Nameless, error) {
				return a.Registry.NamelessBlanks(ctx, registry.NumberOfNameless(after), limit)
			}, func(n registry.Nameless) string { return n.Item }, func(n registry.Nameless) nameless {
				return nameless{n.Item, n.Lot, n.Test, n.Place.String(), n.Since.UTC()}
			})
		})
	get(a, access.SeeStock, "/v1/deny-list", "listDenied", "The deny list in the order of its chips: blanks, and cards made of them, that may not go on",
		func(ctx context.Context, in *struct {
			Reason string `query:"reason" maxLength:"100" doc:"Code"`
			Paging
		},
		) (*answer[list[denied]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]stock.DeniedBlank, error) {
				return a.Registry.Denied(ctx, in.Reason, ktp.ChipUID(after), limit)
			}, func(d stock.DeniedBlank) string { return string(d.Chip) }, func(d stock.DeniedBlank) denied {
				return denied{string(d.Chip), d.Reason, d.At.UTC(), d.Actor, d.Place.String()}
			})
		})
	get(a, access.SeeStock, "/v1/deny-list/labels", "listDeniedLabels", "Printed numbers of blanks that may not be used and that no list has brought here yet",
		func(ctx context.Context, in *Paging) (*answer[list[deniedLabel]], error) {
			return idPage(*in, func(after string, limit int) ([]stock.DeniedLabel, error) {
				return a.Registry.DeniedLabels(ctx, stock.Label(after), limit)
			}, func(d stock.DeniedLabel) string { return string(d.Label) }, func(d stock.DeniedLabel) deniedLabel {
				return deniedLabel{string(d.Label), d.Reason, d.At.UTC(), d.Actor}
			})
		})
	get(a, access.SeeStock, "/v1/deny-list/ranges", "listDeniedRanges", "Ranges of printed numbers whose blanks may not be used, behind the first number of the last one seen",
		func(ctx context.Context, in *Paging) (*answer[list[deniedRange]], error) {
			return idPage(*in, func(after string, limit int) ([]stock.DeniedRange, error) {
				return a.Registry.DeniedRanges(ctx, stock.Label(after), limit)
			}, func(d stock.DeniedRange) string { return string(d.From) }, func(d stock.DeniedRange) deniedRange {
				return deniedRange{string(d.From), string(d.To), d.Reason, d.At.UTC(), d.Actor}
			})
		})
	changeOf(a, chipsBody, registry.ImportBlanks{}, "/v1/lots/{lot}/chips", "importBlanks", "Count blanks into the store by the supplier's list of chips, all or none",
		func(_ context.Context, in *struct {
			Keyed
			Lot  string `path:"lot" minLength:"1" maxLength:"64"`
			Body struct {
				Product string   `json:"product" minLength:"1" maxLength:"64"`
				Chips   []string `json:"chips" nullable:"false" minItems:"1" maxItems:"20000" doc:"UIDs, 20 hex digits in capitals, each once"`
				Labels  []string `json:"labels,omitempty" maxItems:"20000" doc:"What is printed on each, in the order of the chips, empty where nothing is"`
			}
		},
		) (registry.Operation, error) {
			return registry.ImportBlanks{Lot: in.Lot, Product: in.Body.Product, Chips: chipsOf(in.Body.Chips), Labels: labelsOf(in.Body.Labels)}, nil
		})
	changeOf(a, chipsBody, registry.ImportDenied{}, "/v1/deny-list", "importDenied", "Put a list of stolen or suspended blanks on the deny list, by their chips or by what is printed on them",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Chips  []string `json:"chips,omitempty" maxItems:"20000" doc:"UIDs, 20 hex digits in capitals, each once"`
				Labels []string `json:"labels,omitempty" maxItems:"20000" doc:"Printed numbers, where no chip is known; one that no blank here has is denied as soon as a list brings it"`
				Ranges []Labels `json:"ranges,omitempty" maxItems:"20000" doc:"Printed numbers that follow each other"`
			}
		},
		) (registry.Operation, error) {
			op := registry.ImportDenied{Because: in.Body.why(), Chips: chipsOf(in.Body.Chips), Labels: labelsOf(in.Body.Labels)}
			for _, r := range in.Body.Ranges {
				op.Ranges = append(op.Ranges, r.of())
			}
			return op, nil
		})
	change(a, registry.AllowBlank{}, "/v1/deny-list/lifting", "allowBlank", "Take a chip off the deny list again, or printed numbers: one, also out of a range, or those of a range",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Because
				Chip string `json:"chip,omitempty" maxLength:"20" doc:"UID; none: printed numbers"`
				From string `json:"from,omitempty" maxLength:"32" doc:"The first printed number"`
				To   string `json:"to,omitempty" maxLength:"32" doc:"The last of them; none: the first alone"`
			}
		},
		) (registry.Operation, error) {
			return registry.AllowBlank{Chip: ktp.ChipUID(in.Body.Chip), Labels: Labels{in.Body.From, in.Body.To}.of(), Because: in.Body.why()}, nil
		})
}

// Labels are printed numbers that follow each other.
type Labels struct {
	From string `json:"from" minLength:"4" maxLength:"32" doc:"The first of them"`
	To   string `json:"to,omitempty" maxLength:"32" doc:"The last of them, which differs from the first in its last digits alone; none: the first alone"`
}

func (l Labels) of() stock.LabelRange {
	return stock.LabelRange{From: stock.Label(l.From), To: stock.Label(cmp.Or(l.To, l.From))}
}

func chipsOf(list []string) []ktp.ChipUID {
	out := make([]ktp.ChipUID, len(list))
	for i, c := range list {
		out[i] = ktp.ChipUID(c)
	}
	return out
}

func labelsOf(list []string) []stock.Label {
	var out []stock.Label
	for _, l := range list {
		out = append(out, stock.Label(l))
	}
	return out
}

func rollOf(r registry.RollUse) roll {
	out := roll{
		Serial: r.Serial, Kind: r.Kind, Product: r.Product, Panels: r.Panels, State: string(r.State), Line: string(r.Line), Seal: r.Seal, Used: r.Used, Left: r.Left,
		ReceivedAt: r.ReceivedAt.UTC(), FittedAt: moment(r.FittedAt), RemovedAt: moment(r.RemovedAt), Cause: r.Cause,
	}
	if r.Told >= 0 {
		apart := r.Apart()
		out.Told, out.Apart = &r.Told, &apart
	}
	return out
}

func shiftOf(s registry.Shift) shift {
	out := shift{
		s.ID, s.State, s.OpenedBy, s.OpenedSecond, s.OpenedAt.UTC(), s.ClosedBy, s.ClosedSecond, moment(s.ClosedAt), s.Recounts, s.Reason, s.AnchorID,
		hex.EncodeToString(s.Anchor),
		[]shiftCount{},
	}
	for _, c := range s.Counts {
		x := shiftCount{Turn: c.Turn, N: c.N, Kind: c.Kind, Place: c.Place, Lot: c.Lot, Counted: c.Counted}
		if s.State != "open" {
			x.Expected = &c.Expected
		}
		out.Counts = append(out.Counts, x)
	}
	return out
}
