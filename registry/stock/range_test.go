package stock

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

func TestLabelRangeValid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		from, to Label
		want     bool
	}{
		{"two that follow", "KE-000001", "KE-000002", true},
		{"one", "KE-000001", "KE-000001", true},
		{"one without digits", "KE-AB", "KE-AB", true},
		{"over a power of ten", "KE-099999", "KE-100000", true},
		{"as many as may be", "KE-000000", "KE-099999", true},
		{"one more", "KE-000000", "KE-100000", false},
		{"backwards", "KE-000002", "KE-000001", false},
		{"another prefix", "KE-000001", "KF-000002", false},
		{"another number of digits", "KE-00001", "KE-000002", false},
		{"a letter behind the digits", "KE-0001A", "KE-0002A", false},
		{"eighteen digits", "000000000000000001", "000000000000000002", true},
		{"nineteen digits", "0000000000000000001", "0000000000000000002", false},
		{"the UIDs of chips", "0000CAFE000000000001", "0000CAFE000000000002", false},
		{"small letters", "ke-000001", "ke-000002", false},
		{"no end", "KE-000001", "", false},
		{"nothing", "", "", false},
	} {
		if got := (LabelRange{c.from, c.to}).Valid(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The numbers of a range are denied whether their blanks are here or come later, and what looks like one of them is not.
func TestRangeIsDenied(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		in(t, db.Open(t), func(tx *store.Tx) error {
			blanks := map[ktp.ChipUID]Label{
				"C1": "KE-0100", "C2": "KE-0150", "C3": "KE-0199", // in it
				"C4": "KE-0099", "C5": "KE-0200", "C6": "KE-01500", "C7": "KE-015A", "C8": "KE-B150", "C9": "KE-.150",
			}
			here := []ktp.ChipUID{"C1", "C4", "C5", "C6", "C8"}
			later := []ktp.ChipUID{"C2", "C3", "C7", "C9"}
			take := func(lot string, chips []ktp.ChipUID) (denied int, err error) {
				if err := ReceiveChips(tx, lot, "ktp-el", chips, why); err != nil {
					return 0, err
				}
				for _, c := range chips {
					is, err := Labelled(tx, c, blanks[c])
					if err != nil {
						return 0, err
					}
					if is {
						denied++
					}
				}
				return denied, nil
			}
			if n, err := take("A", here); err != nil || n != 0 {
				t.Errorf("%d denied before, %v", n, err)
			}
			if n, err := DenyRange(tx, LabelRange{"KE-0100", "KE-0199"}, Why{"a", "stolen"}); err != nil || n != 100 {
				t.Errorf("%d added, %v", n, err)
			}
			if n, err := DenyRange(tx, LabelRange{"KE-0150", "KE-0249"}, Why{"b", "missing"}); err != nil || n != 50 {
				t.Errorf("%d added to it, %v", n, err)
			}
			if n, err := DenyRange(tx, LabelRange{"KE-0120", "KE-0130"}, Why{"b", "missing"}); err != nil || n != 0 {
				t.Errorf("%d of it added anew, %v", n, err)
			}
			if n, err := take("B", later); err != nil || n != 2 {
				t.Errorf("%d denied of those that came later, %v", n, err)
			}
			for c, l := range blanks {
				want := map[ktp.ChipUID]string{"C1": "stolen", "C2": "stolen", "C3": "stolen", "C5": "missing"}[c]
				reason, denied, err := Denied(tx, c)
				if err != nil || denied != (want != "") || reason != want {
					t.Errorf("%s: %v, %q, %v", l, denied, reason, err)
				}
				if said, is, err := DeniedAs(tx, l); err != nil || is != denied || said != reason {
					t.Errorf("%s by its label: %v, %q, %v", l, is, said, err)
				}
			}
			held, err := DeniedHeld(tx)
			if err != nil || len(held) != 2 || held[0].Read != 2 || held[1].Read != 2 {
				t.Errorf("held %+v, %v", held, err)
			}
			return nil
		})
	})
}

