package station

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// pageSize is how many items one pull asks for: at most 64 MiB, usually 10 to 20.
const pageSize = 100

// checks are the checks of one page. The center may change its keys at any time: the first record
// that names a key which is not on the list, or no longer valid, has the list asked for again.
type checks struct {
	osia.Checker
	renewed bool
}

// checked makes a check, and makes it again where newer keys may change the answer. The error is
// one that may pass: the item comes again.
func (s *Station) checked(ctx context.Context, c *checks, check func(osia.Checker) *osia.Refusal) (*osia.Refusal, error) {
	r := check(c.Checker)
	if r == nil || c.renewed || r.Code != osia.KeyUnknown && r.Code != osia.KeyExpired {
		return r, nil
	}
	if err := s.refreshKeys(ctx); err != nil {
		return nil, err
	}
	var err error
	if c.Checker, err = s.checker(ctx); err != nil {
		return nil, err
	}
	c.renewed = true
	return check(c.Checker), nil
}

func (s *Station) checkRecord(ctx context.Context, c *checks, item datacenter.Item) (out osia.Checked, r *osia.Refusal, err error) {
	var odd error // of a check that ends otherwise than by a refusal
	r, err = s.checked(ctx, c, func(k osia.Checker) *osia.Refusal {
		var cerr error
		out, cerr = k.Check(item.Record, item.ID, s.Now())
		refusal, ok := errors.AsType[*osia.Refusal](cerr)
		if !ok {
			odd = cerr
		}
		return refusal
	})
	return out, r, errors.Join(err, odd)
}

// refreshKeys asks for the center's key list; the one that is there stays until a newer is believed.
func (s *Station) refreshKeys(ctx context.Context) error {
	trust, err := s.Center.Keys(ctx, s.Anchor, s.Now())
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.trust = trust
	s.mu.Unlock()
	return nil
}

// checker checks records with the newest keys; it fetches them when there are none yet.
func (s *Station) checker(ctx context.Context) (osia.Checker, error) {
	s.mu.Lock()
	trust := s.trust
	s.mu.Unlock()
	if trust == nil {
		if err := s.refreshKeys(ctx); err != nil {
			return osia.Checker{}, err
		}
		s.mu.Lock()
		trust = s.trust
		s.mu.Unlock()
	}
	return osia.Checker{Trust: trust, Office: s.Office, Unsigned: s.Unsigned, Keys: s.Keys}, nil
}

// pull takes in what is new at the center, page by page, and remembers how far it came after
// each page. The same item twice changes nothing.
func (s *Station) pull(ctx context.Context) error {
	check, err := s.checker(ctx)
	if err != nil {
		return err
	}
	size := s.Page
	if size == 0 {
		size = pageSize
	}
	for {
		cursor, err := s.Registry.FeedCursor(ctx)
		if err != nil {
			return err
		}
		page, err := s.Center.Feed(ctx, cursor, size, s.Wait)
		if fault.Is(err, datacenter.CursorLost) {
			return s.Registry.KeepFeedCursor(ctx, "")
		}
		if err != nil {
			return err
		}
		c := &checks{Checker: check}
		for _, item := range inOrder(page.Items) {
			if err := s.take(ctx, c, item); err != nil {
				return s.notTaken(ctx, item, err)
			}
		}
		check = c.Checker
		if page.Next != cursor {
			if err := s.Registry.KeepFeedCursor(ctx, page.Next); err != nil {
				return err
			}
		}
		if !page.More {
			return nil
		}
	}
}

