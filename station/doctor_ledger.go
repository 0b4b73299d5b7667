package station

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"slices"
	"time"

	"blanko/registry"
	"blanko/registry/audit"
	"blanko/store"
)

// onServer is what is said of the disk where the ledger is not on this machine.
func onServer() finding {
	return note("buku besar ada di server basis data", "the ledger is on the database server")
}

func (x *exam) folder(context.Context) finding {
	if x.cfg.nothingHere() {
		return onServer()
	}
	info, err := os.Stat(x.dir())
	if err != nil || !info.IsDir() {
		return missing("%s tidak ada", "%s does not exist", x.dir())
	}
	f, err := os.CreateTemp(x.dir(), ".blanko-doctor-*")
	if err != nil {
		return missing("%s tidak dapat ditulisi", "%s cannot be written to", x.dir())
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return missing("%s tidak dapat ditulisi", "%s cannot be written to", x.dir())
	}
	return fine("%s", "%s", x.dir())
}

// Disk space: a day of 1000 records of 300 KB with its write-ahead log and a backup takes 1 GB.
const (
	spaceNeeded = 1 << 30 // bytes; below it a day's work may not fit
	spaceWanted = 5 << 30 // a working week
)

func (x *exam) space(context.Context) finding {
	if x.cfg.nothingHere() {
		return onServer()
	}
	free, _, err := diskOf(x.dir())
	switch gib := float64(free) / (1 << 30); {
	case err != nil:
		return note("tidak dapat diketahui", "cannot be told")
	case free < spaceNeeded:
		return missing("%.1f GiB kosong", "%.1f GiB free", gib)
	case free < spaceWanted:
		return warning("%.1f GiB kosong", "%.1f GiB free", gib)
	default:
		return fine("%.1f GiB kosong", "%.1f GiB free", gib)
	}
}

func (x *exam) local(context.Context) finding {
	if x.cfg.nothingHere() {
		return onServer()
	}
	_, kind, err := diskOf(x.dir())
	switch bad := unsafeDisks[kind]; {
	case err != nil:
		return note("tidak dapat diketahui", "cannot be told")
	case bad != "":
		return missing("%s", "%s", bad)
	default:
		return fine("disk mesin ini (jenis %#x)", "a disk of this machine (type %#x)", kind)
	}
}

// Every intent and every outcome of a card is one durable commit: about 18 of them a card.
const (
	syncRounds = 9
	syncSlow   = 50 * time.Millisecond // together about a second of a card
)

