package station

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"strings"
	"time"

	"blanko/keys"
	"blanko/paper"
)

// KeysProtocolCommand is blanko keys protocol.
type KeysProtocolCommand struct {
	OptionalConfig
	File  string `arg:"" help:"Signed protocol of a ceremony." type:"path"`
	Paper string `required:"" help:"PDF to be signed by everybody who was there; it must not be there yet." type:"path" placeholder:"FILE"`
}

// Run checks the token's signature over a protocol and draws the paper of it.
func (c KeysProtocolCommand) Run(_ context.Context, t Terminal) error {
	cfg, err := c.read()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return keys.ProtocolWrong.At("station.KeysProtocolCommand", err).With("protocol", "it cannot be read")
	}
	p, err := keys.ParseProtocol(text)
	if err != nil {
		return err
	}
	drawn, err := ceremonyPaper(cfg, p, text)
	if err != nil {
		return err
	}
	pdf, err := paper.CeremonyProtocol(drawn)
	if err != nil {
		return err
	}
	if err := newFile(c.Paper, pdf); err != nil {
		return err
	}
	return printProtocol(t, p)
}

// ceremonyPaper is a protocol as it stands on paper. Number and code follow from the signed file, so that paper
// and file prove each other.
func ceremonyPaper(cfg Config, p keys.Protocol, text []byte) (paper.Ceremony, error) {
	file := sha256.Sum256(text)
	token, err := base64.StdEncoding.DecodeString(p.Attestation)
	if err != nil {
		return paper.Ceremony{}, keys.ProtocolWrong.At("station.ceremonyPaper", err)
	}
	own := sha256.Sum256(token)
	digest := hex.EncodeToString(file[:])
	const short, code = 8, 16
	out := paper.Ceremony{
		Heading: paper.Heading{
			Office: cfg.Letterhead.office(), Number: "UK-" + p.Ended.Format("20060102") + "-" + strings.ToUpper(digest[:short]), At: p.Ended.In(time.Local),
			Code: strings.ToUpper(digest[:code]), Link: digest,
		},
		Place: p.Place, Began: p.Began.In(time.Local), Ended: p.Ended.In(time.Local),
		Token:   paper.CeremonyToken{Label: p.Token.Label, Serial: p.Token.Serial, Manufacturer: p.Token.Manufacturer, Model: p.Token.Model, Hardware: p.Token.Hardware},
		Program: p.Program, Protocol: digest, Attestation: hex.EncodeToString(own[:]),
	}
	for _, x := range p.Persons {
		out.Persons = append(out.Persons, paper.CeremonyPerson{Name: x.Name, Duty: paper.Duty(x.Duty)})
	}
	for _, k := range p.Keys {
		row := paper.CeremonyKey{Role: string(k.Role), Generation: k.Generation, Bits: k.Bits, KCV: strings.ToUpper(k.KCV), Way: paper.KeyWay(k.Way), Needed: k.Needed, Of: k.Of}
		if k.Public != "" {
			spki, err := base64.StdEncoding.DecodeString(k.Public)
			if err != nil {
				return out, keys.ProtocolWrong.At("station.ceremonyPaper", err)
			}
			sum := sha256.Sum256(spki)
			row.Public = hex.EncodeToString(sum[:])
		}
		out.Keys = append(out.Keys, row)
	}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, paper.CeremonyStep{At: s.At.In(time.Local), What: s.What})
	}
	return out, nil
}
