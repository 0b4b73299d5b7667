package keys

// Role names a master key. There is one per role.
type Role string

const (
	Transport       Role = "MK_T"   // from the chip maker: opens a blank card for the claim
	Personalization Role = "MK_P"   // the issuer's writing; refused by the card from activation on
	Reading         Role = "MK_SAM" // held by every SAM: reads an active card
	Admin           Role = "MK_A"   // block, unblock, terminate
)

// Roles lists the roles in the order of a card's life.
var Roles = []Role{Transport, Personalization, Reading, Admin}

// versions is the key version number of each role (card profile KTPEL-OP 1, section 6).
var versions = map[Role]byte{Transport: 0x30, Personalization: 0x31, Reading: 0x38, Admin: 0x39}

// Version is the key version number (KVN) of the role's key set on a card.
func (r Role) Version() byte { return versions[r] }

// RoleOf finds the role of a key version number.
func RoleOf(kvn byte) (Role, bool) {
	for _, r := range Roles {
		if versions[r] == kvn {
			return r, true
		}
	}
	return "", false
}

// application is the AID that the challenges of a card follow from (card profile KTPEL-OP 1, section 2).
var application = []byte{0xF0, 0x4B, 0x54, 0x50, 0x45, 0x4C, 0x01}

// MostSAMUses and MostSAMDays bound what one renewal lets a SAM be used.
const (
	MostSAMUses = 10_000
	MostSAMDays = 31
)
