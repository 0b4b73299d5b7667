package rig

import "testing"

// Chromium is the path of the browser, which package chromium starts.
func Chromium(t testing.TB) string {
	t.Helper()
	tool := Tool{Program: "chromium", Package: "chromium"}
	Need(t, "chromium", tool)
	return tool.found()
}
