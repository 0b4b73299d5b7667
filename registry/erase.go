package registry

import (
	"blanko/registry/audit"
	"blanko/store"
)

// erase removes a class of a record's parts and writes that it is done, where there was anything.
func (a *act) erase(id ApplicationID, remove func(*store.Tx, ApplicationID) (int64, error), class string) error {
	n, err := remove(a.tx, id)
	if err != nil || n == 0 {
		return err
	}
	return a.tell(audit.Event{Code: "record.erased", Application: string(id), Detail: map[string]string{"class": class}})
}
