package station

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"blanko/keys"
	"blanko/keys/pkcs11"
	"blanko/registry"
)

// Attendance names who is at a ceremony.
type Attendance struct {
	Leader  string   `required:"" help:"Who runs the program." placeholder:"NAME"`
	Holder  []string `help:"Who holds a share; once for each, in their order." sep:"none" placeholder:"NAME"`
	Witness []string `help:"Who compares and signs; once for each." sep:"none" placeholder:"NAME"`
	Place   string   `required:"" help:"Where it is held." placeholder:"PLACE"`
	Out     string   `required:"" help:"File of the signed protocol; it goes into the folder keys.protocols." type:"path" placeholder:"FILE"`
}

func (a Attendance) persons() (out []keys.Person) {
	out = []keys.Person{{Name: a.Leader, Duty: keys.Leader}}
	for _, n := range a.Holder {
		out = append(out, keys.Person{Name: n, Duty: keys.Holder})
	}
	for _, n := range a.Witness {
		out = append(out, keys.Person{Name: n, Duty: keys.Witness})
	}
	return out
}

// part is the file of a protocol that is being written; what reads protocols passes over it.
func (a Attendance) part() string { return a.Out + ".part" }

// ceremony is one that is being held.
type ceremony struct {
	Attendance
	t        Terminal
	ask      *asker
	token    *pkcs11.Token
	protocol keys.Protocol
}

// begin checks who is there before a key is touched.
func (a Attendance) begin(t Terminal, choice TokenChoice) (*ceremony, error) {
	seen := map[string]bool{}
	persons := a.persons()
	for _, p := range persons {
		seen[strings.ToLower(strings.Join(strings.Fields(p.Name), " "))] = true
	}
	if len(seen) < 2 || len(seen) != len(persons) || seen[""] {
		return nil, PersonsMissing.At("station.Attendance", nil).With("persons", "%d are named, %d different ones", len(persons), len(seen))
	}
	if _, err := os.Lstat(a.Out); err == nil {
		return nil, OutputRefused.At("station.Attendance", nil).With("out", "%s is there already", a.Out)
	}
	if err := newFile(a.part(), nil); err != nil { // a key whose protocol cannot be kept is not made
		return nil, err
	}
	c := &ceremony{Attendance: a, t: t, ask: t.asker()}
	var err error
	if c.token, _, err = choice.open(t, c.ask); err != nil {
		return nil, errors.Join(err, os.Remove(a.part()))
	}
	c.protocol = keys.Protocol{Place: a.Place, Began: time.Now().UTC().Truncate(time.Second), Token: protocolToken(c.token.About()), Persons: persons, Program: Version()}
	return c, nil
}

func (c *ceremony) note(format string, args ...any) {
	c.protocol.Steps = append(c.protocol.Steps, keys.ProtocolStep{At: time.Now().UTC().Truncate(time.Second), What: fmt.Sprintf(format, args...)})
}

// sign has the token sign the protocol as far as it goes, and puts it into its file: what happens afterwards
// takes no key away from it.
func (c *ceremony) sign(ctx context.Context) error {
	signer, err := ownKey(ctx, c.token)
	if err != nil {
		return err
	}
	c.protocol.Ended = time.Now().UTC().Truncate(time.Second)
	signed, err := c.protocol.Sign(nil, signer)
	if err != nil {
		return err
	}
	text, err := signed.Encode()
	if err != nil {
		return err
	}
	err = os.WriteFile(c.part(), text, 0o644)
	if err == nil {
		err = os.Rename(c.part(), c.Out)
	}
	if err != nil {
		return OutputRefused.At("station.ceremony", err).With("out", "%s", c.Out)
	}
	c.protocol = signed
	return nil
}

// end signs the whole protocol and prints it.
func (c *ceremony) end(ctx context.Context) error {
	if err := c.sign(ctx); err != nil {
		return err
	}
	return printProtocol(c.t, c.protocol)
}

// close leaves the token.
func (c *ceremony) close() {
	c.token.Close()
	_ = os.Remove(c.part()) // a protocol that was signed is in its file
}

