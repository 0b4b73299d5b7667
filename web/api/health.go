package api

import (
	"context"
	"net/http"
	"time"

	"blanko/jobs"
)

// condition tells whether the station can work.
type condition struct {
	Status    string    `json:"status" enum:"ok,attention" doc:"attention: a line is stopped or refused"`
	Version   string    `json:"version" doc:"Of the program"`
	StartedAt time.Time `json:"startedAt"`
	Now       time.Time `json:"now" doc:"The station's clock"`
	Lines     lineCount `json:"lines"`
}

type lineCount struct {
	All       int `json:"all"`
	Running   int `json:"running"`
	Attention int `json:"attention" doc:"Stopped, paused or refused"`
}

// needsAttention are observed states of a line that somebody must look at.
var needsAttention = map[string]bool{"refused": true, "stopped": true}

func health(a *api) {
	get(a, anyone, "/v1/health", "getHealth", "Whether the station can work",
		func(ctx context.Context, _ *struct{}) (*answer[condition], error) {
			c, err := a.condition(ctx)
			if err != nil {
				return nil, err
			}
			return &answer[condition]{c}, nil
		})
}

func (a *api) condition(ctx context.Context) (condition, error) {
	all, err := a.Registry.Lines(ctx)
	if err != nil {
		return condition{}, err
	}
	c := condition{Status: "ok", Version: a.Version, StartedAt: a.began.UTC(), Now: a.Now().UTC(), Lines: lineCount{All: len(all)}}
	for _, l := range all {
		switch {
		case needsAttention[l.Observed.State], l.Observed.Silent, l.Observed.Reason != "", l.Wish != jobs.Running:
			c.Status = "attention"
			c.Lines.Attention++
		case l.Observed.State == "running":
			c.Lines.Running++
		}
	}
	return c, nil
}

// healthz is for a program that watches: 200 when the ledger answers.
func (a *api) healthz(w http.ResponseWriter, r *http.Request) {
	if _, err := a.Registry.Lines(r.Context()); err != nil {
		a.Problems.Write(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // who asked has gone
}
