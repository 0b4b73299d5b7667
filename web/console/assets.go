package console

import (
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed assets
var assetFiles embed.FS

// vendored files and their SHA-256, from the npm packages htmx.org 2.0.11 and htmx-ext-sse 2.2.4 (both
// Zero-Clause BSD; the licenses stand beside them).
var vendored = map[string]string{
	"vendor/htmx-2.0.11.min.js":        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
	"vendor/htmx-ext-sse-2.2.4.min.js": "98a46496de0c3605fbffdce9167ba427bdd9553184f83f149c261891a92c0136",
}

// asset is one file that pages load. Its address changes with its content, so that it may be kept for good.
type asset struct {
	address string
	content []byte
	packed  func() []byte // made when it is asked for first
}

var assets = readAssets()

func readAssets() map[string]asset {
	m := map[string]asset{}
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		name = strings.TrimPrefix(name, "assets/")
		m[name] = asset{
			"/aset/" + hex.EncodeToString(sum[:8]) + "/" + path.Base(name), content,
			sync.OnceValue(func() []byte { return packed(packer(gzip.BestCompression), content) }),
		}
		return nil
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return m
}

// Stylesheet is the address of the style of the pages, for pages of a trial beside them.
func Stylesheet() string { return address("console.css") }

// address of an asset by its name.
func address(name string) string { return assets[name].address }

func (c *console) assets(mux *http.ServeMux) {
	for name, a := range assets {
		kind := mime.TypeByExtension(path.Ext(name))
		mux.HandleFunc("GET "+a.address, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Vary", "Accept-Encoding")
			content := a.content
			if takesGzip(r) {
				w.Header().Set("Content-Encoding", "gzip")
				content = a.packed()
			}
			w.Header().Set("Content-Length", number(len(content)))
			_, _ = w.Write(content) // who asked has gone
		})
	}
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, address("icon.svg"), http.StatusFound)
	})
}
