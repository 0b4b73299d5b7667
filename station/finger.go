package station

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/ktp"
)

// FingerCommands work on files of fingerprints; nothing is sent anywhere.
type FingerCommands struct {
	Extract FingerExtractCommand `cmd:"" help:"Make a finger record from a gray picture. Exit status 1: the capture should be taken again."`
	Quality FingerQualityCommand `cmd:"" help:"Judge a capture, with reasons in words. Exit status 1: it should be taken again."`
	Match   FingerMatchCommand   `cmd:"" help:"Compare two records or pictures. Exit status 1: not the same finger; 2: they could not be compared."`
	Convert FingerConvertCommand `cmd:"" help:"Convert a record between ISO/IEC 19794-2 formats; ANSI/INCITS 378 is read."`
	Show    FingerShowCommand    `cmd:"" help:"Draw the minutiae over a picture."`
	Bench   FingerBenchCommand   `cmd:"" help:"Error rates and times over a folder of FINGER_IMPRESSION.png, by the FVC protocol."`
}

// FingerPicture is how a picture is to be understood.
type FingerPicture struct {
	DPI    int `name:"dpi" help:"Dots per inch of pictures." default:"500"`
	Finger int `help:"Which finger it is: 1 to 5 right thumb to little, 6 to 10 left, 0 unknown." default:"0" placeholder:"CODE"`
}

// mostPictureBytes bounds a file of a picture or a record.
const mostPictureBytes = 16 << 20

// capture extracts from a PNG file.
func (p FingerPicture) capture(name string, e *extract.Extractor) (extract.Capture, *image.Gray, error) {
	gray, err := grayPicture(name)
	if err != nil {
		return extract.Capture{}, nil, err
	}
	if p.Finger < 0 || p.Finger > int(ktp.LeftLittle) {
		return extract.Capture{}, nil, FingerFile.At("station.finger", nil).With("finger", "%d is none of 0 to 10", p.Finger)
	}
	c, err := e.Extract(extract.Image{Pixels: gray.Pix, Width: gray.Rect.Dx(), Height: gray.Rect.Dy(), DPI: p.DPI}, ktp.Finger(p.Finger))
	return c, gray, err
}

// template reads a record, or extracts from a picture.
func (p FingerPicture) template(name string, e *extract.Extractor) (*finger.Template, error) {
	if isPicture(name) {
		c, _, err := p.capture(name, e)
		return c.Template, err
	}
	b, err := fingerBytes(name)
	if err != nil {
		return nil, err
	}
	t, _, err := finger.Read(b)
	return t, err
}

func isPicture(name string) bool { return strings.EqualFold(filepath.Ext(name), ".png") }

// fingerBytes reads a small file.
func fingerBytes(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > mostPictureBytes {
		return nil, FingerFile.At("station.finger", nil).With("file", "%s has more than %d bytes", filepath.Base(name), mostPictureBytes)
	}
	if err != nil {
		return nil, FingerFile.At("station.finger", err).With("file", "%s cannot be read", filepath.Base(name))
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, FingerFile.At("station.finger", err).With("file", "%s cannot be read", filepath.Base(name))
	}
	return b, nil
}

// grayPicture reads a PNG file as 8-bit gray.
func grayPicture(name string) (*image.Gray, error) {
	b, err := fingerBytes(name)
	if err != nil {
		return nil, err
	}
	bad := func(err error, why string) (*image.Gray, error) {
		return nil, FingerFile.At("station.finger", err).With("file", "%s %s", filepath.Base(name), why)
	}
	head, err := png.DecodeConfig(strings.NewReader(string(b)))
	if err != nil {
		return bad(err, "is no PNG picture")
	}
	if head.Width > extract.MostSide || head.Height > extract.MostSide {
		return bad(nil, fmt.Sprintf("is larger than %d pixels", extract.MostSide))
	}
	im, err := png.Decode(strings.NewReader(string(b)))
	if err != nil {
		return bad(err, "is no whole PNG picture")
	}
	gray := image.NewGray(image.Rect(0, 0, im.Bounds().Dx(), im.Bounds().Dy()))
	draw.Draw(gray, gray.Rect, im, im.Bounds().Min, draw.Src)
	return gray, nil
}

// FingerExtractCommand is blanko finger extract.
type FingerExtractCommand struct {
	FingerPicture
	Picture string `arg:"" help:"PNG picture of one finger, dark ridges on a light ground." placeholder:"PICTURE"`
	Record  string `arg:"" help:"Where the ISO/IEC 19794-2 record is written." placeholder:"RECORD"`
	Most    int    `help:"At most so many minutiae, the most reliable." default:"60"`
	JSON    bool   `name:"json" help:"Print the quality as JSON."`
}

// Run writes the record of the capture, good or bad; ErrShown when it should be taken again.
func (c FingerExtractCommand) Run(t Terminal) error {
	if c.Most < 1 {
		return FingerFile.At("station.finger", nil).With("most", "at least 1")
	}
	got, _, err := c.capture(c.Picture, &extract.Extractor{})
	if err != nil {
		return err
	}
	b, err := got.Template.Best(c.Most).Encode()
	if err != nil {
		return err
	}
	if err := writeFinger(c.Record, b); err != nil {
		return err
	}
	return tellQuality(t, got, c.JSON)
}

func writeFinger(name string, b []byte) error {
	if err := os.WriteFile(name, b, 0o600); err != nil {
		return FingerFile.At("station.finger", err).With("file", "%s cannot be written", filepath.Base(name))
	}
	return nil
}

// FingerQualityCommand is blanko finger quality.
type FingerQualityCommand struct {
	FingerPicture
	Picture string `arg:"" help:"PNG picture of one finger." placeholder:"PICTURE"`
	JSON    bool   `name:"json" help:"Print the quality as JSON."`
}

// Run judges the capture; ErrShown when it should be taken again.
func (c FingerQualityCommand) Run(t Terminal) error {
	got, _, err := c.capture(c.Picture, &extract.Extractor{})
	if err != nil {
		return err
	}
	return tellQuality(t, got, c.JSON)
}

// fingerQuality is a quality as JSON.
type fingerQuality struct {
	Accepted bool             `json:"accepted"`
	Score    int              `json:"score"`
	Minutiae int              `json:"minutiae"`
	Reliable int              `json:"reliable"`
	Area     int              `json:"area_mm2"`
	Reasons  []extract.Reason `json:"reasons"`
}

func tellQuality(t Terminal, c extract.Capture, asJSON bool) error {
	q := c.Quality
	out := fingerQuality{q.Accepted(), q.Score, len(c.Template.Views[0].Minutiae), q.Reliable, q.Area, append([]extract.Reason{}, q.Reasons...)}
	if asJSON {
		if err := printJSON(t.Out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(t.Out, t.Language.of(say("mutu %d dari 100, %d ciri (%d jelas), %d mm2", "quality %d of 100, %d minutiae (%d reliable), %d mm2", q.Score, out.Minutiae, q.Reliable, q.Area)))
		for _, r := range q.Reasons {
			fmt.Fprintln(t.Out, "- "+t.Language.of(words{r.Words(false), r.Words(true)}))
		}
	}
	if !q.Accepted() {
		return ErrShown
	}
	return nil
}
