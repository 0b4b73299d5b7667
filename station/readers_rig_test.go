package station_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/internal/rig"
	"blanko/station"
)

// The doctor finds the reader of each line in a real reader service.
func TestDoctorFindsReaders(t *testing.T) {
	t.Parallel()
	r := rig.PCSC(t).Take(t)
	serial := r.Name[strings.LastIndex(r.Name, "(")+1 : strings.LastIndex(r.Name, ")")]
	slot := r.Name[len(r.Name)-1:]
	onDesk := rig.PCSC(t).Take(t)
	desk := fmt.Sprintf("desk: {reader: {cable: pcsc, serial: %q, slot: %s}}\n", serial, onDesk.Name[len(onDesk.Name)-1:])
	const model = "Blanko Virtual Reader*"
	w := newWorld(t, center.Config{Records: 1, Now: time.Now})
	line := func(reader string) string {
		return "lines:\n- {id: \"line-1\", kind: inline, printer: {language: evolis, cable: usb, serial: \"1\"}, reader: " + reader + "}\n"
	}
	for _, c := range []struct {
		name, lines string
		level       station.Level
		says        string
	}{
		{"no line", "", station.Note, r.Name},
		{"by serial number", line(fmt.Sprintf("{cable: pcsc, serial: %q, slot: %s}", serial, slot)) + desk, station.Fine, "line-1: " + r.Name},
		{"and none on the desk", line(fmt.Sprintf("{cable: pcsc, serial: %q, slot: %s}", serial, slot)), station.Warning, "line-1: " + r.Name},
		{"two slots", line(fmt.Sprintf("{cable: pcsc, serial: %q}", serial)), station.Warning, "pcsc.reader_ambiguous"},
		{"by model alone", line(fmt.Sprintf("{cable: pcsc, name: %q}", model)), station.Warning, "pcsc.reader_ambiguous"},
		{"not plugged in", line("{cable: pcsc, serial: \"NONE\"}"), station.Missing, "pcsc.no_reader"},
	} {
		w.config(c.lines)
		d, got := examine(t, w, nil)
		if got["pcsc"] != c.level {
			t.Errorf("%s: %s, want %s", c.name, got["pcsc"], c.level)
		}
		for _, check := range d.Checks {
			if check.Name == "pcsc" && (!strings.Contains(check.Seen.EN, c.says) || !strings.Contains(check.Seen.ID, c.says)) {
				t.Errorf("%s: %+v", c.name, check.Seen)
			}
		}
	}
}
