package station

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"net/http"
	"os"
	"slices"
	"testing"

	"blanko/applet/inspect"
	"blanko/emulator/chip"
	"blanko/emulator/people"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/ktp"
)

// ready brings a station as far as an order in its queue for every record, and gives the first application.
func (p *printRoom) ready(blanks int) (app string) {
	p.Helper()
	p.does("rina", "/v1/lots/LOT-1/receipt", map[string]any{"product": "ktp-el-wni", "quantity": blanks + 2})
	p.agree("rina", "joko", "/v1/lines/"+p.line+"/hopper", map[string]any{"lot": "LOT-1", "quantity": blanks})
	app = p.center.Account()[0].ID
	p.until(func() bool {
		var list struct{ Items []struct{ ID, State string } }
		p.see("joko", "/v1/applications", &list)
		return len(list.Items) == len(p.center.Account()) && !slices.ContainsFunc(list.Items, func(a struct{ ID, State string }) bool { return a.State != "print ready" })
	})
	for _, line := range p.center.Account() {
		p.does("ratna", "/v1/applications/"+line.ID+"/approval", nil)
		p.does("joko", "/v1/applications/"+line.ID+"/queue", nil)
	}
	return app
}

// inHand hands the made card to its holder, and holds chip, face, ledger and center against each other.
func (p *printRoom) inHand(app string, spoiled int) {
	p.Helper()
	out := p.put("card_to_output")
	if len(out) != 1 {
		p.Fatalf("%d cards at the output", len(out))
	}
	card := out[0]
	uid := fmt.Sprintf("%X", card.chip.View().KDD)
	at := "/v1/applications/" + app
	resident, err := p.center.Resident(app)
	p.fine(err)
	try := map[string]any{"chip": uid, "live": living(p, resident), "onChip": map[string]any{
		"efFPR": card.chip.View().Files[0x0201], "efFPL": card.chip.View().Files[0x0202],
	}}
	answer := func(who string) (challenge, said []byte) {
		var asked struct{ Challenge []byte }
		status, text := p.ask(who, http.MethodPost, "/v1/cards/"+uid+"/challenge", map[string]any{})
		p.fine(json.Unmarshal(text, &asked))
		if status != http.StatusOK || len(asked.Challenge) != 8 {
			p.Fatalf("a challenge: %d %s", status, text)
		}
		said, err := inspect.Answer(p.Context(), atHand{card.chip}, [8]byte(asked.Challenge))
		p.fine(err)
		return asked.Challenge, said
	}
	challenge, said := answer("yusuf")
	said[21] ^= 1 // a bit of the card cryptogram
	try["presence"] = map[string]any{"challenge": challenge, "answer": said}
	if status, out := p.ask("yusuf", http.MethodPost, at+"/match", try); status != http.StatusForbidden || !bytes.Contains(out, []byte("registry.chip_unproved")) {
		p.Errorf("a chip that did not answer by its key: %d %s", status, out)
	}
	said[21] ^= 1
	p.does("yusuf", at+"/match", try)
	if status, out := p.ask("sari", http.MethodPost, at+"/handover", map[string]any{"chip": uid, "old": "none", "confirmed": true}); status != http.StatusConflict || !bytes.Contains(out, []byte("registry.card_not_shown")) {
		p.Errorf("a card that nobody showed: %d %s", status, out)
	}
	challenge, said = answer("sari")
	p.does("sari", "/v1/cards/"+uid+"/shown", map[string]any{"presence": map[string]any{"challenge": challenge, "answer": said}})
	p.does("sari", at+"/handover", map[string]any{"chip": uid, "old": "none", "confirmed": true})

	v := card.chip.View()
	content, err := chip.Decode(v.Files)
	if err != nil || v.State != "active" || !content.Sealed || content.DG1.DocumentNumber != resident.Person.NIK.Digits() || len(card.pages) != 1 {
		p.Errorf("the card is %s, sealed %v, printed %d times, %v", v.State, content.Sealed, len(card.pages), err)
	}
	var inRegister struct {
		State, Application string
		Counters           []struct {
			Version string
			Counter uint32
		}
	}
	p.see("joko", "/v1/cards/"+uid, &inRegister)
	for _, c := range inRegister.Counters {
		version, err := hex.DecodeString(c.Version)
		p.fine(err)
		if n, there := v.Sequences[version[0]]; there && n != c.Counter { // the transport keys are gone
			p.Errorf("counter %+v, the chip has %v", c, v.Sequences)
		}
	}
	if len(inRegister.Counters) != 4 { // transport, personalization, reading, admin
		p.Errorf("counters %+v", inRegister.Counters)
	}
	if inRegister.State != "in force" || inRegister.Application != app {
		p.Errorf("the register: %+v", inRegister)
	}
	var attempts struct {
		Items []struct{ ID, State, Chip string }
	}
	p.see("joko", "/v1/attempts", &attempts)
	for _, a := range attempts.Items {
		if (a.State == "out") != (a.Chip == uid) || a.State != "out" && a.State != "spoiled" {
			p.Errorf("attempt %+v", a)
		}
	}
	if len(attempts.Items) != spoiled+1 {
		p.Errorf("%d attempts", len(attempts.Items))
	}
	p.until(func() bool {
		line := p.center.Account()[0]
		return line.Word == "CARD_ISSUED" && string(line.Reports[len(line.Reports)-1].Chip) == uid
	})
	var counts struct {
		Made, InDoubt, ReportsWaiting int
		Blanks                        []struct {
			Place        string
			Unread, Read int
		}
	}
	p.until(func() bool {
		p.see("ratna", "/v1/summary", &counts)
		return counts.ReportsWaiting == 0
	})
	places := map[string]int{}
	for _, b := range counts.Blanks {
		places[b.Place] += b.Unread + b.Read
	}
	if counts.Made != 1 || counts.InDoubt != 0 || places["holder"] != 1 || places["hopper/desk-1"] != len(p.stack) || places["reject/desk-1"] != spoiled || places["store"] != 2 {
		p.Errorf("the ledger: %+v; %d blanks lie on the stack", counts, len(p.stack))
	}
}

