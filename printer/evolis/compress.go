package evolis

// First bytes of a line in the compression of the two-level panels (Programming Guide A5013
// Rev E, Dbc): 00 a blank line, FF a solid one, 01 to 51 that many bytes of the line, the
// rest zero. FF is never sent: a full line goes as 51 and its 81 bytes, as drivers do.
const compressedBlank = 0x00

// compress packs a two-level panel line by line, blank lines as one zero byte, the others as
// a count and the bytes up to the last one with ink.
func compress(panel []byte) []byte {
	const line = Rows / group
	out := make([]byte, 0, len(panel)+len(panel)/line)
	for ; len(panel) >= line; panel = panel[line:] {
		n := line
		for n > 0 && panel[n-1] == 0 {
			n--
		}
		if n == 0 {
			out = append(out, compressedBlank)
			continue
		}
		out = append(out, byte(n))
		out = append(out, panel[:n]...)
	}
	return out
}
