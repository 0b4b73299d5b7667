package floors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// licenses that may be in a binary, each with a sentence that no other license has.
var licenses = []struct {
	name string
	text *regexp.Regexp
}{
	{"MIT", regexp.MustCompile(`Permission is hereby granted, free of charge, to any person obtaining a copy`)},
	{"BSD", regexp.MustCompile(`Redistribution and use in source and binary forms, with or without modification, are permitted`)},
	{"ISC", regexp.MustCompile(`Permission to use, copy, modify, and(/or)? distribute this software for any purpose with or without fee is hereby granted`)},
	{"Apache-2.0", regexp.MustCompile(`Apache License Version 2\.0, January 2004`)},
	{"public domain", regexp.MustCompile(`SQLite Is Public Domain All of the code and documentation in SQLite has been dedicated to the public domain`)},
	{"MPL-2.0", regexp.MustCompile(`Mozilla Public License,? [Vv]ersion 2\.0`)},
}

// notLicenses are files beside a license that a person has read: they list the licenses of parts
// or name the source of a picture, and no code is under them.
var notLicenses = map[string]bool{
	"modernc.org/sqlite/LICENSE-3RD-PARTY.md": true, // section 1, linked: BSD-3-Clause, MIT, public domain
	"modernc.org/libc/LICENSE-3RD-PARTY.md":   true, // linked: BSD-3-Clause, MIT
	"modernc.org/memory/LICENSE-LOGO":         true, // address of a picture
}

// refused licenses; a file that names one is looked at by a person first.
var refused = regexp.MustCompile(`GNU (AFFERO |LESSER |Affero |Lesser )?(GENERAL PUBLIC LICENSE|General Public License)|Server Side Public License|Business Source License|Creative Commons`)

func licenseOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if refused.MatchString(text) {
		return ""
	}
	for _, l := range licenses {
		if l.text.MatchString(text) {
			return l.name
		}
	}
	return ""
}

// TestLicenses reads, in the module cache, the license of every module linked into a command.
func TestLicenses(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=Module", "./cmd/...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if m := p.Module; m != nil && !m.Main {
			folders[m.Path] = m.Dir
		}
	}
	if folders["go.uber.org/zap"] == "" {
		t.Fatal("zap is not among the linked modules: this test sees none")
	}
	for module, dir := range folders {
		files, err := filepath.Glob(filepath.Join(dir, "[LC][IO][CP][EY][NI][SN][EG]*")) // LICENSE, COPYING
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no license file in %s", module, dir)
		}
		for _, file := range files {
			if notLicenses[module+"/"+filepath.Base(file)] {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := licenseOf(string(text))
			if name == "" {
				t.Errorf("%s: the license in %s is not among those allowed", module, filepath.Base(file))
			}
			t.Logf("%s: %s", module, name)
		}
	}
}

// TestLicenseOf shows that a license of another family is not taken for an allowed one.
func TestLicenseOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Permission is hereby granted, free of charge, to any\nperson obtaining a copy": "MIT",
		"Apache License\n   Version 2.0, January 2004":                                  "Apache-2.0",
		"Apache License\n   Version 1.1":                                                "",
		"GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1":                                "",
		"All rights reserved.":                                                          "",
		"Permission is hereby granted, free of charge, to any person obtaining a copy, but GNU General Public License": "",
	} {
		if got := licenseOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