// sameFace compares what the printer laid on the card in the hand with the face that the station shows.
func (p *printRoom) sameFace(face string) {
	p.Helper()
	status, body := p.ask("joko", http.MethodGet, face, nil)
	if status != http.StatusOK {
		p.Fatalf("%s: %d %s", face, status, body)
	}
	want, err := png.Decode(bytes.NewReader(body))
	p.fine(err)
	p.mu.Lock()
	pages := p.hand.pages
	p.mu.Unlock()
	if len(pages) != 1 {
		p.Fatalf("the card was printed %d times", len(pages))
	}
	got := rasterPage(pages[0])
	if d, mirrored := apart(want, got), apart(want, turned(got)); d > mirrored/3 {
		p.Errorf("the printed face is %v, the expected one %v, %.1f apart, %.1f when it stands on its head", got.Bounds(), want.Bounds(), d, mirrored)
	}
}

// Places in a CUPS raster, version 3: synchronization word, then a page header.
const (
	pageHeader = 4
	pageDots   = pageHeader + 1796
	pageWidth  = pageHeader + 372
	pageHeight = pageHeader + 376
)

// rasterPage is the page of a job, of three bytes a dot.
func rasterPage(job []byte) *image.RGBA {
	if len(job) < pageDots {
		return image.NewRGBA(image.Rectangle{})
	}
	w, h := int(binary.BigEndian.Uint32(job[pageWidth:])), int(binary.BigEndian.Uint32(job[pageHeight:]))
	img, dots := image.NewRGBA(image.Rect(0, 0, w, h)), job[pageDots:]
	for i := range min(w*h, len(dots)/3) {
		copy(img.Pix[4*i:], []byte{dots[3*i], dots[3*i+1], dots[3*i+2], 0xFF})
	}
	return img
}

// turned is a picture on its head.
func turned(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Bounds())
	for i := 0; i < len(m.Pix); i += 4 {
		copy(out.Pix[len(m.Pix)-4-i:], m.Pix[i:i+4])
	}
	return out
}