// ready reports an error where the token cannot sign a protocol: it is asked before a key is made.
func (c *ceremony) ready(ctx context.Context) ([]pkcs11.Key, error) {
	list, err := c.token.Keys(ctx)
	if err == nil && newest(list, keys.Attestation) == 0 {
		err = pkcs11.KeyMissing.At("station.ceremony", nil).With("key", "%s; run blanko keys init first", keys.Attestation)
	}
	return list, err
}

// KeysCeremonyCommand is blanko keys ceremony.
type KeysCeremonyCommand struct {
	TokenChoice
	Attendance
	Roles      []string `arg:"" help:"MK_T, MK_P, MK_SAM, MK_A: one or several."`
	Way        string   `enum:"generated,shared,combined" default:"shared" help:"generated: on the token, without a copy; shared: made and divided among the holders; combined: put together of the holders' shares."`
	Needed     int      `default:"2" help:"How many shares put a key together."`
	Generation int      `help:"Generation; without it the next." placeholder:"N"`
	Bits       int      `enum:"128,256" default:"128" help:"Length of the keys."`
	Expect     string   `help:"Check value that a combined key must have, from its first protocol." placeholder:"HEX"`
}

// Run holds the ceremony.
func (c KeysCeremonyCommand) Run(ctx context.Context, t Terminal) error {
	const op = "station.KeysCeremonyCommand"
	for i, r := range c.Roles {
		if !slices.Contains(keys.Roles, keys.Role(r)) || slices.Contains(c.Roles[:i], r) {
			return pkcs11.KeyMissing.At(op, nil).With("role", "%q is no role of a master key, or stands twice", r)
		}
	}
	way := keys.Way(c.Way)
	switch {
	case way == keys.Shared && (c.Needed < 2 || len(c.Holder) < c.Needed):
		return PersonsMissing.At(op, nil).With("holder", "%d holders for shares of which %d are needed", len(c.Holder), c.Needed)
	case way == keys.Combined && (len(c.Holder) < 2 || len(c.Roles) != 1):
		return PersonsMissing.At(op, nil).With("holder", "one key at a time is put together, by at least two holders")
	}
	held, err := c.begin(t, c.TokenChoice)
	if err != nil {
		return err
	}
	defer held.close()
	list, err := held.ready(ctx)
	if err != nil {
		return err
	}
	for _, r := range c.Roles {
		name := pkcs11.Name{Role: keys.Role(r), Generation: c.Generation}
		if name.Generation == 0 {
			name.Generation = newest(list, name.Role) + 1
		}
		if err := held.make(ctx, name, way, c.Needed, c.Bits/8, c.Expect); err != nil {
			return err
		}
	}
	return held.end(ctx)
}

// make brings one master onto the token, and into the protocol.
func (c *ceremony) make(ctx context.Context, name pkcs11.Name, way keys.Way, needed, size int, expect string) error {
	row := keys.ProtocolKey{Role: name.Role, Generation: name.Generation, Bits: 8 * size, Way: way}
	switch way {
	case keys.Generated:
		if err := c.token.Generate(ctx, name, size); err != nil {
			return err
		}
	case keys.Shared:
		row.Needed, row.Of = needed, len(c.Holder)
		key := make([]byte, size)
		rand.Read(key) // it never fails (crypto/rand)
		defer clear(key)
		if err := c.hand(name, key, needed); err != nil {
			return err
		}
		if err := c.load(ctx, name, key); err != nil {
			return err
		}
	case keys.Combined:
		key, of, err := c.gather(name)
		if err != nil {
			return err
		}
		defer clear(key)
		row.Needed, row.Bits = of, 8*len(key)
		kcv, err := keys.KCV(key)
		if err != nil {
			return err
		}
		if expect != "" && !strings.EqualFold(expect, hex.EncodeToString(kcv[:])) {
			return CheckValueDiffers.At("station.ceremony", nil).With("check value", "%X, expected %s", kcv, strings.ToUpper(expect))
		}
		if err := c.load(ctx, name, key); err != nil {
			return err
		}
	}
	list, err := c.token.Keys(ctx)
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.Name == name {
			row.KCV = hex.EncodeToString(k.KCV[:])
			c.note("%s %d is on the token: check value %X", name.Role, name.Generation, k.KCV)
		}
	}
	c.protocol.Keys = append(c.protocol.Keys, row)
	return c.sign(ctx)
}

