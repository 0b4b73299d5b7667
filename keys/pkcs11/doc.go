// Package pkcs11 reaches a token (HSM or smart card) through its maker's PKCS#11 module: the master
// keys that open cards and the key that signs them stay there.
//
// What lives here: the module, sessions, signing in, the objects of a token, a key source over
// CKM_AES_CMAC and a crypto.Signer over CKM_ECDSA. What may not: a rule about keys (keys has them), a
// PIN that was wrong shown twice, a master key read back. It is the only importer of the PKCS#11
// library. Source satisfies applet.KeySource in plain types; station and trial join the two.
// Start reading at Token in token.go, then connect.go.
package pkcs11