func (x *exam) sync(ctx context.Context) finding {
	if x.cfg.Database.shared() {
		return x.commits(ctx)
	}
	f, err := os.CreateTemp(x.dir(), ".blanko-doctor-*")
	if err != nil {
		return finding{Skipped, words{"folder data tidak dapat ditulisi", "the data folder cannot be written to"}}
	}
	defer os.Remove(f.Name()) //nolint:errcheck // an empty file of our own that stays harms nothing
	defer f.Close()           //nolint:errcheck // what it holds is thrown away
	block := make([]byte, 4096)
	var took []time.Duration
	for range syncRounds {
		began := time.Now()
		if _, err := f.WriteAt(block, 0); err != nil {
			return missing("penulisan gagal", "writing failed")
		}
		if err := f.Sync(); err != nil {
			return missing("penyimpanan gagal", "storing failed")
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return saveTime(took[syncRounds/2])
}

// commits is the time to save at a database server, network included.
func (x *exam) commits(ctx context.Context) finding {
	st, err := x.cfg.openLedger(ctx, nil)
	if err != nil {
		return finding{Skipped, words{"buku besar tidak dapat dibuka", "the ledger cannot be opened"}}
	}
	defer st.Close() //nolint:errcheck // it was only measured
	p, err := st.Pulse(ctx)
	if err != nil {
		return failed(err)
	}
	x.ahead = p.Ahead
	return saveTime(p.Commit)
}

func saveTime(median time.Duration) finding {
	ms := float64(median.Microseconds()) / 1000
	if median > syncSlow {
		return warning("%.1f ms setiap simpan", "%.1f ms each time", ms)
	}
	return fine("%.1f ms setiap simpan", "%.1f ms each time", ms)
}

func (x *exam) ledger(ctx context.Context) finding {
	if !x.cfg.hasLedger() {
		if left, err := store.LeftBeside(x.cfg.Data); err != nil || len(left) > 0 {
			return missing("%s tidak ada, tetapi sisanya ada di sampingnya", "%s is not there, but what is left of one lies beside it", x.cfg.Data)
		}
		return note("belum ada; serve membuatnya", "not there yet; serve makes it")
	}
	if info, err := os.Stat(x.cfg.Data); !x.cfg.Database.shared() && (err != nil || !info.Mode().IsRegular()) {
		return missing("%s bukan berkas biasa", "%s is no plain file", x.cfg.Data)
	}
	st, err := x.cfg.openLedger(ctx, nil)
	if err != nil {
		return failed(err)
	}
	defer st.Close() //nolint:errcheck // it was only read
	if err := st.Check(ctx); err != nil {
		return failed(err)
	}
	reg := registry.New(st, registry.Config{Office: x.cfg.Office, Production: true}, nil)
	rep, err := reg.VerifyEvents(ctx)
	if err != nil {
		return failed(err)
	}
	x.latest = rep.Head.Latest
	if put, _, open, err := reg.OpenRestoration(ctx); err != nil {
		return failed(err)
	} else if open {
		x.put = &put
	}
	if x.anchors, err = reg.Anchors(ctx, true); err != nil {
		return failed(err)
	}
	if !rep.Sound() {
		return missing("catatan kejadian diubah dari luar: %d temuan, yang pertama %s", "the event log was changed from outside: %d findings, the first %s", len(rep.Findings), rep.Findings[0])
	}
	wrong, err := reg.Miscounts(ctx)
	if err != nil {
		return failed(err)
	}
	if len(wrong) > 0 {
		w := wrong[0]
		return missing("%d hitungan tidak cocok dengan isinya, yang pertama %s %q: tercatat %d, ada %d", "%d counts are not what the ledger holds, the first %s %q: %d kept, %d there", len(wrong), w.Subject, w.Word, w.Kept, w.Counted)
	}
	head := hex.EncodeToString(rep.Head.Hash[:8])
	return fine("utuh, %d kejadian, kepala rantai %s", "sound, %d events, chain head %s", rep.Events, head)
}

// dataKeys looks whether personal data is sealed, and for how long under the same key.
func (x *exam) dataKeys(ctx context.Context) finding {
	if x.cfg.Database.DataKeys == "" {
		return missing("database.data_keys kosong; serve tidak dimulai", "database.data_keys is empty; serve does not start")
	}
	if _, err := x.cfg.roots(); err != nil {
		return failed(err)
	}
	if !x.cfg.hasLedger() {
		return note("dipakai begitu buku besar dibuat", "used as soon as the ledger is made")
	}
	var keys []store.DataKey
	var newer bool
	if err := x.cfg.withLedger(ctx, func(reg *registry.Registry) (err error) {
		if keys, err = reg.DataKeys(ctx); err != nil {
			return err
		}
		newer, err = reg.NewerTables(ctx)
		return err
	}); err != nil {
		return failed(err)
	}
	if len(keys) == 0 {
		return missing("data pribadi tidak tersandi", "personal data stands in clear")
	}
	newest := keys[len(keys)-1]
	days := int(x.Now().Sub(newest.MadeAt).Hours() / 24)
	switch {
	case days > int(registry.DataKeyLife.Hours()/24)+7: // no station has served for a week since
		return warning("kunci data %d sudah %d hari", "data key %d is %d days old", newest.ID, days)
	case len(keys) > 1 && newer:
		return note("kunci data %d dipakai; %d yang lama ditinggalkan oleh stasiun yang programnya lebih baru", "data key %d is in use; %d older ones are left by a station with the newer program", newest.ID, len(keys)-1)
	case len(keys) > 1:
		return note("kunci data %d dipakai; %d yang lama sedang ditinggalkan", "data key %d is in use; %d older ones are being left", newest.ID, len(keys)-1)
	}
	return fine("kunci data %d, %d hari", "data key %d, %d days old", newest.ID, days)
}

// anchorSlack is how long the anchor of a day may wait for the center.
const anchorSlack = 24 * time.Hour

// anchored looks whether every daily anchor reached the center.
func (x *exam) anchored(context.Context) finding {
	if x.cfg.Center.URL == "" {
		return note("tanpa pusat data, jangkar hanya ada di buku besar dan lembar giliran", "without a data center the anchors are in the ledger and on shift sheets alone")
	}
	late := slices.DeleteFunc(x.anchors, func(d audit.Daily) bool { return x.Now().Sub(d.At) < anchorSlack })
	if len(late) > 0 {
		return warning("%d hari belum diterima pusat data, yang pertama %s", "%d days not taken by the center, the first %s", len(late), late[0].Day)
	}
	return fine("semua sudah di pusat data, atau hari ini menyusul", "all are at the center, or today's follows")
}

// copies looks at the newest copy of the ledger.
func (x *exam) copies(context.Context) finding {
	c := x.cfg
	switch {
	case c.nothingHere(): // the server may make its own
		return onServer()
	case c.Backup.Folder == "":
		return warning("tidak ada yang dibuat", "none are made")
	}
	newest, n, err := c.newestCopy(x.Now())
	if err != nil {
		return warning("folder %s tidak terbaca", "the folder %s cannot be read", c.Backup.Folder)
	}
	if n == 0 {
		return warning("belum ada", "none yet")
	}
	age := x.Now().Sub(newest).Round(time.Minute)
	if age > staleAfter*c.Backup.Every {
		return warning("yang terbaru dari %s, sudah %s", "the newest is of %s, %s ago", newest.Format(time.RFC3339), age)
	}
	return fine("%d, yang terbaru dari %s", "%d, the newest of %s", n, newest.Format(time.RFC3339))
}

// restored looks whether a ledger that was put back waits to be accepted.
func (x *exam) restored(context.Context) finding {
	if x.put == nil {
		return fine("tidak ada", "none")
	}
	return missing("dari cadangan %s; tidak ada kartu yang dibuat", "from the copy of %s; no card is made", x.put.Copied.Format(time.RFC3339))
}

// clockSlack is how far the clock may stand behind the newest event, as for the feeding of cards.
const clockSlack = 5 * time.Second

func (x *exam) clock(context.Context) finding {
	now := x.Now()
	if apart := x.ahead.Abs(); apart > clockSlack {
		return warning("jam mesin ini berbeda %s dari jam server basis data", "the clock of this machine is %s away from that of the database server", apart.Round(time.Second))
	}
	if x.latest.IsZero() {
		return note("%s; belum ada kejadian untuk dibandingkan", "%s; there is no event to compare with", now.Format(time.RFC3339))
	}
	if behind := x.latest.Sub(now); behind > clockSlack {
		return missing("%s di belakang kejadian terakhir", "%s behind the newest event", behind.Round(time.Second))
	}
	return fine("%s", "%s", now.Format(time.RFC3339))
}