// hand gives every holder a share, alone at the screen, and has it typed back.
func (c *ceremony) hand(name pkcs11.Name, key []byte, needed int) error {
	shares, err := keys.Split(key, needed, len(c.Holder))
	if err != nil {
		return err
	}
	for i, s := range shares {
		defer s.Wipe()
		who := c.Holder[i]
		if _, err := c.ask.line(say("%s %d: %s sendirian di depan layar, lalu Enter.", "%s %d: %s alone at the screen, then Enter.", name.Role, name.Generation, who)); err != nil {
			return err
		}
		fmt.Fprintln(c.t.Err, "  "+s.Text())
		if _, err := c.ask.line(say("Tulis komponen ini, lalu Enter; layar dihapus.", "Write this share down, then Enter; the screen is wiped.")); err != nil {
			return err
		}
		c.ask.wipe()
		typed, err := c.share(who)
		if err != nil {
			return err
		}
		defer typed.Wipe()
		if typed.Text() != s.Text() {
			return AnswerMissing.At("station.ceremony", nil).With("share", "%s typed another share", who)
		}
		c.note("%s %d: %s holds share %d of %d, %d are needed", name.Role, name.Generation, who, s.Index, len(shares), needed)
	}
	return nil
}

// gather puts a key together of what the holders type.
func (c *ceremony) gather(name pkcs11.Name) (key []byte, of int, err error) {
	var shares []keys.Share
	for _, who := range c.Holder {
		s, err := c.share(who)
		if err != nil {
			return nil, 0, err
		}
		defer s.Wipe()
		shares = append(shares, s)
		c.note("%s %d: %s typed share %d", name.Role, name.Generation, who, s.Index)
		if len(shares) == s.Threshold {
			break
		}
	}
	key, err = keys.Combine(shares)
	return key, len(shares), err
}

// share asks a holder. A slip is told, and may be mended.
func (c *ceremony) share(who string) (keys.Share, error) {
	const tries = 3
	var err error
	for range tries {
		var text []byte
		if text, err = c.ask.secret(say("%s, ketik komponen:", "%s, type the share:", who)); err != nil {
			return keys.Share{}, err
		}
		var s keys.Share
		s, err = keys.ParseShare(string(text))
		clear(text)
		if err == nil {
			return s, nil
		}
		fmt.Fprintln(c.t.Err, c.t.Language.of(say("Ada angka yang salah.", "A digit is wrong.")))
	}
	return keys.Share{}, err
}

// load shows the check value to everybody and loads the key when the witness agrees.
func (c *ceremony) load(ctx context.Context, name pkcs11.Name, key []byte) error {
	kcv, err := keys.KCV(key)
	if err != nil {
		return err
	}
	if called, known := keys.WellKnown(kcv); known {
		return CheckValueDiffers.At("station.ceremony", nil).With("key", "this is the %s", called)
	}
	list, err := c.token.Keys(ctx)
	if err != nil {
		return err
	}
	if twin, found := keys.Twin(heldKeys(list), name.Role, name.Generation, kcv); found {
		return keys.KeyRepeated.At("station.ceremony", nil).With("keys", "%s %d would be the key of %s %d", name.Role, name.Generation, twin.Role, twin.Generation)
	}
	text := strings.ToUpper(hex.EncodeToString(kcv[:]))
	answer, err := c.ask.line(say("%s %d: nilai periksa %s. Semua melihatnya? Ketik nilai itu untuk memuat kunci:", "%s %d: check value %s. Has everybody seen it? Type it to load the key:", name.Role, name.Generation, text))
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, text) {
		return CheckValueDiffers.At("station.ceremony", nil).With("check value", "%s was typed for %s", answer, text)
	}
	if err := c.token.Load(ctx, name, key); err != nil {
		return err
	}
	c.note("%s %d: loaded after the check value %s was compared", name.Role, name.Generation, text)
	return nil
}

