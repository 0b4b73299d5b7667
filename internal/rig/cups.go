package rig

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// PrintServer is a CUPS of one test, with its own folders, listening on loopback.
type PrintServer struct {
	Address string // host:port of IPP
	dir     string
	user    *syscall.Credential
	process *exec.Cmd
	keeper  *keeper
	log     bytes.Buffer
}

var cupsTools = []Tool{
	{Program: "cupsd", Package: "cups-daemon"},
	{Program: "lpadmin", Package: "cups-client"},
	{File: "/usr/lib/cups/filter/imagetoraster", Package: "cups-filters"},
}

// cupsPrograms is where the filters and backends of the machine are.
const cupsPrograms = "/usr/lib/cups"

// socketBackend sends jobs to a network printer. Debian's package cups links it into cupsPrograms
// when it is installed; unpacked, it lies beside.
func socketBackend() Tool {
	for _, f := range []string{cupsPrograms + "/backend/socket", Unpacked("cups") + "/usr/lib/cups/backend-available/socket"} {
		if _, err := os.Stat(f); err == nil {
			return Tool{File: f}
		}
	}
	return Tool{File: cupsPrograms + "/backend/socket", Package: "cups, by scripts/unpack"}
}

// cupsdConf: no announcement, no web pages, no passwords, no kept files.
const cupsdConf = `Listen %s
Listen %s/state/cups.sock
Browsing No
WebInterface No
DefaultAuthType None
IdleExitTimeout 0
DirtyCleanInterval 0
PreserveJobFiles %s
PreserveJobHistory Yes
LogLevel debug
<Location />
  Order allow,deny
  Allow 127.0.0.1
</Location>
<Location /admin>
  Order allow,deny
  Allow 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
    Allow from 127.0.0.1
  </Limit>
</Policy>
`

const cupsFilesConf = `ServerRoot %[1]s
RequestRoot %[1]s/spool
TempDir %[1]s/tmp
CacheDir %[1]s/cache
StateDir %[1]s/state
AccessLog %[1]s/access_log
ErrorLog stderr
PageLog %[1]s/page_log
ServerBin %[1]s/bin
DataDir /usr/share/cups
FileDevice Yes
Sandboxing Off
User %[2]s
Group %[3]s
SystemGroup %[3]s
`

// cardPPD is a card printer of one paper, CR80 without margins, 300 dpi, that takes raster as it is.
const cardPPD = `*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "CARD.PPD"
*Product: "(Card)"
*Manufacturer: "Blanko"
*ModelName: "Card"
*ShortNickName: "Card"
*NickName: "Card"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*Throughput: "1"
*LandscapeOrientation: Plus90
*TTRasterizer: Type42
*cupsVersion: 2.4
*cupsFilter: "application/vnd.cups-raster 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: CR80
*PageSize CR80/CR80: "<</PageSize[243 153]/ImagingBBox null>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: CR80
*PageRegion CR80/CR80: "<</PageSize[243 153]/ImagingBBox null>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: CR80
*ImageableArea CR80/CR80: "0 0 243 153"
*DefaultPaperDimension: CR80
*PaperDimension CR80/CR80: "243 153"
*OpenUI *Resolution/Resolution: PickOne
*OrderDependency: 20 AnySetup *Resolution
*DefaultResolution: 300dpi
*Resolution 300dpi/300 DPI: "<</HWResolution[300 300]>>setpagedevice"
*CloseUI: *Resolution
*OpenUI *ColorModel/Color: PickOne
*OrderDependency: 20 AnySetup *ColorModel
*DefaultColorModel: RGB
*ColorModel RGB/RGB: "<</cupsColorSpace 1/cupsColorOrder 0/cupsBitsPerColor 8>>setpagedevice"
*CloseUI: *ColorModel
*OpenUI *Duplex/Two-Sided: PickOne
*OrderDependency: 20 AnySetup *Duplex
*DefaultDuplex: None
*Duplex None/Off: "<</Duplex false>>setpagedevice"
*Duplex DuplexNoTumble/Long Edge: "<</Duplex true/Tumble false>>setpagedevice"
*CloseUI: *Duplex
*DefaultFont: Courier
*Font Courier: Standard "(1.05)" Standard ROM
`

// CUPSOptions is how a print server is set up. The zero value is the way it should be.
type CUPSOptions struct {
	KeepFiles bool // of finished jobs, as CUPS does by itself for a day
}

