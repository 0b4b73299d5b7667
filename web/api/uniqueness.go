package api

import (
	"context"
	"encoding/hex"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// found is a result of the 1:N search.
type found struct {
	Application string     `json:"application"`
	Encounter   int        `json:"encounter" doc:"Which package of the application"`
	Result      string     `json:"result" enum:"unique,duplicate,adjudicate,enroll_failure,search_failure"`
	Reason      string     `json:"reason,omitempty"`
	At          time.Time  `json:"at"`
	ReadAt      *time.Time `json:"readAt,omitempty"`
	ReadBy      string     `json:"readBy,omitempty"`
}

func foundOf(f registry.Found) found {
	return found{string(f.Application), f.Encounter, string(f.Result), f.Reason, f.At.UTC(), moment(f.ReadAt), f.ReadBy}
}

// ageing counts the open applications of one state by how long they stand in it.
type ageing struct {
	State  string    `json:"state"`
	Word   string    `json:"word"`
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest"`
	Late   int       `json:"late" doc:"For longer than alarmHours"`
	Alarm  float64   `json:"alarmHours"`
}

// statement is what is signed of a record.
type statement struct {
	Statement []byte `json:"statement" doc:"Canonical JSON (RFC 8785), Base64"`
}

type candidate struct {
	Application string `json:"application"`
	Score       int    `json:"score" doc:"The best of any finger, 0 to 100"`
}

func uniqueness(a *api) {
	change(a, registry.Send{}, "/v1/applications/{application}/sending", "sendEnrolment", "Send the package to the 1:N search",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.Send{Application: in.id()}, nil
		})
	change(a, registry.Resend{}, "/v1/applications/{application}/resending", "resendEnrolment", "Send a package again that got lost",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.Resend{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.ReadResult{}, "/v1/applications/{application}/result/reading", "readResult", "Read the newest result of the 1:N search; only a unique one that was read goes on",
		func(_ context.Context, in *ApplicationKeyed) (registry.Operation, error) {
			return registry.ReadResult{Application: in.id()}, nil
		})
	change(a, registry.AdjudicateResult{}, "/v1/applications/{application}/adjudication", "adjudicate", "Decide whether two records are of one person",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Decision string `json:"decision" enum:"different_person,same_person"`
				Because
			}
		},
		) (registry.Operation, error) {
			return registry.AdjudicateResult{Application: in.id(), Decision: registry.Decision(in.Body.Decision), Because: in.Body.why()}, nil
		})
	change(a, registry.ClearDuplicate{}, "/v1/applications/{application}/duplicate-clearing", "clearDuplicate", "A duplicate is none after all",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.ClearDuplicate{Application: in.id(), Because: in.Body.why()}, nil
		})
	change(a, registry.CloseApplication{}, "/v1/applications/{application}/desk-closing", "closeAtDesk", "End an application that stands at a desk of the 1:N search",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.CloseApplication{Application: in.id(), Because: in.Body.why()}, nil
		})
	doc(a, usualBody, "uniqueness.search", "/v1/applications/{application}/search", "searchHere", "Run the 1:N search here, where the station stands alone",
		func(ctx context.Context, in *ApplicationKeyed) (registry.Result, error) {
			return a.Registry.Search(ctx, actor(ctx), in.id(), in.Key)
		})
	get(a, access.ReadResults, "/v1/applications/{application}/statement", "getStatement", "What the data center officer's key signs, where the station stands alone; personal data",
		func(ctx context.Context, in *ApplicationName) (*answer[statement], error) {
			text, err := a.Registry.LocalStatement(ctx, in.id())
			if err != nil {
				return nil, err
			}
			return &answer[statement]{statement{text}}, nil
		})
	change(a, registry.IssueRecord{}, "/v1/applications/{application}/record", "issueRecord", "Make the print-ready record here, signed by the data center officer's key",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				KeyID     string `json:"keyId" pattern:"^[0-9a-f]{16}$" patternDescription:"16 hex digits" doc:"First 8 bytes of the SHA-256 of the key (SPKI)"`
				Signature string `json:"signature" pattern:"^[0-9a-f]{128}$" patternDescription:"128 hex digits" doc:"ECDSA P-256 over the SHA-256 of the statement, r and s"`
			}
		},
		) (registry.Operation, error) {
			op := registry.IssueRecord{Application: in.id()}
			if _, err := hex.Decode(op.KeyID[:], []byte(in.Body.KeyID)); err != nil {
				return op, web.BadParameter.At("api.record", err).With("keyId", "16 hex digits")
			}
			if _, err := hex.Decode(op.Signature[:], []byte(in.Body.Signature)); err != nil {
				return op, web.BadParameter.At("api.record", err).With("signature", "128 hex digits")
			}
			return op, nil
		})
	get(a, access.ReadResults, "/v1/results/unread", "listUnreadResults", "Results that nobody has read",
		func(ctx context.Context, in *Paging) (*answer[list[found]], error) {
			return timePage(*in, func(after registry.Seen, limit int) ([]registry.Found, error) {
				return a.Registry.UnreadResults(ctx, after, limit)
			},
				func(f registry.Found) registry.Seen { return registry.Seen{At: f.At, ID: string(f.Application)} }, foundOf)
		})
	get(a, access.SeeApplications, "/v1/applications/{application}/results", "listResults", "Results of an application",
		func(ctx context.Context, in *ApplicationName) (*answer[list[found]], error) {
			return founds(a.Registry.Results(ctx, in.id()))
		})
	get(a, access.ReadResults, "/v1/applications/{application}/candidates", "listCandidates", "Whom an application is alike to",
		func(ctx context.Context, in *ApplicationName) (*answer[list[candidate]], error) {
			all, err := a.Registry.Candidates(ctx, in.id())
			if err != nil {
				return nil, err
			}
			out := &answer[list[candidate]]{list[candidate]{Items: []candidate{}}}
			for _, c := range all {
				out.Body.Items = append(out.Body.Items, candidate{string(c.Application), c.Score})
			}
			return out, nil
		})
	get(a, access.SeeApplications, "/v1/ageing", "getAgeing", "Open applications by state, and how many stand there for too long",
		func(ctx context.Context, _ *struct{}) (*answer[list[ageing]], error) {
			all, err := a.Registry.AgeingList(ctx)
			if err != nil {
				return nil, err
			}
			out := &answer[list[ageing]]{list[ageing]{Items: []ageing{}}}
			for _, g := range all {
				out.Body.Items = append(out.Body.Items, ageing{string(g.State), string(g.Word), g.Count, g.Oldest.UTC(), g.Late, g.Alarm.Hours()})
			}
			return out, nil
		})
}

func founds(all []registry.Found, err error) (*answer[list[found]], error) {
	return whole(all, err, foundOf)
}
