package station

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"blanko/emulator/center"
	"blanko/emulator/chip"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/keys"
	"blanko/registry/access"
	"blanko/store/storetest"

	wires "blanko/emulator/cable"
)

// printRoom is a station as it stands in an office: a data center behind HTTPS, a token, a reader of the
// PC/SC service, a printer behind a print queue, blanks, a person who carries them, and people who
// reach the station by /v1 alone.
type printRoom struct {
	*keyOffice
	center *center.Center
	slot   *wires.Slot

	mu      sync.Mutex
	stack   []*plastic
	hand    *plastic            // the card in work: on the reader, or on its way
	inside  *plastic            // in the printer
	down    map[*plastic]string // where a card was put last, by what was asked
	changed chan struct{}       // closed when a card comes into the printer, or is printed
	midway  func()              // once, when a job has come whole and nobody knows it yet

	line    string   // whose hopper is filled
	lent    Printers // instead of those on USB
	address string
	end     func()
	kill    func() // a station apart, which does not hear it
	ended   chan error
	tokens  map[string]string
	sent    int
}

// plastic is a card: its chip, and the pages that were printed on it, CUPS raster.
type plastic struct {
	chip  *chip.Card
	pages [][]byte
}

const transportKey = "maker's transprt"

// issuing makes the keys and certificates of the station by its commands; the chip maker's key comes in shares.
func (o *keyOffice) issuing() {
	o.Helper()
	shares, err := keys.Split([]byte(transportKey), 2, 2)
	o.fine(err)
	kcv, err := keys.KCV([]byte(transportKey))
	o.fine(err)
	o.must(KeysInitCommand{o.choice}, nil)
	o.must(KeysCeremonyCommand{
		TokenChoice: o.choice, Attendance: o.there("1.json"), Roles: []string{"MK_T"}, Way: "combined", Bits: 128, Expect: fmt.Sprintf("%x", kcv),
	}, &typist{shares: []string{shares[0].Text(), shares[1].Text()}})
	o.must(KeysCeremonyCommand{TokenChoice: o.choice, Attendance: o.there("2.json"), Roles: []string{"MK_P", "MK_SAM", "MK_A"}, Way: "generated", Bits: 128}, nil)
	o.authority()
}

func (o *keyOffice) fine(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func newPrintRoom(t *testing.T, blanks, records int) *printRoom {
	t.Helper()
	reader, server, device := rig.PCSC(t).Take(t), rig.CUPS(t, rig.CUPSOptions{}), rig.NewCardDevice(t)
	p := newRoom(t, records, fmt.Sprintf(`lines:
- {id: desk-1, kind: desktop, printer: {language: spool, cable: cups, queue: desk, print_service: %q, retransfer: true}, reader: %s}
`, server.Address, boundTo(reader)))
	p.line = "desk-1"
	p.slot = wires.Plug(t.Context(), reader.Addr)
	t.Cleanup(p.slot.Close)
	for n := range blanks {
		p.stack = append(p.stack, &plastic{chip: chip.New(blankChip(byte(n + 1)))})
	}
	device.OnJob(p.print)
	server.Queue(t, "desk", device.URI(), "abort-job")
	return p
}

// blankChip is the n-th chip as its maker sells it.
func blankChip(n byte) chip.Config {
	serial := [8]byte{6, 1, 0, 5, 0, 0, 0, n}
	return chip.Config{Serial: serial, Size: chip.Size32K, TransportKey: chip.Diversify([]byte(transportKey), chip.KDD(serial))}
}

// boundTo names a reader in a configuration.
func boundTo(r rig.Reader) string {
	serial := r.Name[strings.LastIndex(r.Name, "(")+1 : strings.LastIndex(r.Name, ")")]
	return fmt.Sprintf("{cable: pcsc, serial: %q, slot: %s}", serial, r.Name[len(r.Name)-1:])
}

// newRoom is a station with keys, a data center with records, and what the configuration says of lines.
func newRoom(t *testing.T, records int, lines string) *printRoom {
	t.Helper()
	p := &printRoom{
		keyOffice: newKeyOffice(t), down: map[*plastic]string{}, changed: make(chan struct{}), tokens: map[string]string{}, ended: make(chan error, 1),
	}
	p.issuing()
	var err error
	p.center, err = center.New(center.Config{Seed: 11, Offices: []string{"61.05"}, Records: records, Now: time.Now})
	p.fine(err)
	s, err := p.center.ListenTLS("127.0.0.1:0")
	p.fine(err)
	t.Cleanup(func() { _ = s.Close() })
	cred, err := s.Client("61.05")
	p.fine(err)
	anchor := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: p.center.Anchor().SPKI})
	for name, text := range map[string][]byte{"client.pem": cred.Certificate, "client.key": cred.Key, "authorities.pem": cred.CA, "anchor.pem": anchor, "data.keys": []byte(strings.Repeat("A", 43) + "=\n")} {
		p.fine(os.WriteFile(p.path(name), text, 0o600))
	}
	text, err := os.ReadFile(p.config)
	p.fine(err)
	text = append(text, strings.NewReplacer("DIR", p.dir, "URL", cred.URL, "SERVER", storetest.AnyURL(t)).Replace(`
office: "61.05"
data: "DIR/blanko.db"
database: {data_keys: "DIR/data.keys", postgres: "SERVER"}
listen: "127.0.0.1:0"
center: {url: "URL", client_certificate: "DIR/client.pem", client_key: "DIR/client.key", authorities: "DIR/authorities.pem", anchor: "DIR/anchor.pem", poll: 1s}
`)...)
	p.fine(os.WriteFile(p.config, append(text, lines...), 0o600))
	return p
}

