package rig

import (
	"bytes"
	"net"
	"path/filepath"
	"testing"
)

// answers reports whether a server listens and speaks: it answers the request for TLS with yes or no
// (PostgreSQL documentation, 55.7, SSLRequest).
func answers(p *PostgreSQL) bool {
	c, err := net.Dial("unix", filepath.Join(p.Dir, ".s.PGSQL.5432"))
	if err != nil {
		return false
	}
	defer c.Close() // it only asked
	if _, err := c.Write([]byte{0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F}); err != nil {
		return false
	}
	answer := make([]byte, 1)
	_, err = c.Read(answer)
	return err == nil && bytes.Contains([]byte("SN"), answer)
}

// A server can be stopped and killed, and comes back on its data.
func TestPostgresComesBack(t *testing.T) {
	t.Parallel()
	p := OwnPostgres(t, "fsync=off")
	for name, end := range map[string]func(){"stopped": p.Stop, "killed": p.Kill} {
		if !answers(p) {
			t.Fatalf("before it is %s: no answer", name)
		}
		end()
		if answers(p) {
			t.Fatalf("%s, and it answers", name)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	if !answers(p) {
		t.Fatal("no answer in the end")
	}
}
