package station

import (
	"context"
	"crypto/sha256"
	"fmt"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/access"
)

// PeopleCommands are those about the persons of a station.
type PeopleCommands struct {
	First  FirstCommand  `cmd:"" help:"Make the first security officer of a new station, and print a token of one day for the API."`
	Second SecondCommand `cmd:"" help:"Make the first supervisor beside the officer, who agrees to everybody else, and print a token of one day for the API."`
}

// FirstCommand is blanko people first.
type FirstCommand struct {
	ConfigFile
	ID   string `arg:"" help:"Id of the officer in events and papers: lower case letters, digits, dots, dashes."`
	Name string `arg:"" help:"Full name."`
}

// Run makes the officer and shows the token, once.
func (c FirstCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	text, err := FirstOfficer(ctx, cfg, c.ID, c.Name)
	if err != nil {
		return err
	}
	t.showToken(text)
	return nil
}

func (t Terminal) showToken(text string) {
	fmt.Fprintln(t.Err, t.Language.of(say(
		"Token ini berlaku satu hari dan tidak ditampilkan lagi. Untuk konsol: buka /undangan/ disusul token ini, satu kali. Untuk API: kirim pada kepala Authorization: Bearer ...",
		"This token is valid for one day and is not shown again. For the console: open /undangan/ followed by this token, once. For the API: send it in the header Authorization: Bearer ...")))
	fmt.Fprintln(t.Out, text)
}

// SecondCommand is blanko people second.
type SecondCommand struct {
	ConfigFile
	ID   string `arg:"" help:"Id of the supervisor in events and papers: lower case letters, digits, dots, dashes."`
	Name string `arg:"" help:"Full name."`
}

// Run makes the supervisor and shows the token, once.
func (c SecondCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	text, err := firstPerson(ctx, cfg, c.ID, c.Name, (*registry.Registry).FirstSupervisor)
	if err != nil {
		return err
	}
	t.showToken(text)
	return nil
}

// FirstOfficer makes the first person of a station, a security officer, and the token to begin with.
func FirstOfficer(ctx context.Context, c Config, id, name string) (token string, err error) {
	return firstPerson(ctx, c, id, name, (*registry.Registry).FirstOfficer)
}

func firstPerson(ctx context.Context, c Config, id, name string,
	begin func(*registry.Registry, context.Context, string, string, [sha256.Size]byte) error,
) (token string, err error) {
	st, err := c.openLedger(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	token, hash, err := access.NewToken(nil)
	if err != nil {
		return "", err
	}
	reg := registry.New(st, registry.Config{Office: c.Office}, zap.NewNop())
	return token, begin(reg, ctx, id, name, hash)
}
