package api

import (
	"context"
	"fmt"

	"blanko/applet/inspect"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/ktp"
	"blanko/registry"
	"blanko/web"
)

// live is a living finger that a counter took; the station makes the record of a picture itself.
type live struct {
	Finger int    `json:"finger" minimum:"1" maximum:"10" doc:"ISO/IEC 19794-2 position"`
	Image  []byte `json:"image" maxLength:"2000000" doc:"PNG, 8-bit gray, 500 dpi, at most 1600 x 1600, dark ridges on a light ground, Base64; only its pixels are looked at, and it is not kept. A record in its place is not taken"`
	// Nothing else is taken, a record least of all.
	_ struct{} `json:"-" additionalProperties:"false"`
}

// presence is what shows that the card lies on the reader.
type presence struct {
	Challenge []byte `json:"challenge" maxLength:"16" doc:"As the station gave it for this card, for one try; Base64"`
	Answer    []byte `json:"answer" maxLength:"100" doc:"Data of the chip's answer to INITIALIZE UPDATE with the challenge under key 38, Base64"`
}

// ShownNow goes with what is done to a card that must lie before who acts.
type ShownNow struct {
	Presence presence `json:"presence,omitzero" doc:"The chip's answer to a challenge of the station; absent where this session showed the card a short while ago, as for the match. How long is in the service standard"`
}

func (p presence) shown() registry.Presence {
	return registry.Presence{Challenge: p.Challenge, Answer: p.Answer}
}

// onChip is what was read from the chip for the comparison.
type onChip struct {
	EFFPR []byte `json:"efFPR,omitempty" maxLength:"3000" doc:"EF.FPR (0201) as read, Base64"`
	EFFPL []byte `json:"efFPL,omitempty" maxLength:"3000" doc:"EF.FPL (0202) as read, Base64"`
}

// Holder is what one try of a 1:1 shows. A score is not taken: the station compares.
type Holder struct {
	Live       []live   `json:"live,omitempty" maxItems:"2" nullable:"false" doc:"One living finger, or two which then decide together; absent where the chip is not genuine"`
	OnChip     onChip   `json:"onChip,omitzero" doc:"The files of these fingers; they must be those which were written on this chip"`
	Presence   presence `json:"presence,omitzero" doc:"The chip's answer to a challenge of the station; absent where the chip is not genuine"`
	NotGenuine bool     `json:"notGenuine,omitempty" doc:"Passive authentication of the chip failed here: a suspicion, which is written down; nothing is compared, and the card is set apart by two persons"`
	// Nothing else is taken, a score least of all.
	_ struct{} `json:"-" additionalProperties:"false"`
}

// holderBody bounds the body of a try: two pictures in Base64.
const holderBody = 5 << 20

// tried is what a 1:1 said.
type tried struct {
	Result      string   `json:"result" enum:"matched,no_match,not_genuine"`
	Score       int      `json:"score,omitempty" doc:"Of a match, 0 to 100: ten for every power of ten of the false-match rate. How near one was that did not match is not told"`
	Threshold   int      `json:"threshold,omitempty" doc:"From which a score matches"`
	Calibration string   `json:"calibration,omitempty" doc:"Name of the measured curve that gives the score its meaning"`
	Left        int      `json:"left" doc:"Tries that are left in this visit"`
	Reasons     []string `json:"reasons,omitempty" nullable:"false" doc:"Why the picture could be better: smeared, too_dry, too_wet, too_small, off_center, too_few_minutiae"`
}

// fingers are the living fingers as the register compares them.
func (h Holder) fingers(ctx context.Context) (list []registry.Live, err error) {
	if len(h.Live) == 0 {
		return nil, nil
	}
	done, err := web.Turn(ctx, "live")
	if err != nil {
		return nil, err
	}
	defer done()
	for i, l := range h.Live {
		one, err := fingerOf(fmt.Sprintf("live.%d.image", i), l.Image, ktp.Finger(l.Finger))
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (h Holder) files() inspect.FingerFiles {
	return inspect.FingerFiles{h.OnChip.EFFPR, h.OnChip.EFFPL}
}

// fingerOf makes the record of a picture. Nothing but the pixels of the picture comes in.
func fingerOf(field string, data []byte, f ktp.Finger) (registry.Live, error) {
	const op = "api.fingerOf"
	bad := func(cause error, format string, args ...any) (registry.Live, error) {
		return registry.Live{}, extract.ImageUnusable.At(op, cause).With(field, format, args...)
	}
	im, err := extract.FromPNG(field, data)
	if err != nil {
		return registry.Live{}, err
	}
	var e extract.Extractor
	c, err := e.Extract(im, f)
	if err != nil {
		return bad(err, "no fingerprint can be read from it")
	}
	out := registry.Live{Finger: f}
	for _, r := range c.Quality.Reasons {
		if r == extract.NotAFinger {
			return bad(nil, "%s", r.Words(true))
		}
		out.Reasons = append(out.Reasons, string(r))
	}
	if out.Template, err = c.Template.Best(finger.ChipMost).Encode(); err != nil {
		return bad(err, "no record can be made of it")
	}
	return out, nil
}
