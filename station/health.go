package station

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/datacenter"
)

// badPulls is how many pulls in a row fail before the link is called down: one lost answer is no outage.
const badPulls = 3

// causes of outages, as incidents have them.
const (
	causeEquipment = "equipment"
	causeNetwork   = "network"
	causePower     = "power"
)

// health is what a station tells of its link and its lines: what changed, and how it was at the start.
type health struct {
	mu    sync.Mutex
	told  map[string]registry.HealthState
	pulls int // that failed in a row
}

// linkWorks tells of the link to the center, by how a pull ended. An answer that the center gave is no
// fault of the link.
func (s *Station) linkWorks(ctx context.Context, err error) {
	s.health.mu.Lock()
	switch {
	case err == nil:
		s.health.pulls = 0
	case fault.Is(err, datacenter.CenterAway):
		s.health.pulls++
	default:
		s.health.mu.Unlock()
		return
	}
	pulls := s.health.pulls
	s.health.mu.Unlock()
	switch {
	case pulls == 0:
		s.tellHealth(ctx, linkDevice, causeNetwork, registry.HealthWorks, "")
	case pulls >= badPulls:
		s.tellHealth(ctx, linkDevice, causeNetwork, registry.HealthDown, fault.CodeOf(err))
	}
}

// linkDevice is what the link to the center is called.
const linkDevice = "link.center"

// lineWorks tells whether a line has its devices and keys; code: why not.
func (s *Station) lineWorks(ctx context.Context, id jobs.LineID, code fault.Code) {
	state := registry.HealthWorks
	if code != "" {
		state = registry.HealthDown
	}
	s.tellHealth(ctx, lineDevice(id), causeEquipment, state, code)
}

// lineDevice is what the devices of a line are called together.
func lineDevice(id jobs.LineID) string { return "line." + strings.ToLower(string(id)) }

// device is what a device of this station is called in the ledger.
func (s *Station) device(part string) string { return strings.ToLower(s.Name) + "." + part }

// tellHealth writes a change into the ledger; one that cannot be kept is told the next time.
func (s *Station) tellHealth(ctx context.Context, device, cause string, state registry.HealthState, code fault.Code) {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	if s.Name == "" || s.health.told[device] == state {
		return
	}
	key := fmt.Sprintf("health:%s:%s:%d", s.Name, device, s.Now().UnixNano())
	op := registry.ReportHealth{Device: s.device(device), Cause: cause, State: state, Code: string(code)}
	if _, err := s.Registry.Do(ctx, Actor, op, key); err != nil {
		s.Log.Warn("health not kept", zap.String("device", device), zap.Error(err))
		return
	}
	if s.health.told == nil {
		s.health.told = map[string]registry.HealthState{}
	}
	s.health.told[device] = state
}
