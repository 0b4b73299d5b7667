package desk

import (
	"context"
	"strconv"
	"strings"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/ktp"
)

func number[N ~int | ~uint8](n N) string { return strconv.Itoa(int(n)) }

// judge makes the record of a finger's picture, and says how good the capture is.
func judge(picture []byte, f ktp.Finger) (extract.Quality, []byte, error) {
	im, err := extract.FromPNG("picture", picture)
	if err != nil {
		return extract.Quality{}, nil, err
	}
	var e extract.Extractor
	c, err := e.Extract(im, f)
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
	Ticket string `json:"ticket"`
	Part   string `json:"part"`
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
	Quality  int    `json:"quality"` // 0 to 100 of a finger; of an iris nothing measures it here, and it is 0
	Good     bool   `json:"good"`
	Hints    []Text `json:"hints"`
	Template []byte `json:"template,omitempty"` // of a finger
}

// capture takes one part from its scanner.
func (a *Agent) capture(ctx context.Context, in captureWish) (captured, error) {
	const op = "desk.capture"
	if err := a.allowed(ctx, "capture", in.Ticket); err != nil {
		return captured{}, err
	}
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
		return captured{Part: in.Part, Picture: shot.PNG, Source: shot.Source, Device: shot.Serial, Good: true, Hints: []Text{}}, nil
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