// CUPS starts a print server for the test and stops it at its end.
func CUPS(t testing.TB, o CUPSOptions) *PrintServer {
	t.Helper()
	Need(t, "cups", append(cupsTools, socketBackend())...)
	s, err := startCUPS(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.stop()
		s.keeper.release()
		if t.Failed() {
			t.Logf("log of cupsd:\n%s", lastLines(s.log.String(), 60))
		}
		if err := os.RemoveAll(s.dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

func startCUPS(o CUPSOptions) (*PrintServer, error) {
	dir, err := os.MkdirTemp("", "cups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &PrintServer{Address: address, dir: dir}
	name, group, credential, err := printUser()
	if err != nil {
		return nil, err
	}
	for _, d := range []string{"", "spool", "spool/tmp", "tmp", "cache", "cache/rss", "state", "ppd"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
		if credential != nil {
			if err := os.Chown(filepath.Join(dir, d), int(credential.Uid), int(credential.Gid)); err != nil {
				return nil, err
			}
		}
	}
	kept := "No"
	if o.KeepFiles {
		kept = "Yes"
	}
	for file, text := range map[string]string{
		"cupsd.conf":      fmt.Sprintf(cupsdConf, address, dir, kept),
		"cups-files.conf": fmt.Sprintf(cupsFilesConf, dir, name, group),
		"card.ppd":        cardPPD,
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := linkPrograms(filepath.Join(dir, "bin")); err != nil {
		return nil, err
	}
	s.user = credential
	if s.keeper, err = keep(dir); err != nil {
		return nil, err
	}
	return s, s.start()
}

func (s *PrintServer) start() error {
	s.process = exec.Command(Tool{Program: "cupsd"}.found(), "-f", "-c", filepath.Join(s.dir, "cupsd.conf"), "-s", filepath.Join(s.dir, "cups-files.conf"))
	s.process.Stdout, s.process.Stderr = &s.log, &s.log
	s.process.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	if err := s.process.Start(); err != nil {
		return err
	}
	s.keeper.mind(s.process.Process.Pid)
	if err := await("cupsd to listen on "+s.Address, func() bool {
		c, err := net.Dial("tcp", s.Address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}); err != nil {
		s.stop()
		return fmt.Errorf("%w\n%s", err, lastLines(s.log.String(), 30))
	}
	return nil
}

// linkPrograms makes a folder of CUPS programs: those of the machine, and the socket backend, copied
// because the server's user may not reach the place where it lies.
func linkPrograms(bin string) error {
	backends := filepath.Join(bin, "backend")
	if err := os.MkdirAll(backends, 0o755); err != nil {
		return err
	}
	for _, part := range []string{"filter", "daemon", "cgi-bin", "driver", "monitor", "notifier"} {
		if err := os.Symlink(filepath.Join(cupsPrograms, part), filepath.Join(bin, part)); err != nil {
			return err
		}
	}
	program, err := os.ReadFile(socketBackend().File)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(backends, "socket"), program, 0o755)
}

// printUser is whom cupsd runs as: lp where the test is root, else the test's own user.
func printUser() (name, group string, c *syscall.Credential, err error) {
	who, err := user.Current()
	if os.Geteuid() == 0 && err == nil {
		who, err = user.Lookup("lp")
	}
	if err != nil {
		return "", "", nil, err
	}
	g, err := user.LookupGroupId(who.Gid)
	if err != nil {
		return "", "", nil, err
	}
	if os.Geteuid() != 0 {
		return who.Username, g.Name, nil, nil
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return "", "", nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	return who.Username, g.Name, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// Queue adds a queue for a card printer at a device address, with what happens to a job that
// fails: abort-job, retry-job, stop-printer.
func (s *PrintServer) Queue(t testing.TB, name, device, errorPolicy string) {
	t.Helper()
	s.lpadmin(t, "-p", name, "-E", "-v", device, "-P", filepath.Join(s.dir, "card.ppd"), "-o", "printer-error-policy="+errorPolicy)
}

// Policy changes what happens to a job of a queue that fails.
func (s *PrintServer) Policy(t testing.TB, name, errorPolicy string) {
	t.Helper()
	s.lpadmin(t, "-p", name, "-o", "printer-error-policy="+errorPolicy)
}

func (s *PrintServer) lpadmin(t testing.TB, args ...string) {
	t.Helper()
	s.run(t, "lpadmin", args...)
}

func (s *PrintServer) run(t testing.TB, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(Tool{Program: program}.found(), append([]string{"-h", s.Address}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
}

// Disable stops a queue: jobs wait in it.
func (s *PrintServer) Disable(t testing.TB, name string) {
	t.Helper()
	s.run(t, "cupsdisable", name)
}

// Enable lets a queue print again.
func (s *PrintServer) Enable(t testing.TB, name string) {
	t.Helper()
	s.run(t, "cupsenable", name)
}

// Spooled lists the files of jobs that the server still keeps: a face and a NIK in each.
func (s *PrintServer) Spooled(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "spool", "d*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Kill ends the server at once, as a power cut does.
func (s *PrintServer) Kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.keeper.mind(0)
}

// Restart starts the server that Kill has ended, with the jobs that it had.
func (s *PrintServer) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

func (s *PrintServer) stop() {
	stop(s.process)
	s.keeper.mind(0)
}
