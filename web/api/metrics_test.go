package api_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/api"
)

var (
	// metricName is a metric of the station, as rules and dashboards name it.
	metricName = regexp.MustCompile(`\bblanko_[a-z_]+`)
	// metricLine is a line of the text format: a name, at most three labels, a number.
	metricLine = regexp.MustCompile(`^(blanko_[a-z_]+)(\{[a-z]+="[a-z0-9_./ -]*"(,(code|kind|stage)="[a-z0-9_./ -]*")?(,le="([0-9.]+|\+Inf)")?\})? -?[0-9.]+$`)
)

// Every metric is told in the text format of Prometheus, and those that the alert rules and the dashboard
// name are among them.
func TestMetrics(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.do(keeper, registry.ReceiveRoll{Serial: "EV-R-1", Kind: "ribbon", Product: "YMCKO", Panels: 300})
	r.do(keeper, registry.ReceiveRoll{Serial: "EV-F-1", Kind: "film", Product: "film", Panels: 1000})
	r.do(keeper, registry.FitRoll{Serial: "EV-R-1", Line: "line-1", Second: admin})
	w := r.ask(http.MethodGet, "/metrics")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	known := map[string]bool{}
	text := w.Body.String()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if rest, isType := strings.CutPrefix(line, "# TYPE "); isType {
			name, _, _ := strings.Cut(rest, " ")
			known[name] = true
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		if found := metricLine.FindStringSubmatch(line); found == nil {
			t.Errorf("line %q", line)
		} else {
			known[found[1]] = true // the parts of a histogram have names of their own
		}
	}
	for _, want := range []string{
		"\nblanko_queue_orders 2\n", "\nblanko_cards_made_total 1\n", "\nblanko_line_up{line=\"line-2\"} 0\n", "\nblanko_refused_total{code=\"signature_wrong\"} 1\n",
		"\nblanko_stage_seconds_bucket{line=\"line-1\",stage=\"print\",le=\"+Inf\"} 1\n", "\nblanko_stage_seconds_count{line=\"line-1\",stage=\"print\"} 1\n",
		"\nblanko_stage_seconds_bucket{line=\"line-1\",stage=\"read_back\",le=\"0.5\"} 0\n", "\nblanko_stage_seconds_bucket{line=\"line-1\",stage=\"read_back\",le=\"1\"} 1\n",
		"\nblanko_stage_seconds_sum{line=\"line-1\",stage=\"claim\"} 1\n", "\nblanko_stage_seconds_count{line=\"line-1\",stage=\"claim\"} 1\n", // the one that failed is none
		"\nblanko_roll_cards_left{line=\"line-1\",kind=\"ribbon\"} 300\n", "\nblanko_rolls_stored{kind=\"ribbon\"} 0\n", "\nblanko_rolls_stored{kind=\"film\"} 1\n",
		"\nblanko_certificate_left_seconds{certificate=\"network.certificate\"} 3600\n", "\nblanko_certificate_left_seconds{certificate=\"keys.signer\"} 0\n",
		"\nblanko_blanks{place=\"hopper/line-2\"} 0\n", // empty, and told
		"\nblanko_feeding_barred{code=\"clock_behind\"} 0\n", "\nblanko_feeding_barred{code=\"ledger_restored\"} 0\n",
		"\nblanko_line_stands{line=\"line-2\",code=\"",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told:\n%s", want, text)
		}
	}
	for _, file := range []string{"../../deploy/prometheus/blanko.rules.yml", "../../deploy/grafana/blanko.json"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := metricName.FindAllString(string(content), -1)
		if len(names) == 0 {
			t.Errorf("%s names no metric", file)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("%s: %s is no metric", file, name)
			}
		}
	}
}

// A figure that is below zero where there is nothing alarms there, too.
func TestNothingAlarms(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("../../deploy/prometheus/blanko.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for line := range strings.Lines(newRoom(t).ask(http.MethodGet, "/metrics").Body.String()) {
		name, help, _ := strings.Cut(strings.TrimPrefix(line, "# HELP "), " ")
		if !strings.HasPrefix(line, "# HELP ") || !strings.Contains(help, "; -1 ") || !strings.Contains(string(rules), name) {
			continue
		}
		if looked++; !strings.Contains(string(rules), name+" < 0 or "+name+" > ") {
			t.Errorf("%s is old in a rule, and nothing in none", name)
		}
	}
	if looked < 3 {
		t.Errorf("only %d figures were looked at", looked)
	}
}

