package web

import "net/netip"

// networkBits are those of an IPv6 address that say whose it is: within its /64 a single host takes as many
// addresses as it likes (RFC 4291, section 2.5.1; RFC 8981).
const networkBits = 64

// asker is whom an address counts as: an address of IPv4, also one in the form of IPv6, as itself, one of IPv6 as
// its network. This machine is itself.
func asker(a netip.Addr) netip.Addr {
	if a = a.Unmap().WithZone(""); a.Is6() && !a.IsLoopback() {
		a = netip.PrefixFrom(a, networkBits).Masked().Addr()
	}
	return a
}

// AskerOf is whom a request counts as, by the address and port that it came from.
func AskerOf(remote string) string {
	if at, err := netip.ParseAddrPort(remote); err == nil {
		return asker(at.Addr()).String()
	}
	return remote
}
