package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// GuestOptions is what a guest is made of.
type GuestOptions struct {
	Packages []string // whose tests run in it, one after another, such as "./printer/usb"
	Run      string   // which of them, as go test -run
	Race     bool     // with the race detector
	Modules  []string // of the kernel, in the order in which they are put in
	Extra    []string // further programs of this machine, with their libraries
	Rules    []string // of udev, beside Debian's own
	PCSC     bool     // with what a private pcscd needs
	SoftHSM  bool     // with what a token needs
	Programs []string // packages whose programs lie in /bin by their names, such as "./cmd/blanko"
	Env      []string
}

// guestWithin bounds a guest, boot included, on a machine that is busy with much else.
const guestWithin = 18 * time.Minute

// guestClock lets the guest's time pass with what its processor has done, a nanosecond for an instruction,
// and not with the time of this machine: how busy that is changes no outcome. A processor that waits
// for a timer has no need to: the time is there at once.
const guestClock = "shift=0,sleep=off"

// testsWithin bounds the tests of a package, in the guest's own time.
const testsWithin = 2 * time.Hour

// USBModules bring the virtual USB host controller and the kernel's own printer driver.
var USBModules = []string{"usb-common", "usbcore", "usbip-core", "vhci-hcd", "usblp"}

func guestTools() []Tool {
	return []Tool{
		{Program: "qemu-system-x86_64", Package: "qemu-system-x86"},
		{File: "/usr/share/seabios/bios-256k.bin", Package: "seabios"},
		{File: filepath.Join(Unpacked("linux-image-amd64"), ".complete"), Package: "linux-image-amd64, by scripts/unpack"},
		{File: filepath.Join(Unpacked("busybox-static"), ".complete"), Package: "busybox-static, by scripts/unpack"},
		{File: filepath.Join(Unpacked("udev"), ".complete"), Package: "udev, by scripts/unpack"},
	}
}

// InGuest reports whether this process runs inside of a guest.
func InGuest() bool { return os.Getenv("BLANKO_GUEST") != "" }

// NeedGuest ends a test that has sense in a guest alone; the host's own test runs it there.
func NeedGuest(t testing.TB) {
	t.Helper()
	if !InGuest() {
		t.Skip("rig usb: runs in the guests that TestInGuest of printer/usb boots")
	}
}

// Guest boots an unmodified Debian kernel under QEMU, without acceleration, and runs the tests of
// packages in it, as root. Each of them is a subtest here with what it said. It is skipped unless
// BLANKO_RIGS asks for the rig "usb".
func Guest(t *testing.T, o GuestOptions) {
	t.Helper()
	if InGuest() {
		t.Fatal("a guest boots no guest")
	}
	NeedAsked(t, "usb", "a kernel under emulation takes minutes")
	Need(t, "usb", guestTools()...)
	if o.PCSC {
		NeedPCSC(t)
	}
	if o.SoftHSM {
		Need(t, "softhsm", SoftHSMTools...)
	}
	began := time.Now()
	said, err := runGuest(t.Context(), t.TempDir(), o)
	t.Logf("the guest took %s", time.Since(began).Round(time.Second))
	runs := readGuest(said)
	for _, r := range runs {
		r.relay(t)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, lastLines(said, 60))
	}
	if len(runs) != len(o.Packages) {
		t.Errorf("the guest ran %d of %d packages\n%s", len(runs), len(o.Packages), lastLines(said, 60))
	}
}

// withoutDebugger leaves out what a debugger alone reads: half of the linking, and a sixth of what the guest unpacks.
const withoutDebugger = "-ldflags=-w"

// runGuest builds, boots, and gives what came over the serial line.
func runGuest(ctx context.Context, dir string, o GuestOptions) (said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, guestWithin)
	defer cancel()
	tests := filepath.Join(dir, "tests")
	if err := os.Mkdir(tests, 0o700); err != nil {
		return "", err
	}
	args := []string{"test", "-c", withoutDebugger, "-o", tests + "/"}
	if o.Race {
		args = append(args, "-race")
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	build := exec.CommandContext(ctx, "go", append(args, o.Packages...)...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return string(out), fmt.Errorf("go test -c %s: %w", strings.Join(o.Packages, " "), err)
	}
	programs := filepath.Join(dir, "programs")
	for _, p := range o.Programs {
		build := exec.CommandContext(ctx, "go", "build", withoutDebugger, "-o", filepath.Join(programs, path.Base(p)), p)
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			return string(out), fmt.Errorf("go build %s: %w", p, err)
		}
	}
	kernel, err := guestImage(filepath.Join(dir, "initrd"), tests, root, o)
	if err != nil {
		return "", err
	}
	var serial bytes.Buffer
	qemu := exec.CommandContext(ctx, "qemu-system-x86_64",
		"-accel", "tcg", "-cpu", "max,-avx", "-M", "q35", "-m", "2048", "-smp", "1", "-icount", guestClock, "-nographic", "-nodefaults", "-no-reboot",
		"-serial", "stdio", "-monitor", "none", "-kernel", kernel, "-initrd", filepath.Join(dir, "initrd"),
		"-append", "console=ttyS0 loglevel=1 panic=-1 random.trust_cpu=on")
	qemu.Stdout, qemu.Stderr = &serial, &serial
	keeper, err := keep(dir) // a test that is killed leaves no guest behind
	if err != nil {
		return "", err
	}
	defer keeper.release()
	if err := qemu.Start(); err != nil {
		return "", err
	}
	keeper.mind(qemu.Process.Pid)
	err = qemu.Wait()
	keeper.mind(0)
	said = strings.ReplaceAll(serial.String(), "\r", "")
	if ctx.Err() != nil {
		err = fmt.Errorf("the guest did not end within %v", guestWithin)
	}
	return said, err
}

