package registry

import (
	"maps"
	"slices"
	"testing"

	"blanko/applet/inspect"
	"blanko/applet/inspect/inspecttest"
	"blanko/biometric/finger"
	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// written are the hashes of the files on a chip, as a line settles them.
func written() map[string]string {
	out := inspecttest.Hashes()
	out["0101"] = "aa"
	return out
}

func liveOf(of func(ktp.Finger) []byte, fingers ...ktp.Finger) (list []Live) {
	for _, f := range fingers {
		list = append(list, Live{Finger: f, Template: of(f)})
	}
	return list
}

// shown is a try of the holder, stranger one of somebody else; the later ones at a card in force.
func shown(id ApplicationID, chip ktp.ChipUID) VerifyHolder {
	return VerifyHolder{Application: id, Chip: chip, Live: liveOf(inspecttest.Holder, ktp.RightIndex), OnChip: inspecttest.Chip()}
}

func stranger(id ApplicationID, chip ktp.ChipUID) VerifyHolder {
	return VerifyHolder{Application: id, Chip: chip, Live: liveOf(inspecttest.Stranger, ktp.RightIndex), OnChip: inspecttest.Chip()}
}

func shownLater(chip ktp.ChipUID) MatchLater {
	return MatchLater{Chip: chip, Live: liveOf(inspecttest.Holder, ktp.RightIndex), OnChip: inspecttest.Chip()}
}

func strangerLater(chip ktp.ChipUID) MatchLater {
	return MatchLater{Chip: chip, Live: liveOf(inspecttest.Stranger, ktp.RightIndex), OnChip: inspecttest.Chip()}
}

// Every score says by which curve and against which threshold it was made; both fingers decide together.
func TestScoreHasItsCalibration(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		no := s.do(kec, stranger(appID(1), chip))
		if no.Tried == nil || no.Tried.Result != TryNoMatch || no.Tried.Left != mostTries-1 || no.Tried.Score != 0 || no.Tried.Threshold != 0 {
			t.Errorf("somebody else: %+v", no.Tried)
		}
		both := shown(appID(1), chip)
		both.Live = liveOf(inspecttest.Holder, ktp.RightIndex, ktp.LeftIndex)
		both.Live[1].Reasons = []string{"too_dry"}
		yes := s.do(kec, both)
		if yes.Tried == nil || yes.Tried.Result != TryMatched || yes.Tried.Score < finger.Threshold() || yes.Tried.Left != mostTries-1 {
			t.Errorf("the holder: %+v", yes.Tried)
		}
		tries, err := s.r.MatchTries(bg, appID(1))
		s.must(err)
		for i, want := range []MatchTry{{Finger: ktp.RightIndex, Result: TryNoMatch}, {Finger: ktp.RightIndex, Second: ktp.LeftIndex, Result: TryMatched}} {
			got := tries[i]
			if got.Finger != want.Finger || got.Second != want.Second || got.Result != want.Result || got.Threshold != finger.Threshold() || got.Calibration != finger.Calibrated.Name {
				t.Errorf("try %d: %+v", i, got)
			}
		}
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "match.tried"})
		s.must(err)
		if d := events[1].Detail; d["calibration"] != finger.Calibrated.Name || d["threshold"] != "40" || d["second_finger"] != "7" || d["reasons"] != "too_dry" {
			t.Errorf("the log says %v", d)
		}
	})
}

// A score of before, which a client told, is shown without calibration.
func TestScoreOfBefore(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(`insert into match_try (application, number, chip, at, actor, place, finger, score, result) values (?, 1, ?, ?, 'kec-1', 'dinas', 2, 80, 'matched')`,
				appID(1), chip, store.Micros(s.db.Clock.Now()))
			return err
		}))
		tries, err := s.r.MatchTries(bg, appID(1))
		s.must(err)
		if len(tries) != 1 || tries[0].Score != 80 || tries[0].Calibration != "" || tries[0].Threshold != 0 {
			t.Errorf("%+v", tries)
		}
	})
}

// What cannot be compared changes nothing and costs no try.
func TestTryRefuses(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		files := inspecttest.Chip()
		other := slices.Clone(files[0])
		other[len(other)-3] ^= 1 // the angle of a minutia
		file := files[0]
		cases := map[string]struct {
			change func(o *VerifyHolder)
			code   fault.Code
		}{
			"no finger":            {func(o *VerifyHolder) { o.Live = nil }, badOperation.Code},
			"three fingers":        {func(o *VerifyHolder) { o.Live = append(o.Live, o.Live[0], o.Live[0]) }, badOperation.Code},
			"one finger twice":     {func(o *VerifyHolder) { o.Live = append(o.Live, o.Live[0]) }, badOperation.Code},
			"no record":            {func(o *VerifyHolder) { o.Live[0].Template = []byte("FMR") }, badOperation.Code},
			"record of another":    {func(o *VerifyHolder) { o.Live[0].Finger = ktp.LeftIndex }, badOperation.Code},
			"nothing read":         {func(o *VerifyHolder) { o.OnChip = inspect.FingerFiles{} }, inspect.FingerUnreadable.Code},
			"other finger's file":  {func(o *VerifyHolder) { o.OnChip[0] = nil }, inspect.FingerUnreadable.Code},
			"not what was written": {func(o *VerifyHolder) { o.OnChip[0] = other }, chipFingersDiffer.Code},
			"in the wrong place":   {func(o *VerifyHolder) { o.OnChip = inspect.FingerFiles{files[1], files[0]} }, chipFingersDiffer.Code},
			"the chip's own record": {func(o *VerifyHolder) {
				o.Live[0].Template = file[len(file)-recordLength(file):]
			}, inspect.FingerUnreadable.Code},
		}
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			o := shown(appID(1), chip)
			cases[name].change(&o)
			t.Log(name)
			s.refused(kec, o, cases[name].code)
		}
		tries, err := s.r.MatchTries(bg, appID(1))
		s.must(err)
		if len(tries) != 0 {
			t.Errorf("counted %+v", tries)
		}
		s.state(1, Produced)
	})
}

// recordLength is the length of the record at the end of a finger file: its envelope is 26 bytes.
func recordLength(file []byte) int { return len(file) - 26 }

// A card is handed over on the proof that its own chip gave: where the holder was matched with another one of
// the application since, whatever a form says, it is not.
func TestHandOverIsOfTheMatchedCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(kec, shown(appID(1), chip))
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			return MatchTry{Chip: "REMADE", At: tx.Now(), Actor: kec.ID, Result: TryMatched}.insert(tx, appID(1))
		}))
		s.refused(officer, HandOver{Application: appID(1), Chip: chip}, matchOtherCard.Code)
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			return MatchTry{Chip: chip, At: tx.Now(), Actor: kec.ID, Result: TryMatched}.insert(tx, appID(1))
		}))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
	})
}
