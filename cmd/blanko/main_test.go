package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"

	"blanko/emulator/center"
	"blanko/registry/datacenter"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"blanko": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true, Setup: equip,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ask": ask},
	})
}

const office = "61.05"

// equip is what a script finds in its folder.
func equip(env *testscript.Env) error {
	if filepath.Base(env.WorkDir) == "script-finger" {
		return layFingers(env.WorkDir)
	}
	return errors.Join(deliver(env), keep(env))
}

// keep writes two secret keys of age, and the configuration of a station that seals its copies to the first.
func keep(env *testscript.Env) error {
	write := func(name, text string) error {
		return os.WriteFile(filepath.Join(env.WorkDir, name), []byte(text), 0o600)
	}
	var public string
	for _, name := range []string{"other.txt", "key.txt"} {
		k, err := age.GenerateX25519Identity()
		if err != nil {
			return err
		}
		public = k.Recipient().String()
		if err := write(name, k.String()+"\n"); err != nil {
			return err
		}
	}
	if err := write("data.keys", strings.Repeat("A", 43)+"=\n"); err != nil {
		return err
	}
	return write("backup.yaml", fmt.Sprintf("data: \"blanko.db\"\ndatabase: {data_keys: \"data.keys\"}\nbackup: {folder: \"copies\", recipients: [%q]}\n", public))
}

// deliver writes what a data center hands over on a stick: records, key list, anchor; and the
// same records without a signature.
func deliver(env *testscript.Env) error {
	c, err := center.New(center.Config{Seed: 5, Offices: []string{office}, Records: 2, Broken: []string{"integrity_absent"}, Now: time.Now})
	if err != nil {
		return err
	}
	s, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer s.Close()
	cred, err := s.Client(office)
	if err != nil {
		return err
	}
	ctx := context.Background()
	page, err := datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS}).Feed(ctx, "", 100, 0)
	if err != nil {
		return err
	}
	var all, good, unsigned bytes.Buffer
	for _, i := range page.Items {
		fmt.Fprintf(&all, "%s\n", i.Raw)
		var rec map[string]any
		if err := json.Unmarshal(i.Record, &rec); err != nil {
			return err
		}
		if rec["integrity"] == nil {
			continue
		}
		fmt.Fprintf(&good, "%s\n", i.Raw)
		delete(rec, "integrity")
		delete(rec["requestData"].(map[string]any)["others"].(map[string]any)["blanko"].(map[string]any), "identity")
		text, err := json.Marshal(rec)
		if err != nil {
			return err
		}
		fmt.Fprintf(&unsigned, "%s\n", text)
	}
	resp, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: cred.TLS}}).Get(cred.URL + "/center/v1/keys")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	keys, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"all.json": all.Bytes(), "good.json": good.Bytes(), "unsigned.json": unsigned.Bytes(), "keys.json": keys,
		"anchor.pem": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: c.Anchor().SPKI}),
	} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ask runs "blanko serve" with a configuration, asks it for paths, prints the answers to the file
// answers and its log to the file log, and ends it by SIGTERM: "ask blanko.yaml /v1/lines ...".
func ask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ask CONFIG PATH...")
	}
	var log bytes.Buffer
	token := officer(ts, args[0])
	cmd := exec.Command(program(ts, "blanko"), "serve", "--config", args[0])
	cmd.Dir, cmd.Stderr, cmd.Env = ts.MkAbs("."), &log, append(os.Environ(), "LANG=en")
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		ts.Fatalf("it did not start: %v: %s", err, &log)
	}
	_, url, _ := strings.Cut(strings.TrimSpace(line), "http://")
	host, _, _ := strings.Cut(url, "/")
	var answers bytes.Buffer
	for _, path := range args[1:] {
		req, err := http.NewRequest(http.MethodGet, "http://"+host+path, nil)
		ts.Check(err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		ts.Check(err)
		body, err := io.ReadAll(resp.Body)
		ts.Check(err)
		ts.Check(resp.Body.Close())
		fmt.Fprintf(&answers, "%s %d\n%s\n", path, resp.StatusCode, body)
	}
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		ts.Fatalf("after SIGTERM: %v: %s", err, &log)
	}
	ts.Check(os.WriteFile(ts.MkAbs("answers"), answers.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("log"), log.Bytes(), 0o600))
}

// officer is the token of the first officer of the script's station.
func officer(ts *testscript.TestScript, config string) string {
	kept := ts.MkAbs("token")
	if token, err := os.ReadFile(kept); err == nil {
		return string(token)
	}
	cmd := exec.Command(program(ts, "blanko"), "people", "first", "--config", config, "keamanan", "PETUGAS KEAMANAN")
	cmd.Dir = ts.MkAbs(".")
	token, err := cmd.Output()
	ts.Check(err)
	token = bytes.TrimSpace(token)
	ts.Check(os.WriteFile(kept, token, 0o600))
	return string(token)
}

// program finds a command of the scripts.
func program(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, name); isFile(path) {
			return path
		}
	}
	ts.Fatalf("no %s", name)
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// The command runs in process, too: help and version end well, and a wrong line is told apart.
func TestMainIsAValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"--help"}, 0, "Exit status: 0 done"},
		{[]string{"version"}, 0, "blanko "},
		{[]string{"serve", "--print-config"}, 0, "authority:"},
		{[]string{}, 2, "--help"},
		{[]string{"serve", "--lang", "fr"}, 2, "fr"},
		{[]string{"serve", "--config", "/no/such/file", "--lang", "en"}, 1, "cannot be read"},
		{[]string{"serve", "--config", "/no/such/file"}, 1, "tidak dapat dibaca"},
		{[]string{"finger", "match", "/no/such/file", "/no/such/file", "--lang", "en"}, 2, "finger"},
		{[]string{"finger", "match", "--help"}, 0, "Compare two records"},
		{[]string{"finger", "--help"}, 0, "2: they could not be compared"},
	} {
		var out bytes.Buffer
		if got := (Main{Args: c.args, Out: &out, Err: &out}).Run(t.Context()); got != c.status || !strings.Contains(strings.Join(strings.Fields(out.String()), " "), c.says) {
			t.Errorf("%v: status %d: %s", c.args, got, &out)
		}
	}
}
