package station

import (
	"cmp"
	"time"

	"blanko/applet/inspect"
)

// trust gathers what this reader believes; none of it is needed to read a card.
func (c CardAccess) trust(cfg Config) (inspect.Trust, error) {
	trust, err := inspect.Folders{
		CSCA: cmp.Or(c.CSCA, cfg.Keys.Anchors), CenterKeys: c.CenterKeys, LocalKeys: c.LocalKeys, StatusKeys: c.StatusKeys, StatusList: c.Status,
	}.Trust()
	trust.Now = time.Now()
	return trust, err
}
