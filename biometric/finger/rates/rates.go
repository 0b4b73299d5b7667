package rates

import (
	"math"
	"slices"
)

// Rate is a share in per cent with its interval at 95 % (E. Wilson, JASA 1927), as if the pairs were
// independent; pairs that share a finger are not, so the true interval is wider.
type Rate struct {
	Percent float64 `json:"percent"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Carried bool    `json:"carried"` // the number of pairs is large enough to say so
}

// Rates are those of FVC: EER, and the FNMR at the lowest threshold whose FMR is at most one in 100,
// 1,000, 10,000, or zero. A rate is carried when its FMR stands for at least three impostor pairs.
type Rates struct {
	EER, FMR100, FMR1000, FMR10000, ZeroFMR Rate
}

// leastImpostors is how many impostor pairs the FMR of a threshold must stand for.
const leastImpostors = 3

// Of counts over the scores of genuine and impostor pairs; a higher score says more for one finger. With
// no pairs of a kind nothing is known: every rate is 100 % and not carried.
func Of(genuine, impostor []int) Rates {
	if len(genuine) == 0 || len(impostor) == 0 {
		none := Rate{Percent: 100, High: 100}
		return Rates{none, none, none, none, none}
	}
	g, i := slices.Sorted(slices.Values(genuine)), slices.Sorted(slices.Values(impostor))
	at := func(oneIn int) Rate {
		allowed := 0 // impostor pairs at or above the threshold
		if oneIn > 0 {
			allowed = len(i) / oneIn
		}
		threshold := i[len(i)-1] + 1
		if allowed > 0 {
			threshold = i[len(i)-allowed]
			if allowed < len(i) && i[len(i)-allowed-1] == threshold {
				threshold++
			}
		}
		r := Share(below(g, threshold), len(g))
		r.Carried = oneIn == 0 || len(i) >= leastImpostors*oneIn
		return r
	}
	return Rates{EER: equal(g, i), FMR100: at(100), FMR1000: at(1000), FMR10000: at(10000), ZeroFMR: at(0)}
}

// below counts the sorted scores under the threshold.
func below(sorted []int, threshold int) int {
	n, _ := slices.BinarySearch(sorted, threshold)
	return n
}

// equal is the rate at which FMR and FNMR meet, their mean where they step past each other.
func equal(g, i []int) Rate {
	least, rate := math.Inf(1), 1.0
	for _, t := range append(slices.Clone(g), i...) {
		fnmr := float64(below(g, t)) / float64(len(g))
		fmr := float64(len(i)-below(i, t)) / float64(len(i))
		if d := math.Abs(fmr - fnmr); d < least {
			least, rate = d, (fmr+fnmr)/2
		}
	}
	n := min(len(g), len(i))
	r := Share(int(math.Round(rate*float64(n))), n)
	r.Percent, r.Carried = 100*rate, n >= 100
	r.Low, r.High = min(r.Low, r.Percent), max(r.High, r.Percent)
	return r
}

// Share is k of n, with the interval of Wilson.
func Share(k, n int) Rate {
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Rate{Percent: 100 * p, Low: max(100*(middle-half), 0), High: min(100*(middle+half), 100)}
}
