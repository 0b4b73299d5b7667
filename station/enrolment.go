package station

import (
	"context"
	"fmt"
	"strconv"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/datacenter"
)

// enrolAtOnce is how many packages one turn sends: each is a few hundred kilobytes to some megabytes.
const enrolAtOnce = 20

// enrol sends the packages that wait for the center's 1:N search, oldest first. One that the center
// refuses for good goes back to capture; anything else is tried again.
func (s *Station) enrol(ctx context.Context) error {
	waiting, err := s.Registry.EnrolmentsWaiting(ctx, enrolAtOnce)
	if err != nil || len(waiting) == 0 {
		return err
	}
	check, err := s.checker(ctx)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		e, err := s.Registry.EnrolmentPackage(ctx, w.Application)
		if fault.KindOf(err) == fault.Conflict { // it went on, or back, meanwhile
			continue
		}
		if err != nil {
			return err
		}
		var op registry.Operation = registry.TakeEnrolment{Application: w.Application, Encounter: e.Encounter}
		switch err := s.Center.Enrol(ctx, check.Trust, e, s.Now()); {
		case fault.Is(err, datacenter.EnrolmentRefused):
			op = registry.RefuseEnrolment{Application: w.Application, Encounter: e.Encounter, Reason: string(datacenter.EnrolmentRefused.Code)}
		case fault.Is(err, datacenter.CenterRefused): // perhaps an old key
			if err := s.refreshKeys(ctx); err != nil {
				return err
			}
			fallthrough
		case err != nil:
			if err := s.Registry.EnrolmentFailed(ctx, w.Application, e.Encounter, string(fault.CodeOf(err))); err != nil {
				return err
			}
			return err
		}
		key := fmt.Sprintf("enrol:%s:%s:%s", op.Name(), w.Application, strconv.Itoa(e.Encounter))
		if _, err := s.Registry.Do(ctx, centerActor, op, key); err != nil {
			s.Log.Warn("answer to an enrolment left", zap.String("id", string(w.Application)), zap.String("code", string(fault.CodeOf(err))))
			return err
		}
	}
	return nil
}
