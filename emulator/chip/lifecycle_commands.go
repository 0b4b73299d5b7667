package chip

// activate is ACTIVATE (ISO/IEC 7816-9): written to active under 31, blocked to active under
// 39. Repeated in its own channel it answers 9000 again.
func activate(c *Card, cmd *command) status {
	sw := c.advance(cmd, eventActivate)
	if sw == swOK && c.session.kvn == kvnIssuer {
		c.session.activated = true
	}
	return sw
}

// deactivate is DEACTIVATE: active to blocked under 39.
func deactivate(c *Card, cmd *command) status { return c.advance(cmd, eventDeactivate) }

// terminate is TERMINATE DF. The channel ends with its answer.
func terminate(c *Card, cmd *command) status {
	sw := c.advance(cmd, eventTerminate)
	c.closing = sw == swOK
	return sw
}

// advance is a step of the life cycle that carries no data; atomic.
func (c *Card) advance(cmd *command, on event) status {
	if cmd.p1 != 0 || cmd.p2 != 0 {
		return swWrongParameters
	}
	if len(cmd.data) != 0 {
		return swWrongLength
	}
	next, sw := c.authorize(cmd, on)
	if sw != swOK {
		return sw
	}
	if sw := c.atomic(pagesRecord); sw != swOK {
		return sw
	}
	c.enter(next)
	return swOK
}
