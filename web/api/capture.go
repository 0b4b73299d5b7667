package api

import (
	"context"
	"image"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// capturedPart is one picture or finger of a capture, or why it is missing.
type capturedPart struct {
	Part     string `json:"part" pattern:"^(portrait|signature|iris\\.(left|right)|finger\\.([1-9]|10))$" patternDescription:"portrait, signature, iris.left, iris.right, finger.1 to finger.10"`
	Source   string `json:"source" enum:"device,file,emulated"`
	Device   string `json:"device,omitempty" maxLength:"64" doc:"Serial number"`
	Quality  int    `json:"quality" minimum:"0" maximum:"100" doc:"0: not measured. A portrait is measured here, too, and the lower quality is its own"`
	Tries    int    `json:"tries" minimum:"1" maximum:"100"`
	Missing  string `json:"missing,omitempty" enum:"AMPUTATED,BANDAGED,DAMAGED" doc:"Why it is missing"`
	Picture  []byte `json:"picture,omitempty" maxLength:"12000000" doc:"JPEG or PNG, Base64; encoded anew here"`
	Template []byte `json:"template,omitempty" maxLength:"12000" doc:"Of a finger, ISO/IEC 19794-2:2005, Base64"`
}

// impression is a second capture of a finger for the chip.
type impression struct {
	Finger   int    `json:"finger" minimum:"1" maximum:"10" doc:"ISO/IEC 19794-2 position"`
	Template []byte `json:"template" maxLength:"12000" doc:"ISO/IEC 19794-2:2005, Base64"`
	Quality  int    `json:"quality" minimum:"0" maximum:"100"`
}

// captureInfo is a capture without the pictures.
type captureInfo struct {
	Number     int        `json:"number" doc:"How often it was captured"`
	At         time.Time  `json:"at"`
	Actor      string     `json:"actor"`
	Place      string     `json:"place,omitempty"`
	Fingers    []int      `json:"fingers" nullable:"false" doc:"For the chip; 0: none of that hand"`
	VerifiedAt *time.Time `json:"verifiedAt,omitempty" doc:"The fingers were captured again and matched"`
	VerifiedBy string     `json:"verifiedBy,omitempty"`
	ErasedAt   *time.Time `json:"erasedAt,omitempty"`
	Parts      []partInfo `json:"parts" nullable:"false"`
}

type partInfo struct {
	Part    string `json:"part"`
	Source  string `json:"source"`
	Device  string `json:"device,omitempty"`
	Quality int    `json:"quality"`
	Tries   int    `json:"tries"`
	Missing string `json:"missing,omitempty"`
	Score   int    `json:"score,omitempty" doc:"Of the second impression"`
	Size    int    `json:"size" doc:"Bytes of the picture"`
}

// toConfirm is exactly what will be printed, to be shown to the resident.
type toConfirm struct {
	Person    shown  `json:"person"`
	Portrait  []byte `json:"portrait,omitempty"`
	Signature []byte `json:"signature,omitempty"`
	Hash      string `json:"hash" doc:"Of all of it; the resident signs it"`
}

// shown is a person's data as it stands on the card.
type shown struct {
	NIK         string   `json:"nik"`
	Names       []string `json:"names" nullable:"false"`
	BirthPlace  string   `json:"birthPlace"`
	BirthDate   string   `json:"birthDate"`
	Sex         string   `json:"sex"`
	Blood       string   `json:"blood"`
	Street      string   `json:"street"`
	RT          string   `json:"rt"`
	RW          string   `json:"rw"`
	Village     string   `json:"village"`
	District    string   `json:"district"`
	Regency     string   `json:"regency"`
	Province    string   `json:"province"`
	Religion    string   `json:"religion"`
	Marital     string   `json:"marital"`
	Occupation  string   `json:"occupation"`
	Citizenship string   `json:"citizenship"`
	Validity    string   `json:"validity"`
}

type confirmation struct {
	Number int       `json:"number"`
	Hash   string    `json:"hash"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor" doc:"Before whom"`
	Method string    `json:"method" enum:"signature_pad,finger"`
}

// captureBody bounds the body of a capture: a face, a signature, ten fingers and two irises in Base64.
const captureBody = 15 << 20

func captures(a *api) {
	changeOf(a, captureBody, registry.Capture{}, "/v1/applications/{application}/capture", "capture", "Keep photo, signature, ten fingers and two irises, each or why it is missing",
		func(ctx context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Parts []capturedPart `json:"parts" nullable:"false" minItems:"1" maxItems:"14"`
			}
		},
		) (registry.Operation, error) {
			op := registry.Capture{Application: in.id()}
			for _, p := range in.Body.Parts {
				part, err := p.part(ctx)
				if err != nil {
					return op, err
				}
				op.Parts = append(op.Parts, part)
			}
			return op, nil
		})
	change(a, registry.VerifyCapture{}, "/v1/applications/{application}/capture/verification", "verifyCapture", "Match the fingers for the chip against a second capture of them",
		func(_ context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Impressions []impression `json:"impressions" nullable:"false" minItems:"1" maxItems:"2"`
			}
		},
		) (registry.Operation, error) {
			op := registry.VerifyCapture{Application: in.id()}
			for _, i := range in.Body.Impressions {
				op.Impressions = append(op.Impressions, registry.Impression{Finger: ktp.Finger(i.Finger), Template: i.Template, Quality: i.Quality})
			}
			return op, nil
		})
	change(a, registry.Recapture{}, "/v1/applications/{application}/recapture", "recapture", "Send back to be captured again",
		func(_ context.Context, in *ApplicationReason) (registry.Operation, error) {
			return registry.Recapture{Application: in.id(), Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/applications/{application}/capture", "getCapture", "A capture without the pictures",
		func(ctx context.Context, in *ApplicationName) (*answer[captureInfo], error) {
			c, err := a.Registry.Captured(ctx, in.id())
			if err != nil {
				return nil, err
			}
			return &answer[captureInfo]{captureInfoOf(c)}, nil
		})
	get(a, access.Capture, "/v1/applications/{application}/to-confirm", "getToConfirm", "Exactly what will be printed, to be shown to the resident while the application waits for that; personal data, the look is written down",
		func(ctx context.Context, in *ApplicationName) (*answer[toConfirm], error) {
			c, err := a.Registry.ShowToConfirm(ctx, actor(ctx), in.id())
			if err != nil {
				return nil, err
			}
			return &answer[toConfirm]{toConfirm{Person: shownOf(c.Person), Portrait: c.Portrait.Data, Signature: c.Signature.Data, Hash: c.Hash}}, nil
		})
	change(a, registry.Confirm{}, "/v1/applications/{application}/confirmation", "confirmData", "Keep the resident's electronic signature over the hash of what will be printed",
		func(ctx context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Hash   string `json:"hash" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"As it was shown"`
				Method string `json:"method" enum:"signature_pad,finger"`
				Proof  []byte `json:"proof" maxLength:"350000" doc:"Picture of the signature, JPEG or PNG, encoded anew here; or record of the finger, Base64"`
			}
		},
		) (registry.Operation, error) {
			op := registry.Confirm{Application: in.id(), Hash: in.Body.Hash, Method: registry.Method(in.Body.Method), Proof: in.Body.Proof}
			var err error
			if op.Method == registry.MethodPad {
				_, op.Proof, err = web.Redraw(ctx, "proof", in.Body.Proof)
			}
			return op, err
		})
	get(a, access.SeeApplications, "/v1/applications/{application}/confirmations", "listConfirmations", "What the resident confirmed, oldest first",
		func(ctx context.Context, in *ApplicationName) (*answer[list[confirmation]], error) {
			all, err := a.Registry.Confirmations(ctx, in.id())
			if err != nil {
				return nil, err
			}
			out := &answer[list[confirmation]]{list[confirmation]{Items: []confirmation{}}}
			for _, c := range all {
				out.Body.Items = append(out.Body.Items, confirmationOf(c))
			}
			return out, nil
		})
}

