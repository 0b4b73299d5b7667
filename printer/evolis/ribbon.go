package evolis

import "strings"

// ribbons are the codes of the Pr command (Programming Guide A5013 Rev E) that this package
// prints on, with the panels of the front and of the back. The half-panel ribbons (ymckos)
// need partial downloads and holograms their own job; both are refused.
var ribbons = []struct{ code, front, back string }{
	{"ymcko", "YMCKO", "YMCKO"},
	{"ymckok", "YMCKO", "K"},
	{"ko", "KO", "KO"},
	{"k", "K", "K"}, // as drivers send it
	{"kb", "K", "K"},
	{"kw", "K", "K"},
	{"kr", "K", "K"},
	{"kbl", "K", "K"},
	{"kgr", "K", "K"},
	{"kgo", "K", "K"},
	{"ksi", "K", "K"},
}

// panelsOf are the panels of a ribbon, in its order.
func panelsOf(code string) (front, back string, ok bool) {
	for _, r := range ribbons {
		if strings.EqualFold(code, r.code) {
			return r.front, r.back, true
		}
	}
	return "", "", false
}
