package station

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"blanko/keys"
	"blanko/keys/pkcs11"
)

// KeysCommands are blanko keys.
type KeysCommands struct {
	Init     KeysInitCommand     `cmd:"" help:"Prepare a token: make the key by which it signs the protocols of its ceremonies."`
	List     KeysListCommand     `cmd:"" help:"List the keys of Blanko on the token, with check values and whether production would use them. Exit status 1: it would not."`
	KCV      KeysKCVCommand      `cmd:"" name:"kcv" help:"Print the check value of a master key, computed on the token."`
	Ceremony KeysCeremonyCommand `cmd:"" help:"Make or load master keys before at least two persons, and write the protocol."`
	Protocol KeysProtocolCommand `cmd:"" help:"Check the signed protocol of a ceremony and draw the paper that everybody signs who was there."`
	Rotate   KeysRotateCommand   `cmd:"" help:"Make the next generation of master keys; cards under the present one stay readable."`
	Retire   KeysRetireCommand   `cmd:"" help:"Destroy a generation of a master key that no card needs any more, before at least two persons."`
	CSCA     KeysCSCACommand     `cmd:"" name:"csca" help:"Make a country signing authority: its key on the token, its certificate in a file."`
	DSC      KeysDSCCommands     `cmd:"" name:"dsc" help:"Certificates of document signers: request, issue, renew, revoke."`
	CRL      KeysCRLCommand      `cmd:"" name:"crl" help:"Make the next revocation list of an authority."`
	Data     KeysDataCommands    `cmd:"" name:"data" help:"The keys that seal personal data in the ledger."`
	Record   KeysRecordCommands  `cmd:"" name:"record" help:"The keys that open what the data center has encrypted of a record."`
	Export   KeysExportCommand   `cmd:"" name:"export-public" help:"Write everything public of the token's keys to a folder."`
}

// TokenChoice chooses the token of one command.
type TokenChoice struct {
	OptionalConfig
	Module  string `help:"PKCS#11 module of the token; without it keys.module of the configuration." placeholder:"FILE"`
	Token   string `help:"Label of the token; without it keys.token of the configuration." placeholder:"LABEL"`
	PINFile string `name:"pin-file" help:"File with the PIN; without it a person enters it." placeholder:"FILE"`
}

// open signs in. A person's PIN may be shown to a token that reports a wrong one; a file's not.
func (c TokenChoice) open(t Terminal, ask *asker) (*pkcs11.Token, Config, error) {
	cfg, err := c.read()
	if err != nil {
		return nil, cfg, err
	}
	k := pkcs11.Config{Module: cfg.Keys.Module, Label: cfg.Keys.Token, Serial: cfg.Keys.Serial}
	if c.Module != "" {
		k.Module = c.Module
	}
	if c.Token != "" {
		k.Label, k.Serial = c.Token, ""
	}
	if k.Module == "" || k.Label == "" {
		return nil, cfg, KeysMissing.At("station.TokenChoice", nil).With("token", "neither the command nor the configuration names module and token")
	}
	k.Attended = c.PINFile == ""
	k.PIN = func() ([]byte, error) {
		if c.PINFile != "" {
			return readPIN(c.PINFile)
		}
		return ask.secret(say("PIN token %s:", "PIN of token %s:", k.Label))
	}
	token, err := pkcs11.Open(k)
	return token, cfg, err
}

// KeysInitCommand is blanko keys init.
type KeysInitCommand struct{ TokenChoice }

// Run makes the token's own key, unless it is there.
func (c KeysInitCommand) Run(ctx context.Context, t Terminal) error {
	token, _, err := c.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	list, err := token.Keys(ctx)
	if err != nil {
		return err
	}
	if newest(list, keys.Attestation) == 0 {
		if _, err := token.GeneratePair(ctx, pkcs11.Name{Role: keys.Attestation, Generation: 1}); err != nil {
			return err
		}
	}
	a := token.About()
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("Token %s siap: %s %s, nomor seri %s.", "Token %s is ready: %s %s, serial number %s.", a.Label, a.Manufacturer, a.Model, a.Serial)))
	return err
}

// newest is the highest generation of a role, 0 where there is none.
func newest(list []pkcs11.Key, role keys.Role) (n int) {
	for _, k := range list {
		if k.Role == role {
			n = max(n, k.Generation)
		}
	}
	return n
}

// KeysListCommand is blanko keys list.
type KeysListCommand struct {
	TokenChoice
	JSON bool `name:"json" help:"Print the list as JSON."`
}

// ListedKey is a row of the list.
type ListedKey struct {
	Role       keys.Role `json:"role"`
	Generation int       `json:"generation"`
	Bits       int       `json:"bits"`
	Check      string    `json:"check"` // check value of a master, key identifier of a pair (hex)
	Local      bool      `json:"made_on_token"`
	Exposed    bool      `json:"exposed"`
}

// KeyList is what the command tells.
type KeyList struct {
	Token    keys.ProtocolToken `json:"token"`
	Keys     []ListedKey        `json:"keys"`
	Refusals []string           `json:"refusals"` // why production would not use them; empty: it would
}

