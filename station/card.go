package station

import (
	"crypto/x509"

	"blanko/applet"
	"blanko/chipdata"
)

// CardCommands are blanko card.
type CardCommands struct {
	List       CardListCommand       `cmd:"" help:"List the card readers and what lies in them."`
	Info       CardInfoCommand       `cmd:"" help:"Tell what a card says of itself, without any key or password."`
	Read       CardReadCommand       `cmd:"" help:"Read the content of a card. It shows personal data."`
	Verify     CardVerifyCommand     `cmd:"" help:"Examine the chip of a card for its holder: is it genuine, and if not, why. Exit status 1: something speaks against the card, or its content could not be checked."`
	StatusList CardStatusListCommand `cmd:"" help:"Write a signed list of what the register says of every card, for desks without a link (--status of card verify)."`
	Write      CardWriteCommand      `cmd:"" help:"Write a specimen to a blank of the test stock, and check it as a stranger."`
}

// CardKeys is where the card commands find keys.
type CardKeys interface {
	// Reading is the SAM that a reader has; nil where it has none.
	Reading(Config) (applet.KeySource, error)
	// Writing is the issuer for chips of the profile.
	Writing(Config, *chipdata.Profile) (CardIssuer, error)
}

// CardIssuer makes specimens.
type CardIssuer struct {
	Keys    applet.KeySource
	Signer  chipdata.Signer
	Anchors []*x509.Certificate // CSCAs under which the signer's certificate was issued
}

// ConfiguredKeys are the keys that the configuration names.
type ConfiguredKeys struct{}

// Reading finds no SAM while this version reaches none: cards are read as a stranger without keys.
func (ConfiguredKeys) Reading(Config) (applet.KeySource, error) { return nil, nil }

// Writing refuses while this version reaches no token.
func (ConfiguredKeys) Writing(c Config, _ *chipdata.Profile) (CardIssuer, error) {
	return CardIssuer{}, KeysMissing.At("station.ConfiguredKeys.Writing", nil).With("keys.kind", "%q", c.Keys.Kind)
}
