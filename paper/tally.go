package paper

import "fmt"

// tally counts by a word; words keep the order in which they came.
type tally struct {
	words []string
	n     map[string]int
}

func newTally() *tally { return &tally{n: map[string]int{}} }

func (t *tally) add(word string) {
	if t.n[word] == 0 {
		t.words = append(t.words, word)
	}
	t.n[word]++
}

// rows are the words with their counts, and the sum.
func (t *tally) rows() (rows []row) {
	sum := 0
	for _, w := range t.words {
		sum += t.n[w]
		rows = append(rows, row{cells: []string{w, fmt.Sprint(t.n[w])}})
	}
	return append(rows, row{cells: []string{"Jumlah", fmt.Sprint(sum)}, strong: true})
}
