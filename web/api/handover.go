package api

import (
	"context"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// exception is a hand-over outside the rule.
type exception struct {
	Application string `json:"application"`
	Handover
}

// waiting is a finished card that its holder has not fetched.
type waiting struct {
	Application string    `json:"application"`
	State       string    `json:"state"`
	Place       string    `json:"place"`
	Since       time.Time `json:"since"`
}

// foreignCard is a card that the station never made, without what stands on it.
type foreignCard struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind" enum:"paper_ktp,ktp_el,unknown"`
	Chip        string    `json:"chip,omitempty"`
	Application string    `json:"application,omitempty" doc:"At whose hand-over it was surrendered"`
	State       string    `json:"state" enum:"kept,destroyed,sent"`
	At          time.Time `json:"at"`
	Actor       string    `json:"actor"`
}

func handovers(a *api) {
	changeOf(a, holderBody, registry.VerifyHolder{}, "/v1/applications/{application}/match", "verifyHolder", "One try of a 1:1 of the living finger with those read from the chip; the station compares. Answer no_match: it was counted",
		func(ctx context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Chip string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
				Holder
				_ struct{} `json:"-" additionalProperties:"false"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			fingers, err := b.fingers(ctx)
			return registry.VerifyHolder{Application: in.id(), Chip: ktp.ChipUID(b.Chip), Live: fingers, OnChip: b.files(), Presence: b.Presence.shown(), NotGenuine: b.NotGenuine}, err
		})
	challenges(a)
	shows(a)
	change(a, registry.SetApart{}, "/v1/cards/{chip}/apart", "setApart", "Hold a card whose chip is suspected not to be genuine, until somebody has looked into it",
		func(_ context.Context, in *struct {
			ChipKeyed
			Body struct {
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.SetApart{Chip: in.uid(), Because: in.Body.why()}, nil
		})
	change(a, registry.ExceptMatch{}, "/v1/applications/{application}/match-exception", "exceptMatch", "Hand over though the holder could not be matched",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Chip string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
				Because
				ShownNow
			}
		},
		) (registry.Operation, error) {
			return registry.ExceptMatch{Application: in.id(), Chip: ktp.ChipUID(in.Body.Chip), Because: in.Body.why(), Presence: in.Body.Presence.shown()}, nil
		})
	changeOf(a, holderBody, registry.MatchLater{}, "/v1/cards/{chip}/match", "matchLater", "Match the holder of a card that a proxy took, or that was handed over without a match; the station compares",
		func(ctx context.Context, in *struct {
			ChipKeyed
			Body struct {
				Holder
				Confirmed bool     `json:"confirmed,omitempty" doc:"The holder confirmed the data now; needed of data that was captured elsewhere, where a proxy took the card"`
				_         struct{} `json:"-" additionalProperties:"false"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			fingers, err := b.fingers(ctx)
			return registry.MatchLater{Chip: in.uid(), Live: fingers, OnChip: b.files(), Presence: b.Presence.shown(), Confirmed: b.Confirmed, NotGenuine: b.NotGenuine}, err
		})
	type given struct {
		Chip      string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
		Old       string `json:"old,omitempty" enum:"none,surrendered,not_surrendered" doc:"What became of the card of before"`
		Confirmed bool   `json:"confirmed,omitempty" doc:"The holder confirmed the data now; needed of data that was captured elsewhere"`
		ShownNow
	}
	change(a, registry.HandOver{}, "/v1/applications/{application}/handover", "handOver", "Give the card to its holder: it comes into force, the one before is retired",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body given
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.HandOver{Application: in.id(), Chip: ktp.ChipUID(b.Chip), Old: registry.OldCard(b.Old), Confirmed: b.Confirmed, Presence: b.Presence.shown()}, nil
		})
	change(a, registry.HandOverAlone{}, "/v1/applications/{application}/handover-alone", "handOverAlone", "Hand over by the person who also matched, or without the card of before; counted",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Chip      string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
				Old       string `json:"old,omitempty" enum:"none,surrendered,not_surrendered" doc:"What became of the card of before"`
				Confirmed bool   `json:"confirmed,omitempty" doc:"The holder confirmed the data now; needed of data that was captured elsewhere"`
				ShownNow
				Because
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.HandOverAlone{Application: in.id(), Chip: ktp.ChipUID(b.Chip), Old: registry.OldCard(b.Old), Confirmed: b.Confirmed, Because: b.why(), Presence: b.Presence.shown()}, nil
		})
	change(a, registry.HandOverToProxy{}, "/v1/applications/{application}/handover-to-proxy", "handOverToProxy", "Give the card to somebody with a letter of authority",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Chip string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
				Old  string `json:"old,omitempty" enum:"none,surrendered,not_surrendered" doc:"What became of the card of before"`
				Because
				Proxy struct {
					NIK    string `json:"nik" pattern:"^[0-9]{16}$" patternDescription:"16 digits"`
					Name   string `json:"name" minLength:"1" maxLength:"120"`
					Letter string `json:"letter" minLength:"1" maxLength:"60" doc:"Number of the letter of authority"`
				} `json:"proxy"`
				ShownNow
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.HandOverToProxy{
				Application: in.id(), Chip: ktp.ChipUID(b.Chip), Old: registry.OldCard(b.Old), Because: b.why(), Presence: b.Presence.shown(),
				Proxy: registry.Proxy{NIK: b.Proxy.NIK, Name: b.Proxy.Name, Letter: b.Proxy.Letter},
			}, nil
		})
	change(a, registry.ReturnCard{}, "/v1/applications/{application}/return", "returnCard", "Take a card out of the way to its holder: mismatch or damage",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Chip string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.ReturnCard{Application: in.id(), Chip: ktp.ChipUID(in.Body.Chip), Because: in.Body.why()}, nil
		})
	change(a, registry.Remind{}, "/v1/applications/{application}/reminders", "remindHolder", "Note that a holder was told to come for a finished card",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Channel string `json:"channel" enum:"telephone,message,letter,village" doc:"How; village: by the office of the kelurahan or desa"`
			}
		},
		) (registry.Operation, error) {
			return registry.Remind{Application: in.id(), Channel: registry.ReminderChannel(in.Body.Channel)}, nil
		})
	change(a, registry.LeaveUncollected{}, "/v1/applications/{application}/uncollected", "leaveUncollected", "Note that nobody came for a card in time",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.LeaveUncollected{Application: in.id()}, nil
		})
	change(a, registry.RecallUncollected{}, "/v1/applications/{application}/recall", "recallUncollected", "Call a card back that nobody collected",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.RecallUncollected{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.SurrenderForeign{}, "/v1/foreign-cards", "surrenderForeignCard", "Take in a card that this station did not make, for destruction",
		func(_ context.Context, in *struct {
			Keyed
			Body struct {
				Kind        string `json:"kind" enum:"paper_ktp,ktp_el,unknown"`
				Chip        string `json:"chip,omitempty" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
				Application string `json:"application,omitempty" maxLength:"64" doc:"At whose hand-over it was surrendered"`
				Detail      string `json:"detail,omitempty" maxLength:"200" doc:"Number and name on it"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.SurrenderForeign{Kind: b.Kind, Chip: ktp.ChipUID(b.Chip), Application: registry.ApplicationID(b.Application), Detail: b.Detail}, nil
		})
	get(a, access.SeeStock, "/v1/foreign-cards", "listForeignCards", "Cards that this station did not make and took in, in the order of their ids",
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"kept,destroyed,sent"`
			Kind  string `query:"kind" enum:"paper_ktp,ktp_el,unknown"`
			Chip  string `query:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits"`
			Paging
		},
		) (*answer[list[foreignCard]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.ForeignCard, error) {
				return a.Registry.ForeignCards(ctx, registry.ForeignFilter{State: in.State, Kind: in.Kind, Chip: ktp.ChipUID(in.Chip), After: after, Limit: limit})
			}, func(f registry.ForeignCard) string { return f.ID }, func(f registry.ForeignCard) foreignCard {
				return foreignCard{f.ID, f.Kind, string(f.Chip), string(f.Application), f.State, f.At.UTC(), f.Actor}
			})
		})
	get(a, access.SeeEvents, "/v1/handovers/exceptions", "listHandoverExceptions", "Hand-overs outside the rule, oldest first",
		func(ctx context.Context, in *struct {
			Period
			Paging
		},
		) (*answer[list[exception]], error) {
			return timePage(in.Paging, func(after registry.Seen, limit int) ([]registry.Handover, error) {
				return a.Registry.HandoverExceptions(ctx, in.period(), after, limit)
			}, func(h registry.Handover) registry.Seen { return registry.Seen{At: h.At, ID: string(h.Application)} }, func(h registry.Handover) exception {
				return exception{string(h.Application), Handover{
					Chip: string(h.Chip), At: h.At.UTC(), Actor: h.Actor, Second: h.Second, Exception: h.Exception, Matched: h.Matched, Old: string(h.Old),
					Proxy: h.Proxy != (registry.Proxy{}),
				}}
			})
		})
	get(a, access.SeeApplications, "/v1/handovers/waiting", "listWaitingCards", "Finished cards that wait for their holders, oldest first",
		func(ctx context.Context, in *struct {
			Before time.Time `query:"before" doc:"Waiting since before then; absent: all"`
			Place  string    `query:"place" maxLength:"64" doc:"Of delivery; absent: all. A page of one place may be short or empty, and goes on at next"`
			Paging
		},
		) (*answer[list[waiting]], error) {
			before := in.Before
			if before.IsZero() {
				before = a.Now().Add(time.Hour)
			}
			after, err := in.seen()
			if err != nil {
				return nil, err
			}
			found, next, err := a.Registry.WaitingCards(ctx, registry.WaitingFilter{Before: before, Place: in.Place, After: after, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			out := &answer[list[waiting]]{list[waiting]{Items: []waiting{}}}
			for _, w := range found {
				out.Body.Items = append(out.Body.Items, waiting{string(w.Application), string(w.State), w.Place, w.Since.UTC()})
			}
			if next != (registry.Seen{}) {
				out.Body.Next, err = key{[]int64{next.At.UnixMicro()}, next.ID}.cursor()
			}
			return out, err
		})
}
