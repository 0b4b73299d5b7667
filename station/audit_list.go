package station

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/audit"
)

// AuditListCommand is blanko audit list.
type AuditListCommand struct {
	ConfigFile
	After       int64  `help:"Only events after this number."`
	Limit       int    `default:"100" help:"At most so many events (1 to 1000)."`
	Application string `help:"Only events of this application."`
	Attempt     string `help:"Only events of this attempt (32 hex digits)."`
	Chip        string `help:"Only events of this chip."`
	Code        string `help:"Only this code, or every code of a room: card."`
	JSON        bool   `name:"json" help:"Print the events as JSON."`
}

// listedEvent is an event as list prints it in JSON.
type listedEvent struct {
	ID          int64             `json:"id"`
	At          time.Time         `json:"at"`
	Actor       string            `json:"actor"`
	Code        string            `json:"code"`
	What        string            `json:"what"` // in the language asked for
	Application string            `json:"application,omitempty"`
	Attempt     string            `json:"attempt,omitempty"`
	Chip        ktp.ChipUID       `json:"chip,omitempty"`
	Line        string            `json:"line,omitempty"`
	Detail      map[string]string `json:"detail,omitempty"`
}

// Run lists, oldest first.
func (c AuditListCommand) Run(ctx context.Context, t Terminal) error {
	const most = 1000
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	return cfg.withLedger(ctx, func(reg *registry.Registry) error {
		found, err := reg.Events(ctx, c.After, min(max(c.Limit, 1), most), audit.Filter{
			Application: c.Application, Attempt: c.Attempt, Chip: c.Chip, Code: c.Code,
		})
		if err != nil {
			return err
		}
		list := make([]listedEvent, len(found))
		for i, e := range found {
			list[i] = listedEvent{e.ID, e.At.UTC(), e.Actor, e.Code, t.Language.of(words(registry.EventWordOf(e.Code))), e.Application, e.Attempt, e.Chip, e.Line, e.Detail}
		}
		if c.JSON {
			return printJSON(t.Out, list)
		}
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		for _, e := range list {
			about := strings.Join(slices.DeleteFunc([]string{e.Application, e.Line, string(e.Chip)}, func(s string) bool { return s == "" }), " ")
			var detail []string
			for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
				detail = append(detail, k+"="+e.Detail[k])
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.At.Format(time.RFC3339), e.What, e.Actor, about, strings.Join(detail, " "))
		}
		return w.Flush()
	})
}
