package trial

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	qa "blanko/web/bench"
)

// ReportFormats are the ways in which outcomes are written, by the ending of a file's name.
var ReportFormats = map[string]func(io.Writer, []Outcome) error{
	".txt": reportText, ".json": reportJSON, ".xml": reportJUnit, ".html": reportHTML,
}

// Report writes outcomes in the format that a file's name asks for.
func Report(w io.Writer, file string, all []Outcome) error {
	write, ok := ReportFormats[strings.ToLower(filepath.Ext(file))]
	if !ok {
		return fmt.Errorf("--report: %s: the name ends with %s", file, strings.Join(sortedKeys(ReportFormats), ", "))
	}
	return write(w, all)
}

func failures(all []Outcome) (n int) {
	for _, o := range all {
		if !o.Held() {
			n++
		}
	}
	return n
}

// why lists why an outcome did not hold.
func (o Outcome) why() []string {
	if o.Problem != "" {
		return append([]string{o.Problem}, o.False...)
	}
	return o.False
}

// told is why in sentences.
func (o Outcome) told() []qa.Sentence {
	if o.Problem != "" {
		return append([]qa.Sentence{qa.Told("wrong.problem", o.Problem)}, o.wrong...)
	}
	return o.wrong
}

// Why is why in one text, a reason a line.
func (o Outcome) Why() string { return strings.Join(o.why(), "\n") }

func (c Scene) String() string { return fmt.Sprintf("%s, card %d: %s", c.Line, c.Card, c.What) }

// counts is the summary in a sentence.
func (o Outcome) counts() qa.Sentence {
	s := o.Summary
	return qa.Told("counts", s.Made, s.Spoiled, byCause(s.SpoiledByCause), s.Blocked, byCause(s.BlockedByCause), s.InDoubt, s.Refused, byCause(s.RefusedByCause), s.Withdrawn, s.Waiting)
}

// Counts is the summary in a line.
func (o Outcome) Counts() string { return o.counts().In("en") }

// Line is an outcome in a line, with what is false below it.
func (o Outcome) Line() string {
	var b strings.Builder
	word := "held"
	if !o.Held() {
		word = "FALSE"
	}
	fmt.Fprintf(&b, "%-5s  %-28s  %s\n", word, o.Name, o.Title.EN)
	for _, w := range o.why() {
		fmt.Fprintf(&b, "       %s\n", w)
	}
	if !o.Held() {
		for _, c := range o.Story {
			fmt.Fprintf(&b, "         %s\n", c)
		}
	}
	return b.String()
}

func reportText(w io.Writer, all []Outcome) error {
	var b strings.Builder
	for _, o := range all {
		b.WriteString(o.Line())
	}
	b.WriteString(Verdict(all) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Verdict is all outcomes in a sentence.
func Verdict(all []Outcome) string {
	if n := failures(all); n > 0 {
		return fmt.Sprintf("%d of %d scenarios do not end as they should.", n, len(all))
	}
	return fmt.Sprintf("%d of %d scenarios end as they should.", len(all), len(all))
}

func reportJSON(w io.Writer, all []Outcome) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Scenarios int       `json:"scenarios"`
		False     int       `json:"false"`
		Outcomes  []Outcome `json:"outcomes"`
	}{len(all), failures(all), slices.Concat([]Outcome{}, all)})
}

// The form of JUnit as CI systems read it (github.com/windyroad/JUnit-Schema).
type (
	junitSuite struct {
		XMLName  xml.Name    `xml:"testsuite"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string      `xml:"classname,attr"`
		Name    string      `xml:"name,attr"`
		Time    string      `xml:"time,attr"`
		Failure *junitWrong `xml:"failure"`
		Error   *junitWrong `xml:"error"`
		Out     string      `xml:"system-out,omitempty"`
	}
	junitWrong struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func reportJUnit(w io.Writer, all []Outcome) error {
	suite := junitSuite{Name: "blanko scenarios", Tests: len(all)}
	total := 0.0
	for _, o := range all {
		total += o.Seconds
		c := junitCase{Class: "scenario", Name: o.Name, Time: seconds(o.Seconds)}
		for _, s := range o.Story {
			c.Out += s.String() + "\n"
		}
		switch {
		case o.Problem != "":
			suite.Errors++
			c.Error = &junitWrong{o.Problem, o.Why()}
		case !o.Held():
			suite.Failures++
			c.Failure = &junitWrong{o.False[0], o.Why()}
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

var htmlReport = template.Must(template.New("report").Funcs(template.FuncMap{
	"verdict": Verdict, "round": func(s float64) time.Duration {
		return time.Duration(s * float64(time.Second)).Round(10 * time.Millisecond)
	},
}).Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{verdict .}}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; background: #fff }
article { border-left: .3rem solid #1a6d3b; padding: .2rem 0 .2rem 1rem; margin: 1.5rem 0 }
article.false { border-color: #a3241f }
h2 { font-size: 1.1rem; margin: 0 } p { margin: .2rem 0 } small, summary { color: #55606e }
@media (prefers-color-scheme: dark) { body { color: #e7ebf0; background: #14181d } small, summary { color: #a5b0bd } }
</style>
<h1>{{verdict .}}</h1>
{{range .}}<article{{if not .Held}} class="false"{{end}}>
<h2>{{if .Held}}✓{{else}}✗ FALSE:{{end}} {{.Title.EN}}</h2>
<p lang="id">{{.Title.ID}}</p>
<p>{{.Counts}}</p>
<small>{{.Name}}, {{round .Seconds}}</small>
{{if not .Held}}<ul>{{if .Problem}}<li>{{.Problem}}</li>{{end}}{{range .False}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{if .Story}}<details{{if not .Held}} open{{end}}><summary>What happened</summary><ol>{{range .Story}}<li>{{.}}</li>{{end}}</ol></details>{{end}}
</article>
{{end}}</html>
`))

func reportHTML(w io.Writer, all []Outcome) error { return htmlReport.Execute(w, all) }
