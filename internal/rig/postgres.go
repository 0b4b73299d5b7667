package rig

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// PostgreSQL is a database server of one test process, on a socket of its own, without a password
// and without the network. Its user is called blanko and may do everything.
type PostgreSQL struct {
	Dir      string // of the socket
	settings []string
	keeper   *keeper
	process  *exec.Cmd // nil: stopped
	log      bytes.Buffer
}

// postgresPrograms is where Debian puts the programs of the newest version there is.
func postgresPrograms() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "/usr/lib/postgresql/15/bin"
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return filepath.Dir(found[len(found)-1])
}

// postgresTools: initdb comes with the same package.
func postgresTools() []Tool {
	return []Tool{
		{File: filepath.Join(postgresPrograms(), "postgres"), Package: "postgresql"},
		{File: filepath.Join(postgresPrograms(), "initdb"), Package: "postgresql"},
	}
}

// quietPostgres are the settings of the shared server: nothing but the tests works in it. It flushes
// like that of a station, which takes no time in memory.
var quietPostgres = []string{"autovacuum=off", "wal_level=minimal", "max_wal_senders=0", "min_wal_size=32MB", "max_wal_size=160MB"}

// sharedPostgres is the server of this process, started for the first test that asks for it. It ends
// with the process.
var sharedPostgres = sync.OnceValues(func() (*PostgreSQL, error) { return StartPostgres(quietPostgres...) })

// Postgres is the server that the tests of this process share. Each makes a database of its own in
// it.
func Postgres(t testing.TB) *PostgreSQL {
	t.Helper()
	Need(t, "postgres", postgresTools()...)
	p, err := sharedPostgres()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// NeedPostgres ends the test where no server can be started.
func NeedPostgres(t testing.TB) {
	t.Helper()
	Need(t, "postgres", postgresTools()...)
}

// OwnPostgres is a server of the test alone, which may kill and restart it, with settings such as
// "fsync=off" beside those of a fresh server.
func OwnPostgres(t testing.TB, settings ...string) *PostgreSQL {
	t.Helper()
	Need(t, "postgres", postgresTools()...)
	p, err := StartPostgres(settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("log of postgres:\n%s", lastLines(p.log.String(), 40))
		}
	})
	return p
}

// StartPostgres makes a server with nothing in it. It is gone with Close, or when this process ends.
func StartPostgres(settings ...string) (_ *PostgreSQL, err error) {
	if lacking := missing(postgresTools()); len(lacking) > 0 {
		return nil, errors.New("rig postgres: missing " + strings.Join(lacking, ", "))
	}
	p := &PostgreSQL{settings: settings}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.Dir, err = os.MkdirTemp(inMemory(), "pg"); err != nil { // short: the path of a socket has 107 bytes at most
		return p, err
	}
	if p.keeper, err = keep(p.Dir); err != nil {
		return p, err
	}
	if who := unprivileged(); who != nil { // the server refuses to run as root
		if err := os.Chown(p.Dir, int(who.Uid), int(who.Gid)); err != nil {
			return p, err
		}
	}
	made := p.command("initdb", "--username=blanko", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata="+p.data())
	if out, err := made.CombinedOutput(); err != nil {
		return p, fmt.Errorf("rig postgres: initdb: %w\n%s", err, lastLines(string(out), 20))
	}
	return p, p.Start()
}

// roomInMemory is what a server and the databases of one process may need, in bytes.
const roomInMemory = 2 << 30

// inMemory is a folder in memory, where the machine has one with room; else that for temporary files.
func inMemory() string {
	const shm = "/dev/shm"
	var s syscall.Statfs_t
	if syscall.Statfs(shm, &s) == nil && s.Bavail*uint64(s.Bsize) >= roomInMemory && syscall.Access(shm, 2) == nil {
		return shm
	}
	return ""
}

func (p *PostgreSQL) data() string { return filepath.Join(p.Dir, "data") }

func (p *PostgreSQL) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(postgresPrograms(), program), args...)
	cmd.Dir = p.Dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + p.Dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged(), Setpgid: true} // an interrupt from the keyboard is not for it
	return cmd
}

// Start starts a server that was stopped or killed, on the same data, and waits until it answers.
func (p *PostgreSQL) Start() error {
	args := []string{"-D", p.data(), "-k", p.Dir, "-c", "listen_addresses=", "-c", "max_connections=300", "-c", "shared_buffers=32MB"}
	for _, s := range p.settings {
		args = append(args, "-c", s)
	}
	cmd := p.command("postgres", args...)
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	if err := cmd.Start(); err != nil {
		return err
	}
	p.process = cmd
	p.keeper.mind(cmd.Process.Pid)
	// Its lock file says in the last line how far it is.
	own := fmt.Sprintf("%d\n", cmd.Process.Pid)
	if err := await("postgres to answer", func() bool {
		text, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
		return err == nil && strings.HasPrefix(string(text), own) && strings.Contains(string(text), "\nready")
	}); err != nil {
		p.Kill()
		return fmt.Errorf("rig postgres: %w\n%s", err, lastLines(p.log.String(), 20))
	}
	return nil
}

// URL is the address of a database of the server.
func (p *PostgreSQL) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("blanko"), Path: "/" + database, RawQuery: url.Values{"host": {p.Dir}}.Encode()}
	return u.String()
}

// Admit opens the server to the addresses of a network, such as 10.77.0.0/16, at the address and port of
// its settings. It is started anew.
func (p *PostgreSQL) Admit(network string) error {
	f, err := os.OpenFile(filepath.Join(p.data(), "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "host all all %s trust\n", network)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	p.Stop()
	return p.Start()
}

// Stop ends the server in order: those connected to it are sent away.
func (p *PostgreSQL) Stop() { p.end(syscall.SIGINT) }

// Kill ends the server at once, in the middle of everything: what its disk holds is as after a crash.
func (p *PostgreSQL) Kill() { p.end(syscall.SIGQUIT) }

func (p *PostgreSQL) end(s syscall.Signal) {
	if p.process == nil {
		return
	}
	_ = p.process.Process.Signal(s)
	_ = p.process.Wait()
	p.process = nil
	p.keeper.mind(0)
}

// Close ends the server and removes its data.
func (p *PostgreSQL) Close() error {
	p.Kill()
	if p.keeper != nil {
		p.keeper.release()
	}
	if p.Dir == "" {
		return nil
	}
	return os.RemoveAll(p.Dir)
}
