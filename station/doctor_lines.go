package station

import (
	"context"
	"slices"
	"strings"

	"blanko/applet/pcsc"
	"blanko/fault"
	"blanko/jobs"
)

func (x *exam) lines(context.Context) finding {
	if len(x.cfg.Lines) == 0 {
		return note("tidak ada lini pada konfigurasi; tidak ada kartu yang dibuat", "no line is configured; no card will be made")
	}
	var id, en []string
	for _, l := range x.cfg.Lines {
		if r := refusal(l, x.cfg.Keys); r != nil {
			f := failed(r)
			id, en = append(id, string(l.ID)+": "+f.Seen.ID), append(en, string(l.ID)+": "+f.Seen.EN)
		}
	}
	if len(en) > 0 {
		return finding{Missing, words{strings.Join(id, "; "), strings.Join(en, "; ")}}
	}
	return fine("%d lini", "%d lines", len(x.cfg.Lines))
}

// pcsc asks the card reader service, and finds the reader of each line as serve would.
func (x *exam) pcsc(ctx context.Context) finding {
	lines := x.cfg.readers()
	readers, err := pcsc.List(ctx)
	if err != nil {
		f := failed(err)
		if len(lines) == 0 {
			f.Level = Note
		}
		return f
	}
	var id, en []string
	for _, r := range readers {
		id, en = append(id, r.Name), append(en, r.Name)
	}
	level := Fine
	if len(lines) == 0 {
		level = Note
	}
	found, errs := pcsc.FindEach(lines, readers)
	for i, b := range lines {
		switch {
		case errs[i] == nil:
			id, en = append(id, b.Line+": "+found[i].Name), append(en, b.Line+": "+found[i].Name)
			continue
		case !fault.Is(errs[i], pcsc.ReaderAmbiguous): // a calibration helps
			level = Missing
		case level == Fine:
			level = Warning
		}
		f := failed(errs[i])
		id, en = append(id, b.Line+": "+f.Seen.ID), append(en, b.Line+": "+f.Seen.EN)
	}
	if x.cfg.Desk.Reader.Cable == "" && slices.ContainsFunc(x.cfg.Lines, func(l LineConfig) bool { return l.Kind != jobs.Desktop }) {
		if level != Missing {
			level = Warning
		}
		id, en = append(id, "tidak ada pembaca meja: kartu yang diragukan tidak dapat dibaca"), append(en, "no reader on the desk: a card in doubt cannot be read")
	}
	if len(readers) == 0 {
		id, en = append([]string{"tidak ada pembaca"}, id...), append([]string{"no reader"}, en...)
	}
	return finding{level, words{strings.Join(id, "; "), strings.Join(en, "; ")}}
}
