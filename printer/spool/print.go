package spool

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/OpenPrinting/goipp"

	"blanko/fault"
	"blanko/printer"
)

// States of a job (RFC 8011, 5.3.7).
const (
	jobPending    = 3
	jobHeld       = 4
	jobProcessing = 5
	jobStopped    = 6
	jobCanceled   = 7
	jobAborted    = 8
	jobCompleted  = 9
)

// Print hands the panels to the queue and follows the job to its end. The queue's rules are looked
// at before each job, and nothing else may wait in it. nil says that the spooler calls the job
// complete: whether a card was printed, the card itself tells. An error of kind Device or Invalid
// says that the job never reached the printer; after that, kind InDoubt.
func (p *Printer) Print(ctx context.Context, panels printer.Panels) error {
	const op = "spool.Print"
	if err := p.fits(panels); err != nil {
		return err
	}
	if err := p.settled(ctx); err != nil {
		return waits(err)
	}
	a, err := p.queue(ctx)
	if err != nil {
		return waits(err)
	}
	if st := told(a); st.Error != printer.ClassNone {
		return waits(printer.Fault(st.Error).At(op, nil).With("printer-state-reasons", "%s", st.Raw))
	}
	if n, known := a.number("queued-job-count"); known && n > 0 {
		return QueueBusy.At(op, nil).With("queued-job-count", "%d", n)
	}
	id, err := p.submit(ctx, panels)
	if err != nil {
		return err
	}
	p.last = printer.Know(strconv.Itoa(id))
	err = p.follow(ctx, id)
	if wiped := p.wipe(ctx, id); err == nil && wiped != nil {
		p.kept = id
	}
	return err
}

// waits is what hinders a print before its first byte: the queue can be mended, and the card printed then.
func waits(err error) error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		e.Kind = fault.Device
	}
	return err
}

// settled finishes what an earlier job has left: a job that could not be canceled is taken out of the
// queue, lest it be printed on the next card, and a picture that stays at the server is asked for again.
func (p *Printer) settled(ctx context.Context) error {
	const op = "spool.settled"
	if p.astray != 0 {
		_, err := p.server.send(ctx, p.aboutJob(goipp.OpCancelJob, p.astray), nil)
		if _, said := errors.AsType[refused](err); err != nil && !said { // a job that is over cannot be canceled
			return unreachable(op, err)
		}
		p.astray = 0
	}
	if p.kept != 0 {
		if err := p.wipe(ctx, p.kept); err != nil {
			return FilesKept.At(op, err)
		}
		p.kept = 0
	}
	return nil
}

func (p *Printer) fits(panels printer.Panels) error {
	g := p.cfg.Geometry
	if panels.Geometry != g {
		return printer.FaceSizeWrong.At("spool.Print", nil).With("geometry", "%d x %d, the queue has %d x %d", panels.Geometry.Columns, panels.Geometry.Rows, g.Columns, g.Rows)
	}
	if panels.Back != nil && !p.cfg.TwoSided {
		return printer.PanelsUnsupported.At("spool.Print", nil).With("panels", "a back, and the queue prints one side")
	}
	sides := []printer.Side{panels.Front}
	if panels.Back != nil {
		sides = append(sides, *panels.Back)
	}
	for _, s := range sides {
		if len(s.Panels) == 0 {
			return printer.NothingToPrint.At("spool.Print", nil)
		}
		for _, panel := range s.Panels {
			if len(panel.Dots) != g.Columns*g.Rows || panel.Levels < 2 {
				return printer.PanelsUnsupported.At("spool.Print", nil).With("panels", "panel %q has %d dots and %d levels", panel.Letter, len(panel.Dots), panel.Levels)
			}
		}
	}
	return nil
}

// submit gives the job to the queue. Where the answer gets lost, the job may be there: in doubt.
func (p *Printer) submit(ctx context.Context, panels printer.Panels) (id int, err error) {
	const op = "spool.submit"
	m := p.server.message(goipp.OpPrintJob, p.cfg.Queue)
	m.Operation.Add(goipp.MakeAttr("job-name", goipp.TagName, goipp.String(panels.Job)))
	m.Operation.Add(goipp.MakeAttr("document-format", goipp.TagMimeType, goipp.String(raster)))
	m.Job.Add(goipp.MakeAttr("copies", goipp.TagInteger, goipp.Integer(1)))
	m.Job.Add(goipp.MakeAttr("print-scaling", goipp.TagKeyword, goipp.String("none")))
	m.Job.Add(goipp.MakeAttr("job-originating-host-name", goipp.TagName, goipp.String(machine())))
	if panels.Back != nil {
		m.Job.Add(goipp.MakeAttr("sides", goipp.TagKeyword, goipp.String("two-sided-long-edge")))
	}
	answer, err := p.server.send(ctx, m, document(panels))
	if _, ok := errors.AsType[refused](err); ok { // the server says that there is no job
		return 0, unreachable(op, err)
	} else if err != nil {
		return 0, JobUnknown.At(op, err)
	}
	id, ok := gather(answer.Job).number("job-id")
	if !ok {
		return 0, JobUnknown.At(op, errors.New("ipp: no job-id in the answer"))
	}
	return id, nil
}

