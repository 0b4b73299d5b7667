package registry

import "blanko/store"

// waitingForBlanks counts the cards of a profile that were approved and have no blank yet.
func waitingForBlanks(tx *store.Tx, profile string) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select (select count(*) from application a join record r on r.application = a.id where a.state = ? and r.profile = ?) +
		(select count(*) from card_order where state in ('waiting', 'leased') and pinned = 0 and profile = ?)`, Approved, profile, profile)
	return n, err
}

// profileOf is the card profile of the record of an application; empty where it has none yet.
func profileOf(tx *store.Tx, id ApplicationID) (profile string, err error) {
	_, err = tx.Get([]any{&profile}, `select profile from record where application = ?`, id)
	return profile, err
}
