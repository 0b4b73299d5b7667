package bench

import (
	"crypto/rand"
	"mime"
	"net/http"
	"strings"
	"sync"
)

// Formats are the endings of the files of a report.
var Formats = []string{"txt", "json", "xml"}

var formatKinds = map[string]string{"txt": "text/plain; charset=utf-8", "json": "application/json", "xml": "application/xml"}

// keptReports is of how many reports, newest first, the files can still be fetched.
const keptReports = 20

// files are those of the newest reports.
type files struct {
	mu     sync.Mutex
	newest []string
	of     map[string]map[string][]byte
}

// keep keeps the files of a report under a new name; empty where there are none.
func (f *files) keep(list map[string][]byte) string {
	if len(list) == 0 {
		return ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[string]map[string][]byte{}
	}
	name := rand.Text()
	f.of[name], f.newest = list, append(f.newest, name)
	if len(f.newest) > keptReports {
		delete(f.of, f.newest[0])
		f.newest = f.newest[1:]
	}
	return name
}

func (f *files) get(report, format string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, there := f.of[report][format]
	return content, there
}

// file answers with one of a report.
func (b *bench) file(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	format := strings.TrimPrefix(name, "laporan.")
	content, there := b.files.get(r.PathValue("report"), format)
	if !there {
		return ErrUnknown
	}
	w.Header().Set("Content-Type", formatKinds[format])
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(content) // who asked has gone
	return nil
}
