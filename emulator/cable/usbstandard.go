package cable

// halting is a device that halts its endpoints by itself, and wants to know when the host clears one.
type halting interface{ HaltCleared(in bool) }

// standard answers the requests that every device knows (USB 2.0, 9.4).
func (s *session) standard(r Setup) ([]byte, error) {
	d := s.port.dev.USB()
	switch {
	case r.Type == fromDevice && r.Request == getDescriptor:
		var b []byte
		switch r.Value >> 8 {
		case deviceDescriptor:
			b = d.device()
		case configDescriptor:
			b = d.config()
		case stringDescriptor:
			b = d.text(byte(r.Value))
		}
		if b == nil {
			return nil, ErrStall
		}
		return b, nil
	case r.Type == fromDevice && r.Request == getStatus:
		return []byte{selfPowered, 0}, nil
	case r.Type == fromInterface && r.Request == getStatus:
		return []byte{0, 0}, nil
	case r.Type == fromEndpoint && r.Request == getStatus:
		if s.isHalted(byte(r.Index)) {
			return []byte{1, 0}, nil
		}
		return []byte{0, 0}, nil
	case r.Type == fromDevice && r.Request == getConfiguration:
		s.mu.Lock()
		defer s.mu.Unlock()
		return []byte{s.config}, nil
	case r.Type == toDevice && r.Request == setConfiguration && r.Value <= configValue:
		s.mu.Lock()
		s.config = byte(r.Value)
		clear(s.halted)
		s.mu.Unlock()
		if r.Value == configValue {
			s.port.dev.Configured()
		}
		return nil, nil
	case r.Type == fromInterface && r.Request == getInterface:
		return []byte{0}, nil
	case r.Type == toInterface && r.Request == setInterface && r.Value == 0:
		s.mu.Lock()
		clear(s.halted)
		s.mu.Unlock()
		return nil, nil
	case r.Type == toEndpoint && (r.Request == clearFeature || r.Request == setFeature) && r.Value == endpointHalt:
		s.halt(byte(r.Index), r.Request == setFeature)
		if dev, ok := s.port.dev.(halting); ok && r.Request == clearFeature {
			dev.HaltCleared(r.Index&fromDevice != 0)
		}
		return nil, nil
	case r.Type == toDevice && (r.Request == clearFeature || r.Request == setFeature):
		return nil, nil // remote wake-up, which the device never uses
	}
	return nil, ErrStall
}

func (s *session) isHalted(endpoint byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halted[endpoint]
}

func (s *session) halt(endpoint byte, on bool) {
	s.mu.Lock()
	s.halted[endpoint] = on
	s.mu.Unlock()
}
