package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// PoweredGuest is a machine whose disk remembers every write.
type PoweredGuest struct {
	Program string   // runs in the guest, with its libraries
	Args    []string // of it; the file system of the disk is at PoweredFolder, the witness at PoweredWitness
	Disk    *Disk    // with an ext4 file system
}

// Where a program of the guest finds its disk and its witness.
const (
	PoweredFolder  = "/disk"
	PoweredWitness = "/dev/vdb"
)

// diskModules bring the virtual disk and its file system, in the order in which they are put in.
var diskModules = []string{
	"virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk",
	"crc16", "crc32c_generic", "mbcache", "jbd2", "ext4",
}

// PowerCutTools are what the rig "powercut" needs on the machine.
func PowerCutTools() []Tool {
	return []Tool{
		{Program: "qemu-system-x86_64", Package: "qemu-system-x86"},
		{File: "/usr/share/seabios/bios-256k.bin", Package: "seabios"},
		{File: filepath.Join(Unpacked("linux-image-amd64"), ".complete"), Package: "linux-image-amd64, by scripts/unpack"},
		{File: filepath.Join(Unpacked("busybox-static"), ".complete"), Package: "busybox-static, by scripts/unpack"},
		{Program: "mkfs.ext4", Package: "e2fsprogs"},
		{Program: "e2fsck", Package: "e2fsprogs"},
		{Program: "debugfs", Package: "e2fsprogs"},
	}
}

// PowerCutMissing names what of it is not there.
func PowerCutMissing() error {
	if m := missing(PowerCutTools()); len(m) > 0 {
		return errors.New("missing " + strings.Join(m, ", "))
	}
	return nil
}

// FormatDisk makes a disk with an empty ext4 file system.
func FormatDisk(ctx context.Context, size int64) (*Disk, error) {
	dir, err := os.MkdirTemp("", "blanko-disk-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	image := filepath.Join(dir, "image")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		return nil, err
	}
	if err := os.Truncate(image, size); err != nil {
		return nil, err
	}
	// All tables are written now: none later, in the background.
	if err := ran(ctx, "mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", "-J", "size=4", "-N", "256", image); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(image)
	return NewDisk(content), err
}

// RecoverFiles plays the journal of a medium's file system, as a machine does that mounts it after a power
// cut, and takes files out of its root folder; one that is not there is left out. folder is a place to
// work in.
func RecoverFiles(ctx context.Context, folder string, medium []byte, names ...string) (map[string]string, error) {
	image := filepath.Join(folder, "image")
	if err := os.WriteFile(image, medium, 0o600); err != nil {
		return nil, err
	}
	// 1: errors were corrected (e2fsck(8)).
	if err := ran(ctx, "e2fsck", "-y", "-E", "journal_only", image); err != nil {
		if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.ExitCode() != 1 {
			return nil, err
		}
	}
	found := map[string]string{}
	for _, n := range names {
		to := filepath.Join(folder, n)
		if err := os.Remove(to); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		if err := ran(ctx, "debugfs", "-R", "dump /"+n+" "+to, image); err != nil {
			return nil, err
		}
		if _, err := os.Stat(to); err == nil {
			found[n] = to
		}
	}
	return found, nil
}

func ran(ctx context.Context, program string, args ...string) error {
	out, err := exec.CommandContext(ctx, Tool{Program: program}.found(), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, lastLines(string(out), 20))
	}
	return nil
}

var guestStatusLine = regexp.MustCompile(`(?m)^GUEST-RC:(\d+)$`)

// Run boots the guest under QEMU, without acceleration, and ends with its program: an error says what
// that said, where it failed.
func (g PoweredGuest) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, guestWithin)
	defer cancel()
	dir, err := os.MkdirTemp("", "blanko-guest-")
	if err != nil {
		return err
	}
	keeper, err := keep(dir)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	defer keeper.release()
	kernel, err := g.image(filepath.Join(dir, "initrd"))
	if err != nil {
		return err
	}
	socket := filepath.Join(dir, "nbd")
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // nobody is left
	go g.Disk.serve(l)
	args := []string{
		"-accel", "tcg", "-cpu", "max,-avx", "-M", "q35", "-m", "512", "-smp", "1", "-nographic", "-nodefaults", "-no-reboot",
		"-serial", "stdio", "-monitor", "none", "-kernel", kernel, "-initrd", filepath.Join(dir, "initrd"),
		"-append", "console=ttyS0 loglevel=1 panic=-1 random.trust_cpu=on",
	}
	for _, name := range []string{diskExport, witnessExport} {
		args = append(args, "-drive", fmt.Sprintf("if=none,id=%s,format=raw,cache=none,file=nbd+unix:///%s?socket=%s", name, name, socket), "-device", "virtio-blk-pci,drive="+name)
	}
	var serial bytes.Buffer
	qemu := exec.CommandContext(ctx, "qemu-system-x86_64", args...)
	qemu.Stdout, qemu.Stderr = &serial, &serial
	if err := qemu.Start(); err != nil {
		return err
	}
	keeper.mind(qemu.Process.Pid)
	err = qemu.Wait()
	keeper.mind(0)
	said := strings.ReplaceAll(serial.String(), "\r", "")
	m := guestStatusLine.FindStringSubmatch(said)
	if err != nil || m == nil || m[1] != "0" {
		return errors.Join(fmt.Errorf("the guest failed\n%s", lastLines(said, 60)), err, ctx.Err())
	}
	return nil
}

// image makes the root folder of the guest, and names its kernel.
func (g PoweredGuest) image(to string) (kernel string, err error) {
	linux := Unpacked("linux-image-amd64")
	kernels, err := filepath.Glob(filepath.Join(linux, "boot", "vmlinuz-*"))
	if err != nil || len(kernels) != 1 {
		return "", fmt.Errorf("kernels in %s: %v, %w", linux, kernels, err)
	}
	var r initramfs
	for _, d := range []string{"proc", "sys", "dev", "run", "tmp", "root", PoweredFolder} {
		r.entry(d, modeFolder|0o755, nil)
	}
	if err := r.program("bin/busybox", filepath.Join(Unpacked("busybox-static"), "bin", "busybox")); err != nil {
		return "", err
	}
	if err := r.modules(linux, diskModules); err != nil {
		return "", err
	}
	if err := r.program("program", g.Program); err != nil {
		return "", err
	}
	r.entry("init", modeFile|0o755, []byte(g.init()))
	return kernels[0], r.write(to)
}

// init is the first program of the guest.
func (g PoweredGuest) init() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("#!/bin/busybox sh")
	say("export PATH=/bin:/sbin HOME=/root TMPDIR=/tmp")
	say("busybox mount -t proc proc /proc; busybox mount -t sysfs sys /sys; busybox mount -t devtmpfs dev /dev; busybox mount -t tmpfs tmp /tmp")
	say("busybox ifconfig lo 127.0.0.1 up")
	for _, m := range diskModules {
		say("busybox insmod /modules/%s.ko || echo 'module %s failed'", m, m)
	}
	say("busybox mount -t ext4 /dev/vda %s", PoweredFolder)
	say("/program '%s' 2>&1", strings.Join(g.Args, "' '"))
	say("echo \"GUEST-RC:$?\"")
	say("busybox poweroff -f")
	return b.String()
}
