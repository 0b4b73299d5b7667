//go:build deps

// Package blanko keeps modules in go.mod whose rooms are not built yet.
package blanko

import (
	_ "github.com/alecthomas/kong"
	_ "github.com/boombuler/barcode/qr"
	_ "github.com/danielgtaylor/huma/v2"
	_ "github.com/danielgtaylor/huma/v2/adapters/humago"
	_ "github.com/ebfe/scard"
	_ "github.com/go-resty/resty/v2"
	_ "github.com/goccy/go-yaml"
	_ "github.com/google/gousb"
	_ "github.com/jung-kurt/gofpdf"
	_ "github.com/pressly/goose/v3"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "go.uber.org/zap"
	_ "golang.org/x/image/draw"
	_ "golang.org/x/image/font/opentype"
	_ "golang.org/x/image/vector"
	_ "modernc.org/sqlite"
	_ "pgregory.net/rapid"
)