// print is the printer: a job waits until a card is inside.
func (p *printRoom) print(job []byte) {
	for {
		p.mu.Lock()
		card, changed, midway := p.inside, p.changed, p.midway
		if card != nil {
			card.pages, p.inside, p.midway = append(card.pages, job), nil, nil
			p.note()
		}
		p.mu.Unlock()
		if card != nil {
			if midway != nil {
				midway()
			}
			return
		}
		select {
		case <-changed:
		case <-p.Context().Done():
			return
		}
	}
}

// note tells who waits at the printer. The caller holds the lock.
func (p *printRoom) note() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// serve starts the station of the configuration in this process, and ends it when told to.
func (p *printRoom) serve() {
	p.Helper()
	cfg, err := ReadConfig(p.config)
	p.fine(err)
	ctx, stop := context.WithCancel(p.Context())
	ready := make(chan string, 1)
	go func() {
		p.ended <- Serve(ctx, cfg, Service{Printers: p.lent, Log: zaptest.NewLogger(p, zaptest.Level(zap.WarnLevel)), Ready: func(a string) { ready <- a }, look: 100 * time.Millisecond})
	}()
	select {
	case p.address = <-ready:
	case err := <-p.ended:
		p.Fatal(err)
	case <-time.After(roomPatience):
		p.Fatal("the station never served")
	}
	p.end = func() {
		stop()
		p.fine(rig.Receive(p, "the end of the station", p.ended))
	}
	p.Cleanup(stop)
}

// ServesFor names, in the environment of a test process, the configuration that it serves instead of
// testing: a station that can be killed.
const ServesFor = "BLANKO_TEST_SERVES"

// productVariable names the program of the product, where a guest has it; else the test process plays it.
const productVariable = "BLANKO_PRODUCT"

