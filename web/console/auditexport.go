package console

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"blanko/paper"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/web"
)

// auditFiles are the ways to write one, and what it is called.
var auditFiles = map[registry.ExportFormat]struct{ name, kind string }{
	registry.ExportChain: {"log-kejadian.jsonl", "application/jsonl"},
	registry.ExportCSV:   {"log-kejadian.csv", "text/csv; charset=utf-8"},
}

// exportAudit writes the export down, then answers with the file. The file is made before it is sent: a slow computer
// holds no reading of the ledger.
func (c *console) exportAudit(v *view, w http.ResponseWriter) (err error) {
	const op = "console.exportAudit"
	if err := v.readForm(w); err != nil {
		return err
	}
	f := &form{view: v}
	of := registry.ExportAudit{Format: registry.ExportFormat(f.needed("format")), Application: registry.ApplicationID(f.text("application")), Code: f.text("code")}
	var res registry.Result
	if err = f.err; err == nil {
		res, err = c.Registry.Do(v.ctx(), v.Actor, of, v.Key()) // each file is an event of its own
	}
	if err != nil {
		v.Problem = c.Problems.Of(err)
		return c.render(v, pageOf("audit"), w, v.Problem.Status)
	}
	file, err := os.CreateTemp("", "blanko-log-*")
	if err != nil {
		return web.Unexpected.At(op, err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if of.Format == registry.ExportChain {
		_, err = c.Registry.ExportEvents(v.ctx(), file)
	} else {
		err = c.csvOfEvents(v.ctx(), file, audit.Filter{Application: string(of.Application), Code: of.Code}, numberOf(res.Answer))
	}
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return web.Unexpected.At(op, err)
	}
	w.Header().Set("Content-Type", auditFiles[of.Format].kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+auditFiles[of.Format].name+`"`)
	_, _ = io.Copy(w, file) // who asked has gone
	return nil
}

// csvOfEvents writes the events that are looked for, up to one, as a table.
func (c *console) csvOfEvents(ctx context.Context, to io.Writer, f audit.Filter, last int) error {
	const chunk = 1000
	t := paper.NewTable(to, "id", "at", "actor", "code", "application", "order", "attempt", "chip", "line", "detail", "hash")
	for after := int64(0); ; {
		list, err := c.Registry.Events(ctx, after, chunk, f)
		if err != nil {
			return err
		}
		for _, e := range list {
			after = e.ID
			if e.ID > int64(last) {
				break
			}
			t.Add(e.ID, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Code, e.Application, e.Order, e.Attempt, string(e.Chip), e.Line, plainDetail(e.Detail), hex.EncodeToString(e.Hash[:]))
		}
		if len(list) < chunk || after > int64(last) {
			return t.End()
		}
	}
}

// plainDetail is a detail as the log keeps it, in the order of its words.
func plainDetail(detail map[string]string) string {
	var list []string
	for _, word := range slices.Sorted(maps.Keys(detail)) {
		list = append(list, word+"="+detail[word])
	}
	return strings.Join(list, "; ")
}
