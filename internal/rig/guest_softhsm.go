package rig

import (
	"os"
	"path"
)

// softHSM puts what StartSoftHSM needs into a guest.
func (r *initramfs) softHSM() error {
	dir, err := os.MkdirTemp("", "token")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	made, err := tokenCableIn(dir)
	if err != nil {
		return err
	}
	for _, do := range []func() error{
		func() error { return r.program("usr/bin/softhsm2-util", Tool{Program: "softhsm2-util"}.found()) },
		func() error { return r.file(softHSMModule, softHSMModule, 0o755) },
		func() error { return r.libraries(softHSMModule) },
		func() error { return r.file(path.Join(guestLibraries, tokenCableFile), made, 0o755) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
