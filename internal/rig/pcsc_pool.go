package rig

import (
	"os"
	"sync"
	"testing"
)

// Readers are the readers of the pcscd that all tests of a process share.
type Readers struct {
	*PCSCD
	free chan Reader
}

// sharedPCSC is started by the first test that asks; libpcsclite allows one per process.
var sharedPCSC = sync.OnceValues(func() (*Readers, error) {
	d, err := StartPCSC(PCSCOptions{})
	if err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if err := os.Setenv("PCSCLITE_CSOCK_NAME", d.Socket); err != nil {
		return nil, err
	}
	r := &Readers{d, make(chan Reader, MaxReaders)}
	for _, one := range d.Readers() {
		r.free <- one
	}
	return r, nil
})

// NeedPCSC ends the test unless the machine has what a private pcscd needs.
func NeedPCSC(t testing.TB) {
	t.Helper()
	Need(t, "pcsc", pcscTools()...)
}

// PCSC is the private pcscd of this test process, with PCSCLITE_CSOCK_NAME set to its socket. It
// ends with the process. A test that stops, kills or restarts a pcscd, or needs names of its own,
// does so with StartPCSC in a process of its own.
func PCSC(t testing.TB) *Readers {
	t.Helper()
	NeedPCSC(t)
	r, err := sharedPCSC()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Take gives an empty reader to the test until its end. It waits where all are taken. The test takes
// its card out itself.
func (r *Readers) Take(t testing.TB) Reader {
	t.Helper()
	select {
	case one := <-r.free:
		t.Cleanup(func() {
			if err := r.awaitCard(one.Name, false); err != nil {
				t.Error(err)
				return
			}
			r.free <- one
		})
		return one
	case <-t.Context().Done():
		t.Fatal("rig pcsc: no reader became free")
	}
	return Reader{}
}

// PreparePCSC starts the private pcscd of this test process, where the machine can, before any test
// asks for it: libpcsclite reads its variable once, and a test that meets the machine's own service
// first would settle it for all. TestMain calls it.
func PreparePCSC() error {
	if len(PCSCMissing()) > 0 {
		return nil
	}
	_, err := sharedPCSC()
	return err
}
