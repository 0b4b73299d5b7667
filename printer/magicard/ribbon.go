package magicard

// ribbons are the films that a job can be made for (header words LC1, LC8, LC6 and LC3 of the
// filter, which force one; without such a word the printer takes what is fitted), with the panels
// of the front and of the back.
var ribbons = []struct{ panels, front, back string }{
	{"YMCKO", "YMCKO", "YMCKO"},
	{"YMCKOK", "YMCKO", "K"},
	{"KO", "KO", "KO"},
	{"K", "K", "K"},
}

// panelsOf are the panels of a ribbon, in its order.
func panelsOf(ribbon string) (front, back string, ok bool) {
	for _, r := range ribbons {
		if r.panels == ribbon {
			return r.front, r.back, true
		}
	}
	return "", "", false
}
