package spool

import (
	"context"
	"errors"

	"github.com/OpenPrinting/goipp"
)

// Queue is a print queue of the system, as the server tells of it.
type Queue struct {
	Name    string   `json:"name"`
	Model   string   `json:"model,omitempty"`   // make and model of its driver
	Policy  string   `json:"policy,omitempty"`  // error policy; a line needs abort-job
	State   string   `json:"state,omitempty"`   // idle, processing, stopped; empty: not told
	Reasons []string `json:"reasons,omitempty"` // printer-state-reasons, without "none"
	Fault   string   `json:"fault,omitempty"`   // code of what Open would refuse it for
}

// states are the words of printer-state (RFC 8011, 5.4.11).
var states = map[int]string{printerIdle: "idle", printerProcessing: "processing", printerStopped: "stopped"}

// List tells the queues of a server; an empty address is DefaultServer. Errors: spool.not_here,
// printer.comm where no server answers.
func List(ctx context.Context, address string) ([]Queue, error) {
	const op = "spool.List"
	if address == "" {
		address = DefaultServer
	}
	s, err := newServer(address, answerWithin)
	if err != nil {
		return nil, err
	}
	defer s.close()
	m := goipp.NewRequest(goipp.DefaultVersion, goipp.OpCupsGetPrinters, s.request.Add(1))
	m.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	m.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	names := goipp.MakeAttr("requested-attributes", goipp.TagKeyword, goipp.String("printer-name"))
	for _, n := range []string{"printer-make-and-model", "printer-error-policy", "printer-state", "printer-state-reasons", "document-format-supported"} {
		names.Values.Add(goipp.TagKeyword, goipp.String(n))
	}
	m.Operation.Add(names)
	answer, err := s.send(ctx, m, nil)
	if status, ok := errors.AsType[refused](err); ok && status.status == goipp.StatusErrorNotFound {
		return nil, nil // a server without queues
	} else if err != nil {
		return nil, unreachable(op, err)
	}
	var list []Queue
	for _, g := range answer.Groups {
		if g.Tag == goipp.TagPrinterGroup {
			list = append(list, queueOf(gather(g.Attrs)))
		}
	}
	return list, nil
}

// queueOf makes a row of what the server tells of a queue.
func queueOf(a attributes) Queue {
	q := Queue{Name: a.word("printer-name"), Model: a.word("printer-make-and-model"), Policy: a.word("printer-error-policy")}
	if n, told := a.number("printer-state"); told {
		q.State = states[n]
	}
	for _, w := range a.words("printer-state-reasons") {
		if w != "none" {
			q.Reasons = append(q.Reasons, w)
		}
	}
	if err := usable(a); err != nil {
		q.Fault = string(err.Code)
	}
	return q
}
