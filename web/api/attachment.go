package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// attachment is a scan that belongs to an application, without its content.
type attachment struct {
	ID       string     `json:"id"`
	Class    string     `json:"class" doc:"form, requirement.<id>, ..."`
	MIME     string     `json:"mime"`
	Size     int        `json:"size" doc:"Bytes"`
	Digest   string     `json:"digest" doc:"SHA-256, hex"`
	At       time.Time  `json:"at"`
	Actor    string     `json:"actor"`
	ErasedAt *time.Time `json:"erasedAt,omitempty"`
}

// attachmentBody bounds the body of an attachment: 8 MiB in Base64.
const attachmentBody = 12 << 20

func attachments(a *api) {
	changeOf(a, attachmentBody, registry.Attach{}, "/v1/applications/{application}/attachments", "attach", "Keep a scan with an application",
		func(ctx context.Context, in *struct {
			ApplicationKeyed
			Body struct {
				Class string `json:"class" pattern:"^[a-z][a-z0-9_]{0,39}(\\.[a-z0-9_]{1,40})?$" patternDescription:"form, requirement.<id>, ..."`
				Data  []byte `json:"data" doc:"JPEG, PNG or PDF, Base64; pictures are encoded anew"`
			}
		},
		) (registry.Operation, error) {
			op := registry.Attach{Application: in.id(), Class: in.Body.Class}
			var err error
			op.MIME, op.Data, err = web.Scan(ctx, "data", in.Body.Data)
			return op, err
		})
	changeOf(a, attachmentBody, registry.KeepPicture{}, "/v1/pictures", "keepPicture", "Keep a picture that proves what was done with a card; the answer is its SHA-256",
		func(ctx context.Context, in *struct {
			Keyed
			Body struct {
				Data []byte `json:"data" doc:"JPEG or PNG, Base64; encoded anew"`
			}
		},
		) (op registry.Operation, err error) {
			var p registry.KeepPicture
			p.MIME, p.Data, err = web.Photo(ctx, "data", in.Body.Data)
			return p, err
		})
	change(a, registry.RemoveAttachment{}, "/v1/applications/{application}/attachments/{attachment}/removal", "removeAttachment", "Take a scan away that does not belong there",
		func(_ context.Context, in *struct {
			ApplicationReason
			Attachment string `path:"attachment" pattern:"^[0-9a-f]{8,40}$" patternDescription:"hex digits"`
		},
		) (registry.Operation, error) {
			return registry.RemoveAttachment{Application: in.id(), Attachment: in.Attachment, Because: in.Body.why()}, nil
		})
	get(a, access.SeeApplications, "/v1/applications/{application}/attachments", "listAttachments", "Scans of an application, without their content",
		func(ctx context.Context, in *ApplicationName) (*answer[list[attachment]], error) {
			all, err := a.Registry.Attachments(ctx, in.id())
			if err != nil {
				return nil, err
			}
			out := &answer[list[attachment]]{list[attachment]{Items: []attachment{}}}
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, attachmentOf(t))
			}
			return out, nil
		})
	op := huma.Operation{
		OperationID: "getAttachment", Method: "GET", Path: "/v1/attachments/{attachment}", Summary: "The content of a scan; personal data, for who attached it or has just asked to see the person", Description: readers(access.SeePersons),
		Responses: map[string]*huma.Response{
			"200":     {Description: "The scan, to be saved", Content: scanContent()},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, access.SeePersons)
	huma.Register(a.huma, op, func(ctx context.Context, in *struct {
		ID string `path:"attachment" pattern:"^[0-9a-f]{8,40}$" patternDescription:"hex digits"`
	},
	) (*huma.StreamResponse, error) {
		t, data, err := a.Registry.ShowAttachment(ctx, actor(ctx), in.ID)
		if err == nil && !t.ErasedAt.IsZero() {
			err = web.Gone.At("api.attachment", nil)
		}
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", t.MIME)
			c.SetHeader("Content-Disposition", "attachment")
			_, _ = c.BodyWriter().Write(data) // who asked has gone
		}}, nil
	})
}

// scanContent are the types of which a scan is one.
func scanContent() map[string]*huma.MediaType {
	content := map[string]*huma.MediaType{}
	for _, mime := range []string{web.MIMEPDF, "image/jpeg", "image/png"} {
		content[mime] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return content
}

func attachmentOf(t registry.Attachment) attachment {
	return attachment{t.ID, t.Class, t.MIME, t.Size, t.Digest, t.At.UTC(), t.Actor, moment(t.ErasedAt)}
}
