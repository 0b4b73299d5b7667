package finger

import "math"

// A score tells how often impressions of two different fingers reach it: ten for every power of ten, so
// 40 is a false-match rate (FMR) of 1 in 10,000 comparisons and 60 of 1 in a million. Evidence becomes a
// score by a curve that was measured on impostor pairs and stands here with the name of its data set.

// Calibration is such a curve.
type Calibration struct {
	Name    string  // of the curve and its version, as it is written beside every score
	DataSet string  // what was measured
	Pairs   int     // impostor pairs
	Points  []Point // rising
}

// Point of a curve: the evidence that impostors reach at the FMR of the score.
type Point struct{ Evidence, Score int }

// Calibrated is the curve in use. Scores above its last measured point are drawn on at the slope of the
// last two. Another matcher or another curve has another name.
var Calibrated = Calibration{
	Name:    "people-4711/2",
	DataSet: "330 generated fingers, a hard impression against an ordinary one as on a card, extracted from pictures (emulator/people, seed 4711)",
	Pairs:   108570,
	Points:  []Point{{0, 0}, {32, 15}, {57, 20}, {79, 25}, {99, 30}, {119, 35}, {137, 40}},
}

const (
	maxScore  = 100
	threshold = 40
)

// Threshold is the score from which two impressions count as the same finger: FMR 1 in 10,000.
func Threshold() int { return threshold }

// FMR is the false-match rate of a score.
func FMR(score int) float64 { return math.Pow(10, -float64(score)/10) }

// Score of an evidence, 0 to 100.
func (c Calibration) Score(evidence int) int {
	last := len(c.Points) - 1
	for i := 1; i <= last; i++ {
		if evidence < c.Points[i].Evidence || i == last {
			a, b := c.Points[i-1], c.Points[i]
			return min(max(a.Score+(evidence-a.Evidence)*(b.Score-a.Score)/(b.Evidence-a.Evidence), 0), maxScore)
		}
	}
	return 0
}

// Score compares two impressions: 0 to 100, see Calibrated.
func (m *Matcher) Score(p, g *Impression) int { return Calibrated.Score(m.Evidence(p, g)) }

// Fuse joins the scores of two fingers of one person into one. The product of two independent rates is
// itself reached at the rate p (1 - ln p) (R. Fisher, 1932); where one finger alone says more, it counts,
// and 5 are taken off because there were three ways to reach it.
func Fuse(a, b int) int {
	const threeWays = 5
	sum := float64(a + b)
	both := min(int(sum-10*math.Log10(1+sum*math.Ln10/10)), maxScore+threeWays)
	return max(max(both, a, b)-threeWays, 0)
}
