package api

import (
	"context"
	"strings"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// LineName names a production line.
type LineName struct {
	Line string `path:"line" minLength:"1" maxLength:"64"`
}

// LineKeyed names a line, with a key.
type LineKeyed struct {
	Keyed
	LineName
}

// LineCount is a counted lot of blanks for a line.
type LineCount struct {
	LineKeyed
	Body struct {
		Lot      string `json:"lot" minLength:"1" maxLength:"64"`
		Quantity int    `json:"quantity" minimum:"1" maximum:"100000"`
	}
}

// AttemptKeyed names an attempt, with a key.
type AttemptKeyed struct {
	Keyed
	AttemptName
}

// AttemptName names an attempt.
type AttemptName struct {
	ID string `path:"id" pattern:"^[0-9A-Fa-f]{32}$" patternDescription:"32 hex digits" doc:"Attempt id"`
}

func (n AttemptName) attempt() (ktp.AttemptID, error) {
	id, err := ktp.ParseAttemptID(strings.ToLower(n.ID))
	if err != nil {
		return id, web.BadParameter.At("api.attempt", err).With("id", "32 hex digits")
	}
	return id, nil
}

// LotReceipt is a delivery of a lot.
type LotReceipt struct {
	Keyed
	Lot  string `path:"lot" minLength:"1" maxLength:"64"`
	Body struct {
		Product  string `json:"product" minLength:"1" maxLength:"64" doc:"Cards that the blanks are for: ktp-el-wni (citizens) or ktp-el-oa (foreign residents)"`
		Quantity int    `json:"quantity" minimum:"1" maximum:"1000000"`
	}
}

// room is what people of the print room do: lines, blanks, doubts, the clock.
func room(a *api) {
	change(a, registry.PauseLine{}, "/v1/lines/{line}/pause", "pauseLine", "Finish the card and feed nothing new",
		func(_ context.Context, in *struct {
			LineKeyed
			Body struct {
				BecauseIfAny
			}
		},
		) (registry.Operation, error) {
			return registry.PauseLine{Line: jobs.LineID(in.Line), Because: in.Body.why()}, nil
		})
	change(a, registry.ResumeLine{}, "/v1/lines/{line}/resume", "resumeLine", "Run again; one that a finding stopped needs a supervisor",
		func(_ context.Context, in *LineKeyed) (registry.Operation, error) {
			return registry.ResumeLine{Line: jobs.LineID(in.Line)}, nil
		})
	change(a, registry.NoteTemperature{}, "/v1/lines/{line}/temperature", "noteTemperature", "Note the transfer temperature that the display of the printer shows; one that spoils cards pauses the line",
		func(_ context.Context, in *struct {
			LineKeyed
			Body struct {
				Degrees int `json:"degrees" minimum:"20" maximum:"300" doc:"Celsius"`
			}
		},
		) (registry.Operation, error) {
			return registry.NoteTemperature{Line: jobs.LineID(in.Line), Degrees: in.Body.Degrees}, nil
		})
	change(a, registry.LoadHopper{}, "/v1/lines/{line}/hopper", "loadHopper", "Draw blanks from the store into the hopper, counted by two",
		func(_ context.Context, in *LineCount) (registry.Operation, error) {
			return registry.LoadHopper{Line: jobs.LineID(in.Line), Lot: in.Body.Lot, Quantity: in.Body.Quantity}, nil
		})
	change(a, registry.UnloadHopper{}, "/v1/lines/{line}/hopper/return", "unloadHopper", "Take blanks out of the hopper back into the store, counted by two",
		func(_ context.Context, in *LineCount) (registry.Operation, error) {
			return registry.UnloadHopper{Line: jobs.LineID(in.Line), Lot: in.Body.Lot, Quantity: in.Body.Quantity}, nil
		})
	change(a, registry.ReceiveBlanks{}, "/v1/lots/{lot}/receipt", "receiveBlanks", "Count a delivery of a lot into the store",
		func(_ context.Context, in *LotReceipt) (registry.Operation, error) {
			return registry.ReceiveBlanks{Lot: in.Lot, Product: in.Body.Product, Quantity: in.Body.Quantity}, nil
		})
	change(a, registry.CorrectLot{}, "/v1/lots/{lot}/product", "correctLot", "Say of which product a lot is that was received as another one, while no blank of it lies in a hopper",
		func(_ context.Context, in *struct {
			Keyed
			Lot  string `path:"lot" minLength:"1" maxLength:"64"`
			Body struct {
				Product string `json:"product" minLength:"1" maxLength:"64" doc:"Cards that the blanks are for: ktp-el-wni (citizens) or ktp-el-oa (foreign residents)"`
			}
		},
		) (registry.Operation, error) {
			return registry.CorrectLot{Lot: in.Lot, Product: in.Body.Product}, nil
		})
	change(a, registry.ReceiveTestBlanks{}, "/v1/lots/{lot}/test-receipt", "receiveTestBlanks", "Count a delivery into the test stock: no blank of it becomes a resident's card",
		func(_ context.Context, in *LotReceipt) (registry.Operation, error) {
			return registry.ReceiveTestBlanks{Lot: in.Lot, Product: in.Body.Product, Quantity: in.Body.Quantity}, nil
		})
	change(a, registry.DrawTestBlanks{}, "/v1/lots/{lot}/test-drawing", "drawTestBlanks", "Draw blanks of the test stock for test cards, by the keeper and who will use them",
		func(_ context.Context, in *struct {
			Keyed
			Lot  string `path:"lot" minLength:"1" maxLength:"64"`
			Body struct {
				Because
				Quantity int `json:"quantity" minimum:"1" maximum:"1000"`
			}
		},
		) (registry.Operation, error) {
			return registry.DrawTestBlanks{Lot: in.Lot, Quantity: in.Body.Quantity, Because: in.Body.why()}, nil
		})
	change(a, registry.EndTestBlanks{}, "/v1/lots/{lot}/test-end", "endTestBlanks", "Say what became of blanks that were drawn for test cards: used ones wait for their destruction, the others go back",
		func(_ context.Context, in *struct {
			Keyed
			Lot  string `path:"lot" minLength:"1" maxLength:"64"`
			Body struct {
				Used   int `json:"used" minimum:"0" maximum:"1000" doc:"Became test cards, also spoiled ones"`
				Unused int `json:"unused" minimum:"0" maximum:"1000"`
			}
		},
		) (registry.Operation, error) {
			return registry.EndTestBlanks{Lot: in.Lot, Used: in.Body.Used, Unused: in.Body.Unused}, nil
		})
	change(a, registry.SetClock{}, "/v1/clock", "setClock", "Take the clock as it is after it ran backward",
		func(_ context.Context, _ *struct{ Keyed }) (registry.Operation, error) {
			return registry.SetClock{}, nil
		})
	change(a, registry.AcceptRestoration{}, "/v1/ledger/restoration/acceptance", "acceptRestoration", "Take a ledger as it is that was put back to an older copy; feeding goes on",
		func(_ context.Context, _ *struct{ Keyed }) (registry.Operation, error) {
			return registry.AcceptRestoration{}, nil
		})
	change(a, registry.SurrenderMute{}, "/v1/attempts/{id}/surrender", "surrenderMute", "Retire a card in the hand whose chip does not answer",
		func(_ context.Context, in *struct {
			AttemptKeyed
			Body struct {
				Picture string `json:"picture" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the picture of its face"`
			}
		},
		) (registry.Operation, error) {
			id, err := in.attempt()
			return registry.SurrenderMute{Attempt: id, Picture: in.Body.Picture}, err
		})
	change(a, registry.PresentCard{}, "/v1/attempts/{id}/presentation", "presentCard", "Say that a card in doubt is in the hand: its line asks to lay it on the reader, and its chip decides",
		func(_ context.Context, in *AttemptKeyed) (registry.Operation, error) {
			id, err := in.attempt()
			return registry.PresentCard{Attempt: id}, err
		})
	change(a, registry.DeclareLost{}, "/v1/attempts/{id}/loss", "declareLost", "Declare a card in doubt lost, which retires it",
		func(_ context.Context, in *struct {
			AttemptKeyed
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			id, err := in.attempt()
			return registry.DeclareLost{Attempt: id, Because: in.Body.why()}, err
		})
	change(a, registry.SettleFed{}, "/v1/lines/{line}/standing", "settleFed", "Say what became of blanks that the printer counted while the line stood",
		func(_ context.Context, in *struct {
			LineKeyed
			Body struct {
				Stayed int `json:"stayed,omitempty" minimum:"0" maximum:"1000" doc:"Were in the hopper all the time"`
				Found  int `json:"found,omitempty" minimum:"0" maximum:"1000" doc:"Were found and lie in the reject tray"`
				Lost   int `json:"lost,omitempty" minimum:"0" maximum:"1000" doc:"Were not found"`
			}
		},
		) (registry.Operation, error) {
			return registry.SettleFed{Line: jobs.LineID(in.Line), Stayed: in.Body.Stayed, Found: in.Body.Found, Lost: in.Body.Lost}, nil
		})
}
