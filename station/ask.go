package station

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// asker reads what the persons at a terminal type.
type asker struct {
	t    Terminal
	in   *bufio.Reader
	file *os.File // the terminal itself, nil where the answers come from elsewhere
}

func (t Terminal) asker() *asker {
	in := t.In
	if in == nil {
		in = os.Stdin
	}
	a := &asker{t: t, in: bufio.NewReader(in)}
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			a.file = f
		}
	}
	return a
}

// line asks for a line that everybody may see. The end of the input is station.answer_missing.
func (a *asker) line(prompt words) (string, error) {
	fmt.Fprint(a.t.Err, a.t.Language.of(prompt)+" ")
	text, err := a.in.ReadString('\n')
	if a.file == nil { // no terminal has shown the Enter
		fmt.Fprintln(a.t.Err)
	}
	if err != nil && (err != io.EOF || text == "") {
		return "", AnswerMissing.At("station.asker", err)
	}
	return strings.TrimSpace(text), nil
}

// secret asks for a line that is not shown. The caller overwrites it.
func (a *asker) secret(prompt words) ([]byte, error) {
	if a.file != nil {
		if err := a.echo("-echo"); err != nil {
			return nil, err
		}
		defer func() { _ = a.echo("echo") }()
	}
	defer fmt.Fprintln(a.t.Err)
	fmt.Fprint(a.t.Err, a.t.Language.of(prompt)+" ")
	text, err := a.in.ReadBytes('\n')
	if err != nil && (err != io.EOF || len(text) == 0) {
		return nil, AnswerMissing.At("station.asker", err)
	}
	return bytes.TrimRight(text, "\r\n"), nil
}

// echo switches what is typed on and off.
func (a *asker) echo(how string) error {
	cmd := exec.Command("stty", how)
	cmd.Stdin = a.file
	if err := cmd.Run(); err != nil {
		return AnswerMissing.At("station.asker", err).With("terminal", "it cannot hide what is typed")
	}
	return nil
}

// wipe takes what was shown off the screen, where there is one.
func (a *asker) wipe() {
	const clearAll = "\x1b[2J\x1b[3J\x1b[H" // screen, what was scrolled away, cursor (ECMA-48, xterm)
	if a.file != nil {
		fmt.Fprint(a.t.Err, clearAll)
	}
}
