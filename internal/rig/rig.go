package rig

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Tool is something a rig needs on the machine: a program in the search path or a file, and the
// Debian package that brings it.
type Tool struct {
	Program string // looked up in the search path, and in the system's sbin folders
	File    string // or: a path that has to exist
	Package string
}

// found is the path of the tool, empty where it is missing.
func (t Tool) found() string {
	if t.File != "" {
		if _, err := os.Stat(t.File); err != nil {
			return ""
		}
		return t.File
	}
	if p, err := exec.LookPath(t.Program); err == nil {
		return p
	}
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if p, err := exec.LookPath(filepath.Join(dir, t.Program)); err == nil {
			return p
		}
	}
	return ""
}

// Need ends the test unless every tool is there: it is skipped with the names of what is missing,
// or fails where BLANKO_RIGS asks for this rig ("all", or rig names with commas between).
func Need(t testing.TB, rig string, tools ...Tool) {
	t.Helper()
	if missing := missing(tools); len(missing) > 0 {
		Without(t, rig, "missing "+strings.Join(missing, ", "))
	}
}

// NeedAsked skips a test whose rig takes its time, unless BLANKO_RIGS asks for the rig.
func NeedAsked(t testing.TB, rig, why string) {
	t.Helper()
	if !wanted(os.Getenv("BLANKO_RIGS"), rig) {
		t.Skipf("rig %s: %s; BLANKO_RIGS=%s asks for it", rig, why, rig)
	}
}

// Without ends the test because its rig cannot run: skipped, or failed where BLANKO_RIGS asks for
// the rig.
func Without(t testing.TB, rig, why string) {
	t.Helper()
	if wanted(os.Getenv("BLANKO_RIGS"), rig) {
		t.Fatalf("rig %s: %s (BLANKO_RIGS=%s)", rig, why, os.Getenv("BLANKO_RIGS"))
	}
	t.Skipf("rig %s: %s", rig, why)
}

func missing(tools []Tool) []string {
	var out []string
	for _, tool := range tools {
		if tool.found() == "" {
			out = append(out, tool.Program+tool.File+" (Debian package "+tool.Package+")")
		}
	}
	return out
}

func wanted(setting, rig string) bool {
	names := strings.Split(setting, ",")
	return slices.Contains(names, "all") || slices.Contains(names, rig)
}

// Unpacked is the folder where scripts/unpack has laid a Debian package that is used without being
// installed: $BLANKO_RIG_CACHE, by default blanko/rig in the user's cache folder, then the
// package's name.
func Unpacked(pkg string) string {
	if dir := os.Getenv("BLANKO_RIG_CACHE"); dir != "" {
		return filepath.Join(dir, pkg)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "blanko", "rig", pkg)
}
