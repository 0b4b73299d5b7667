package registry

import (
	"bytes"
	"context"

	"blanko/store"
)

// MostDesignPicture bounds the picture of a face, in bytes.
const MostDesignPicture = 512 << 10

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// checkPicture refuses what is no picture of a face; none is no refusal.
func (o ApproveDesign) checkPicture() error {
	if len(o.Picture) > 0 && (o.Kind != DesignArtwork || len(o.Picture) > MostDesignPicture || !bytes.HasPrefix(o.Picture, pngHead)) {
		return badOperation.At("registry.ApproveDesign", nil).With("picture", "PNG of a face, at most %d bytes", MostDesignPicture)
	}
	return nil
}

// DesignPicture is what a face looked like when two persons approved its template, by the template's hash: PNG.
// Templates that were approved without one are registry.unknown_id.
func (r *Registry) DesignPicture(ctx context.Context, hash string) (png []byte, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		png, err = designPicture(tx, hash)
		if err == nil && len(png) == 0 {
			err = unknownID.At("registry.DesignPicture", nil).With("hash", "no picture of this template was kept")
		}
		return err
	})
	return png, err
}
