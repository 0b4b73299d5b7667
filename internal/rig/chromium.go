package rig

import "testing"

// Chromium is the path of the browser. A test starts it with ChromiumFlags and a profile of its own, and
// ends it.
func Chromium(t testing.TB) string {
	t.Helper()
	tool := Tool{Program: "chromium", Package: "chromium"}
	Need(t, "chromium", tool)
	return tool.found()
}

// ChromiumFlags make a browser that shows the pages of a test alone: no window, no sandbox (a container
// has no room for one), no word to anybody outside.
var ChromiumFlags = []string{
	"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update",
	"disable-sync", "disable-default-apps", "disable-extensions", "disable-dev-shm-usage", "mute-audio",
}
