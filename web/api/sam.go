package api

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// SAMGrant is what a station's token signs for a SAM: one renewal, for the nonce that the SAM drew.
type SAMGrant struct {
	Serial       [8]byte
	Nonce        [16]byte
	Uses         int
	Today, Until time.Time
}

// samRow is a SAM of the register.
type samRow struct {
	Serial     string     `json:"serial" doc:"16 hex digits"`
	State      string     `json:"state" enum:"issued,lost,taken_back"`
	Place      string     `json:"place,omitempty" doc:"Service place; absent: the Dinas"`
	Seal       string     `json:"seal,omitempty"`
	Generation int        `json:"generation" doc:"Of MK_SAM"`
	Check      string     `json:"check" doc:"Check value of MK_SAM, hex"`
	Uses       int        `json:"uses" doc:"That one renewal grants"`
	Days       int        `json:"days" doc:"That one renewal grants"`
	Spent      int        `json:"spent" doc:"Uses, as it told at its renewals"`
	DaysUsed   int        `json:"daysUsed" doc:"From its first renewal to today, its last day, or its end"`
	Renewals   int        `json:"renewals"`
	RenewedAt  *time.Time `json:"renewedAt,omitempty"`
	Until      string     `json:"until,omitempty" format:"date" doc:"Its last day"`
	IssuedBy   string     `json:"issuedBy"`
	IssuedAt   time.Time  `json:"issuedAt"`
	EndedBy    string     `json:"endedBy,omitempty"`
	EndedAt    *time.Time `json:"endedAt,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"Why it ended"`
}

// samRenewal is one renewal of a SAM.
type samRenewal struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Desk  string    `json:"desk"`
	Spent int       `json:"spent" doc:"Uses since the one before, as the SAM told"`
	Uses  int       `json:"uses" doc:"Granted"`
	Until string    `json:"until" format:"date" doc:"Granted, its last day"`
}

// affectedCard is a card that a SAM can read.
type affectedCard struct {
	Chip        string `json:"chip"`
	Application string `json:"application"`
	State       string `json:"state" doc:"Of the card"`
	Recorded    bool   `json:"recorded" doc:"false: the ledger does not know its masters; it may be one of them"`
}

// SAMName names a SAM.
type SAMName struct {
	Serial string `path:"serial" pattern:"^[0-9A-Fa-f]{16}$" patternDescription:"16 hex digits"`
}

type samIssue struct {
	Keyed
	SAMName
	Body struct {
		Place      string `json:"place,omitempty" maxLength:"64"`
		Seal       string `json:"seal,omitempty" maxLength:"64"`
		Generation int    `json:"generation" minimum:"1" maximum:"255"`
		Check      string `json:"check" pattern:"^[0-9A-Fa-f]{6}$" patternDescription:"6 hex digits"`
		Uses       int    `json:"uses" minimum:"1" maximum:"10000"`
		Days       int    `json:"days" minimum:"1" maximum:"31"`
	}
}

type samEnd struct {
	Keyed
	SAMName
	Body struct {
		Because
	}
}

// samAsk is what a desk asks for the SAM in its reader.
type samAsk struct {
	Body struct {
		Serial string `json:"serial" pattern:"^[0-9A-Fa-f]{16}$" patternDescription:"16 hex digits"`
		Nonce  string `json:"nonce" pattern:"^[0-9A-Fa-f]{32}$" patternDescription:"32 hex digits" doc:"Drawn by the SAM; the same one again answers as before"`
		Check  string `json:"check" pattern:"^[0-9A-Fa-f]{6}$" patternDescription:"6 hex digits" doc:"Of MK_SAM, as the SAM tells"`
		Left   int    `json:"left" minimum:"0" doc:"Uses, as the SAM tells"`
		Used   int    `json:"used" minimum:"0" doc:"Uses ever, as the SAM tells"`
	}
}

// samGranted is what the SAM is shown.
type samGranted struct {
	Uses      int    `json:"uses"`
	Today     string `json:"today" format:"date"`
	Until     string `json:"until" format:"date"`
	Signature []byte `json:"signature" doc:"Of the token, over serial number, nonce, uses and days; Base64"`
}

func samOf(s registry.SAM) samRow {
	row := samRow{
		s.Serial, string(s.State), s.Place, s.Seal, s.Generation, s.Check, s.Uses, s.Days, s.Spent, s.DaysUsed, s.Renewals, moment(s.RenewedAt), "",
		s.IssuedBy, s.IssuedAt.UTC(), s.EndedBy, moment(s.EndedAt), s.Reason,
	}
	if !s.Until.IsZero() {
		row.Until = s.Until.Format(time.DateOnly)
	}
	return row
}

