package osia_test

import (
	"encoding/json"
	"testing"

	"blanko/applet/inspect/inspecttest"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// matched compares what the service says of a card and its holder.
func (r *room) matched(credential ktp.AttemptID, want bool, when string) {
	r.t.Helper()
	var got struct {
		Others struct{ Blanko struct{ Matched bool } }
	}
	must(r.t, json.Unmarshal([]byte(r.wants(200, system, "GET", "/v1/credentials/"+credential.String(), "")), &got))
	if got.Others.Blanko.Matched != want {
		r.t.Errorf("%s: matched is %v", when, got.Others.Blanko.Matched)
	}
}

// comesLater matches the holder of a card that is in force.
func (r *room) comesLater(chip ktp.ChipUID) {
	r.t.Helper()
	r.do(matcher, registry.MatchLater{
		Chip: chip, OnChip: inspecttest.Chip(), Live: []registry.Live{{Finger: ktp.RightIndex, Template: inspecttest.Holder(ktp.RightIndex)}}, Presence: r.onReader(matcher, chip), Confirmed: true,
	})
}

// toProxy hands a card over to somebody for its holder.
func (r *room) toProxy(id registry.ApplicationID, chip ktp.ChipUID) {
	r.t.Helper()
	r.do(officer, registry.HandOverToProxy{
		Application: id, Chip: chip, Proxy: registry.Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}, Presence: r.onReader(officer, chip),
		Because: registry.Because{Reason: "ill"}, Second: boss,
	})
}

// A card whose match a supervisor let be was said to be matched, though no finger was.
func TestNotMatchedByAnException(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	r.queued(id)
	const chip = "0000CAFE000000000011"
	credential := r.made(chip, jobs.Eject)
	r.do(matcher, registry.ExceptMatch{Application: id, Chip: chip, Presence: r.onReader(matcher, chip), Because: registry.Because{Reason: "worn_fingers"}, Second: boss})
	r.matched(credential, false, "after the exception")
	r.do(officer, registry.HandOver{Application: id, Chip: chip, Confirmed: true, Presence: r.onReader(officer, chip)})
	r.matched(credential, false, "handed over on the exception")
	r.comesLater(chip)
	r.matched(credential, true, "once the holder matched")
}

// A card that a proxy took was not matched for ever.
func TestMatchedAfterAProxy(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	r.queued(id)
	const chip = "0000CAFE000000000012"
	credential := r.made(chip, jobs.Eject)
	r.matched(credential, false, "made")
	r.toProxy(id, chip)
	r.matched(credential, false, "with the proxy")
	r.comesLater(chip)
	r.matched(credential, true, "once the holder came")
}

// A card that was made again was said to be matched, because the one before it was.
func TestNotMatchedByTheCardBefore(t *testing.T) {
	t.Parallel()
	r := workshop(t)
	id := r.created(0)
	r.queued(id)
	const first, second = "0000CAFE000000000013", "0000CAFE000000000014"
	before := r.made(first, jobs.Eject)
	r.do(matcher, r.holder(id, first))
	r.matched(before, true, "matched at the counter")
	r.do(officer, registry.ReturnCard{Application: id, Chip: first, Because: registry.Because{Reason: "damaged"}})
	r.blocked(first)
	r.do(admin, registry.RetireCard{Chip: first, Because: registry.Because{Reason: "damaged"}, Second: boss})
	r.do(admin, registry.Remake{Application: id, Because: registry.Because{Reason: "damaged"}, Second: access.Actor{ID: "boss-2", Roles: boss.Roles}})
	again, err := r.checker.Check(r.records[0], r.ids[0], r.now())
	must(t, err)
	r.do(system, registry.RefillRecord{Record: again.Record, MessageID: again.MessageID, Canonical: again.Canonical, Warnings: again.Warnings})
	after := r.made(second, jobs.Eject)
	r.matched(after, false, "made again")
	r.toProxy(id, second)
	r.matched(after, false, "with the proxy")
	r.comesLater(second)
	r.matched(after, true, "once the holder came")
	r.matched(before, true, "the card before, of its own holder")
}
