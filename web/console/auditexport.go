package console

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/registry"
	"blanko/registry/audit"
	"blanko/web"
)

// auditExport is the wish of who looks at the event log.
func auditExport(f *form) (registry.Operation, registry.ExportAudit, error) {
	op := registry.ExportAudit{Format: registry.ExportFormat(f.needed("format")), Application: registry.ApplicationID(f.text("application")), Code: f.text("code")}
	return op, op, f.err
}

// auditFiles are the ways to write one, and what it is called.
var auditFiles = map[registry.ExportFormat]struct{ name, kind string }{
	registry.ExportChain: {"log-kejadian.jsonl", "application/jsonl"},
	registry.ExportCSV:   {"log-kejadian.csv", "text/csv; charset=utf-8"},
}

// exportAudit writes the export down, then answers with the file. The file is made before it is sent: a slow computer
// holds no reading of the ledger.
func (c *console) exportAudit(v *view, w http.ResponseWriter) (err error) {
	const op = "console.exportAudit"
	v.r.Body = http.MaxBytesReader(w, v.r.Body, mostForm)
	if err := v.r.ParseForm(); err != nil {
		return web.BadParameter.At(op, nil).With("form", "cannot be read")
	}
	wish, of, err := auditExport(&form{view: v})
	var res registry.Result
	if err == nil {
		res, err = c.Registry.Do(v.ctx(), v.Actor, wish, v.Key()) // each file is an event of its own
	}
	if err != nil {
		v.Problem = c.Problems.Of(err)
		return c.render(v, pageOf("audit"), w, v.Problem.Status)
	}
	f, err := os.CreateTemp("", "blanko-log-*")
	if err != nil {
		return web.Unexpected.At(op, err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if of.Format == registry.ExportChain {
		_, err = c.Registry.ExportEvents(v.ctx(), f)
	} else {
		err = c.csvOfEvents(v.ctx(), f, audit.Filter{Application: string(of.Application), Code: of.Code}, numberOf(res.Answer))
	}
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return web.Unexpected.At(op, err)
	}
	w.Header().Set("Content-Type", auditFiles[of.Format].kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+auditFiles[of.Format].name+`"`)
	_, _ = io.Copy(w, f) // who asked has gone
	return nil
}

// csvOfEvents writes the events that are looked for, up to one, as a table (RFC 4180).
func (c *console) csvOfEvents(ctx context.Context, to io.Writer, f audit.Filter, last int) error {
	const chunk = 1000
	w := csv.NewWriter(to)
	w.UseCRLF = true
	if err := w.Write([]string{"id", "at", "actor", "code", "application", "order", "attempt", "chip", "line", "detail", "hash"}); err != nil {
		return err
	}
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
			if err := w.Write([]string{
				strconv.FormatInt(e.ID, 10), e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Code, e.Application, e.Order, e.Attempt, string(e.Chip), e.Line, plainDetail(e.Detail), hex.EncodeToString(e.Hash[:]),
			}); err != nil {
				return err
			}
		}
		if len(list) < chunk || after > int64(last) {
			w.Flush()
			return w.Error()
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
