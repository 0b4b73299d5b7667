package console

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// pictures are those that a form brought, kept by the station, by their hashes; empty where none was chosen. Of
// somebody who may not do what they prove nothing is kept.
func (f *form) pictures(field string, proves registry.Operation) (digests []string) {
	if f.err != nil || f.r.MultipartForm == nil || !f.Can(proves) {
		return nil
	}
	for i, head := range f.r.MultipartForm.File[field] {
		keep, err := photo(f.ctx(), field, head)
		if err == nil {
			var res registry.Result
			res, err = f.Registry.Do(f.ctx(), f.Actor, keep, f.text("key")+".picture."+number(i))
			digests = append(digests, res.Answer)
		}
		if err != nil {
			f.err = err
			return nil
		}
	}
	return digests
}

// picture is the one that a form brought.
func (f *form) picture(field string, proves registry.Operation) string {
	if list := f.pictures(field, proves); len(list) > 0 {
		return list[0]
	}
	return ""
}

func photo(ctx context.Context, field string, head *multipart.FileHeader) (keep registry.KeepPicture, err error) {
	file, err := head.Open()
	if err != nil {
		return keep, web.BadParameter.At("console.photo", err).With(field, "cannot be read")
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, web.MostScan+1))
	if err == nil {
		keep.MIME, keep.Data, err = web.Photo(ctx, field, raw)
	}
	return keep, err
}

// proof is a picture that the station keeps, for those who may decide by it.
func (c *console) proof(v *view, w http.ResponseWriter) error {
	if !v.May(access.ResolveDoubt) && !v.May(access.SecondInDoubt) && !v.May(access.Inspect) {
		return web.PageDenied.At("console.proof", nil).With("page", "needs a role for %s", access.SecondInDoubt)
	}
	p, err := c.Registry.PictureBy(v.ctx(), v.r.PathValue("digest"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", p.MIME)
	_, _ = w.Write(p.Data) // who asked has gone
	return nil
}
