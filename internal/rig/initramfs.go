package rig

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// initramfs is a root folder in memory for a guest, as the kernel unpacks it: a cpio archive of the
// form newc (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
type initramfs struct {
	out   bytes.Buffer
	has   map[string]bool
	inode int
}

const (
	modeFolder = 0o040000
	modeFile   = 0o100000
	modeLink   = 0o120000
)

// entry adds one file, folder or link, and the folders above it.
func (r *initramfs) entry(name string, mode int, content []byte) {
	name = strings.Trim(path.Clean(name), "/")
	if r.has == nil {
		r.has = map[string]bool{}
	}
	if name == "" || name == "." || r.has[name] {
		return
	}
	if dir := path.Dir(name); dir != "." {
		r.entry(dir, modeFolder|0o755, nil)
	}
	r.has[name] = true
	r.inode++
	r.header(name, mode, len(content))
	r.out.Write(content)
	r.align()
}

func (r *initramfs) header(name string, mode, size int) {
	fmt.Fprintf(&r.out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
		r.inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, len(name)+1, 0, name)
	r.align()
}

// align fills up to a multiple of four bytes.
func (r *initramfs) align() {
	for r.out.Len()%4 != 0 {
		r.out.WriteByte(0)
	}
}

func (r *initramfs) link(name, to string) { r.entry(name, modeLink|0o777, []byte(to)) }

// file copies a file of this machine.
func (r *initramfs) file(name, from string, mode int) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	r.entry(name, modeFile|mode, content)
	return nil
}

// program copies a program and the libraries that it is linked to, each to the path it has here.
func (r *initramfs) program(name, from string) error {
	if err := r.file(name, from, 0o755); err != nil {
		return err
	}
	return r.libraries(from)
}

// libraries copies what a program or library is linked to, each to the path it has here.
func (r *initramfs) libraries(of string) error {
	libraries, err := librariesOf(of)
	if err != nil {
		return err
	}
	for _, l := range libraries {
		real, err := filepath.EvalSymlinks(l)
		if err != nil {
			return err
		}
		if err := r.file(l, real, 0o755); err != nil {
			return err
		}
	}
	return nil
}

var linked = regexp.MustCompile(`(?m)^\s*(?:\S+ => )?(/\S+) \(0x`)

// librariesOf are the shared libraries of a program or library, and its loader; none for a static one.
func librariesOf(program string) ([]string, error) {
	f, err := elf.Open(program)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	dynamic := slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_DYNAMIC })
	if err := f.Close(); err != nil || !dynamic {
		return nil, err
	}
	out, err := exec.Command("ldd", program).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("ldd %s: %w\n%s", program, err, out)
	}
	var list []string
	for _, m := range linked.FindAllStringSubmatch(string(out), -1) {
		list = append(list, m[1])
	}
	return list, nil
}

// folder copies a folder of this machine, if there is one.
func (r *initramfs) folder(name, from string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		return r.file(path.Join(name, rel), p, 0o644)
	})
}

// write ends the archive and lays it down. It is not compressed: the guest's processor is the slow one.
func (r *initramfs) write(to string) error {
	r.header("TRAILER!!!", 0, 0)
	return os.WriteFile(to, r.out.Bytes(), 0o600)
}
