package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"blanko/internal/rig"
	"blanko/internal/rig/chromium"
)

// browserPatience bounds what waits for a page: a browser that does not answer ends the test.
const browserPatience = 40 * time.Second

// beginner is one of the first persons of a station before a browser.
type beginner struct {
	*testing.T
	ctx context.Context
}

func (b *beginner) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatalf("%v; the page says %s", err, b.read("body"))
	}
}

func (b *beginner) read(selector string) string {
	b.Helper()
	text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(document.querySelector("`+selector+`") || {innerText: ''}).innerText`))
	return text
}

// press sends a form or follows a link, and waits for the page that answers.
func (b *beginner) press(selector string) {
	b.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
	if _, err := chromedp.Run(b.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(selector)))); err != nil {
		b.Fatalf("after %s: %v", selector, err)
	}
	if wrong := b.read("#problem"); wrong != "" {
		b.Fatalf("after %s: %s", selector, wrong)
	}
}

func (b *beginner) fill(fields map[string]string) {
	b.Helper()
	for field, value := range fields {
		b.do(chromedp.SetValue(chromedp.CSS(field), value))
	}
}

// comesIn takes up an invitation, in a browser of its own. What its console says, and every request to another host,
// fails the test.
func (b *beginner) comesIn(browser context.Context, link string, named map[string]string) {
	b.Helper()
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	b.Cleanup(end)
	ctx, stop := context.WithTimeout(ctx, browserPatience)
	b.Cleanup(stop)
	b.ctx = ctx
	b.do(chromedp.EmulateViewport(1366, 900), chromedp.Navigate("about:blank"))
	home, err := url.Parse(link)
	if err != nil {
		b.Fatal(err)
	}
	watch, err := chromium.Look(ctx, home.Host)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		for _, wrong := range watch.Wrong() {
			b.Error(wrong)
		}
	})
	b.do(chromedp.Navigate(link), chromedp.WaitReady(chromedp.CSS("#secret")))
	code, err := totp.GenerateCode(b.read("#secret"), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	b.fill(named)
	b.fill(map[string]string{"#password": "empat kata yang diingat", "#again": "empat kata yang diingat", "#code": code})
	b.press("main button[type=submit]")
}

// A station without anybody, by its program and its pages alone: the link of the first start lets the officer in; every
// page says that nobody can agree to another person, and by which command the second one is made; that command makes the
// supervisor, who agrees to the officer's proposal. After that no page speaks of first steps.
func TestFirstTwoPersons(t *testing.T) {
	t.Parallel()
	path, dir := rig.Chromium(t), t.TempDir()
	config := filepath.Join(dir, "stasiun baru.yaml")
	for file, text := range map[string]string{
		config:                          fmt.Sprintf("data: %q\ndatabase: {data_keys: %q}\nlisten: \"127.0.0.1:0\"\n", filepath.Join(dir, "blanko.db"), filepath.Join(dir, "data.keys")),
		filepath.Join(dir, "data.keys"): strings.Repeat("A", 43) + "=\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context())) // it outlives the browsers, to which its end is an error
	said, tell := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- Main{Args: []string{"serve", "--config", config}, Out: io.Discard, Err: tell}.Run(ctx)
		_ = tell.Close()
	}()
	links, last := make(chan string, 1), ""
	go func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			last = lines.Text()
			if link := regexp.MustCompile(`http://\S+/undangan/\S+`).FindString(lines.Text()); link != "" {
				links <- link
			}
		}
		close(links)
	}()
	link, told := <-links
	if !told {
		t.Fatalf("the first start told no link; it ended with %d: %s", <-ended, last)
	}
	t.Cleanup(func() {
		end()
		if status := <-ended; status != exitDone {
			t.Errorf("the station ended with %d", status)
		}
	})
	browser, quit, err := chromium.Start(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(quit)

	officer := &beginner{T: t}
	officer.comesIn(browser, link, map[string]string{"#person": "keamanan", "#name": "PETUGAS PERTAMA"})
	officer.press("#first-steps a[href='/pengguna']")
	officer.fill(map[string]string{"#person-id": "sari", "#person-full_name": "SARI"})
	officer.do(chromedp.Click(chromedp.CSS("#person input[value=service_officer]")))
	officer.press("#person button[type=submit]")
	if text := officer.read("#done"); !strings.Contains(text, "Menunggu orang kedua") {
		t.Errorf("the proposal is told as %q", text)
	}
	officer.press("#done a[href='/persetujuan']")
	command := officer.read("#first-steps #second-command")
	args := regexp.MustCompile(`^blanko people second --config '(.+)' atasan "NAMA ATASAN"$`).FindStringSubmatch(command)
	if args == nil || args[1] != config {
		t.Fatalf("the page of the proposals says %q of the second person", command)
	}
	var token strings.Builder
	if status := (Main{Args: []string{"people", "second", "--config", args[1], "atasan", "NAMA ATASAN"}, Out: &token, Err: io.Discard}).Run(t.Context()); status != exitDone {
		t.Fatalf("%s ended with %d", command, status)
	}

	supervisor := &beginner{T: t}
	supervisor.comesIn(browser, strings.Replace(officer.read("#second-link"), "TOKEN", strings.TrimSpace(token.String()), 1), nil)
	supervisor.press(".menu a[href='/persetujuan']")
	supervisor.press("#part-usulan a[href^='/persetujuan/']")
	supervisor.press("#agree")
	officer.press(".menu a[href='/pengguna']")
	if list := officer.read("main"); !strings.Contains(list, "SARI") {
		t.Errorf("nobody was let in: %s", list)
	}
	if steps := officer.read("#first-steps"); steps != "" {
		t.Errorf("with a supervisor here, the page still speaks of first steps: %s", steps)
	}
}
