package api

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// desk is a computer at a counter whose agent brings devices to the pages.
type desk struct {
	ID        string     `json:"id"`
	Place     string     `json:"place,omitempty" doc:"Service place; absent: the Dinas"`
	InvitedBy string     `json:"invitedBy"`
	CodeUntil *time.Time `json:"codeUntil,omitempty" doc:"A pairing code is open until then"`
	PairedAt  *time.Time `json:"pairedAt,omitempty"`
	RevokedAt *time.Time `json:"revokedAt,omitempty"`
}

type deskWish struct {
	Keyed
	DeskName
	Body struct {
		Place     string    `json:"place,omitempty" maxLength:"64"`
		Hash      string    `json:"hash" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the pairing code without dashes; the code itself is never sent"`
		ExpiresAt time.Time `json:"expiresAt" doc:"At most a day ahead"`
	}
}

// DeskName names a desk.
type DeskName struct {
	Desk string `path:"desk" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
}

type deskName struct {
	Keyed
	DeskName
}

// pairing is what a desk shows of itself, once.
type pairing struct {
	Body struct {
		Code        string `json:"code" minLength:"16" maxLength:"24" doc:"As the console shows it"`
		Certificate []byte `json:"certificate" maxLength:"8000" doc:"Of the desk, self-signed by a key that stays there; X.509 DER, Base64"`
	}
}

// paired is what the station says to a new desk.
type paired struct {
	Desk  string `json:"desk"`
	Place string `json:"place,omitempty"`
}

func deskOf(d registry.Desk) desk {
	row := desk{ID: d.ID, Place: d.Place, InvitedBy: d.InvitedBy, PairedAt: moment(d.PairedAt), RevokedAt: moment(d.RevokedAt)}
	if d.Code != nil {
		row.CodeUntil = moment(d.ExpiresAt)
	}
	return row
}

func desks(a *api) {
	get(a, access.ManagePeople, "/v1/desks", "listDesks", "The computers at counters whose agents bring devices to the pages",
		func(ctx context.Context, _ *struct{}) (*answer[list[desk]], error) {
			all, err := a.Registry.Desks(ctx)
			return whole(all, err, deskOf)
		})
	get(a, access.ManagePeople, "/v1/desks/{desk}", "getDesk", "One computer at a counter", func(ctx context.Context, in *DeskName) (*answer[desk], error) {
		all, err := a.Registry.Desks(ctx)
		d, err := among(all, err, func(d registry.Desk) bool { return d.ID == in.Desk })
		return thing(d, err, deskOf)
	})
	change(a, registry.InviteDesk{}, "/v1/desks/{desk}/invitation", "inviteDesk", "Open the pairing of a computer, once",
		func(_ context.Context, in *deskWish) (registry.Operation, error) {
			return registry.InviteDesk{ID: in.Desk, Place: in.Body.Place, Hash: in.Body.Hash, ExpiresAt: in.Body.ExpiresAt}, nil
		})
	change(a, registry.RevokeDesk{}, "/v1/desks/{desk}/revocation", "revokeDesk", "End what a desk may, at once",
		func(_ context.Context, in *deskName) (registry.Operation, error) {
			return registry.RevokeDesk{Desk: in.Desk}, nil
		})
	huma.Register(a.huma, huma.Operation{
		OperationID: "pairDesk", Method: http.MethodPost, Path: "/v1/desks/pairing", Summary: "Become a desk of the station by an open code",
		Description: readers(anyone), DefaultStatus: http.StatusOK, MaxBodyBytes: usualBody, Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}, func(ctx context.Context, in *pairing) (*answer[paired], error) {
		d, err := a.pair(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return &answer[paired]{paired{d.ID, d.Place}}, nil
	})
}

// pair keeps the certificate of a computer that knows an open code and has the certificate's key.
func (a *api) pair(ctx context.Context, in *pairing) (registry.Desk, error) {
	const op = "api.pair"
	c, err := x509.ParseCertificate(in.Body.Certificate)
	if err != nil || !web.IsDesk(c) {
		return registry.Desk{}, web.BadParameter.At(op, err).With("certificate", "no certificate of a desk, signed by its own key")
	}
	return a.Registry.PairDesk(ctx, registry.PairingHash(in.Body.Code), sha256.Sum256(c.Raw))
}

// deskUse shows the ticket of a page, which is used up by it.
type deskUse struct {
	Body struct {
		Ticket string `json:"ticket" minLength:"1" maxLength:"100" doc:"Of the page, for one act"`
		Act    string `json:"act" enum:"card,capture"`
	}
}

// deskChallenge asks for what the card on the reader of a desk has to answer.
type deskChallenge struct {
	Body struct {
		Ticket string `json:"ticket" minLength:"1" maxLength:"100" doc:"Of the page, for what follows"`
		Act    string `json:"act,omitempty" enum:"match,show" default:"match"`
		Chip   string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
	}
}

// deskShow shows a card on the reader of a desk.
type deskShow struct {
	Body struct {
		Ticket   string   `json:"ticket" minLength:"1" maxLength:"100" doc:"Of the page; the same again answers as before"`
		Chip     string   `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
		Presence presence `json:"presence" doc:"The chip's answer to a challenge of the station"`
	}
}

