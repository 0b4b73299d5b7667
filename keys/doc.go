// Package keys holds the rules of the card keys: AES-CMAC, key diversification, key check
// values, roles and key versions, the host side of a GlobalPlatform secure channel (SCP03),
// the shares of a key and the protocol of a ceremony, the reasons why production refuses keys, and the
// certificates and revocation lists of the issuing authority.
//
// What lives here: computing with keys, wherever they lie. What may not: a key itself, a device
// or file that stores one (its folders do that), an import of another room but fault. Host
// satisfies applet.KeySource in plain types; station and trial join the two. Start reading at
// host.go, then scp03.go.
package keys
