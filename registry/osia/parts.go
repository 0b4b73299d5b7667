package osia

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // signature images

	"blanko/biometric/finger"
	"blanko/ktp"
)

// Limits of the parts of a record.
const (
	maxPortrait  = 1 << 20   // bytes
	maxSignature = 256 << 10 // bytes
	maxTemplate  = 4 << 10   // bytes; 60 minutiae are 390
	minWidth     = 480       // portrait, pixels (center protocol)
	minHeight    = 640
	maxSide      = 6000 // pixels, any picture
	maxPixels    = 24e6 // of a portrait, in all; a decoded pixel takes up to 8 bytes
	maxInk       = 4e6  // pixels of a signature image
	minMinutiae  = 12   // below this a 1:1 cannot be carried
	fewMinutiae  = 40   // a finger with no more has one record, delivered twice
)

var missingReasons = map[string]ktp.MissingReason{
	"AMPUTATED": ktp.FingerMissing, "BANDAGED": ktp.FingerUncapturable, "DAMAGED": ktp.FingerBelowQuality,
}

// parts takes portrait, signature image and fingers out of the record.
func (c Checker) parts(r *ktp.Record, req CredentialRequest) error {
	slots := map[ktp.Finger]*ktp.FingerSlot{}
	var order []ktp.Finger
	for n, b := range req.BiometricData {
		at := fmt.Sprintf("/biometricData/%d", n)
		if b.ImageRef != "" || b.TemplateRef != "" {
			return refuse(Schema, at, "references are not followed")
		}
		var err error
		switch b.BiometricType {
		case "FACE":
			if r.Portrait.Data != nil {
				return refuse(Schema, at, "a second portrait")
			}
			r.Portrait, err = c.portrait(b, at+"/image")
		case "SIGNATURE":
			if r.Signature.Data != nil {
				return refuse(Schema, at, "a second signature image")
			}
			r.Signature, err = picture(b, at+"/image", "image/png", maxSignature, maxInk)
		case "FINGER":
			err = takeFinger(r, slots, &order, b, at)
		default:
			err = refuse(Schema, at+"/biometricType", "not delivered to a print room")
		}
		if err != nil {
			return err
		}
	}
	switch {
	case r.Portrait.Data == nil:
		return refuse(PartMissing, "/biometricData", "no portrait")
	case r.Signature.Data == nil:
		return refuse(PartMissing, "/biometricData", "no signature image")
	}
	return place(r, slots, order)
}

// portrait is a JPEG, or JPEG 2000 where the station reads that.
func (c Checker) portrait(b BiometricData, at string) (ktp.Image, error) {
	if b.MimeType != "image/jp2" && b.MimeType != "image/j2c" {
		img, err := picture(b, at, "image/jpeg", maxPortrait, maxPixels)
		if err != nil {
			return img, err
		}
		conf, _, _ := image.DecodeConfig(bytes.NewReader(img.Data)) // read before
		return img, bigEnough(at, conf.Width, conf.Height)
	}
	switch {
	case len(b.Image) == 0:
		return ktp.Image{}, refuse(PartMissing, at, "empty")
	case len(b.Image) > maxPortrait:
		return ktp.Image{}, refuse(PartTooLarge, at, "%d bytes, at most %d", len(b.Image), maxPortrait)
	case c.JPEG2000 == nil:
		return ktp.Image{}, refuse(PartUndecodable, at, "this station reads no JPEG 2000")
	}
	width, height, err := c.JPEG2000(b.Image)
	if err != nil {
		return ktp.Image{}, refuse(PartUndecodable, at, "not a readable picture")
	}
	return ktp.Image{MIME: b.MimeType, Data: b.Image}, bigEnough(at, width, height)
}

// bigEnough holds a portrait against the least size of the center protocol.
func bigEnough(at string, width, height int) error {
	if width < minWidth || height < minHeight {
		return refuse(PhotoBelowFloor, at, "%d x %d pixels, at least %d x %d", width, height, minWidth, minHeight)
	}
	return nil
}

func picture(b BiometricData, at, mime string, limit int, pixels float64) (ktp.Image, error) {
	switch {
	case len(b.Image) == 0:
		return ktp.Image{}, refuse(PartMissing, at, "empty")
	case len(b.Image) > limit:
		return ktp.Image{}, refuse(PartTooLarge, at, "%d bytes, at most %d", len(b.Image), limit)
	case b.MimeType != mime:
		return ktp.Image{}, refuse(PartUndecodable, at, "a picture of another kind is wanted: %s", mime)
	}
	conf, kind, err := image.DecodeConfig(bytes.NewReader(b.Image))
	switch {
	case err != nil || "image/"+kind != mime:
		return ktp.Image{}, refuse(PartUndecodable, at, "not a readable picture")
	case conf.Width > maxSide || conf.Height > maxSide || float64(conf.Width)*float64(conf.Height) > pixels:
		return ktp.Image{}, refuse(PartTooLarge, at, "%d x %d pixels", conf.Width, conf.Height)
	case ktp.Scans(b.Image) > ktp.MostScans:
		return ktp.Image{}, refuse(PartTooLarge, at, "more than %d scans", ktp.MostScans)
	}
	if _, _, err := image.Decode(bytes.NewReader(b.Image)); err != nil {
		return ktp.Image{}, refuse(PartUndecodable, at, "the picture is cut short or damaged")
	}
	return ktp.Image{MIME: b.MimeType, Data: b.Image}, nil
}