// recordKinds are the kinds of picture that a record has (center protocol): the center gives back what was sent, and what
// was confirmed stays the same.
var recordKinds = map[string]string{registry.PartPortrait: "jpeg", registry.PartSignature: "png"}

// part encodes the picture of a part anew, looks what is behind a face and measures it.
func (p capturedPart) part(ctx context.Context) (registry.CapturedPart, error) {
	out := registry.CapturedPart{
		Part: p.Part, Source: registry.Source(p.Source), Device: p.Device, Quality: p.Quality, Tries: p.Tries, Missing: registry.Missing(p.Missing), Template: p.Template,
	}
	if len(p.Picture) == 0 {
		return out, nil
	}
	look := func(image.Image) {}
	if p.Part == registry.PartPortrait {
		look = func(img image.Image) {
			out.Background = behind(img)
			if q := web.PortraitQuality(img); out.Quality == 0 || q < out.Quality {
				out.Quality = q
			}
		}
	}
	var err error
	out.MIME, out.Data, err = web.RedrawAs(ctx, recordKinds[p.Part], "parts."+p.Part+".picture", p.Picture, look)
	return out, err
}

func shownOf(p ktp.Person) shown {
	word := func(list []ktp.Word, code byte) string {
		w, _ := ktp.Words(list, code)
		if p.Foreign() {
			return w.EN
		}
		return w.ID
	}
	return shown{
		NIK: p.NIK.Digits(), Names: p.Names, BirthPlace: p.BirthPlace, BirthDate: p.BirthDate.Format(ktp.DateLayout), Sex: word(ktp.Sexes, byte(p.Sex)),
		Blood: word(ktp.BloodTypes, byte(p.Blood)), Street: p.Street, RT: p.RT, RW: p.RW, Village: p.Village, District: p.District, Regency: p.Regency,
		Province: p.Province, Religion: word(ktp.Religions, byte(p.Religion)), Marital: word(ktp.MaritalStatuses, byte(p.Marital)), Occupation: p.Occupation,
		Citizenship: p.Citizenship, Validity: p.Validity,
	}
}

func captureInfoOf(c registry.CaptureInfo) captureInfo {
	out := captureInfo{
		Number: c.Number, At: c.At.UTC(), Actor: c.Actor, Place: c.Place, Fingers: []int{int(c.Fingers[0]), int(c.Fingers[1])}, VerifiedAt: moment(c.VerifiedAt),
		VerifiedBy: c.VerifiedBy, ErasedAt: moment(c.ErasedAt), Parts: []partInfo{},
	}
	for _, p := range c.Parts {
		out.Parts = append(out.Parts, partInfo{p.Part, string(p.Source), p.Device, p.Quality, p.Tries, string(p.Missing), p.Score, p.Size})
	}
	return out
}

func confirmationOf(c registry.Confirmation) confirmation {
	return confirmation{c.Number, c.Hash, c.At.UTC(), c.Actor, string(c.Method)}
}