// A station with a center tells how old the newest anchor is that the center took, and from the first day that it took
// none; one without a center tells of no anchor.
func TestAnchorAge(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	told := func(anchored bool) string {
		t.Helper()
		mux := http.NewServeMux()
		r.must(api.Mount(mux, api.Config{Registry: r.reg, Problems: web.NewProblems(registry.Faults, nil, nil), Version: "test", Now: r.clock.Now, Anchored: anchored}))
		req, w := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/metrics", nil), httptest.NewRecorder()
		req.RemoteAddr = "127.0.0.1:40000"
		mux.ServeHTTP(w, req)
		for line := range strings.Lines(w.Body.String()) {
			if age, is := strings.CutPrefix(line, "blanko_anchor_age_seconds "); is {
				return strings.TrimSpace(age)
			}
		}
		return "nothing"
	}
	expect := func(when, alone, anchored string) {
		t.Helper()
		if a, b := told(false), told(true); a != alone || b != anchored {
			t.Errorf("%s: %s without a center and %s with one, want %s and %s", when, a, b, alone, anchored)
		}
	}
	expect("on the first day", "nothing", "-1")
	r.must(r.reg.Moor(t.Context()))
	expect("when the center refuses it", "nothing", "-1")
	days, err := r.reg.Anchors(t.Context(), true)
	if err != nil || len(days) != 1 {
		t.Fatalf("%v %v", days, err)
	}
	r.must(r.reg.AnchorTold(t.Context(), days[0].Day))
	r.clock.Advance(2 * time.Hour)
	expect("two hours after the center took it", "nothing", "7200")
}

// What bars every line from feeding is told, each by its code.
func TestFeedingBarred(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.must(r.reg.MarkRestored(t.Context(), center, time.Now(), false))
	if text := r.ask(http.MethodGet, "/metrics").Body.String(); !strings.Contains(text, "\nblanko_feeding_barred{code=\"ledger_restored\"} 1\n") {
		t.Errorf("a restored ledger is not told:\n%s", text)
	}
}

// A station is ready when no line needs a person.
func TestReady(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if w := r.ask(http.MethodGet, "/readyz"); w.Code != http.StatusServiceUnavailable || w.Body.String() != "1 of 2 lines need attention\n" {
		t.Errorf("with a line that is refused: %d %q", w.Code, w.Body)
	}
	r.must(r.reg.Observe(t.Context(), "line-2", "", "running", ""))
	if w := r.ask(http.MethodGet, "/readyz"); w.Code != http.StatusOK || w.Body.String() != "ready\n" {
		t.Errorf("with both lines at work: %d %q", w.Code, w.Body)
	}
}

// The figures are for this machine, and from elsewhere for who may read the counts of the station: nobody else on
// the network learns how many blanks lie where.
func TestWhoReadsMetrics(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for name, c := range map[string]struct {
		from, passed string
		who          access.Actor
		status       int
	}{
		"this machine":              {from: "127.0.0.1:40000", status: http.StatusOK},
		"this machine, IPv6":        {from: "[::1]:40000", status: http.StatusOK},
		"passed on by this machine": {from: "127.0.0.1:40000", passed: "192.0.2.7", status: http.StatusUnauthorized},
		"another machine":           {from: "192.0.2.7:40000", status: http.StatusUnauthorized},
		"who may not":               {from: "192.0.2.7:40000", who: access.Actor{ID: "c", Roles: []access.Role{access.ComplaintOfficer}}, status: http.StatusForbidden},
		"by a token":                {from: "192.0.2.7:40000", who: access.Actor{ID: "a", Roles: []access.Role{access.Auditor}}, status: http.StatusOK},
	} {
		req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/metrics", nil)
		req.RemoteAddr = c.from
		if c.passed != "" {
			req.Header.Set("X-Forwarded-For", c.passed)
		}
		w := httptest.NewRecorder()
		r.mux.ServeHTTP(w, req.WithContext(web.WithActor(req.Context(), c.who)))
		if w.Code != c.status || strings.Contains(w.Body.String(), "blanko_") != (c.status == http.StatusOK) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func certificatesOfTest() []api.CertificateLeft {
	return []api.CertificateLeft{{Name: "network.certificate", Left: time.Hour}, {Name: "keys.signer"}}
}