// apart is how far two pictures are apart: the mean over the fields of a grid, of the color, 0 to 255.
func apart(a, b image.Image) (total float64) {
	const columns, rows = 43, 27
	mean := func(m image.Image, x, y int) (sum [3]float64) {
		r := m.Bounds()
		left, right, top, bottom := r.Dx()*x/columns, r.Dx()*(x+1)/columns, r.Dy()*y/rows, r.Dy()*(y+1)/rows
		for v := top; v < bottom; v++ {
			for u := left; u < right; u++ {
				red, green, blue, _ := m.At(r.Min.X+u, r.Min.Y+v).RGBA()
				sum[0], sum[1], sum[2] = sum[0]+float64(red>>8), sum[1]+float64(green>>8), sum[2]+float64(blue>>8)
			}
		}
		for i := range sum {
			sum[i] /= float64(max(1, (right-left)*(bottom-top)))
		}
		return sum
	}
	for y := range rows {
		for x := range columns {
			p, q := mean(a, x, y), mean(b, x, y)
			for i := range p {
				total += math.Abs(p[i]-q[i]) / (3 * columns * rows)
			}
		}
	}
	return total
}

// One card by what an office has: the station with its configuration, keys on a token, a reader of the
// PC/SC service, a printer behind CUPS, the record from the data center over HTTPS, and people at /v1
// alone. At the end the card in the holder's hand is the person's, and ledger and center say the same.
func TestServeMakesACard(t *testing.T) {
	t.Parallel()
	p := newPrintRoom(t, 1, 1)
	p.begin()
	p.serve()
	p.staff()
	app := p.ready(1)
	if asked := p.carry(app, "produced", nil); !slices.Equal(asked, []string{
		"hand_off blank_to_reader", "hand_off card_to_printer", "hand_off card_to_reader", "accept ", "hand_off card_to_output",
	}) {
		t.Errorf("the line asked for %q", asked)
	}
	p.inHand(app, 0)
	p.devicesTell("joko")
	p.onTheList(inspect.InForce)
	p.end()
}

// onTheList writes the signed status list and reads it as a desk without a link does: it names the one card.
func (p *printRoom) onTheList(standing inspect.Standing) {
	p.Helper()
	choice := p.choice
	choice.PINFile = p.path("pin")
	p.fine(os.Mkdir(p.path("district"), 0o755))
	c := CardStatusListCommand{TokenChoice: choice, File: p.path("cards.jws"), Key: p.path("district/token.pem")}
	p.must(c, nil)
	if _, err := p.run(c, nil); !fault.Is(err, OutputRefused) {
		p.Errorf("written over: %v", err)
	}
	status, served := p.ask("yusuf", http.MethodGet, "/v1/status-list/signed", nil)
	if status != http.StatusOK || bytes.Count(served, []byte(".")) != 2 {
		p.Errorf("the list over the API: %d", status)
	}
	p.fine(os.WriteFile(p.path("served.jws"), served, 0o600))
	if _, err := (CardAccess{StatusKeys: p.path("district"), Status: p.path("served.jws")}).trust(Config{}); err != nil {
		p.Errorf("the list over the API: %v", err)
	}
	trust, err := CardAccess{StatusKeys: p.path("district"), Status: c.File}.trust(Config{})
	p.fine(err)
	uid := ktp.ChipUID(fmt.Sprintf("%X", p.put("card_to_output")[0].chip.View().KDD))
	card, named := trust.Status.Find(uid)
	if l := trust.Status; !named || card != (inspect.CardStatus{Standing: standing}) || l.Len() != 1 || !l.Signed || !l.Local || l.Number < 1 || len(trust.CenterKeys) != 0 {
		p.Errorf("the list: %+v, the card %+v", l, card)
	}
}

// devicesTell has every device read that the ledger knows of: printer and reader of the desk, the link to the center and
// the token.
func (p *printRoom) devicesTell(who string) {
	p.Helper()
	type told struct{ Device, Kind, Model, Fault, AskedAt string }
	var list struct{ Items []told }
	read := func(is func(told) bool) {
		p.Helper()
		p.until(func() bool {
			list.Items = nil
			p.see(who, "/v1/devices", &list)
			return len(list.Items) == 4 && !slices.ContainsFunc(list.Items, func(x told) bool { return !is(x) })
		})
	}
	read(func(x told) bool { return (x.Model != "" || x.Kind == "center") && x.Fault == "" })
	for _, x := range list.Items {
		p.does(who, "/v1/devices/"+x.Device+"/reading", map[string]any{})
	}
	read(func(x told) bool { return x.AskedAt == "" })
	if list.Items[0].Kind != "printer" || list.Items[1].Kind != "reader" || list.Items[2].Kind != "center" || list.Items[3].Kind != "token" {
		p.Errorf("the devices are %+v", list.Items)
	}
}