// inOrder puts the items of a page into the center's order: a record before its hold, a lower
// version before a higher one.
func inOrder(items []datacenter.Item) []datacenter.Item {
	slices.SortStableFunc(items, func(a, b datacenter.Item) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return items
}

// take carries one item into the register. Only an error that may pass is returned: an item
// that is wrong is written down, reported back and left behind.
func (s *Station) take(ctx context.Context, check *checks, item datacenter.Item) error {
	if !osia.ValidID(item.ID) { // no request of this center, and no name for a log or a report
		s.Log.Warn("item without a usable id left", zap.Int64("sequence", item.Sequence))
		return nil
	}
	if item.Kind == "record" {
		return s.takeRecord(ctx, check, item)
	}
	r, err := s.checked(ctx, check, func(k osia.Checker) *osia.Refusal { return k.Trust.VerifyItem(item.Raw, s.Now()) })
	if err != nil {
		return err
	}
	id := registry.ApplicationID(item.ID)
	var op registry.Operation
	switch item.Kind {
	case "withdrawal", "hold", "release", "result":
		if r != nil { // the center must know that it was not heeded
			op = registry.RefuseRecord{ID: id, Version: item.Version, Code: string(r.Code), Field: r.Pointer}
			break
		}
		op = marks(item)
	default:
		s.Log.Info("item of a kind that this version does not use", zap.Int64("sequence", item.Sequence))
		return nil
	}
	return s.once(ctx, item, op, "feed:"+item.Kind+":"+strconv.FormatInt(item.Sequence, 10)+":"+digest(item.Raw))
}

// reasonCode is what a reason may look like in a log.
var reasonCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// unstated stands for a reason that is no code: what the center signed is heeded all the same.
const unstated = "unstated"

func reasonOf(item datacenter.Item) string {
	if reasonCode.MatchString(item.Reason) {
		return item.Reason
	}
	return unstated
}

// marks is what a withdrawal, a hold, a release or a result does to the register.
func marks(item datacenter.Item) registry.Operation {
	id := registry.ApplicationID(item.ID)
	switch item.Kind {
	case "result":
		return registry.ReceiveResult{Application: id, Encounter: item.Version, Sequence: item.Sequence, Result: registry.SearchResult(item.Result), Reason: reasonOf(item)}
	case "withdrawal":
		return registry.WithdrawRecord{ID: id, Version: item.Version, Reason: reasonOf(item)}
	case "hold":
		return registry.HoldRecord{ID: id, Reason: reasonOf(item), Sequence: item.Sequence}
	}
	return registry.ReleaseRecord{ID: id, Sequence: item.Sequence}
}

func (s *Station) takeRecord(ctx context.Context, check *checks, item datacenter.Item) error {
	checked, r, err := s.checkRecord(ctx, check, item)
	if err != nil {
		return err
	}
	var op registry.Operation = registry.ReceiveRecord{
		Record: checked.Record, MessageID: checked.MessageID, Canonical: checked.Canonical, Warnings: checked.Warnings,
	}
	if r != nil {
		op = registry.RefuseRecord{ID: registry.ApplicationID(item.ID), Version: item.Version, Code: string(r.Code), Field: r.Pointer}
	}
	return s.once(ctx, item, op, fmt.Sprintf("feed:%s:%d:%s", item.ID, item.Version, digest(item.Record)))
}

// once carries an item out, one time for the same bytes. What was taken in before stays so, also
// when it comes again after it has expired. What was refused before is taken in when it passes now,
// such as by a key that was not valid yet.
func (s *Station) once(ctx context.Context, item datacenter.Item, op registry.Operation, key string) error {
	_, err := s.Registry.Do(ctx, centerActor, op, key)
	if fault.CodeOf(err) == keyReused {
		if _, refused := op.(registry.RefuseRecord); refused {
			return nil
		}
		_, err = s.Registry.Do(ctx, centerActor, op, key+":passed")
	}
	return s.orLeave(item, err)
}

// keyReused is the register's answer to bytes that had another outcome before.
const keyReused = "registry.key_reused"

// orLeave returns the errors for which the item should come again.
func (s *Station) orLeave(item datacenter.Item, err error) error {
	if ofTheLedger(err) {
		return err
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.NotFound, fault.Denied:
		s.Log.Warn("item left", zap.String("kind", item.Kind), zap.Int64("sequence", item.Sequence), zap.String("code", string(fault.CodeOf(err))))
		return nil
	}
	return err
}

// digest keeps idempotency keys apart when a center sends different content under one number.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// refill pulls records again whose pictures or fingers were erased and whose card is to be made
// again.
func (s *Station) refill(ctx context.Context) error {
	ids, err := s.Registry.RecordsWanted(ctx, pageSize)
	if err != nil || len(ids) == 0 {
		return err
	}
	check, err := s.checker(ctx)
	if err != nil {
		return err
	}
	c := &checks{Checker: check}
	for _, id := range ids {
		item, err := s.Center.Record(ctx, string(id))
		if err != nil {
			if fault.Is(err, datacenter.CenterRefused) { // withdrawn meanwhile: the feed says so, too
				continue
			}
			return err
		}
		checked, r, err := s.checkRecord(ctx, c, item)
		if err != nil {
			return err
		}
		if r != nil {
			s.Log.Warn("record refused at refill", zap.String("id", string(id)), zap.Error(r))
			continue
		}
		op := registry.RefillRecord{Record: checked.Record, MessageID: checked.MessageID, Canonical: checked.Canonical, Warnings: checked.Warnings}
		// The operation itself is safe to repeat; a key of its own lets the next remake refill again.
		key := fmt.Sprintf("refill:%s:%d", id, s.Now().UnixNano())
		if _, err := s.Registry.Do(ctx, centerActor, op, key); err != nil {
			if err := s.orLeave(item, err); err != nil {
				return err
			}
		}
	}
	return nil
}
