package registry

// ifDied ends what else there is of a person, where the reason of an operation is that they died: the temporary
// certificate, the cards that are outside, and the application that is open, as the table of withdrawals has it. What
// the operation answers stays as it was.
func (a *act) ifDied(reason string, person []byte) error {
	if Change(reason) != ChangeDied {
		return nil
	}
	answered := a.res
	defer func() {
		answered.Events = a.res.Events
		a.res = answered
	}()
	if err := a.endSukets(person, reason); err != nil {
		return err
	}
	outside, err := outsideOf(a.tx, person)
	if err != nil {
		return err
	}
	if err := a.endOutside(reason, outside...); err != nil {
		return err
	}
	app, open, err := openFor(a.tx, person)
	if err != nil || !open {
		return err
	}
	_, err = a.withdraw(&app, reason)
	if app.ID == answered.Application {
		answered.State, answered.Word = app.State, app.Word()
	}
	return err
}

// saidDead is the word of one person alone who ended an application for that reason: it ends no card that is outside,
// and has somebody find out.
func (a *act) saidDead(reason string, person []byte) error {
	if Change(reason) != ChangeDied {
		return nil
	}
	outside, err := outsideOf(a.tx, person)
	for _, c := range outside {
		if err := a.investigateOnce(Investigation{Kind: InvestigateDied, Chip: c.Chip, Application: c.Application}); err != nil {
			return err
		}
	}
	return err
}