// KeysRotateCommand is blanko keys rotate.
type KeysRotateCommand struct {
	TokenChoice
	Attendance
	Roles  []string `arg:"" help:"MK_T, MK_P, MK_SAM, MK_A: one or several, each on the token already."`
	Way    string   `enum:"generated,shared" default:"shared" help:"generated: on the token, without a copy; shared: made and divided among the holders."`
	Needed int      `default:"2" help:"How many shares put a key together."`
	Bits   int      `enum:"128,256" default:"128" help:"Length of the keys."`
}

// Run is a ceremony for the next generation.
func (c KeysRotateCommand) Run(ctx context.Context, t Terminal) error {
	held := KeysCeremonyCommand{TokenChoice: c.TokenChoice, Attendance: c.Attendance, Roles: c.Roles, Way: c.Way, Needed: c.Needed, Bits: c.Bits}
	if err := held.Run(ctx, t); err != nil {
		return err
	}
	fmt.Fprintln(t.Err, t.Language.of(words{
		"Kartu baru memakai generasi ini sejak stasiun dijalankan ulang. Generasi lama tetap dibaca; hapus dengan blanko keys retire bila tidak ada kartu lagi.",
		"New cards are under this generation from the next start of the station. The old one stays readable; remove it with blanko keys retire when no card needs it.",
	}))
	return nil
}

// KeysRetireCommand is blanko keys retire.
type KeysRetireCommand struct {
	TokenChoice
	Attendance
	Role       string `arg:"" help:"MK_T, MK_P, MK_SAM or MK_A."`
	Generation int    `arg:"" help:"Generation that is destroyed; never the highest that a protocol attests."`
}

// Run destroys an old generation.
func (c KeysRetireCommand) Run(ctx context.Context, t Terminal) error {
	const op = "station.KeysRetireCommand"
	held, err := c.begin(t, c.TokenChoice)
	if err != nil {
		return err
	}
	defer held.close()
	list, err := held.ready(ctx)
	if err != nil {
		return err
	}
	name := pkcs11.Name{Role: keys.Role(c.Role), Generation: c.Generation}
	at := slices.IndexFunc(list, func(k pkcs11.Key) bool { return k.Name == name && k.Public == nil })
	older := at >= 0 && c.Generation < newest(list, name.Role)
	if at >= 0 && !older { // what a ceremony left behind that broke off
		cfg, err := c.read()
		if err != nil {
			return err
		}
		p, err := cfg.production(held.protocol.Token, list)
		if err != nil {
			return err
		}
		older = !p.Attested(list[at].Held())
	}
	if !older {
		return pkcs11.KeyMissing.At(op, nil).With("key", "%s %d is no older generation on the token, nor one that no protocol attests", c.Role, c.Generation)
	}
	release, err := c.unneeded(ctx, name.Role, list[at].KCV)
	if err != nil {
		return err
	}
	defer release()
	text := fmt.Sprintf("%X", list[at].KCV)
	answer, err := held.ask.line(say("%s %d dengan nilai periksa %s akan dihapus untuk selamanya. Ketik nilai itu:", "%s %d with check value %s will be gone for good. Type the value:", name.Role, name.Generation, text))
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, text) {
		return AnswerMissing.At(op, nil).With("check value", "%q was typed", answer)
	}
	if err := held.token.Destroy(ctx, name); err != nil {
		return err
	}
	held.note("%s %d with check value %s was destroyed", name.Role, name.Generation, text)
	held.protocol.Keys = append(held.protocol.Keys, keys.ProtocolKey{Role: name.Role, Generation: name.Generation, Bits: 8 * list[at].Size, KCV: strings.ToLower(text), Way: keys.Destroyed})
	return held.end(ctx)
}

