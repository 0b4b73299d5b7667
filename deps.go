//go:build deps

// Package blanko keeps modules in go.mod whose rooms are not built yet: the cables to PC/SC
// readers and to printers.
package blanko

import (
	_ "github.com/ebfe/scard"
	_ "github.com/google/gousb"
)
