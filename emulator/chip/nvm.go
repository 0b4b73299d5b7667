package chip

// erased is what a page reads as between erasing and programming.
const erased = 0xFF

// programPage spends one page of memory time and lets the faults of that page happen: swOK,
// swMemoryFailure, or swNone when the power went.
func (c *Card) programPage(ofFile bool) status {
	c.pages++
	if len(c.faults) > 0 {
		c.meetPage(ofFile)
	}
	if c.lost {
		c.work += c.clock.pageTime / 2
		return swNone
	}
	c.work += c.clock.pageTime
	if c.nvmFails {
		c.nvmFails = c.nvmLasting
		return swMemoryFailure
	}
	return swOK
}

// atomic spends the pages of a command that happens wholly or not at all. The caller makes its
// change after swOK and leaves everything as it was otherwise.
func (c *Card) atomic(pages int) status {
	for range pages {
		if sw := c.programPage(false); sw != swOK {
			return sw
		}
	}
	return swOK
}

// program writes data into a file page by page. Pages are counted from the beginning of the
// file. A page that fails keeps the first half of its new content, the rest of it is erased;
// pages behind it are untouched.
func (c *Card) program(f *file, offset int, data []byte) status {
	size := c.clock.page
	first := offset / size
	buffered := !c.clock.touched && c.tail.file == f && c.tail.end == offset && offset%size != 0
	for page := first; page*size < offset+len(data); page++ {
		start, end := page*size, min((page+1)*size, len(f.data))
		from, to := max(start, offset), min(end, offset+len(data))
		copy(f.data[from:to], data[from-offset:to-offset])
		if buffered && page == first {
			continue // still in the page buffer, programmed once
		}
		if sw := c.programPage(true); sw != swOK {
			for i := start + (end-start)/2; i < end; i++ {
				f.data[i] = erased
			}
			c.tail.file = nil
			return sw
		}
		if c.corrupt {
			c.corrupt = false
			f.data[from] ^= 0x01
		}
	}
	c.tail.file, c.tail.end = f, offset+len(data)
	return swOK
}
