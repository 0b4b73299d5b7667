package station

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"blanko/registry"
	"blanko/store/backup"
)

// BackupCommands are those about copies of the ledger.
type BackupCommands struct {
	Create  BackupCreateCommand  `cmd:"" help:"Make a sealed copy of the ledger; the station may run meanwhile. It is proved before it is sealed."`
	Verify  BackupVerifyCommand  `cmd:"" help:"Prove a copy by restoring it aside: its seal, its database, its chain of events."`
	Restore BackupRestoreCommand `cmd:"" help:"Put a copy in the place of a ledger that is lost: a file, or an empty database of a server. Nothing is fed afterwards until it was compared with the data center and two persons took it."`
	Mark    BackupMarkCommand    `cmd:"" name:"mark-restored" help:"Say of a ledger that it was put back by other means: a dump or a point in time of PostgreSQL, a snapshot of a machine. Nothing is fed until it was compared and taken, as after restore. Before the station starts."`
}

// BackupCreateCommand is blanko backup create.
type BackupCreateCommand struct {
	ConfigFile
	Folder string `help:"Folder for the copy, instead of backup.folder." placeholder:"FOLDER"`
	JSON   bool   `name:"json" help:"Print what was made as JSON."`
}

// madeCopy is what create and verify print as JSON.
type madeCopy struct {
	File string `json:"file"`
	backup.Manifest
}

// Run makes a copy.
func (c BackupCreateCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	folder := c.Folder
	if folder == "" {
		folder = cfg.Backup.Folder
	}
	if folder == "" {
		return OutputRefused.At("station.backup", nil).With("backup.folder", "no folder is configured; name one with --folder")
	}
	var made madeCopy
	err = cfg.withLedger(ctx, func(reg *registry.Registry) error {
		made.File, made.Manifest, err = cfg.makeCopy(ctx, reg, folder, time.Now())
		return err
	})
	if err != nil {
		return err
	}
	return made.print(t, c.JSON, say("Dibuat: %s", "Made: %s", made.File))
}

func (m madeCopy) print(t Terminal, asJSON bool, head words) error {
	if asJSON {
		return printJSON(t.Out, m)
	}
	_, err := fmt.Fprintf(t.Out, "%s\n%s\n", t.Language.of(head), t.Language.of(tellCopy(m.Manifest)))
	return err
}

// BackupVerifyCommand is blanko backup verify.
type BackupVerifyCommand struct {
	File     string `arg:"" help:"The copy."`
	Identity string `required:"" help:"File with the secret key of age." placeholder:"FILE"`
	JSON     bool   `name:"json" help:"Print what it is of as JSON."`
}

// Run restores the copy into a folder of its own, proves it and removes it again.
func (c BackupVerifyCommand) Run(ctx context.Context, t Terminal) (err error) {
	work, err := backup.NewWork(filepath.Dir(c.File)) // as large a disk as the copy is on
	if err != nil {
		return OutputRefused.At("station.backup", err).With("folder", "%s", filepath.Dir(c.File))
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	m, err := openCopy(ctx, c.File, c.Identity, filepath.Join(work.Folder, "ledger.db"))
	if err != nil {
		return err
	}
	return madeCopy{c.File, m}.print(t, c.JSON, say("Utuh: %s", "Sound: %s", filepath.Base(c.File)))
}

// BackupRestoreCommand is blanko backup restore.
type BackupRestoreCommand struct {
	ConfigFile
	File     string `arg:"" help:"The copy."`
	Identity string `required:"" help:"File with the secret key of age." placeholder:"FILE"`
}

// Run puts the copy in its place and says what is to be done before anything is fed.
func (c BackupRestoreCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	m, err := cfg.restoreCopy(ctx, c.File, c.Identity)
	if err != nil {
		return err
	}
	if err := (madeCopy{c.File, m}).print(t, false, say("Dipasang kembali: %s", "Restored: %s", cfg.place())); err != nil {
		return err
	}
	return t.afterRestoration()
}

// afterRestoration says how a ledger that was put back is taken.
func (t Terminal) afterRestoration() error {
	return t.steps([]string{
		"Jalankan blanko serve; tidak ada kartu yang dibuat dulu.",
		"Kumpulkan semua kartu di ruang cetak dan periksa satu per satu dengan blanko card verify --record: kartu yang dibuat sesudah cadangan tidak dikenal buku besar, dan permohonan pemegangnya ditahan.",
		"Tunggu pencocokan dengan pusat data; yang sudah dibuat menurut pusat ditahan.",
		"Dua orang menerima buku besar (POST /v1/ledger/restoration/acceptance).",
	}, []string{
		"Start blanko serve; no card is made yet.",
		"Gather every card in the print room and examine each with blanko card verify --record: the ledger does not know those that were made after the copy, and what would make them again is held.",
		"Wait for the comparison with the data center; what the center knows to be made is held.",
		"Two persons accept the ledger (POST /v1/ledger/restoration/acceptance).",
	})
}

// BackupMarkCommand is blanko backup mark-restored.
type BackupMarkCommand struct {
	ConfigFile
}

// Run marks the ledger of the configuration.
func (c BackupMarkCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	var at time.Time
	err = cfg.withLedger(ctx, func(reg *registry.Registry) (err error) {
		at, err = reg.MarkAsFound(ctx, Actor, cfg.Center.URL != "")
		return err
	})
	if err != nil {
		return err
	}
	t.Say(fmt.Sprintf("Buku besar ini ditandai sebagai dipasang kembali; kejadian terakhirnya %s.", at.UTC().Format(time.RFC3339)),
		fmt.Sprintf("This ledger is marked as put back; its newest event is of %s.", at.UTC().Format(time.RFC3339)))
	return t.afterRestoration()
}
