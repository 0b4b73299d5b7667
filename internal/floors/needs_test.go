package floors

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tools are stand-ins for the programs of a machine that scripts/needs meets. Each writes what it
// was asked into $LOG. INSTALLED names the packages that are there, BROKEN the apt-get commands
// that fail.
var tools = map[string]string{
	"go":         `exit 0`,
	"gcc":        `exit 0`,
	"pkg-config": `[ -n "$OPENJPEG" ]`,
	"id":         `echo "$WHO"`,
	"sudo":       `echo "sudo" >>"$LOG"; exec "$@"`,
	"apt-get":    `[ -x "$NEEDS_POLICY" ] || echo "services would start" >>"$LOG"; echo "apt-get $*" >>"$LOG"; for b in $BROKEN; do case " $* " in *" $b "*) exit 100;; esac; done`,
	"dpkg-query": `for i in $INSTALLED; do [ "$i" = "${!#}" ] && { printf 'install ok installed'; exit 0; }; done
[ "${!#}" = removed ] && { printf 'deinstall ok config-files'; exit 0; }
echo "no packages found matching ${!#}" >&2; exit 1`,
}

// TestNeeds runs scripts/needs on machines that lack one thing or another.
func TestNeeds(t *testing.T) {
	t.Parallel()
	// Written once, before any process starts: a script still open for writing cannot be run.
	all := t.TempDir()
	for name, body := range tools {
		if err := os.WriteFile(filepath.Join(all, name), []byte("#!"+path(t, "bash")+"\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tool := t.TempDir() // the real programs
	for _, name := range []string{"env", "sh", "rm", "chmod"} {
		if err := os.Symlink(path(t, name), filepath.Join(tool, name)); err != nil {
			t.Fatal(err)
		}
	}
	const update, install = "apt-get -qq -o DPkg::Lock::Timeout=300 update", "apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends"
	for _, c := range []struct {
		name    string
		without []string // programs that the machine does not have
		env     []string
		want    []string // packages asked for
		code    int
		said    string // part of what is said
		did     []string
	}{
		{name: "all there", env: []string{"WHO=1000", "INSTALLED=a b"}, want: []string{"a", "b"}, without: []string{"sudo", "apt-get"}},
		{
			name: "fresh machine, root without sudo", env: []string{"WHO=0"}, without: []string{"sudo"},
			want: []string{"a", "b"}, said: "Installing a b", did: []string{update, install + " a b"},
		},
		{
			name: "one missing, user with sudo", env: []string{"WHO=1000", "INSTALLED=a"},
			want: []string{"a", "b"}, said: "Installing b", did: []string{"sudo", "sudo", update, "sudo", install + " b", "sudo"},
		},
		{
			name: "removed, its configuration left", env: []string{"WHO=0"},
			want: []string{"removed"}, said: "Installing removed", did: []string{update, install + " removed"},
		},
		{
			name: "user without sudo", env: []string{"WHO=1000"}, without: []string{"sudo"},
			want: []string{"a", "b"}, code: 1, said: "apt-get install --no-install-recommends a b",
		},
		{
			name: "a package list out of reach", env: []string{"WHO=0", "BROKEN=update"},
			want: []string{"a"}, said: "could not all be renewed", did: []string{update, install + " a"},
		},
		{
			name: "nothing can be installed", env: []string{"WHO=0", "BROKEN=update install"},
			want: []string{"a"}, code: 1, said: "could not be installed", did: []string{update, install + " a"},
		},
		{name: "no Go", without: []string{"go"}, env: []string{"WHO=0"}, want: []string{"a"}, code: 1, said: "Go is missing"},
		{name: "dpkg without apt", without: []string{"apt-get"}, env: []string{"WHO=0"}, want: []string{"a"}, code: 1, said: "by hand: a"},
		{name: "another system, complete", without: []string{"dpkg-query", "apt-get"}, env: []string{"WHO=0", "OPENJPEG=yes"}, want: []string{"a"}},
		{
			name: "another system, incomplete", without: []string{"dpkg-query", "apt-get", "gcc"}, env: []string{"WHO=0"},
			want: []string{"a"}, code: 1, said: "  gcc\n  OpenJPEG 2",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name := range tools {
				if slices.Contains(c.without, name) {
					continue
				}
				if err := os.Symlink(filepath.Join(all, name), filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			log := filepath.Join(dir, "log")
			cmd := exec.Command(path(t, "bash"), append([]string{filepath.Join(root(t), "scripts", "needs")}, c.want...)...)
			policy := filepath.Join(dir, "policy-rc.d")
			cmd.Env = append(c.env, "PATH="+dir+":"+tool, "LOG="+log, "NEEDS_POLICY="+policy)
			said, err := cmd.CombinedOutput()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			if code != c.code || !strings.Contains(string(said), c.said) || (c.said == "" && len(said) > 0) {
				t.Errorf("exit %d, want %d; said %q, want %q", code, c.code, said, c.said)
			}
			if _, err := os.Stat(policy); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the rule against services stays behind: %v", err)
			}
			did, err := os.ReadFile(log)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(string(did)); got != strings.Join(c.did, "\n") {
				t.Errorf("did:\n%s\nwant:\n%s", got, strings.Join(c.did, "\n"))
			}
		})
	}
}

func path(t *testing.T, tool string) string {
	t.Helper()
	p, err := exec.LookPath(tool)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
