package station

import (
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

// Every mistake names the field or the line, and nothing is guessed.
func TestConfigurationMistakes(t *testing.T) {
	t.Parallel()
	line := "lines:\n- id: \"a\"\n  kind: inline\n  printer: {language: evolis, cable: usb, serial: \"1\"}\n"
	for _, c := range []struct{ name, text, says string }{
		{"unknown key", "ofice: \"61.05\"\n", "ofice"},
		{"doubled key", "office: \"61.05\"\noffice: \"61.06\"\n", "office"},
		{"unquoted code", "station: 012\n", "must be quoted"},
		{"office not quoted", "office: 61.5\n", "office"},
		{"anchor", "station: &a \"X\"\n", "anchors"},
		{"merge", "center:\n  <<: {url: \"x\"}\n", "merge"},
		{"no port", "listen: \"127.0.0.1\"\n", "listen"},
		{"long authority", "authority: \"" + strings.Repeat("A", 40) + "\"\n", "authority"},
		{"line twice", line + strings.TrimPrefix(line, "lines:\n"), "lines[1].id"},
		{"kind", strings.Replace(line, "inline", "magic", 1), "lines[0].kind"},
		{"first printer", strings.Replace(line, "serial: \"1\"", "serial: \"\"", 1), "lines[0].printer.serial"},
		{"not yaml", "office: [\n", ""},
		{"deep", "lines: " + strings.Repeat("[", 100000), "brackets"},
		{"binary", "office: \"\xff\"\n", "UTF-8"},
	} {
		_, err := ParseConfig([]byte(c.text))
		if fault.CodeOf(err) != ConfigWrong.Code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := ParseConfig([]byte(line)); err != nil {
		t.Errorf("a good line: %v", err)
	}
	if _, err := ReadConfig(t.TempDir() + "/none.yaml"); fault.CodeOf(err) != ConfigUnreadable.Code {
		t.Errorf("missing file: %v", err)
	}
	if _, err := ReadConfig("/dev/zero"); fault.CodeOf(err) != ConfigWrong.Code && fault.CodeOf(err) != ConfigUnreadable.Code {
		t.Errorf("a file without an end: %v", err)
	}
}
