package station

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

// pageSize is how many items one pull asks for: at most 64 MiB, usually 10 to 20.
const pageSize = 100

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
	return osia.Checker{Trust: trust, Office: s.Office, Unsigned: s.Unsigned}, nil
}

// pull takes in what is new at the center, page by page, and remembers how far it came after
// each page. The same item twice changes nothing.
func (s *Station) pull(ctx context.Context) error {
	check, err := s.checker(ctx)
	if err != nil {
		return err
	}
	for {
		cursor, err := s.Registry.FeedCursor(ctx)
		if err != nil {
			return err
		}
		page, err := s.Center.Feed(ctx, cursor, pageSize, s.Wait)
		if fault.Is(err, datacenter.CursorLost) {
			return s.Registry.KeepFeedCursor(ctx, "")
		}
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := s.take(ctx, check, item); err != nil {
				return err
			}
		}
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

// take carries one item into the register. Only an error that may pass is returned: an item
// that is wrong is written down, reported back and left behind.
func (s *Station) take(ctx context.Context, check osia.Checker, item datacenter.Item) error {
	if item.Kind == "record" {
		return s.takeRecord(ctx, check, item)
	}
	if r := check.Trust.VerifyItem(item.Raw, s.Now()); r != nil {
		s.Log.Warn("item refused", zap.String("kind", item.Kind), zap.Int64("sequence", item.Sequence), zap.String("refusal", string(r.Code)))
		return nil
	}
	id := registry.ApplicationID(item.ID)
	var op registry.Operation
	switch item.Kind {
	case "withdrawal":
		op = registry.WithdrawRecord{ID: id, Version: item.Version, Reason: item.Reason}
	case "hold":
		op = registry.HoldRecord{ID: id, Reason: item.Reason}
	case "release":
		op = registry.ReleaseRecord{ID: id}
	default:
		s.Log.Info("item of a kind that this version does not use", zap.String("kind", item.Kind), zap.Int64("sequence", item.Sequence))
		return nil
	}
	_, err := s.Registry.Do(ctx, centerActor, op, "feed:"+item.Kind+":"+strconv.FormatInt(item.Sequence, 10)+":"+digest(item.Raw))
	return s.orLeave(item, err)
}

func (s *Station) takeRecord(ctx context.Context, check osia.Checker, item datacenter.Item) error {
	checked, err := check.Check(item.Record, item.ID, s.Now())
	var op registry.Operation = registry.ReceiveRecord{
		Record: checked.Record, MessageID: checked.MessageID, Canonical: checked.Canonical, Warnings: checked.Warnings,
	}
	if r, ok := errors.AsType[*osia.Refusal](err); ok {
		op = registry.RefuseRecord{ID: registry.ApplicationID(item.ID), Version: item.Version, Code: string(r.Code), Field: r.Pointer}
	} else if err != nil {
		return err
	}
	_, err = s.Registry.Do(ctx, centerActor, op, fmt.Sprintf("feed:%s:%d:%s", item.ID, item.Version, digest(item.Record)))
	return s.orLeave(item, err)
}

// orLeave returns the errors for which the item should come again.
func (s *Station) orLeave(item datacenter.Item, err error) error {
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
	for _, id := range ids {
		item, err := s.Center.Record(ctx, string(id))
		if err != nil {
			if fault.Is(err, datacenter.CenterRefused) { // withdrawn meanwhile: the feed says so, too
				continue
			}
			return err
		}
		checked, err := check.Check(item.Record, item.ID, s.Now())
		if err != nil {
			s.Log.Warn("record refused at refill", zap.String("id", string(id)), zap.Error(err))
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