func sams(a *api) {
	get(a, access.SeeEvents, "/v1/sams", "listSAMs", "The register of SAMs",
		func(ctx context.Context, _ *struct{}) (*answer[list[samRow]], error) {
			all, err := a.Registry.SAMs(ctx)
			return whole(all, err, samOf)
		})
	get(a, access.SeeEvents, "/v1/sams/{serial}", "getSAM", "One SAM of the register", func(ctx context.Context, in *SAMName) (*answer[samRow], error) {
		s, err := a.Registry.SAM(ctx, in.Serial)
		return thing(s, err, samOf)
	})
	get(a, access.SeeEvents, "/v1/sams/{serial}/renewals", "listSAMRenewals", "The renewals of a SAM, newest first",
		func(ctx context.Context, in *SAMName) (*answer[list[samRenewal]], error) {
			all, err := a.Registry.SAMRenewals(ctx, in.Serial)
			if err != nil {
				return nil, err
			}
			out := &answer[list[samRenewal]]{list[samRenewal]{Items: []samRenewal{}}}
			for _, n := range all {
				out.Body.Items = append(out.Body.Items, samRenewal{n.ID, n.At.UTC(), n.Desk, n.Spent, n.Uses, n.Until.Format(time.DateOnly)})
			}
			return out, nil
		})
	get(a, access.SeeEvents, "/v1/sams/{serial}/cards", "listCardsOfSAM", "The cards that a SAM can read: those to renew where it was lost",
		func(ctx context.Context, in *SAMName) (*answer[list[affectedCard]], error) {
			all, err := a.Registry.CardsOfSAM(ctx, in.Serial)
			if err != nil {
				return nil, err
			}
			out := &answer[list[affectedCard]]{list[affectedCard]{Items: []affectedCard{}}}
			for _, c := range all {
				out.Body.Items = append(out.Body.Items, affectedCard{string(c.Chip), string(c.Application), string(c.State), c.Recorded})
			}
			return out, nil
		})
	change(a, registry.IssueSAM{}, "/v1/sams/{serial}/issue", "issueSAM", "Put a SAM into the register, for a service place",
		func(_ context.Context, in *samIssue) (registry.Operation, error) {
			b := in.Body
			return registry.IssueSAM{Serial: in.Serial, Generation: b.Generation, Check: b.Check, Place: b.Place, Seal: b.Seal, Uses: b.Uses, Days: b.Days}, nil
		})
	change(a, registry.LoseSAM{}, "/v1/sams/{serial}/loss", "loseSAM", "Report a SAM lost: it is not renewed, and no card is made under its master key any more; one person suffices to stop, two resume",
		func(_ context.Context, in *samEnd) (registry.Operation, error) {
			return registry.LoseSAM{Serial: in.Serial, Because: in.Body.why()}, nil
		})
	change(a, registry.FindSAM{}, "/v1/sams/{serial}/finding", "findSAM", "Take a SAM back that was reported lost and was out of nobody's hands: cards are made under its master key again",
		func(_ context.Context, in *samEnd) (registry.Operation, error) {
			return registry.FindSAM{Serial: in.Serial, Because: in.Body.why()}, nil
		})
	change(a, registry.TakeBackSAM{}, "/v1/sams/{serial}/return", "takeBackSAM", "Take a SAM back from its place",
		func(_ context.Context, in *samEnd) (registry.Operation, error) {
			return registry.TakeBackSAM{Serial: in.Serial, Because: in.Body.why()}, nil
		})
	paperOf(a, registry.PaperSAM, "/v1/sams/{serial}/papers/receipt", "printSAMReceipt", "The receipt of a SAM that goes to its place, or that came back", false,
		func(f *form, in *struct {
			Keyed
			SAMName
		},
		) (filled, error) {
			return samPaper(f, in.Serial)
		})
	renewSAM(a)
}

func samPaper(f *form, serial string) (filled, error) {
	s, err := f.api.Registry.SAM(f.ctx, serial)
	if err != nil {
		return filled{}, err
	}
	if s.State == registry.SAMLost {
		return f.missing("serial", "it is lost")
	}
	p := paper.SAMReceipt{
		Serial: s.Serial, Generation: s.Generation, Check: strings.ToUpper(s.Check), Seal: s.Seal, Place: f.place(s.Place), Uses: s.Uses, Days: s.Days,
		IssuedBy: f.officer(s.IssuedBy), IssuedAt: f.local(s.IssuedAt),
	}
	if s.State == registry.SAMTakenBack {
		p.ReturnedBy, p.ReturnedAt, p.Reason, p.Spent = f.officer(s.EndedBy), f.local(s.EndedAt), s.Reason, s.Spent
	}
	return filled{subject: s.Serial, content: p, draw: func(h paper.Heading) ([]byte, error) {
		p.Heading = h
		return paper.SAMReceiptPage(p)
	}}, nil
}

// renewSAM lets a desk renew the SAM in its reader: the ledger grants, then the token signs.
func renewSAM(a *api) {
	op := a.posting(registry.RowOf(registry.RenewSAM{}.Name()), usualBody, "/v1/desk/sam", "renewSAM", "Renew the SAM of a desk, as much as the register of SAMs grants")
	register(a, op, func(ctx context.Context, in *samAsk) (*answer[samGranted], error) {
		const where = "api.renewSAM"
		b := in.Body
		var g SAMGrant
		serial, err := hex.DecodeString(b.Serial)
		nonce, nonceErr := hex.DecodeString(b.Nonce)
		if err != nil || nonceErr != nil || len(serial) != len(g.Serial) || len(nonce) != len(g.Nonce) {
			return nil, web.BadParameter.At(where, nil).With("serial", "16 hex digits, and 32 of the nonce")
		}
		if a.SignSAM == nil {
			return nil, registry.SAMUnsigned.At(where, nil)
		}
		if a.SAMsReady != nil { // a renewal that nobody signs would count
			if err := a.SAMsReady(ctx); err != nil {
				return nil, err
			}
		}
		res, err := a.Registry.Do(ctx, web.ActorOf(ctx), registry.RenewSAM{Serial: b.Serial, Nonce: b.Nonce, Check: b.Check, Left: b.Left, Used: b.Used}, "sam-"+strings.ToLower(b.Serial+b.Nonce))
		if err != nil {
			return nil, err
		}
		n, err := a.Registry.SAMRenewal(ctx, res.Answer)
		if err != nil {
			return nil, err
		}
		g = SAMGrant{[8]byte(serial), [16]byte(nonce), n.Uses, n.At, n.Until}
		signature, err := a.SignSAM(ctx, g)
		if err != nil {
			return nil, err
		}
		return &answer[samGranted]{samGranted{g.Uses, g.Today.UTC().Format(time.DateOnly), g.Until.Format(time.DateOnly), signature}}, nil
	})
}
