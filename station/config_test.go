package station

import (
	"fmt"
	"strings"
	"testing"

	"blanko/fault"
)

func TestSampleConfigurationLoads(t *testing.T) {
	t.Parallel()
	c, err := ParseConfig([]byte(Sample))
	if err != nil || c.Office != "61.05" || len(c.Lines) != 0 {
		t.Fatalf("%+v, %v", c, err)
	}
}

// The holder of a card that was captured elsewhere confirms its data, unless the office says otherwise.
func TestConfirmationIsTheRule(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"office: \"61.05\"\n": true, "service: {shifts: true}\n": true, "service: {confirm_at_hand_over: false}\n": false} {
		if c, err := ParseConfig([]byte(text)); err != nil || c.Service.ConfirmAtHandOver != want {
			t.Errorf("%q: %v, %v", text, c.Service.ConfirmAtHandOver, err)
		}
	}
}

// Every mistake names the field or the line, and nothing is guessed.
func TestConfigurationMistakes(t *testing.T) {
	t.Parallel()
	line := "lines:\n- id: \"a\"\n  kind: inline\n  printer: {language: evolis, cable: usb, serial: \"1\"}\n"
	reader := func(readers ...string) string {
		text := "lines:\n"
		for i, r := range readers {
			text += fmt.Sprintf("- {id: \"%d\", kind: inline, printer: {language: evolis, cable: usb, serial: \"%d\"}, reader: %s}\n", i, i+1, r)
		}
		return text
	}
	printer := func(language, more string) string {
		return fmt.Sprintf("lines:\n- {id: \"a\", kind: inline, printer: {language: %s, cable: usb, serial: \"1\", %s}, reader: {cable: pcsc, serial: \"S1\"}}\n", language, more)
	}
	queued := func(options string) string {
		return "lines:\n- {id: \"a\", kind: desktop, printer: {language: spool, cable: cups, " + options + "}, reader: {cable: pcsc, serial: \"S1\"}}\n"
	}
	for _, c := range []struct{ name, text, says string }{
		{"unknown key", "ofice: \"61.05\"\n", "ofice"},
		{"doubled key", "office: \"61.05\"\noffice: \"61.06\"\n", "office"},
		{"unquoted code", "station: 012\n", "must be quoted"},
		{"office not quoted", "office: 61.5\n", "office"},
		{"anchor", "station: &a \"X\"\n", "anchors"},
		{"merge", "center:\n  <<: {url: \"x\"}\n", "merge"},
		{"no port", "listen: \"127.0.0.1\"\n", "listen"},
		{"long authority", "authority: \"" + strings.Repeat("A", 40) + "\"\n", "authority"},
		{"alone beside a data center", "service: {stand_alone: true, officer_keys: k}\ncenter: {url: \"https://center.example\"}\n", "service.stand_alone"},
		{"alone without a key", "service: {stand_alone: true}\n", "service.officer_keys"},
		{"officers beside a data center", "service: {officer_keys: k}\n", "service.officer_keys"},
		{"no complaint at all", "complaints: {per_hour: 0}\n", "complaints"},
		{"more complaints in an hour than in a day", "complaints: {per_hour: 301}\n", "complaints"},
		{"complaints that nobody reads", "complaints: {per_day: 10001}\n", "complaints"},
		{"a match of a season", "service: {match_valid: 2160h}\n", "service.match_valid"},
		{"a match of before", "service: {match_valid: -1h}\n", "service.match_valid"},
		{"line twice", line + strings.TrimPrefix(line, "lines:\n"), "lines[1].id"},
		{"kind", strings.Replace(line, "inline", "magic", 1), "lines[0].kind"},
		{"first printer", strings.Replace(line, "serial: \"1\"", "serial: \"\"", 1), "lines[0].printer.serial"},
		{"first reader", reader("{cable: pcsc}"), "lines[0].reader.name"},
		{"reader by its order", reader("{cable: pcsc, name: \"OMNIKEY AG CardMan 5121 00 00\"}"), "lines[0].reader.name"},
		{"reader's slot", reader("{cable: pcsc, serial: \"S1\", slot: 999}"), "lines[0].reader.slot"},
		{"one reader in two lines", reader("{cable: pcsc, name: \"OMNIKEY*\", serial: \"S1\"}", "{cable: pcsc, serial: \"S1\"}"), "lines[1].reader.serial"},
		{"rest without a pause", printer("evolis", "rest: {cards: 100}"), "lines[0].printer.rest"},
		{"rest longer than a lease", printer("evolis", "rest: {cards: 100, pause: 10m}"), "lines[0].printer.rest.pause"},
		{"rest below zero", printer("evolis", "rest: {cards: -1, pause: 5m}"), "lines[0].printer.rest"},
		{"rest with an unknown key", printer("evolis", "rest: {card: 100}"), "card"},
		{"settings of a printer that tells none", printer("evolis", "settings: {transfer-temp: \"0\"}"), "lines[0].printer.settings"},
		{"cleaning of a printer with a limit of its own", printer("magicard", "cleaning_every: 500"), "lines[0].printer.cleaning_every"},
		{"one printer in two lines", line + strings.Replace(strings.TrimPrefix(line, "lines:\n"), "\"a\"", "\"b\"", 1), "lines[1].printer.serial"},
		{"queue without a name", queued(""), "lines[0].printer.queue"},
		{"queue of a language", strings.Replace(queued("queue: q"), "spool", "evolis", 1), "lines[0].printer.language"},
		{"spool over USB", printer("spool", "queue: q"), "lines[0].printer.language"},
		{"queue of a printer on USB", printer("evolis", "queue: q"), "lines[0].printer.queue"},
		{"page upright", queued("queue: q, page: {columns: 661, rows: 1035}"), "lines[0].printer.page"},
		{"page of a printer that knows its own", printer("matica", "page: {columns: 1035, rows: 661}"), "lines[0].printer.page"},
		{"film of a printer that tells it", printer("matica", "film: x"), "lines[0].printer.film"},
		{"ribbon of a queue", queued("queue: q, ribbon: ymcko"), "lines[0].printer.ribbon"},
		{"not yaml", "office: [\n", ""},
		{"deep", "lines: " + strings.Repeat("[", 100000), "brackets"},
		{"lists in lists", "lines: " + strings.Repeat("- ", 100000), "brackets"},
		{"lists in lists over lines", "lines:\n" + strings.Repeat("-\n", 100000), "brackets"},
		{"binary", "office: \"\xff\"\n", "UTF-8"},
	} {
		_, err := ParseConfig([]byte(c.text))
		if fault.CodeOf(err) != ConfigWrong.Code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, good := range []string{
		printer("matica", "settings: {transfer-temp: \"0\"}, cleaning_every: 800, rest: {cards: 100, within: 1h, pause: 5m}"), printer("evolis", "rest: {cards: 100, pause: 9m59s}"),
		queued("queue: q, print_service: \"127.0.0.1:631\", page: {columns: 1035, rows: 661}, retransfer: true, two_sided: true"),
		strings.Replace(line, "serial: \"1\"", "place: \"1-4.2\", model: \"Evolis Primacy 2\", ribbon: ko", 1), printer("magicard", "ribbon: KO, film: x, two_sided: true"),
		"complaints: {per_hour: 10}\n# " + strings.Repeat("-", 100) + "\n", "complaints: {per_day: 60}\n", line, reader("{cable: pcsc, name: \"OMNIKEY*\"}", "{cable: pcsc, name: \"OMNIKEY*\"}"),
		reader("{cable: pcsc, serial: \"S1\", slot: 0}", "{cable: pcsc, serial: \"S1\", slot: 1}"),
	} {
		if _, err := ParseConfig([]byte(good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	if _, err := ReadConfig(t.TempDir() + "/none.yaml"); fault.CodeOf(err) != ConfigUnreadable.Code {
		t.Errorf("missing file: %v", err)
	}
	if _, err := ReadConfig("/dev/zero"); fault.CodeOf(err) != ConfigWrong.Code && fault.CodeOf(err) != ConfigUnreadable.Code {
		t.Errorf("a file without an end: %v", err)
	}
}
