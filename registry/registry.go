package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/store"
)

// Config is what differs between stations. The zero value of every field but Office has a
// sensible meaning.
type Config struct {
	Office     string // PP.KK of the Dinas; records for another are refused. Empty: none is refused
	Production bool   // records without the center's signature are refused
	// Shifts: nothing is loaded or fed outside an open shift.
	Shifts bool
	// Releases: the lines of a station take no order before its start was released.
	Releases bool
	// Designs: no blank is fed with a card profile, a template or a standard that two persons have not approved.
	Designs bool
	// Standard names the service standard that is in force until two persons take another into
	// use; empty means sintang.
	Standard string
	// ConfirmAtHandOver: the holder of a card whose data was captured elsewhere confirms it then, or once they come to be
	// matched where a proxy took it.
	ConfirmAtHandOver bool
	// Dispatch: back-office work is handed out (Tasks); what was not handed out is refused.
	Dispatch bool
	// StandAlone: no center; the station searches 1:N itself and its records are signed by LocalKeys.
	StandAlone bool
	// MatchValid is how long after "BERHASIL" a card may be handed over; 0 means on the same day.
	MatchValid time.Duration
	// Chips checks that a card lies on the reader of a counter; nil: no holder can be compared here.
	Chips Chips
	// ReadingMasters are the check values, hex, of the generations of MK_SAM at hand; nil: a SAM's is not compared.
	ReadingMasters func(context.Context) (map[int]string, error)
	// SignDesign has the station's token sign what two persons approved; nil: designs are approved at the machine of
	// the token alone.
	SignDesign func(context.Context, keys.Design) ([]byte, error)
	// Searcher searches where the station stands alone; nil: every record is compared in turn.
	Searcher Searcher
	// LocalKeys are the keys of the data center officers of a station that stands alone.
	LocalKeys []*ecdsa.PublicKey
	// MaxSpoiled is how many cards of one record may be lost before its application is held
	// for a person to look at; 0 means 3.
	MaxSpoiled int
	// MaxChipFaults is how many cards in a row a line may lose to their chips before it is
	// paused; 0 means 3.
	MaxChipFaults int
	// Lease is how long a line may prepare an order before another may take it; 0 means 10 minutes.
	Lease time.Duration
	// Poll is how often a waiting line looks at the queue by itself, as a net for changes that
	// another process made; 0 means 2 seconds.
	Poll time.Duration
	// ClockSlack is how far the clock may stand behind the newest event before nothing is fed
	// any more; 0 means 5 seconds.
	ClockSlack time.Duration
	// Rand is where ids come from; nil means the system's.
	Rand io.Reader
}

// serviceTime is how long an application may take: 14 days, the public service standard.
const serviceTime = 14 * 24 * time.Hour

func (c Config) withDefaults() Config {
	set := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	wait := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.MaxSpoiled, 3)
	set(&c.MaxChipFaults, 3)
	wait(&c.Lease, 10*time.Minute)
	wait(&c.Poll, 2*time.Second)
	wait(&c.ClockSlack, 5*time.Second)
	if c.Standard == "" {
		c.Standard = standard.Names[0]
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	return c
}

// Registry is the ledger of one station. Safe for concurrent use; several on one database
// work as one.
type Registry struct {
	store     *store.Store
	cfg       Config
	log       *zap.Logger
	standards sync.Map // service standards that were read, by their hash
	here      searchHere
}

// New is the registry on an opened database. A nil log is silent.
func New(s *store.Store, cfg Config, log *zap.Logger) *Registry {
	if log == nil {
		log = zap.NewNop()
	}
	return &Registry{store: s, cfg: cfg.withDefaults(), log: log}
}

// EmptyLog lets nothing that was erased stay in the log of the database.
func (r *Registry) EmptyLog(ctx context.Context) error { return r.store.EmptyLog(ctx) }

// act is one operation or one act of a line inside its transaction.
type act struct {
	r     *Registry
	tx    *store.Tx
	actor access.Actor
	row   Row // of the operation; zero for a line
	res   Result
	// also stands in every event of the operation: its second person, and what was shown as proof.
	also map[string]string
	// exception: a separation of duties was lifted.
	exception bool
	// answered: the chip that the operation names answered its challenge.
	answered chipSaid
	// proposing: the second person is not there yet.
	proposing bool
	// deciding: who proposed it acts by the decision of the second person.
	deciding bool
	// proposed is when what is decided now was proposed; zero for what needs no decision.
	proposed time.Time
	// trying: everything is undone in the end.
	trying bool
	// signature of the token on what a second person agreed to.
	signature []byte
	// secrets that were read already.
	secrets map[string][]byte
}

func (a *act) now() time.Time { return a.tx.Now() }

// tell appends an event in the name of the actor.
func (a *act) tell(e audit.Event) error {
	e.Actor = a.actor.ID
	if len(a.also) > 0 {
		detail := maps.Clone(a.also)
		maps.Copy(detail, e.Detail)
		e.Detail = detail
	}
	if slices.Contains(booked, e.Code) {
		e.Detail = placed(e.Detail, a.actor.Place)
	}
	e, err := audit.Append(a.tx, e)
	if err == nil {
		a.res.Events = append(a.res.Events, e.ID)
	}
	return err
}

// random is n random bytes in hex.
func (r *Registry) random(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r.cfg.Rand, b); err != nil {
		return "", err
	}
	return hex.EncodeToString(b), nil
}

// personKey is what unique indexes know of a person: HMAC-SHA256 of the NIK under a secret of
// this database.
func (a *act) personKey(n ktp.NIK) ([]byte, error) {
	return a.mac("person", []byte(n.Digits()))
}

// knownPersonKey is personKey where nothing may be written: known is false while the register has
// nobody yet.
func (a *act) knownPersonKey(n ktp.NIK) (key []byte, known bool, err error) {
	if s, err := secret(a.tx, "person"); err != nil || s == nil {
		return nil, false, err
	}
	key, err = a.personKey(n)
	return key, err == nil, err
}

func (a *act) mac(name string, data []byte) ([]byte, error) {
	key := a.secrets[name]
	if key == nil {
		var err error
		if key, err = secret(a.tx, name); err == nil && key == nil {
			key = make([]byte, sha256.Size)
			if _, err = io.ReadFull(a.r.cfg.Rand, key); err == nil {
				err = keepSecret(a.tx, name, key)
			}
		}
		if err != nil {
			return nil, err
		}
		if a.secrets == nil {
			a.secrets = map[string][]byte{}
		}
		a.secrets[name] = key
	}
	m := hmac.New(sha256.New, key)
	m.Write(data)
	return m.Sum(nil), nil
}
