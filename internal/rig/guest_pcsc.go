package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// guestLibraries is where a guest has what a compiler made on this machine.
const guestLibraries = "usr/lib/blanko"

// pcsc puts what a private pcscd needs into a guest.
func (r *initramfs) pcsc() error {
	dir, err := os.MkdirTemp("", "preload")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	for _, do := range []func() error{
		func() error { return r.program("usr/sbin/pcscd", Tool{Program: "pcscd"}.found()) },
		func() error { return r.file(driverFile, vpcdDriver().File, 0o755) },
		r.threadEnd,
		func() error { return buildPreload(dir) },
		func() error {
			return r.file(path.Join(guestLibraries, preloadFile), filepath.Join(dir, preloadFile), 0o755)
		},
	} {
		if err := do(); err != nil {
			return err
		}
	}
	for _, applet := range []string{"rm", "sleep", "kill"} { // of the shell that ends pcscd
		r.link("bin/"+applet, "/bin/busybox")
	}
	return nil
}

// threadEnd is the library that a thread of pcscd loads when it ends (pthread_exit); no program names it.
func (r *initramfs) threadEnd() error {
	const name = "libgcc_s.so.1"
	out, err := exec.Command("gcc", "-print-file-name="+name).Output()
	if err != nil {
		return fmt.Errorf("where %s is: %w", name, err)
	}
	real, err := filepath.EvalSymlinks(strings.TrimSpace(string(out)))
	if err != nil {
		return err
	}
	return r.file(path.Join("lib", name), real, 0o644)
}