// serveApart starts the station in a process of its own, which ends by SIGKILL.
func (p *printRoom) serveApart() {
	p.Helper()
	self, err := os.Executable()
	p.fine(err)
	cmd := exec.CommandContext(p.Context(), self)
	cmd.Env, cmd.Stderr = append(os.Environ(), ServesFor+"="+p.config), io.Discard
	if product := os.Getenv(productVariable); product != "" {
		cmd = exec.CommandContext(p.Context(), product, "serve", "--config", p.config)
		cmd.Stderr = os.Stderr
	}
	_, err = cmd.StdinPipe() // its end is the end of the station, should this process die first
	p.fine(err)
	out, err := cmd.StdoutPipe()
	p.fine(err)
	p.fine(cmd.Start())
	p.kill = func() { _ = cmd.Process.Kill() }
	p.end = func() {
		p.kill()
		_ = cmd.Wait()
	}
	p.Cleanup(p.end)
	line, err := bufio.NewReader(out).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "http://")
	if err != nil || !found {
		p.Fatalf("the station does not serve: %q, %v", line, err)
	}
	p.address, _, _ = strings.Cut(address, "/")
	if p.tokens["joko"] != "" {
		p.release()
	}
}

// release lets the lines go after a start.
func (p *printRoom) release() {
	p.Helper()
	var list struct {
		Items []struct{ ID, ReleasedAt string }
	}
	p.see("joko", "/v1/starts?waiting=true", &list)
	if len(list.Items) != 1 {
		p.Fatalf("the starts that wait: %+v", list)
	}
	p.agree("joko", "ratna", "/v1/starts/"+list.Items[0].ID+"/release", nil)
}

// approve lets profile, templates and standard be used, by the command at the token.
func (p *printRoom) approve() {
	p.Helper()
	choice := p.choice
	choice.PINFile = p.path("pin")
	typed := strings.NewReader(p.tokens["joko"] + "\n" + p.tokens["ratna"] + "\n")
	p.fine(DesignApproveCommand{choice}.Run(p.Context(), Terminal{Out: io.Discard, Err: io.Discard, In: typed, Language: English}))
}

// put are the cards that lie where a line asked to put them.
func (p *printRoom) put(where string) (list []*plastic) {
	for card, at := range p.down {
		if at == where {
			list = append(list, card)
		}
	}
	return list
}

// ask sends a request as somebody; what is posted has a key of its own.
func (p *printRoom) ask(who, method, target string, body any) (int, []byte) {
	p.Helper()
	text, err := json.Marshal(body)
	p.fine(err)
	req, err := http.NewRequestWithContext(p.Context(), method, "http://"+p.address+target, bytes.NewReader(text))
	p.fine(err)
	p.sent++
	req.Header.Set("Authorization", "Bearer "+p.tokens[who])
	req.Header.Set("Idempotency-Key", fmt.Sprintf("room-%d", p.sent))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil // the station was killed
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, out
}

func (p *printRoom) see(who, target string, into any) {
	p.Helper()
	status, body := p.ask(who, http.MethodGet, target, nil)
	if status != http.StatusOK {
		p.Fatalf("%s reads %s: %d %s", who, target, status, body)
	}
	p.fine(json.Unmarshal(body, into))
}

// does is what somebody does alone.
func (p *printRoom) does(who, target string, body any) {
	p.Helper()
	if status, out := p.ask(who, http.MethodPost, target, body); status != http.StatusOK {
		p.Fatalf("%s, %s: %d %s", who, target, status, out)
	}
}

// agree is what two do.
func (p *printRoom) agree(who, second, target string, body any) {
	p.Helper()
	status, out := p.ask(who, http.MethodPost, target, body)
	if status != http.StatusAccepted {
		p.Fatalf("%s, %s: %d %s", who, target, status, out)
	}
	var wish struct{ Proposal string }
	p.fine(json.Unmarshal(out, &wish))
	p.does(second, "/v1/proposals/"+wish.Proposal+"/decision", map[string]any{"agree": true})
}

// begin makes the first two by the commands.
func (p *printRoom) begin() {
	p.Helper()
	p.tokens["keamanan"] = strings.TrimSpace(p.must(FirstCommand{ConfigFile: ConfigFile{p.config}, ID: "keamanan", Name: "PETUGAS KEAMANAN"}, nil))
	p.tokens["kepala"] = strings.TrimSpace(p.must(SecondCommand{ConfigFile: ConfigFile{p.config}, ID: "kepala", Name: "KEPALA DINAS"}, nil))
}

