package console

import (
	"slices"

	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

// ofCard is an action of the page of one card.
func ofCard(path string, op func(*form, ktp.ChipUID) registry.Operation) action {
	return action{Path: "/kartu/{chip}/" + path, Page: "card", Op: func(f *form) (registry.Operation, error) {
		return op(f, ktp.ChipUID(upper(f.r.PathValue("chip")))), nil
	}}
}

var cardActions = []action{
	{Path: "/kartu/{chip}/cabut", Page: "card", Files: true, Op: func(f *form) (registry.Operation, error) {
		op := registry.RetireCard{Chip: ktp.ChipUID(upper(f.r.PathValue("chip"))), Because: f.because()}
		op.Picture = f.picture("picture", op)
		return op, nil
	}},
	ofCard("akhiri", func(f *form, chip ktp.ChipUID) registry.Operation {
		return registry.EndCard{Chip: chip, Because: f.because(), AtHand: f.yes("at_hand")}
	}),
	ofCard("tidak-ditemukan", func(f *form, chip ktp.ChipUID) registry.Operation {
		return registry.DeclareMissing{Chip: chip, Because: f.because()}
	}),
	ofCard("tahan", func(f *form, chip ktp.ChipUID) registry.Operation {
		return registry.HoldCard{Chip: chip, Because: f.because()}
	}),
	ofCard("bebaskan", func(_ *form, chip ktp.ChipUID) registry.Operation { return registry.FreeCard{Chip: chip} }),
	ofCard("karantina", func(_ *form, chip ktp.ChipUID) registry.Operation { return registry.ReleaseQuarantine{Chip: chip} }),
}

func cardPath(chip ktp.ChipUID) string { return "/kartu/" + escaped(string(chip)) }

// cardShown is the card that the page is about.
func (v *view) cardShown() (registry.Card, error) {
	return v.Registry.CardByChip(v.ctx(), ktp.ChipUID(upper(v.r.PathValue("chip"))))
}

// card is one card: where it stands, what was found in its chip, and what holds, frees or ends it.
func (v *view) card() (templ.Component, error) {
	c, err := v.cardShown()
	if err != nil {
		return nil, err
	}
	var chips templ.Component
	if examinable(c) {
		if chips, err = v.chipDesk(c.Chip); err != nil {
			return nil, err
		}
	}
	return stack(v.LivePart("kartu"), chips, v.LivePart("kartu-langkah"), pictureTools(v)), nil
}

func (v *view) cardState() (templ.Component, error) {
	c, err := v.cardShown()
	if err != nil {
		return nil, err
	}
	found, err := v.Registry.Examinations(v.ctx(), c.Chip, "", listed)
	if err != nil {
		return nil, err
	}
	about := []fact{
		{Name: v.T("print.chip"), Value: string(c.Chip), Class: "mono", Link: v.blankLink(c.Chip)},
		{Name: v.T("head.application"), Value: string(c.Application), Link: v.applicationPath(c.Application)},
		{Name: v.T("head.state"), Value: v.Say("cardstate", string(c.State))},
		{Name: v.T("card.made"), Value: v.Time(c.MadeAt)},
		{Name: v.T("card.in_force"), Value: v.Time(c.InForceAt)},
		{Name: v.T("card.retired"), Value: v.Time(c.RetiredAt)},
	}
	if !c.PassedOnAt.IsZero() {
		about = append(about, fact{Name: v.T("card.passed_on"), Value: v.Time(c.PassedOnAt)})
	}
	if c.Cause != "" {
		about = append(about, fact{Name: v.T("head.why"), Value: v.causeText(c.Cause)})
	}
	t := tableView{Title: v.T("card.examinations"), Empty: v.T("card.no_examinations"), Heads: []string{v.T("head.number"), v.T("head.time"), v.T("head.why"), v.T("field.chip_state"), v.T("head.by")}}
	for _, x := range found {
		t.Rows = append(t.Rows, []cell{{Text: x.Number, Class: "mono"}, {Text: v.Time(x.At)}, {Text: v.causeText(x.Cause)}, {Text: v.Say("chipstate", orDash(string(x.State)))}, {Text: x.By}})
	}
	var held, sought, examine templ.Component
	if c.Held != "" {
		held = note(v, v.T("card.held", v.causeText(c.Held)))
	}
	looked, open, err := v.Registry.LookedFor(v.ctx(), c.Chip)
	if err != nil {
		return nil, err
	}
	if open && c.State == registry.CardRetired {
		sought = note(v, v.T("card.sought", v.Time(looked.OpenedAt)))
	}
	if examinable(c) {
		examine = note(v, v.chipSaid(found))
	}
	return stack(held, sought, facts(about), examine, table(v, t)), nil
}

// cardNext is what may be done to the card, and what is printed of it.
func (v *view) cardNext() (templ.Component, error) {
	c, err := v.cardShown()
	if err != nil {
		return nil, err
	}
	found, err := v.Registry.Examinations(v.ctx(), c.Chip, "", listed)
	if err != nil {
		return nil, err
	}
	var slips []printable
	if len(found) > 0 {
		slips = append(slips, printable{Kind: registry.PaperChipCheck, Path: "/v1/chip-examinations/" + found[len(found)-1].Number + "/papers/slip"})
	}
	_, sought, err := v.Registry.LookedFor(v.ctx(), c.Chip)
	if err != nil {
		return nil, err
	}
	return stack(folds(v.T("card.acts"), v.cardActs(c, sought)...), papers(v, v.printables(slips...))), nil
}

// examinable reports whether the chip of a card is asked before something is done with the card.
func examinable(c registry.Card) bool {
	return c.State == registry.CardMade || c.State == registry.CardRetired
}

// chipSaid is what the chip of a card told last, and how it is asked anew.
func (v *view) chipSaid(found []registry.Examination) string {
	for _, x := range slices.Backward(found) {
		if x.State != registry.ChipUnread {
			return v.T("card.chip_said", v.Say("chipstate", string(x.State)), v.Time(x.At)) + " " + v.T("card.examine_first")
		}
	}
	return v.T("card.examine_first")
}

// cardActs are what may be done to a card in its state; sought: it is looked for.
func (v *view) cardActs(c registry.Card, sought bool) (list []templ.Component) {
	at := cardPath(c.Chip)
	switch {
	case c.State == registry.CardMade && c.PassedOnAt.IsZero():
		list = append(list, v.foldOf("retire", at+"/cabut", registry.RetireCard{}, input{Name: "picture", Kind: "picture"}))
	case c.State != registry.CardDestroyed: // out of the house, or retired and turns up
		list = append(list, v.foldOf("end", at+"/akhiri", registry.EndCard{}, input{Name: "at_hand", Kind: "check"}))
	}
	if waits := c.State == registry.CardMade && c.PassedOnAt.IsZero() || c.State == registry.CardRetired; waits && !sought {
		list = append(list, v.helpedFold("missing", at+"/tidak-ditemukan", registry.DeclareMissing{}, "card.missing_help"))
	}
	switch {
	case c.Held != "":
		list = append(list, v.foldOf("free", at+"/bebaskan", registry.FreeCard{}), v.foldOf("quarantine", at+"/karantina", registry.ReleaseQuarantine{}))
	case c.State == registry.CardMade || c.State == registry.CardInForce:
		list = append(list, v.foldOf("hold", at+"/tahan", registry.HoldCard{}))
	}
	return list
}
