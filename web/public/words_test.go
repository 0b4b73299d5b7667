package public

import (
	"regexp"
	"strings"
	"testing"

	"blanko/registry"
)

// Every state of an application and of a complaint has its words, and so has every key that a page names; both
// languages take the same values.
func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	need := map[string]bool{}
	for _, s := range registry.Applications.States() {
		switch next := registry.NextOf(s); next {
		case "":
		case "none":
			need["status."+strings.ReplaceAll(string(s), " ", "_")] = true
		default:
			need["status."+string(next)], need["next."+string(next)] = true, true
		}
	}
	for _, s := range registry.Complaints.States() {
		if s != registry.ComplaintAbsent {
			need["complaint."+string(s)] = true
		}
	}
	for _, s := range subjects {
		need["subject."+s] = true
	}
	key := regexp.MustCompile(`\bt "([a-z_.]+)"`)
	names, err := pages.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		name, html := strings.CutSuffix(f.Name(), ".html")
		if !html {
			continue
		}
		if name != "layout" {
			need[name+".title"] = true
		}
		for _, m := range key.FindAllStringSubmatch(string(file(f.Name())), -1) {
			need[m[1]] = true
		}
	}
	for k := range need {
		if _, there := words[k]; !there {
			t.Errorf("no words for %s", k)
		}
	}
	for k, w := range words {
		if w.ID == "" || w.EN == "" || strings.Count(w.ID, "%") != strings.Count(w.EN, "%") {
			t.Errorf("%s: %q and %q", k, w.ID, w.EN)
		}
	}
}
