package matica

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Kind is what goes wrong between host and printer.
type Kind string

const (
	KindStall          Kind = "stall"           // an endpoint halts, in the phase that Phase names
	KindLostReply      Kind = "lost_reply"      // the command is obeyed, the status never comes
	KindLateReply      Kind = "late_reply"      // the status comes after Delay
	KindWrongTag       Kind = "wrong_tag"       // the status has the tag of another command
	KindWrongSignature Kind = "wrong_signature" // the status is none
	KindShortStatus    Kind = "short_status"
	KindShortData      Kind = "short_data" // half of the data comes
	KindLinkLost       Kind = "link_lost"  // the cable is pulled in the middle of the data phase
	KindCode           Kind = "code"       // the command fails with Code; After: it is obeyed all the same
	KindWait           Kind = "wait"       // the printer tells Code for Delay, and moves nothing meanwhile
)

// Phase of a command.
type Phase string

const (
	PhaseCommand Phase = "command"
	PhaseData    Phase = "data"
	PhaseWork    Phase = "work"
	PhaseStatus  Phase = "status"
)

// phases in which each kind strikes; a stall strikes where the row says.
var phases = map[Kind]Phase{
	KindLostReply: PhaseStatus, KindLateReply: PhaseStatus, KindWrongTag: PhaseStatus, KindWrongSignature: PhaseStatus,
	KindShortStatus: PhaseStatus, KindShortData: PhaseData, KindLinkLost: PhaseData, KindCode: PhaseWork, KindWait: PhaseWork,
}

// Kinds lists every kind, in the order of the alphabet.
func Kinds() []Kind {
	out := []Kind{KindStall}
	for k := range phases {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Fault is one row of a fault script. It strikes once.
type Fault struct {
	Kind    Kind          `json:"kind"`
	Card    int           `json:"card,omitempty"`    // n-th card of the machine, from 1; 0: any
	Command string        `json:"command,omitempty"` // the first bytes of the CDB in hexadecimal, such as "31 0d"; empty: any
	Nth     int           `json:"nth,omitempty"`     // strikes at the n-th command that fits, from 1; 0: the first
	Phase   Phase         `json:"phase,omitempty"`   // of a stall; empty: status
	Code    uint32        `json:"code,omitempty"`
	After   bool          `json:"after,omitempty"`
	Delay   time.Duration `json:"delay,omitempty"`
}

func (f Fault) phase() Phase {
	if p, ok := phases[f.Kind]; ok {
		return p
	}
	if f.Phase == "" {
		return PhaseStatus
	}
	return f.Phase
}

// ParseCommand reads Fault.Command.
func ParseCommand(s string) ([]byte, bool) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	return b, err == nil && len(b) <= maxCDB
}

// strike takes the first fault off the script that is due at this phase of a command. A row whose
// command cannot be read never strikes. Called with d.mu held.
func (d *Device) strike(at Phase, cdb []byte) (Fault, bool) {
	return d.Strike(func(f *Fault) bool {
		begin, ok := ParseCommand(f.Command)
		if !ok || f.phase() != at || f.Card != 0 && f.Card != d.m.Serving() || len(begin) > len(cdb) || !slices.Equal(begin, cdb[:len(begin)]) {
			return false
		}
		if f.Nth > 1 {
			f.Nth--
			return false
		}
		return true
	})
}

// happen is a fault of the firmware. Called with d.mu held.
func (d *Device) happen(f Fault) {
	switch f.Kind {
	case KindCode:
		d.fail(code(f.Code))
	case KindWait:
		d.waits = code(f.Code)
		d.done.Go(func() {
			_ = d.m.Spend(d.ctx, f.Delay)
			d.mu.Lock()
			d.waits = 0
			d.wake()
			d.mu.Unlock()
		})
	}
}
