package api

import (
	"context"
	"strings"
	"time"

	"blanko/registry/access"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// attempt is one try at one blank.
type attempt struct {
	ID          string     `json:"id" doc:"32 hex digits, as on the chip"`
	Order       string     `json:"order"`
	Application string     `json:"application" doc:"The center's id of the request"`
	Line        string     `json:"line"`
	Kind        string     `json:"kind" enum:"inline,inline_eye,one_way,desktop" doc:"Of the line when it began"`
	State       string     `json:"state" doc:"What is true of the card"`
	Chip        string     `json:"chip,omitempty" doc:"UID of the chip, from the first step that read it"`
	Fed         bool       `json:"fed" doc:"A blank was used, or may have been"`
	Condemned   bool       `json:"condemned" doc:"A step failed after the feed: only the ways out are left"`
	Ended       bool       `json:"ended"`
	Cause       *web.Cause `json:"cause,omitempty" doc:"The first step that did not go well"`
	Match       string     `json:"match,omitempty" enum:"matched_1_1,equal_by_hash,wrong_person" doc:"How the post-write 1:1 came out"`
	Score       int        `json:"score,omitempty"`
	Place       string     `json:"place,omitempty" doc:"Where a card in doubt was last thought to be"`
	StartedAt   time.Time  `json:"startedAt"`
	EndedAt     *time.Time `json:"endedAt,omitempty"`
}

// attemptDetail is one attempt with what the ledger knows of it.
type attemptDetail struct {
	Attempt attempt `json:"attempt"`
	Journal []note  `json:"journal" nullable:"false" doc:"Intents and outcomes, oldest first"`
	Blank   *blank  `json:"blank,omitempty" doc:"Absent: none was used"`
	Card    *Card   `json:"card,omitempty" doc:"Absent: the chip was never active"`
	Events  []event `json:"events" nullable:"false" doc:"Oldest first"`
}

// note is one line of the journal.
type note struct {
	ID       int64     `json:"id"`
	Step     string    `json:"step"`
	Phase    string    `json:"phase" enum:"intent,settled" doc:"intent: durable before the act; settled: the act is over"`
	Try      int       `json:"try" doc:"1 for the first try of the step"`
	Actor    string    `json:"actor" doc:"Line or person"`
	At       time.Time `json:"at"`
	Evidence *evidence `json:"evidence,omitempty" doc:"What was read of the world with an intent"`
	Outcome  *outcome  `json:"outcome,omitempty" doc:"How a settled step ended"`
}

// evidence decides after a crash what happened. An absent number: the device cannot tell.
type evidence struct {
	Position   string `json:"position,omitempty" doc:"Of the card, by the sensor"`
	Cards      *int   `json:"cards,omitempty" doc:"Card counter"`
	Panels     *int   `json:"panels,omitempty" doc:"Panel counter"`
	RibbonLeft *int   `json:"ribbonLeft,omitempty"`
	Job        string `json:"job,omitempty"`
	Chip       string `json:"chip,omitempty"`
	ChipState  string `json:"chipState,omitempty"`
	ChipHolds  string `json:"chipHolds,omitempty" doc:"Attempt id on the chip"`
	Profile    string `json:"profile,omitempty" doc:"Of a feed: SHA-256 of the card profile, hex"`
	Artwork    string `json:"artwork,omitempty" doc:"Of a feed: SHA-256 of the template of the face, hex"`
	Standard   string `json:"standard,omitempty" doc:"Of a feed: SHA-256 of the service standard in force, hex"`
}

type outcome struct {
	Result string     `json:"result" enum:"done,failed,unknown,refused,withdrawn"`
	Cause  *web.Cause `json:"cause,omitempty"`
	Chip   string     `json:"chip,omitempty"`
	Tray   string     `json:"tray,omitempty" enum:"output,reject"`
	Match  string     `json:"match,omitempty" enum:"matched_1_1,equal_by_hash,wrong_person"`
	Score  int        `json:"score,omitempty"`
	Bytes  int        `json:"chipBytes,omitempty" doc:"Of a write: bytes of all files on the chip"`
	Room   int        `json:"chipRoom,omitempty" doc:"Of a write: bytes that the chip has for files"`
	Millis int64      `json:"millis,omitempty" doc:"By the line's clock"`
	Where  string     `json:"where,omitempty" doc:"Of a card that stays in doubt"`
}

// blank is where the plastic of an attempt is.
type blank struct {
	Lot   string    `json:"lot"`
	Place string    `json:"place"`
	Since time.Time `json:"since"`
}

type attemptFilter struct {
	State string `query:"state" enum:"open,fed,claimed,written,matched,printed,accepted,activated,checked,out,in doubt,blocked,spoiled,revoked,lost,void" doc:"Only attempts in this state"`
	Line  string `query:"line" maxLength:"64" doc:"Only attempts of this line"`
	Period
	Paging
}

type attemptID struct {
	ID string `path:"id" pattern:"^[0-9A-Fa-f]{32}$" patternDescription:"32 hex digits" doc:"Attempt id"`
}

func attempts(a *api) {
	get(a, access.SeeOrders, "/v1/attempts", "listAttempts", "Attempts, oldest first",
		func(ctx context.Context, in *attemptFilter) (*answer[list[attempt]], error) {
			f := jobs.AttemptFilter{State: jobs.State(in.State), Line: jobs.LineID(in.Line), Since: in.Since, Until: in.Until}
			if in.Cursor != "" {
				k, err := in.place(len(attemptKey(jobs.Attempt{}).Rank))
				if err != nil {
					return nil, err
				}
				f.Started = time.UnixMicro(k.Rank[0])
				if f.ID, err = ktp.ParseAttemptID(k.ID); err != nil {
					return nil, notOfThisList()
				}
			}
			return page(in.Paging, func(limit int) ([]jobs.Attempt, error) {
				f.Limit = limit
				return a.Registry.AttemptsBehind(ctx, f)
			}, attemptKey, a.attempt)
		})
	get(a, access.SeeOrders, "/v1/attempts/{id}", "getAttempt", "One attempt with its journal",
		func(ctx context.Context, in *attemptID) (*answer[attemptDetail], error) {
			id, err := ktp.ParseAttemptID(strings.ToLower(in.ID))
			if err != nil {
				return nil, web.BadParameter.At("api.attempt", err).With("id", "32 hex digits")
			}
			d, err := a.Registry.Attempt(ctx, id)
			if err != nil {
				return nil, err
			}
			return &answer[attemptDetail]{a.detail(d)}, nil
		})
}

func attemptKey(t jobs.Attempt) key {
	return key{[]int64{t.StartedAt.UnixMicro()}, t.ID.String()}
}

func (a *api) attempt(t jobs.Attempt) attempt {
	return attempt{
		ID: t.ID.String(), Order: string(t.Order), Application: t.Application, Line: string(t.Line), Kind: string(t.Kind), State: string(t.State),
		Chip: string(t.Chip), Fed: t.Fed, Condemned: t.Condemned, Ended: t.Ended, Cause: a.Problems.Explain(t.Cause), Match: string(t.Match),
		Score: t.Score, Place: t.Place, StartedAt: t.StartedAt.UTC(), EndedAt: moment(t.EndedAt),
	}
}

func (a *api) detail(d registry.AttemptDetail) attemptDetail {
	out := attemptDetail{Attempt: a.attempt(d.Attempt), Journal: []note{}, Events: []event{}}
	for _, n := range d.Journal {
		out.Journal = append(out.Journal, a.note(n))
	}
	for _, e := range d.Events {
		out.Events = append(out.Events, eventOf(e))
	}
	if d.Blank != nil {
		out.Blank = &blank{Lot: d.Blank.Lot, Place: d.Blank.Place.String(), Since: d.Blank.Since.UTC()}
	}
	if d.Card != nil {
		c := a.card(*d.Card)
		out.Card = &c
	}
	return out
}

// note leaves out the hashes of the files: they are of personal data short enough to be guessed.
func (a *api) note(n jobs.Note) note {
	out := note{ID: n.ID, Step: string(n.Step), Phase: string(n.Phase), Try: n.N, Actor: n.Actor, At: n.At.UTC()}
	if n.Phase == jobs.Intent {
		e := n.Evidence
		out.Evidence = &evidence{
			Position: e.Card, Cards: e.Cards, Panels: e.Panels, RibbonLeft: e.RibbonLeft, Job: e.Job,
			Chip: string(e.Chip), ChipState: e.ChipState, ChipHolds: e.ChipHolds, Profile: e.Profile, Artwork: e.Artwork, Standard: e.Standard,
		}
		return out
	}
	o := n.Outcome
	out.Outcome = &outcome{
		Result: string(o.Result), Cause: a.Problems.Explain(o.Cause), Chip: string(o.Chip), Tray: o.Tray, Match: string(o.Match),
		Score: o.Score, Bytes: o.Bytes, Room: o.Room, Millis: o.Millis, Where: o.Where,
	}
	return out
}