// unneeded proves by the ledger that no card needs a master, and holds the ledger meanwhile, so that this
// station makes no card under it.
func (c KeysRetireCommand) unneeded(ctx context.Context, role keys.Role, kcv [3]byte) (release func(), err error) {
	const op = "station.KeysRetireCommand"
	cfg, err := c.read()
	if err != nil {
		return nil, err
	}
	if !c.there() || !cfg.hasLedger() {
		return nil, KeyNeeded.At(op, nil).With("ledger", "there is none to tell which cards are under it")
	}
	st, err := cfg.openLedger(ctx, nil)
	if err != nil {
		return nil, err
	}
	end, err := st.Claim(ctx, cfg.Office+" "+cfg.Station, func(error) {})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	release = func() {
		end()
		_ = st.Close() // it was only read
	}
	use, err := registry.New(st, registry.Config{Office: cfg.Office}, zap.NewNop()).MasterUse(ctx, role, kcv)
	if err == nil && use != (registry.MasterUse{}) {
		err = KeyNeeded.At(op, nil).With("key", "%d cards that are not destroyed are under it, and of %d the ledger does not know", use.Cards, use.Unrecorded)
	}
	if err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// printProtocol prints a protocol for the persons to sign.
func printProtocol(t Terminal, p keys.Protocol) error {
	duties := map[keys.Duty]words{keys.Leader: {"pemimpin", "leader"}, keys.Holder: {"pemegang komponen", "holder of a share"}, keys.Witness: {"saksi", "witness"}}
	ways := map[keys.Way]words{
		keys.Generated: {"dibuat di token, tanpa salinan", "made on the token, without a copy"}, keys.Shared: {"dibuat, dibagi, dimuat", "made, divided, loaded"},
		keys.Combined: {"disusun dari komponen, dimuat", "put together of shares, loaded"}, keys.Destroyed: {"dihapus", "destroyed"}, keys.Certified: {"diberi sertifikat", "certified"},
	}
	var b strings.Builder
	row := func(id, en string, args ...any) { fmt.Fprintln(&b, t.Language.of(say(id, en, args...))) }
	row("PROTOKOL UPACARA KUNCI", "PROTOCOL OF A KEY CEREMONY")
	row("Tempat: %[1]s   Mulai: %[2]s   Selesai: %[3]s", "Place: %[1]s   Began: %[2]s   Ended: %[3]s", p.Place, p.Began.Format(time.RFC3339), p.Ended.Format(time.RFC3339))
	row("Token: %[1]s, %[2]s %[3]s, nomor seri %[4]s   Program: %[5]s", "Token: %[1]s, %[2]s %[3]s, serial number %[4]s   Program: %[5]s", p.Token.Label, p.Token.Manufacturer, p.Token.Model, p.Token.Serial, p.Program)
	fmt.Fprintln(&b)
	for _, k := range p.Keys {
		shares := ""
		if k.Needed > 0 && k.Of > 0 {
			shares = t.Language.of(say(" (%d dari %d komponen)", " (%d of %d shares)", k.Needed, k.Of))
		}
		if k.Public != "" {
			fmt.Fprintf(&b, "%-7s %d  %s\n", k.Role, k.Generation, t.Language.of(ways[k.Way]))
			continue
		}
		fmt.Fprintf(&b, "%-7s %d  AES-%d  KCV %s  %s%s\n", k.Role, k.Generation, k.Bits, strings.ToUpper(k.KCV), t.Language.of(ways[k.Way]), shares)
	}
	fmt.Fprintln(&b)
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "%s  %s\n", s.At.Format(time.TimeOnly), s.What)
	}
	fmt.Fprintln(&b)
	for _, person := range p.Persons {
		fmt.Fprintf(&b, "%-18s %-30s ______________________\n", t.Language.of(duties[person.Duty]), person.Name)
	}
	const shown = 32 // characters of the signature, enough to tell two protocols apart
	row("\nTanda tangan token: %s...", "\nSignature of the token: %s...", p.Signature[:min(shown, len(p.Signature))])
	_, err := fmt.Fprint(t.Out, b.String())
	return err
}