func takeFinger(r *ktp.Record, slots map[ktp.Finger]*ktp.FingerSlot, order *[]ktp.Finger, b BiometricData, at string) error {
	if len(b.Missing) > 0 {
		if len(b.Template) > 0 || len(b.Image) > 0 {
			return refuse(Schema, at+"/missing", "a finger is delivered or missing, not both")
		}
		for _, m := range b.Missing {
			name := m.BiometricSubType
			if name == "" {
				name = b.BiometricSubType
			}
			f, ok := ktp.ParseFinger(name)
			reason, known := missingReasons[m.Presence]
			if !ok || !known {
				return refuse(Schema, at+"/missing", "one finger and AMPUTATED, BANDAGED or DAMAGED")
			}
			r.Exceptions = append(r.Exceptions, ktp.FingerException{Finger: f, Reason: reason})
		}
		return nil
	}
	f, ok := ktp.ParseFinger(b.BiometricSubType)
	switch {
	case !ok:
		return refuse(Schema, at+"/biometricSubType", "one finger of ten")
	case len(b.Template) == 0:
		return refuse(PartMissing, at+"/template", "empty")
	case len(b.Template) > maxTemplate:
		return refuse(PartTooLarge, at+"/template", "%d bytes, at most %d", len(b.Template), maxTemplate)
	case b.TemplateFormat != "" && b.TemplateFormat != "ISO_19794_2":
		return refuse(PartUndecodable, at+"/templateFormat", "ISO_19794_2 is wanted")
	}
	most := map[string]int{"60": 60, "40": 40, "second": 255}[b.Instance]
	if most == 0 {
		return refuse(Schema, at+"/instance", "60, 40 or second")
	}
	t, err := finger.Parse(b.Template)
	switch {
	case err != nil:
		return refuse(PartUndecodable, at+"/template", "not an ISO/IEC 19794-2 record")
	case len(t.Views) != 1:
		return refuse(PartUndecodable, at+"/template", "one finger view is wanted")
	case t.Views[0].Position != f:
		return refuse(PartUndecodable, at+"/template", "the record is of another finger than it says")
	}
	switch n := len(t.Views[0].Minutiae); {
	case n > most:
		return refuse(PartTooLarge, at+"/template", "%d minutiae, at most %d", n, most)
	case n < minMinutiae:
		return refuse(FingerBelowMinimum, at+"/template", "%d minutiae, at least %d", n, minMinutiae)
	}
	s := slots[f]
	if s == nil {
		s = &ktp.FingerSlot{Finger: f}
		slots[f] = s
		*order = append(*order, f)
	}
	into := map[string]*[]byte{"60": &s.Best60, "40": &s.Best40, "second": &s.Second}[b.Instance]
	if *into != nil {
		return refuse(Schema, at+"/instance", "stands twice for this finger")
	}
	*into = b.Template
	return nil
}

// place puts the delivered fingers into the two slots of the chip: right index first and left
// index second where they are there, substitutes into the empty slot, in order of delivery.
func place(r *ktp.Record, slots map[ktp.Finger]*ktp.FingerSlot, order []ktp.Finger) error {
	const at = "/biometricData"
	if len(order) > 2 {
		return refuse(Schema, at, "%d fingers, the chip holds two", len(order))
	}
	for _, f := range order {
		s := slots[f]
		if s.Best60 == nil || s.Best40 == nil {
			return refuse(PartMissing, at, "%s needs a record of at most 60 and one of at most 40 minutiae", f)
		}
		if large, err := finger.Parse(s.Best60); err == nil && len(large.Views[0].Minutiae) <= fewMinutiae && !bytes.Equal(s.Best60, s.Best40) {
			return refuse(Schema, at, "%s has at most %d minutiae, and two different records", f, fewMinutiae)
		}
		if s.Second != nil && (bytes.Equal(s.Second, s.Best60) || bytes.Equal(s.Second, s.Best40)) {
			return refuse(Schema, at, "the second impression of %s is a copy of the first", f)
		}
	}
	defaults := [2]ktp.Finger{ktp.RightIndex, ktp.LeftIndex}
	for n, f := range defaults {
		if s := slots[f]; s != nil {
			r.Fingers[n] = *s
		}
	}
	for _, f := range order {
		if f == defaults[0] || f == defaults[1] {
			continue
		}
		for n := range r.Fingers {
			if r.Fingers[n].Empty() {
				r.Fingers[n] = *slots[f]
				break
			}
		}
	}
	excused := map[ktp.Finger]bool{}
	for _, e := range r.Exceptions {
		if excused[e.Finger] || slots[e.Finger] != nil {
			return refuse(Schema, at, "%s is missing and delivered, or missing twice", e.Finger)
		}
		excused[e.Finger] = true
	}
	for _, f := range defaults {
		if slots[f] == nil && !excused[f] {
			return refuse(PartMissing, at, "%s is neither delivered nor excused", f)
		}
	}
	return nil
}
