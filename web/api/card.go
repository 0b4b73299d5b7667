package api

import (
	"context"
	"fmt"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// Card is a card in the register.
type Card struct {
	Chip        string     `json:"chip"`
	Application string     `json:"application"`
	State       string     `json:"state" enum:"made,in force,retired,destroyed"`
	Held        string     `json:"held,omitempty" doc:"Reason; a mark beside the state"`
	Cause       *web.Cause `json:"cause,omitempty" doc:"Of its retirement"`
	MadeAt      *time.Time `json:"madeAt,omitempty"`
	InForceAt   *time.Time `json:"inForceAt,omitempty"`
	RetiredAt   *time.Time `json:"retiredAt,omitempty"`
	PassedOnAt  *time.Time `json:"passedOnAt,omitempty" doc:"Another Dinas has it since then, and hands it over"`
}

// cardWithKeys is a card and what its chip proved of its key sets.
type cardWithKeys struct {
	Card
	Counters []keyCounter `json:"counters" nullable:"false" doc:"Sequence counters of the key sets, as they were last proved: how often a channel was asked for"`
}

type keyCounter struct {
	Role    string    `json:"role" enum:"MK_T,MK_P,MK_SAM,MK_A" doc:"Master key that the set follows from"`
	Version string    `json:"version" doc:"Key version, two hex digits"`
	Counter int       `json:"counter"`
	At      time.Time `json:"at"`
}

func keyCounters(of []registry.ChipCounter) []keyCounter {
	out := []keyCounter{}
	for _, c := range of {
		out = append(out, keyCounter{string(c.Role), fmt.Sprintf("%02X", c.Version), c.Counter, c.At.UTC()})
	}
	return out
}

func (a *api) card(c registry.Card) Card {
	return Card{
		Chip: string(c.Chip), Application: string(c.Application), State: string(c.State), Held: c.Held, Cause: a.Problems.Explain(c.Cause),
		MadeAt: moment(c.MadeAt), InForceAt: moment(c.InForceAt), RetiredAt: moment(c.RetiredAt), PassedOnAt: moment(c.PassedOnAt),
	}
}

// ChipName is the chip of a card.
type ChipName struct {
	Chip string `path:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip"`
}

func (n ChipName) uid() ktp.ChipUID { return ktp.ChipUID(n.Chip) }

// ChipKeyed is the chip of a card and a key.
type ChipKeyed struct {
	Keyed
	ChipName
}

// ChipReason is the chip of a card, a key and a reason.
type ChipReason struct {
	ChipKeyed
	Body struct {
		Because
	}
}

func cards(a *api) {
	get(a, access.SeeApplications, "/v1/cards/{chip}", "getCard", "A card of the register, by its chip", func(ctx context.Context, in *ChipName) (*answer[cardWithKeys], error) {
		c, err := a.Registry.CardByChip(ctx, in.uid())
		if err != nil {
			return nil, err
		}
		counters, err := a.Registry.ChipCounters(ctx, in.uid())
		if err != nil {
			return nil, err
		}
		return &answer[cardWithKeys]{cardWithKeys{a.card(c), keyCounters(counters)}}, nil
	})
	get(a, access.SeeStatusList, "/v1/status-list", "getStatusList", "The standing of every card, behind the chip of the last one seen",
		func(ctx context.Context, in *Paging) (*answer[list[Card]], error) {
			return idPage(*in, func(after string, limit int) ([]registry.Card, error) {
				return a.Registry.CardsBehind(ctx, ktp.ChipUID(after), limit)
			},
				func(c registry.Card) string { return string(c.Chip) }, a.card)
		})
	change(a, registry.RetireCard{}, "/v1/cards/{chip}/retirement", "retireCard", "End a card that never came into force, once its chip was examined as blocked or terminated, or does not answer",
		func(_ context.Context, in *struct {
			ChipKeyed
			Body struct {
				Because
				Picture string `json:"picture,omitempty" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the picture of a card whose chip does not answer"`
			}
		},
		) (registry.Operation, error) {
			return registry.RetireCard{Chip: in.uid(), Because: in.Body.why(), Picture: in.Body.Picture}, nil
		})
	change(a, registry.EndCard{}, "/v1/cards/{chip}/end", "endCard", "Retire a card in force: lost, stolen, damaged, its holder died",
		func(_ context.Context, in *struct {
			ChipKeyed
			Body struct {
				Because
				AtHand bool `json:"atHand" doc:"The card is here and waits for its destruction"`
			}
		},
		) (registry.Operation, error) {
			return registry.EndCard{Chip: in.uid(), Because: in.Body.why(), AtHand: in.Body.AtHand}, nil
		})
	change(a, registry.DeclareMissing{}, "/v1/cards/{chip}/missing", "declareCardMissing", "Say that a finished card is not where the ledger has it: it is retired, its application can be made again, and it is looked for",
		func(_ context.Context, in *ChipReason) (registry.Operation, error) {
			return registry.DeclareMissing{Chip: in.uid(), Because: in.Body.why()}, nil
		})
	change(a, registry.HoldCard{}, "/v1/cards/{chip}/hold", "holdCard", "Mark a card; it is stopped at the next act",
		func(_ context.Context, in *ChipReason) (registry.Operation, error) {
			return registry.HoldCard{Chip: in.uid(), Because: in.Body.why()}, nil
		})
	change(a, registry.FreeCard{}, "/v1/cards/{chip}/freeing", "freeCard", "Take the mark of a hold away",
		func(_ context.Context, in *ChipKeyed) (registry.Operation, error) {
			return registry.FreeCard{Chip: in.uid()}, nil
		})
	change(a, registry.ReleaseQuarantine{}, "/v1/cards/{chip}/quarantine-release", "releaseQuarantine", "Free a card that a finding had set apart",
		func(_ context.Context, in *ChipKeyed) (registry.Operation, error) {
			return registry.ReleaseQuarantine{Chip: in.uid()}, nil
		})
	change(a, registry.ReadmitBlank{}, "/v1/blanks/{chip}/readmission", "readmitBlank", "Put a blank that a line set aside without having worked on it back into the store; its chip was examined since, and is blank",
		func(_ context.Context, in *ChipKeyed) (registry.Operation, error) {
			return registry.ReadmitBlank{Chip: in.uid()}, nil
		})
	change(a, registry.DenyBlank{}, "/v1/deny-list/{chip}", "denyBlank", "Put a stolen or suspended chip on the deny list",
		func(_ context.Context, in *ChipReason) (registry.Operation, error) {
			return registry.DenyBlank{Chip: in.uid(), Because: in.Body.why()}, nil
		})
}
