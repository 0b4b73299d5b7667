package public

import (
	"net/http"
	"strings"
	"time"

	"blanko/fault"
	"blanko/registry"
)

// statusPage is what the bearer of a number is shown.
type statusPage struct {
	Number  string
	Trouble string // key of what is wrong with the number; empty: Found says
	Found   *found
}

// found is where an application or a complaint stands, in plain words.
type found struct {
	Number, Where, Next string // keys of words
	Word                string // the national status word
	Since, Due, Ready   time.Time
	Place               string
	Complaint           bool
}

func (s *site) status(p *shown) (int, error) {
	p.Page = "status"
	number := strings.TrimSpace(p.r.URL.Query().Get("nomor"))
	out := &statusPage{Number: number}
	p.Of = out
	if number == "" {
		out.Trouble = "number.needed"
		return http.StatusOK, nil
	}
	if err := s.Visitors.Ask(p.r.RemoteAddr); err != nil {
		out.Trouble = "number.too_many"
		return p.later(err), nil
	}
	f, err := s.find(p, number)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		out.Trouble = "number.unknown"
		return http.StatusNotFound, nil
	case err != nil:
		return 0, err
	case f == nil:
		out.Trouble = "number.misread"
		return http.StatusNotFound, nil
	}
	out.Found = f
	return http.StatusOK, nil
}

// find is where a number stands; nil where its check character says that it was misread.
func (s *site) find(p *shown, number string) (*found, error) {
	ctx := p.r.Context()
	if receipt, ok := registry.ParseReceipt(number); ok {
		st, err := s.Registry.ReceiptStatus(ctx, receipt)
		if err != nil {
			return nil, err
		}
		f := &found{Number: receipt, Where: "status." + string(st.Next), Next: "next." + string(st.Next), Word: string(st.Word), Since: st.Since, Due: st.Due, Ready: st.Ready}
		if st.Next == "none" {
			f.Where, f.Next = "status."+strings.ReplaceAll(string(st.State), " ", "_"), ""
		}
		places, err := s.Registry.Places(ctx)
		for _, at := range places {
			if at.ID == st.Delivery {
				f.Place = at.Name
			}
		}
		return f, err
	}
	if complaint, ok := registry.ParseComplaint(number); ok {
		st, err := s.Registry.ComplaintStatus(ctx, complaint)
		if err != nil {
			return nil, err
		}
		return &found{Number: complaint, Where: "complaint." + string(st.State), Since: st.Since, Due: st.Due, Complaint: true}, nil
	}
	return nil, nil //nolint:nilnil // nobody ever gave that number out, and nothing failed
}
