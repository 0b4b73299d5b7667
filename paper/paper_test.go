package paper

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// keep is a folder for the papers of the tests, to look at.
var keep = flag.String("keep", "", "folder to write the papers of the tests to")

var update = flag.Bool("update", false, "write the papers under testdata anew; look at them afterwards")

// wib is Western Indonesian Time.
var wib = time.FixedZone("WIB", 7*60*60)

func office() Office {
	return Office{
		Government: "PEMERINTAH KABUPATEN SINTANG",
		Name:       "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
		Address:    "Jl. Dr. Wahidin Sudirohusodo, Sintang, Kalimantan Barat 78611",
	}
}

// golden compares byte for byte with the paper under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".pdf")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %s, want %s; run with -update and look", name, sum(got), sum(want))
	}
}

func sum(b []byte) string { return fmt.Sprintf("%d bytes, SHA-256 %x", len(b), sha256.Sum256(b)) }
