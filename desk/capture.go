package desk

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/png"
	"strconv"
	"strings"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/ktp"
)

// dpi of a finger's picture.
const dpi = 500

func number[N ~int | ~uint8](n N) string { return strconv.Itoa(int(n)) }

// judge makes the record of a finger's picture, and says how good the capture is.
func judge(picture []byte, f ktp.Finger) (extract.Quality, []byte, error) {
	const op = "desk.judge"
	cfg, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || cfg.Width > extract.MostSide || cfg.Height > extract.MostSide {
		return extract.Quality{}, nil, extract.ImageUnusable.At(op, err).With("picture", "no PNG of at most %d pixels a side", extract.MostSide)
	}
	im, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return extract.Quality{}, nil, extract.ImageUnusable.At(op, err).With("picture", "no PNG")
	}
	gray, ok := im.(*image.Gray)
	if !ok {
		gray = image.NewGray(im.Bounds())
		draw.Draw(gray, gray.Bounds(), im, im.Bounds().Min, draw.Src)
	}
	var e extract.Extractor
	c, err := e.Extract(extract.Image{Pixels: gray.Pix, Width: cfg.Width, Height: cfg.Height, DPI: dpi}, f)
	if err != nil {
		return extract.Quality{}, nil, err
	}
	record, err := c.Template.Best(finger.ChipMost).Encode()
	return c.Quality, record, err
}

// hints are reasons in words.
func hints(reasons []extract.Reason) []Text {
	list := []Text{}
	for _, r := range reasons {
		list = append(list, Text{r.Words(false), r.Words(true)})
	}
	return list
}

func reasonHints(codes []string) []Text {
	var list []extract.Reason
	for _, c := range codes {
		list = append(list, extract.Reason(c))
	}
	return hints(list)
}

// captureWish is a part that a page wants.
type captureWish struct {
	Part string `json:"part"`
	// Picture of a finger that the page has from a file; absent: the scanner takes one.
	Picture []byte `json:"picture"`
}

// fromFile says of a picture that a page brought where it comes from.
const fromFile Source = "file"

// captured is a part as a page gets it; it sends it on with the whole capture.
type captured struct {
	Part     string `json:"part"`
	Picture  []byte `json:"picture"` // PNG
	Source   Source `json:"source"`
	Device   string `json:"device"`
	Quality  int    `json:"quality"`
	Good     bool   `json:"good"`
	Hints    []Text `json:"hints"`
	Template []byte `json:"template,omitempty"` // of a finger
}

// irisQuality is said of a picture of an iris that came whole: its scanner judges by itself before it gives
// one, and nothing here measures an iris.
const irisQuality = 60

// capture takes one part from its scanner.
func (a *Agent) capture(ctx context.Context, in captureWish) (captured, error) {
	const op = "desk.capture"
	done, err := a.use(op)
	if err != nil {
		return captured{}, err
	}
	defer done()
	n, isFinger := strings.CutPrefix(in.Part, "finger.")
	f, err := strconv.Atoi(n)
	finger := ktp.Finger(f)
	switch {
	case in.Part == "iris.left" || in.Part == "iris.right":
		shot, err := a.Devices.Iris.Capture(ctx, in.Part)
		if err != nil {
			return captured{}, err
		}
		return captured{Part: in.Part, Picture: shot.PNG, Source: shot.Source, Device: shot.Serial, Quality: irisQuality, Good: true, Hints: []Text{}}, nil
	case !isFinger || err != nil || !finger.Valid():
		return captured{}, requestWrong.At(op, nil).With("part", "finger.1 to finger.10, iris.left, iris.right")
	}
	shot := Picture{PNG: in.Picture, Source: fromFile}
	if len(in.Picture) == 0 {
		if shot, err = a.Devices.Finger.Capture(ctx, in.Part); err != nil {
			return captured{}, err
		}
	}
	q, record, err := judge(shot.PNG, finger)
	if err != nil {
		return captured{}, err
	}
	return captured{
		Part: in.Part, Picture: shot.PNG, Source: shot.Source, Device: shot.Serial, Quality: q.Score, Good: q.Accepted(), Hints: hints(q.Reasons), Template: record,
	}, nil
}