// staff are everybody else, whom these two take on. They approve what cards are made by, and let the lines go.
func (p *printRoom) staff() {
	p.Helper()
	for id, role := range map[string]access.Role{
		"rina": access.StockKeeper, "joko": access.Administrator, "ratna": access.Supervisor, "yusuf": access.KecamatanOperator, "sari": access.ServiceOfficer,
	} {
		text, hash, err := access.NewToken(rand.Reader)
		p.fine(err)
		p.tokens[id] = text
		p.agree("keamanan", "kepala", "/v1/people/"+id, map[string]any{"name": strings.ToUpper(id), "roles": []access.Role{role}, "active": true})
		p.agree("keamanan", "kepala", "/v1/people/"+id+"/tokens", map[string]any{
			"id": id + "-1", "kind": "token", "hash": fmt.Sprintf("%x", hash), "expiresAt": time.Now().AddDate(0, 1, 0),
		})
	}
	p.approve()
	p.release()
}

// roomPatience bounds what is waited for: a room that stands still ends its own test, with what it shows, and not the
// tests of everybody.
const roomPatience = 5 * time.Minute

// until looks again and again, as a screen does, until it sees what it waits for.
func (p *printRoom) until(seen func() bool) {
	p.Helper()
	look, tired := time.NewTicker(150*time.Millisecond), time.NewTimer(roomPatience)
	defer look.Stop()
	defer tired.Stop()
	for !seen() {
		select {
		case <-look.C:
		case <-tired.C:
			_, lines := p.ask("joko", http.MethodGet, "/v1/lines", nil)
			_, questions := p.ask("joko", http.MethodGet, "/v1/questions", nil)
			p.Fatalf("never seen; the lines: %s; the questions: %s", lines, questions)
		case err := <-p.ended:
			p.Fatalf("the station ended: %v", err)
		case <-p.Context().Done():
			p.Fatal("given up")
		}
	}
}

// question is what the line asks of a person.
type question struct {
	Attempt, Kind, Ask, Face string
	Number                   int
	Why                      struct{ Code fault.Code }
}

// carry does what the line asks for until the application is in a state. Before an answer, first may do
// something else; true: the answer is not given.
func (p *printRoom) carry(app, state string, first func(question) bool) (asked []string) {
	p.Helper()
	p.until(func() bool {
		var d struct{ Application struct{ State string } }
		p.see("joko", "/v1/applications/"+app, &d)
		var list struct{ Items []question }
		p.see("joko", "/v1/questions", &list)
		for _, q := range list.Items {
			if first != nil && first(q) {
				break
			}
			asked = append(asked, q.Kind+" "+q.Ask)
			p.answer(q)
		}
		return d.Application.State == state && len(list.Items) == 0
	})
	return asked
}

// answer does one thing that the line asks for, and says so.
func (p *printRoom) answer(q question) {
	p.Helper()
	at := "/v1/attempts/" + q.Attempt
	switch q.Ask {
	case "blank_to_reader":
		p.slot.Remove()
		p.hand, p.stack = p.stack[0], p.stack[1:]
		p.fine(p.slot.Insert(p.hand.chip))
	case "card_to_printer":
		p.slot.Remove()
		p.mu.Lock()
		p.inside = p.hand
		p.note()
		p.mu.Unlock()
	case "card_to_reader":
		p.slot.Remove()
		p.mu.Lock()
		p.inside = nil
		p.mu.Unlock()
		p.fine(p.slot.Insert(p.hand.chip))
	case "card_to_output", "card_to_reject":
		p.slot.Remove()
		p.down[p.hand] = q.Ask
	case "":
		p.sameFace(q.Face)
		p.ask("joko", http.MethodPost, at+"/face", map[string]any{"good": true})
		return
	default:
		p.Fatalf("the line asks for %s", q.Ask)
	}
	p.ask("joko", http.MethodPost, at+"/hand-off", map[string]any{"question": q.Number})
}