// Run lists.
func (c KeysListCommand) Run(ctx context.Context, t Terminal) error {
	token, cfg, err := c.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	list, err := token.Keys(ctx)
	if err != nil {
		return err
	}
	out := KeyList{Token: protocolToken(token.About()), Keys: []ListedKey{}, Refusals: []string{}}
	for _, k := range list {
		row := ListedKey{Role: k.Role, Generation: k.Generation, Bits: 8 * k.Size, Check: strings.ToUpper(hex.EncodeToString(k.KCV[:])), Local: k.Local, Exposed: k.Exposed}
		if k.Public != nil {
			row.Bits, row.Check = k.Public.Curve.Params().BitSize, keyIdentifier(k)
		}
		out.Keys = append(out.Keys, row)
	}
	p, err := cfg.production(out.Token, list)
	if err != nil {
		return err
	}
	for _, r := range p.Refusals() {
		out.Refusals = append(out.Refusals, t.Language.of(failed(r).Seen))
	}
	if c.JSON {
		err = printJSON(t.Out, out)
	} else {
		err = out.print(t)
	}
	if err == nil && len(out.Refusals) > 0 {
		return ErrShown
	}
	return err
}

// production is what the rules need, with as much of the configuration as is there.
func (c Config) production(token keys.ProtocolToken, list []pkcs11.Key) (keys.Production, error) {
	p := keys.Production{Token: token, Now: time.Now()}
	for _, k := range list {
		p.Keys = append(p.Keys, k.Held())
	}
	var err error
	if p.Protocols, err = protocols(c.Keys.Protocols); err != nil {
		return p, err
	}
	p.Signer, _ = onlyCertificate(c.Keys.Signer) // missing: a refusal of its own
	p.Anchors, _ = certificates(c.Keys.Anchors)
	p.Revoked, err = revocationLists(c.Keys.Anchors)
	return p, err
}

func keyIdentifier(k pkcs11.Key) string {
	id, err := keys.Identifier(k.Public)
	if err != nil {
		return ""
	}
	return strings.ToUpper(hex.EncodeToString(id))
}

func (l KeyList) print(t Terminal) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	kind := words{"perangkat keras", "hardware"}
	if !l.Token.Hardware {
		kind = words{"perangkat lunak", "software"}
	}
	fmt.Fprintf(w, "%s\t%s %s\t%s\t%s\n", l.Token.Label, l.Token.Manufacturer, l.Token.Model, l.Token.Serial, t.Language.of(kind))
	for _, k := range l.Keys {
		made := words{"dimuat", "loaded"}
		if k.Local {
			made = words{"dibuat di token", "made on the token"}
		}
		if k.Exposed {
			made = words{"DAPAT DIBACA KELUAR", "CAN BE READ OUT"}
		}
		fmt.Fprintf(w, "%s %d\t%d bit\t%s\t%s\n", k.Role, k.Generation, k.Bits, k.Check, t.Language.of(made))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(l.Refusals) == 0 {
		_, err := fmt.Fprintln(t.Out, t.Language.of(words{"Produksi memakai kunci-kunci ini.", "Production uses these keys."}))
		return err
	}
	fmt.Fprintln(t.Out, t.Language.of(words{"Produksi TIDAK memakai kunci-kunci ini:", "Production does NOT use these keys:"}))
	for _, r := range l.Refusals {
		fmt.Fprintln(t.Out, "  - "+r)
	}
	return nil
}

// KeysKCVCommand is blanko keys kcv.
type KeysKCVCommand struct {
	TokenChoice
	Role       string `arg:"" help:"MK_T, MK_P, MK_SAM or MK_A."`
	Generation int    `help:"Generation; without it the highest." placeholder:"N"`
}

// Run prints the check value.
func (c KeysKCVCommand) Run(ctx context.Context, t Terminal) error {
	token, _, err := c.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	list, err := token.Keys(ctx)
	if err != nil {
		return err
	}
	if c.Generation == 0 {
		c.Generation = newest(list, keys.Role(c.Role))
	}
	for _, k := range list {
		if k.Role == keys.Role(c.Role) && k.Generation == c.Generation && k.Public == nil {
			_, err := fmt.Fprintf(t.Out, "%X\n", k.KCV)
			return err
		}
	}
	return pkcs11.KeyMissing.At("station.KeysKCVCommand", nil).With("role", "%s %d", c.Role, c.Generation)
}

// KeysExportCommand is blanko keys export-public.
type KeysExportCommand struct {
	TokenChoice
	Out string `arg:"" help:"Folder; it is made where it is missing." type:"path"`
}

// Run writes a PEM file of every pair's public key and a list of check values.
func (c KeysExportCommand) Run(ctx context.Context, t Terminal) error {
	token, _, err := c.open(t, t.asker())
	if err != nil {
		return err
	}
	defer token.Close()
	list, err := token.Keys(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return OutputRefused.At("station.KeysExportCommand", err).With("out", "%s", c.Out)
	}
	var checks strings.Builder
	for _, k := range list {
		if k.Public == nil {
			fmt.Fprintf(&checks, "%s %d %X\n", k.Role, k.Generation, k.KCV)
			continue
		}
		der, err := x509.MarshalPKIXPublicKey(k.Public)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s-%d.pub.pem", strings.ToLower(string(k.Role)), k.Generation)
		if err := newFile(filepath.Join(c.Out, name), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})); err != nil {
			return err
		}
		fmt.Fprintln(t.Out, name)
	}
	if err := newFile(filepath.Join(c.Out, "check-values.txt"), []byte(checks.String())); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.Out, "check-values.txt")
	return err
}

// newFile writes a file that is not there yet.
func newFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return OutputRefused.At("station.newFile", err).With("out", "%s", path)
	}
	_, err = f.Write(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return OutputRefused.At("station.newFile", err).With("out", "%s", path)
	}
	return nil
}