// moduleRoot is the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.Join(err, errors.New("no go.mod above the test"))
}

// guestImage makes the root folder of the guest, and names its kernel.
func guestImage(to, tests, root string, o GuestOptions) (kernel string, err error) {
	image, busybox, udev := Unpacked("linux-image-amd64"), Unpacked("busybox-static"), Unpacked("udev")
	kernels, err := filepath.Glob(filepath.Join(image, "boot", "vmlinuz-*"))
	if err != nil || len(kernels) != 1 {
		return "", fmt.Errorf("kernels in %s: %v, %w", image, kernels, err)
	}
	var r initramfs
	for _, p := range o.Packages {
		r.entry(guestFolder(p), modeFolder|0o755, nil)
	}
	for _, dir := range []string{"proc", "sys", "dev", "run", "tmp", "etc", "root"} {
		r.entry(dir, modeFolder|0o755, nil)
	}
	r.link("var/run", "/run")
	steps := []func() error{
		func() error { return r.program("bin/busybox", filepath.Join(busybox, "bin", "busybox")) },
		func() error { return r.program("bin/udevadm", filepath.Join(udev, "bin", "udevadm")) },
		func() error {
			return r.file("lib/udev/rules.d/50-udev-default.rules", filepath.Join(udev, "lib/udev/rules.d/50-udev-default.rules"), 0o644)
		},
		func() error { return r.modules(image, o.Modules) },
	}
	for _, rules := range o.Rules {
		steps = append(steps, func() error {
			return r.file(path.Join("etc/udev/rules.d", path.Base(rules)), filepath.Join(root, rules), 0o644)
		})
	}
	if o.PCSC {
		steps = append(steps, r.pcsc)
	}
	if o.SoftHSM {
		steps = append(steps, r.softHSM)
	}
	for _, p := range o.Programs {
		steps = append(steps, func() error {
			name := path.Base(p)
			return r.program("bin/"+name, filepath.Join(filepath.Dir(tests), "programs", name))
		})
	}
	for _, p := range o.Extra {
		steps = append(steps, func() error { return r.program(p, p) })
	}
	for _, p := range o.Packages {
		steps = append(steps,
			func() error { return r.program(guestBinary(p), filepath.Join(tests, path.Base(p)+".test")) },
			func() error {
				return r.folder(path.Join(guestFolder(p), "testdata"), filepath.Join(root, p, "testdata"))
			})
	}
	for _, do := range steps {
		if err := do(); err != nil {
			return "", err
		}
	}
	r.link("lib/systemd/systemd-udevd", "/bin/udevadm")
	r.link("bin/sh", "/bin/busybox")
	r.entry("etc/group", modeFile|0o644, []byte("root:x:0:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nkmem:x:15:\ndialout:x:20:\ncdrom:x:24:\ntape:x:26:\naudio:x:29:\nvideo:x:44:\ninput:x:101:\nsgx:x:102:\nkvm:x:103:\nrender:x:104:\nnogroup:x:65534:\n"))
	r.entry("etc/passwd", modeFile|0o644, []byte("root:x:0:0::/root:/bin/sh\nprinter:x:1000:7::/tmp:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n"))
	r.entry("init", modeFile|0o755, []byte(guestInit(o)))
	return kernels[0], r.write(to)
}

// modules puts kernel modules in, in their order.
func (r *initramfs) modules(image string, names []string) error {
	found := map[string]string{}
	err := filepath.WalkDir(filepath.Join(image, "lib", "modules"), func(p string, _ fs.DirEntry, err error) error {
		if name, is := strings.CutSuffix(filepath.Base(p), ".ko"); is {
			found[name] = p
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range names {
		if found[n] == "" {
			return fmt.Errorf("no kernel module %s in %s", n, image)
		}
		if err := r.file("modules/"+n+".ko", found[n], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// guestInit is the first program of the guest.
func guestInit(o GuestOptions) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("#!/bin/busybox sh")
	say("export PATH=/bin:/sbin:/usr/bin HOME=/root BLANKO_GUEST=1 GORACE=halt_on_error=1")
	for _, e := range o.Env {
		say("export '%s'", e)
	}
	say("busybox mount -t proc proc /proc; busybox mount -t sysfs sys /sys; busybox mount -t devtmpfs dev /dev")
	say("busybox mount -t tmpfs run /run; busybox mount -t tmpfs tmp /tmp")
	say("busybox ip link set lo up 2>/dev/null || busybox ifconfig lo 127.0.0.1 up")
	for _, m := range o.Modules {
		say("busybox insmod /modules/%s.ko || echo 'module %s failed'", m, m)
	}
	say("/lib/systemd/systemd-udevd --daemon --resolve-names=early")
	say("udevadm trigger; udevadm settle -t 20")
	run := o.Run
	if run == "" {
		run = "."
	}
	for _, p := range o.Packages {
		say("echo; echo 'GUEST-RUN:%s'", p)
		say("cd %s; /%s -test.v -test.timeout %v -test.parallel 1 -test.run '%s' 2>&1", guestFolder(p), guestBinary(p), testsWithin, run)
		say("echo \"GUEST-RC:$?\"")
	}
	say("busybox poweroff -f")
	return b.String()
}

// guestBinary and guestFolder are where a package's tests lie, and where they run.
func guestBinary(pkg string) string { return "tests/" + path.Base(pkg) }
func guestFolder(pkg string) string { return path.Join("/src", pkg) }
