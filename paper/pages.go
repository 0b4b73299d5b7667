package paper

import (
	"bytes"
	"strconv"
)

// Pages counts the pages of a paper of this room (ISO 32000-1, 7.7.3.2: Count of the page tree); 0 for what
// is none.
func Pages(pdf []byte) int {
	_, tree, _ := bytes.Cut(pdf, []byte("/Type /Pages"))
	_, count, _ := bytes.Cut(tree, []byte("/Count "))
	digits := count[:max(0, bytes.IndexByte(count, '\n'))]
	n, err := strconv.Atoi(string(bytes.TrimSpace(digits)))
	if err != nil {
		return 0
	}
	return n
}
