package registry

import (
	"encoding/json"

	"blanko/store"
)

const proposalColumns = `id, operation, subject, proposed_by, proposed_at, expires_at, state, decided_by, decided_at, reason, sealed_content, preview, version, thing`

func proposals(tx *store.Tx, where string, args ...any) (list []Proposal, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var p Proposal
		var proposed, expires, decided int64
		var preview string
		if err := scan(&p.ID, &p.Operation, &p.Subject, &p.ProposedBy, &proposed, &expires, &p.State, &p.DecidedBy, &decided, &p.Reason, sealedProposal.Open(&p.content, &p.ID), &preview, &p.Version, &p.thing); err != nil {
			return err
		}
		p.ProposedAt, p.ExpiresAt, p.DecidedAt = store.Time(proposed), store.Time(expires), store.Time(decided)
		if err := json.Unmarshal([]byte(preview), &p.Preview); err != nil {
			return err
		}
		list = append(list, p)
		return nil
	}, `select `+proposalColumns+` from proposal `+where, args...)
	return list, err
}

func proposalByID(tx *store.Tx, id string) (Proposal, bool, error) {
	list, err := proposals(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Proposal{}, false, err
	}
	return list[0], true, nil
}

// expireProposals refuses what waited too long, and forgets its content.
func expireProposals(tx *store.Tx) (int64, error) {
	return tx.Exec(`update proposal set state = ?, reason = ?, decided_at = expires_at, sealed_content = '' where state = ? and expires_at <= ?`,
		ProposalRefused, causeExpired, ProposalOpen, store.Micros(tx.Now()))
}

func (p Proposal) save(tx *store.Tx) error {
	preview, err := json.Marshal(p.Preview)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into proposal (`+proposalColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
			reason = excluded.reason, sealed_content = excluded.sealed_content`,
		p.ID, p.Operation, p.Subject, p.ProposedBy, store.Micros(p.ProposedAt), store.Micros(p.ExpiresAt), p.State, p.DecidedBy,
		store.Micros(p.DecidedAt), p.Reason, sealedProposal.Seal(p.content, p.ID), string(preview), p.Version, p.thing)
	return err
}