// What is let go out of a range is free, and stays so when its blank comes; the rest stays denied. What was denied by
// itself does not go with the range.
func TestRangeIsLetGo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		in(t, db.Open(t), func(tx *store.Tx) error {
			labels := map[ktp.ChipUID]Label{"C0": "S0", "C1": "KE-01", "C2": "KE-02", "C3": "KE-03", "C4": "KE-04", "C5": "KE-05", "C6": "KE-06"}
			brings := func(lot string, chips ...ktp.ChipUID) {
				if err := ReceiveChips(tx, lot, "ktp-el", chips, why); err != nil {
					t.Fatal(err)
				}
				for _, c := range chips {
					if _, err := Labelled(tx, c, labels[c]); err != nil {
						t.Fatal(err)
					}
				}
			}
			brings("A", "C1", "C2", "C3")
			stolen := Why{"a", "stolen"}
			if _, err := Deny(tx, "C3", Why{"a", "missing"}); err != nil {
				return err
			}
			if n, err := DenyRange(tx, LabelRange{"KE-00", "KE-09"}, stolen); err != nil || n != 9 {
				t.Errorf("%d added besides the one that was there, %v", n, err)
			}
			if added, err := DenyLabel(tx, "KE-06", stolen); err != nil || added {
				t.Errorf("one of the range is new: %v, %v", added, err)
			}
			for l, want := range map[Label]string{"KE-01": "stolen", "KE-04": "stolen", "KE-10": "", "KE-AA": ""} {
				if reason, err := AllowLabel(tx, l); err != nil || reason != want {
					t.Errorf("%s let go: %q, %v", l, reason, err)
				}
			}
			if err := Allow(tx, "C2"); err != nil {
				return err
			}
			list, err := DeniedRanges(tx, "", 10)
			if err != nil || len(list) != 3 || list[0].LabelRange != (LabelRange{"KE-00", "KE-00"}) || list[1].LabelRange != (LabelRange{"KE-03", "KE-03"}) || list[2].LabelRange != (LabelRange{"KE-05", "KE-09"}) {
				t.Errorf("ranges %+v, %v", list, err)
			}
			if next, err := DeniedRanges(tx, "KE-03", 10); err != nil || len(next) != 1 || next[0].From != "KE-05" || next[0].Reason != "stolen" || next[0].Actor != "a" {
				t.Errorf("behind it %+v, %v", next, err)
			}
			brings("B", "C4", "C5")
			for _, whole := range []LabelRange{{"KE-04", "KE-06"}, {"KE-05", "KE-10"}} {
				if reason, err := AllowRange(tx, whole); err != nil || reason != "" {
					t.Errorf("%s is not all denied: %q, %v", whole, reason, err)
				}
			}
			if reason, err := AllowRange(tx, LabelRange{"KE-05", "KE-09"}); err != nil || reason != "stolen" {
				t.Errorf("%q, %v", reason, err)
			}
			if reason, err := AllowRange(tx, LabelRange{"KE-03", "KE-03"}); err != nil || reason != "stolen" {
				t.Errorf("%q, %v", reason, err)
			}
			brings("C", "C6")
			for c, l := range labels {
				want := c == "C3" || c == "C6" // each was denied by itself, too
				if _, denied, err := Denied(tx, c); err != nil || denied != want {
					t.Errorf("%s denied %v, %v", l, denied, err)
				}
			}
			if held, err := DeniedHeld(tx); err != nil || len(held) != 2 || held[0].Read != 1 || held[1].Read != 1 {
				t.Errorf("held %+v, %v", held, err)
			}
			return nil
		})
	})
}

// Whatever is denied and let go, number by number and range by range, the list says of each number what was done to it
// last, and of its blank the same.
func TestRangesSayWhatWasDone(t *testing.T) {
	t.Parallel()
	const numbers = 30
	s, lives := storetest.SQLite(t).Open(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		lives++
		in(t, s, func(tx *store.Tx) error {
			ke := serial{fmt.Sprintf("K%d-", lives), 4, 0} // each has a series of its own
			denied, chips := map[int64]bool{}, map[int64]ktp.ChipUID{}
			for range rapid.IntRange(1, 20).Draw(rt, "steps") {
				from := rapid.Int64Range(0, numbers-1).Draw(rt, "from")
				to := rapid.Int64Range(from, numbers-1).Draw(rt, "to")
				r := LabelRange{ke.label(from), ke.label(to)}
				switch rapid.IntRange(0, 3).Draw(rt, "what") {
				case 0:
					if from == to { // what is denied by itself is let go by itself
						continue
					}
					want := 0
					for n := from; n <= to; n++ {
						if !denied[n] {
							want++
						}
					}
					if added, err := DenyRange(tx, r, why); err != nil || added != want {
						rt.Fatalf("%s: %d added, want %d, %v", r, added, want, err)
					}
					for n := from; n <= to; n++ {
						denied[n] = true
					}
				case 1:
					if _, err := AllowLabel(tx, r.From); err != nil {
						return err
					}
					delete(denied, from)
				case 2:
					if chips[from] != "" {
						continue
					}
					chips[from] = ktp.ChipUID(r.From)
					if err := ReceiveChips(tx, "A", "ktp-el", []ktp.ChipUID{chips[from]}, why); err != nil {
						return err
					}
					if is, err := Labelled(tx, chips[from], r.From); err != nil || is != denied[from] {
						rt.Fatalf("%s comes: denied %v, %v", r.From, is, err)
					}
				case 3:
					reason, err := AllowRange(tx, r)
					if err != nil {
						return err
					}
					for n := from; n <= to && reason != ""; n++ {
						delete(denied, n)
					}
				}
				for n := range int64(numbers) {
					_, is, err := DeniedAs(tx, ke.label(n))
					if err != nil || is != denied[n] {
						rt.Fatalf("%s: denied %v, want %v, %v", ke.label(n), is, denied[n], err)
					}
					if c := chips[n]; c != "" {
						b, _, err := ByChip(tx, c)
						var marked int
						if err == nil {
							_, err = tx.Get([]any{&marked}, `select denied from blank where id = ?`, b.ID)
						}
						if err != nil || (marked == 1) != denied[n] {
							rt.Fatalf("blank %s is marked %d, %v", c, marked, err)
						}
					}
				}
			}
			return nil
		})
	})
}