// job is what the server says of a job.
type job struct {
	state   int
	begun   bool // it has been at the printer
	reasons string
}

func (p *Printer) job(ctx context.Context, id int) (job, error) {
	m := p.aboutJob(goipp.OpGetJobAttributes, id)
	names := goipp.MakeAttr("requested-attributes", goipp.TagKeyword, goipp.String("job-state"))
	names.Values.Add(goipp.TagKeyword, goipp.String("job-state-reasons"))
	names.Values.Add(goipp.TagKeyword, goipp.String("time-at-processing"))
	m.Operation.Add(names)
	answer, err := p.server.send(ctx, m, nil)
	if err != nil {
		return job{}, err
	}
	a := gather(answer.Job)
	state, known := a.number("job-state")
	if !known {
		return job{}, errors.New("ipp: no job-state in the answer")
	}
	_, begun := a.number("time-at-processing")
	return job{state: state, begun: begun, reasons: fmt.Sprint(a.words("job-state-reasons"))}, nil
}

func (p *Printer) aboutJob(op goipp.Op, id int) *goipp.Message {
	m := p.server.message(op, p.cfg.Queue)
	m.Operation.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(id)))
	return m
}

// follow waits for the job's end. A job that does not end in time, or whose state cannot be read
// any more, is canceled, so that it is never printed later behind the line's back.
func (p *Printer) follow(ctx context.Context, id int) error {
	const op = "spool.follow"
	var err error
	for waited := time.Duration(0); waited < p.cfg.Patience; waited += p.cfg.Poll {
		var j job
		if j, err = p.job(ctx, id); err != nil {
			break
		}
		switch j.state {
		case jobCompleted:
			return nil
		case jobHeld, jobStopped:
			return p.giveUp(ctx, id, fmt.Errorf("ipp: job state %d %s", j.state, j.reasons))
		case jobCanceled, jobAborted:
			return outcome(op, j, fmt.Errorf("ipp: job state %d %s", j.state, j.reasons))
		}
		if err = p.cfg.Sleep(ctx, p.cfg.Poll); err != nil {
			break
		}
	}
	if err == nil {
		err = context.DeadlineExceeded
	}
	return p.giveUp(ctx, id, err)
}

// giveUp cancels the job and says what is known of it then.
func (p *Printer) giveUp(ctx context.Context, id int, cause error) error {
	const op = "spool.giveUp"
	// Whoever was told to stop still takes the job out of the queue.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	_, err := p.server.send(ctx, p.aboutJob(goipp.OpCancelJob, id), nil)
	if _, said := errors.AsType[refused](err); err != nil && !said {
		p.astray = id
		return JobUnknown.At(op, errors.Join(cause, err))
	}
	j, err := p.job(ctx, id)
	if err != nil {
		return JobUnknown.At(op, errors.Join(cause, err))
	}
	return outcome(op, j, cause)
}

// outcome of a job that did not complete: one that was never at the printer has printed nothing.
func outcome(op string, j job, cause error) error {
	if !j.begun && (j.state == jobCanceled || j.state == jobAborted) {
		e := printer.Fault(printer.ClassBusy)
		e.Kind = fault.Device
		return e.At(op, cause)
	}
	return JobUnknown.At(op, cause)
}

// wipe makes sure that the server no longer keeps the picture of a card. One that keeps files of
// finished jobs is told to forget this one.
func (p *Printer) wipe(ctx context.Context, id int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	if !p.keeps(ctx, id) {
		return nil
	}
	m := p.aboutJob(goipp.OpCancelJob, id)
	m.Operation.Add(goipp.MakeAttr("purge-job", goipp.TagBoolean, goipp.Boolean(true)))
	_, err := p.server.send(ctx, m, nil)
	return err
}

// keeps asks for the job's document. Only the answer that there is none says no: a server that does
// not show documents may have it all the same.
func (p *Printer) keeps(ctx context.Context, id int) bool {
	m := p.aboutJob(opGetDocument, id)
	m.Operation.Add(goipp.MakeAttr("document-number", goipp.TagInteger, goipp.Integer(1)))
	_, err := p.server.send(ctx, m, nil)
	answer, _ := errors.AsType[refused](err)
	return answer.status != goipp.StatusErrorNotFound
}