// deskExamination is what a desk read from the chip on its reader, without a word of its holder.
type deskExamination struct {
	Body struct {
		Ticket  string   `json:"ticket" minLength:"1" maxLength:"100" doc:"Of the page; the same again answers as before"`
		Chip    string   `json:"chip,omitempty" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"Absent: it was not read"`
		State   string   `json:"state,omitempty" enum:"blank,claimed,written,active,blocked,terminated,foreign" doc:"Absent: it was not read"`
		Cause   string   `json:"cause" pattern:"^[a-z_]{1,60}$" patternDescription:"small letters and _" doc:"Code of the finding"`
		Mark    string   `json:"mark" enum:"good,bad,warning"`
		Finding string   `json:"finding" minLength:"1" maxLength:"500" doc:"As it is told, in Indonesian"`
		Steps   []string `json:"steps" minItems:"1" maxItems:"10"`
	}
}

// deskMatch is one try of a 1:1 that a desk carries to the station for the person whose page gave the ticket.
type deskMatch struct {
	Body struct {
		Ticket string `json:"ticket" minLength:"1" maxLength:"100" doc:"Of the page, for one try; the same try again answers as before"`
		Chip   string `json:"chip" pattern:"^[0-9A-F]{20}$" patternDescription:"20 hex digits" doc:"UID of the chip, as read from the card"`
		Holder
		_ struct{} `json:"-" additionalProperties:"false"`
	}
}

// deskMatches lets desks hand in what they read. The operation is that of the person at the page, and what
// this person may counts; the desk itself may nothing.
func deskMatches(a *api) {
	atDesk(a, "ticketAtDesk", "/v1/desk/ticket", "Whether a page of this person lets the desk read the card or capture a part, once", usualBody,
		func(ctx context.Context, in *deskUse) (*struct{}, error) {
			return nil, a.Registry.UseTicket(ctx, web.ActorOf(ctx), registry.DeskAct(in.Body.Act), in.Body.Ticket)
		})
	atDesk(a, "challengeAtDesk", "/v1/desk/challenge", "What the card on the reader has to answer for one act", usualBody,
		func(ctx context.Context, in *deskChallenge) (*answer[challenge], error) {
			who, _, _, err := a.Registry.OnTicket(ctx, web.ActorOf(ctx), registry.DeskAct(in.Body.Act), in.Body.Ticket)
			if err != nil {
				return nil, err
			}
			return a.challenge(ctx, who, in.Body.Chip)
		})
	atDesk(a, "showAtDesk", "/v1/desk/shown", "Show that a card lies on the reader of a desk, for the person whose page gave the ticket", usualBody,
		func(ctx context.Context, in *deskShow) (*answer[done], error) {
			b := in.Body
			who, _, key, err := a.Registry.OnTicket(ctx, web.ActorOf(ctx), registry.DeskShows, b.Ticket)
			if err != nil {
				return nil, err
			}
			res, err := a.Registry.Do(ctx, who, registry.ShowCard{Chip: ktp.ChipUID(b.Chip), Presence: b.Presence.shown()}, key)
			if err != nil {
				return nil, err
			}
			return &answer[done]{a.done(res)}, nil
		})
	atDesk(a, "examineAtDesk", "/v1/desk/examination", "Keep what the chip on the reader of a desk told of itself, for the person whose page gave the ticket", usualBody,
		func(ctx context.Context, in *deskExamination) (*answer[done], error) {
			b := in.Body
			who, t, key, err := a.Registry.OnTicket(ctx, web.ActorOf(ctx), registry.DeskExamines, b.Ticket)
			if err != nil {
				return nil, err
			}
			res, err := a.Registry.Do(ctx, who, registry.ExamineChip{
				Chip: ktp.ChipUID(b.Chip), Named: t.Chip, State: registry.ChipState(b.State), Cause: b.Cause, Told: registry.Told{Mark: b.Mark, Finding: b.Finding, Steps: b.Steps},
			}, key)
			if err != nil {
				return nil, err
			}
			return &answer[done]{a.done(res)}, nil
		})
	atDesk(a, "matchAtDesk", "/v1/desk/match", "One try of a 1:1 at a desk, in the name of the person whose page gave the ticket", holderBody,
		func(ctx context.Context, in *deskMatch) (*answer[done], error) {
			b := in.Body
			who, t, key, err := a.Registry.OnTicket(ctx, web.ActorOf(ctx), registry.DeskMatches, b.Ticket)
			if err != nil {
				return nil, err
			}
			id := t.Application
			live, err := b.fingers(ctx)
			if err != nil {
				return nil, err
			}
			var try registry.Operation = registry.VerifyHolder{Application: id, Chip: ktp.ChipUID(b.Chip), Live: live, OnChip: b.files(), Presence: b.Presence.shown(), NotGenuine: b.NotGenuine}
			if c, err := a.Registry.CardByChip(ctx, ktp.ChipUID(b.Chip)); err == nil && c.Application == id && c.State == registry.CardInForce { // it was handed over without a match
				try = registry.MatchLater{Chip: ktp.ChipUID(b.Chip), Live: live, OnChip: b.files(), Presence: b.Presence.shown(), Confirmed: t.Confirmed, NotGenuine: b.NotGenuine}
			}
			res, err := a.Registry.Do(ctx, who, try, key)
			if err != nil {
				return nil, err
			}
			return &answer[done]{a.done(res)}, nil
		})
}

// atDesk registers one address at which a desk acts for the person whose page gave the ticket.
func atDesk[I, O any](a *api, id, path, what string, body int64, do func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Summary: what,
		Description: readers(access.ServeDesk), DefaultStatus: http.StatusOK, MaxBodyBytes: body, Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}
	a.secure(&op, access.ServeDesk)
	op.Middlewares = huma.Middlewares{a.admit(func(ctx context.Context, who access.Actor) error {
		if who.May(access.ServeDesk) {
			return nil
		}
		return a.Registry.Refuse(ctx, who, registry.VerifyHolder{}.Name())
	})}
	register(a, op, do)
}