// The same, and the station is killed: while the printer lays the first face on its card, so that nothing
// proves whether it did; while a person looks at the second; and when the third is active and not yet put
// down. Each time the line asks for the card, and its chip decides: what was never active is set aside
// and never printed again, and the active one is the person's.
func TestServeKilled(t *testing.T) {
	t.Parallel()
	const blanks, spoiled = 4, 2
	p := newPrintRoom(t, blanks, 1)
	p.begin()
	p.serveApart()
	p.staff()
	died := make(chan struct{})
	p.midway = func() {
		p.end()
		close(died)
	}
	app := p.ready(blanks)
	killed := map[string]bool{}
	p.carry(app, "produced", func(q question) bool {
		what := q.Kind + q.Ask
		switch {
		case killed[what]:
			return false
		case what == "hand_offcard_to_printer":
			p.answer(q)
			rig.Receive(t, "the end of the station in the middle of a print", died)
		case what == "accept" || what == "hand_offcard_to_output":
			p.end()
		default:
			return false
		}
		killed[what] = true
		p.serveApart()
		return true
	})
	rejected := p.put("card_to_reject")
	for _, c := range rejected {
		if c.chip.View().State == "active" || len(c.pages) != 1 {
			t.Errorf("a card set aside is %s, printed %d times", c.chip.View().State, len(c.pages))
		}
	}
	if len(killed) != 3 || len(rejected) != spoiled {
		t.Errorf("killed at %v, %d cards set aside", killed, len(rejected))
	}
	p.inHand(app, spoiled)
}

// A card that could not be brought is asked for again before the desk takes the next blank, not only when
// the line starts: its chip decides before another card is in the hand.
func TestDeskAsksBeforeTheNextCard(t *testing.T) {
	t.Parallel()
	const blanks = 3
	p := newPrintRoom(t, blanks, 2)
	p.begin()
	p.serve()
	p.staff()
	app := p.ready(blanks)
	var mislaid, doubt string
	var missing *plastic
	var asked []string
	p.carry(app, "produced", func(q question) bool {
		asked = append(asked, q.Kind+" "+q.Ask)
		switch {
		case q.Ask == "card_to_reader" && mislaid == "":
			p.slot.Remove()
			p.mu.Lock()
			p.inside = nil
			p.mu.Unlock()
			mislaid, missing = q.Attempt, p.hand
			p.does("joko", "/v1/attempts/"+q.Attempt+"/hand-off", map[string]any{"question": q.Number, "cause": "card_missing"})
			return true
		case q.Ask == "card_to_reader" && q.Attempt == mislaid && doubt == "":
			doubt, p.hand = q.Attempt, missing
		}
		return false
	})
	taken, blanksBefore := 0, 0
	for _, a := range asked {
		switch a {
		case "hand_off blank_to_reader":
			taken++
		case "hand_off card_to_reject":
			blanksBefore = taken
		}
	}
	if doubt == "" || blanksBefore != 1 {
		t.Errorf("the card that was mislaid was set aside after %d blanks were taken: %q", blanksBefore, asked)
	}
	p.end()
}

// living are the fingers of a resident as the scanner of the counter takes them: other touches than the card's.
func living(p *printRoom, r people.Resident) (list []any) {
	p.Helper()
	g, err := people.New(11, "61.05") // as the center has them
	p.fine(err)
	for _, slot := range r.Fingers {
		if slot.Empty() {
			continue
		}
		var b bytes.Buffer
		p.fine(png.Encode(&b, g.Finger(r.Index, slot.Finger).Picture(40, people.Touch{Rotation: 0.05, Shift: 6, Cover: 1})))
		list = append(list, map[string]any{"finger": slot.Finger, "image": b.Bytes()})
	}
	return list
}

// atHand is a card that somebody lays on a reader.
type atHand struct{ *chip.Card }

func (atHand) Close() error { return nil }
