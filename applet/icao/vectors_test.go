package icao

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/fault"
)

// Doc 9303-11, appendix D: keys, dialog and secure messaging of its BAC example. The same numbers
// stand in github.com/gmrtd/gmrtd, bac/bac_test.go.
func TestBACExample(t *testing.T) {
	t.Parallel()
	s := &script{t: t, lines: [][2]string{
		noCardAccess,
		selectView,
		{"0084000008", "4608F91988702212 9000"},
		{
			"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
			"46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000",
		},
		{"0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"},
		{"0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"},
		{"0CB000040D9701128E082EA28A70F3C7B53500", "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000"},
	}}
	term := Terminal{Random: bytes.NewReader(unhex(t, "781723860C06C226 0B795240CB7049B01C19B33E32804F0B"))}
	session, err := term.Open(context.Background(), s, Access{DocumentNumber: "L898902C", BirthDate: "690806", Expiry: "940623"})
	if err != nil {
		t.Fatal(err)
	}
	if session.Protocol() != BAC || session.Password() != PasswordMRZ {
		t.Errorf("%s with %s", session.Protocol(), session.Password())
	}
	if got := fmt.Sprintf("%X", session.sm.ssc); got != "887022120C06C226" {
		t.Errorf("SSC %s", got)
	}
	for _, c := range []struct {
		cmd  applet.Command
		want string
	}{
		{applet.SelectFile(0, 0x011E), ""},
		{applet.ReadBinary(0, 0, 4), "60145F01"},
		{applet.ReadBinary(0, 4, 18), "04303130365F36063034303030305C026175"},
	} {
		a, err := session.Send(context.Background(), c.cmd)
		if err != nil || a.SW != applet.SWOK || fmt.Sprintf("%X", a.Data) != c.want {
			t.Errorf("%v: %X %v %v, want %s", c.cmd, a.Data, a, err, c.want)
		}
	}
	s.finished()
}

// Doc 9303-11, appendix G.1: PACE with ECDH, generic mapping, AES-128 and brainpoolP256r1, by the
// zone. The dialog stands in github.com/gmrtd/gmrtd, pace/pace_test.go.
var paceExample = [][2]string{
	{"00A4020C02011C", "9000"},
	{"00B00000DF", "31143012060A04007F0007020204020202010202010D 9000"},
	{"0022C1A40F800A04007F00070202040202830101", "9000"},
	{"10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"},
	{"10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00", "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000"},
	{"10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200", "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000"},
	{"008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"},
}

var (
	paceScalars = "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99 A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"
	paceAccess  = Access{DocumentNumber: "T22000129", BirthDate: "640812", Expiry: "101031"}
)

func TestPACEExample(t *testing.T) {
	t.Parallel()
	if got := paceAccess.information(); got != "T22000129364081251010318" {
		t.Errorf("MRZ information %s", got)
	}
	s := &script{t: t, lines: paceExample}
	session := &Session{card: &applet.Card{Transport: s}, random: bytes.NewReader(unhex(t, paceScalars)), piece: readPiece}
	infos, err := session.cardAccess(context.Background())
	if err != nil || len(infos.PACE) != 1 {
		t.Fatal(infos, err)
	}
	offered, err := session.pace(context.Background(), paceAccess, curveByParam(infos.PACE[0]), false)
	if err != nil || !offered || session.Protocol() != PACE || session.Password() != PasswordMRZ {
		t.Fatal(offered, err)
	}
	// KSenc and KSmac of the example are proved by what they protect.
	want := newMessaging(aes128(unhex(t, "F5F0E35C0D7161EE6724EE513A0D9A7F"), unhex(t, "FE251C7858B356B24514B3BD5F4297D1")), nil)
	one, _ := want.wrap(applet.SelectFile(0, 0x011E))
	two, _ := session.sm.wrap(applet.SelectFile(0, 0x011E))
	if !bytes.Equal(one.Encode(), two.Encode()) {
		t.Errorf("%X, want %X", two.Encode(), one.Encode())
	}
	s.finished()
}

// The numbers in the middle of the same example.
func TestPACENumbers(t *testing.T) {
	t.Parallel()
	c := curveByParam(13)
	nonce := decryptCBC(newAES(unhex(t, "89DED1B26624EC1E634C1989302849DD")), make([]byte, 16), unhex(t, "95A3A016522EE98D01E76CB6B98B42C3"))
	if got := fmt.Sprintf("%X", nonce); got != "3F00C4D39D153F2B2A214A078D899B22" {
		t.Errorf("nonce %s", got)
	}
	h := point{hexInt("60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5"), hexInt("0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181")}
	g := c.add(c.scale(new(big.Int).SetBytes(nonce), c.generator()), h)
	if got := fmt.Sprintf("%X", c.encode(g)); got != "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522" {
		t.Errorf("mapped generator %s", got)
	}
	theirs, ok := c.decode(unhex(t, "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094"))
	if !ok {
		t.Fatal("the card's key is not on the curve")
	}
	secret := c.field(c.scale(hexInt("A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"), theirs))
	if got := fmt.Sprintf("%X", secret); got != "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925" {
		t.Errorf("shared secret %s", got)
	}
	if enc, mac := fmt.Sprintf("%X", keyAES(secret, counterENC)), fmt.Sprintf("%X", keyAES(secret, counterMAC)); enc != "F5F0E35C0D7161EE6724EE513A0D9A7F" || mac != "FE251C7858B356B24514B3BD5F4297D1" {
		t.Errorf("KSenc %s, KSmac %s", enc, mac)
	}
}

// Chip authentication as two issued passports ran it: id-CA-ECDH-AES-CBC-CMAC-128 on
// brainpoolP256r1 with explicit parameters, without and with a key id. Recorded in
// github.com/gmrtd/gmrtd, chipauth/chip_auth_test.go (TestChipAuthAT, TestChipAuthDE).
var chipAuthAT = struct{ dg14, enc, mac, ssc, scalar, newEnc, newMAC string }{
	"6E82017E3182017A300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D30820142060904007F000702020102308201333081EC06072A8648CE3D02013081E0020101302C06072A8648CE3D0101022100A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377304404207D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9042026DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B60441048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997022100A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7020101034200041983917269AC877C0B61544C2C022000D2A5ABA723E2D80141E648B40911DC3459761F27480E4B57181A53D8FE1190EA86C939AC14363178CAFFC621F0F905C3",
	"524170DE3419B7AF2F23E45AD6EF9595", "97893F5FDC29A5C13A924FE7D8ED44FD", "000000000000000000000000000000F0",
	"80EBAFC8A51BECD4D90BB640EE38C9FD5C12748D28AAA37096B98C4533C4F5F5",
	"C8E27260EFD3F318D18C080CBF11C7E6", "A942190365204A21409EB28B52BF9160",
}

var chipAuthATDialog = [][2]string{
	{"0C2241A41D8711015D8F69B1EA365CCE4304970DB12421F38E085340D338128085E700", "990290008E083F5136E82A6C34779000"},
	{"0C860000608751019E18F1BA79D805379752BB560EB70AAC3CE3BC5AFE2FDD4AEB325CA8B578B4A93B9F66A5DF40005F8E878535251D33DD974AAF77FB858773E5799FA9DC1034E89B1150EC7F0BB3DB4BF37A1B9EA4458A9701008E089D204D950C0B95DB00", "8711010B0A5DFFC7432DE4DEB604291377A05B990290008E08B3384A1F5D1579739000"},
	{"0CA4020C1D8711011B2EE500E84960DF7F37AFE7ADFF53838E084500F3B43E192A5700", "990290008E0803C4B125B4218CEF9000"},
}

func TestChipAuthenticationRecorded(t *testing.T) {
	t.Parallel()
	v := chipAuthAT
	s := &script{t: t, lines: chipAuthATDialog}
	session := sessionOf(t, s, v.enc, v.mac, v.ssc, v.scalar)
	if err := session.ChipAuthenticate(context.Background(), unhex(t, v.dg14)); err != nil {
		t.Fatal(err)
	}
	s.finished()
	want := newMessaging(aes128(unhex(t, v.newEnc), unhex(t, v.newMAC)), unhex(t, "00000000000000000000000000000002"))
	one, _ := want.wrap(applet.ReadBinary(0, 0, 4))
	two, _ := session.sm.wrap(applet.ReadBinary(0, 0, 4))
	if !bytes.Equal(one.Encode(), two.Encode()) {
		t.Errorf("after chip authentication: %X, want %X", two.Encode(), one.Encode())
	}
}

func sessionOf(t testing.TB, tr applet.Transport, enc, mac, ssc, random string) *Session {
	t.Helper()
	return &Session{
		card: &applet.Card{Transport: tr}, random: bytes.NewReader(unhex(t, random)), piece: readPiece,
		sm: newMessaging(aes128(unhex(t, enc), unhex(t, mac)), unhex(t, ssc)),
	}
}

// A chip whose answer under the new keys does not check has not the key; nor has one that refuses.
func TestChipAuthenticationOfACopy(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]string{
		"wrong checksum": "990290008E0803C4B125B4218CEE9000", "plain refusal": "6988", "refusal of another kind": "6A80",
	} {
		v := chipAuthAT
		lines := append([][2]string{}, chipAuthATDialog...)
		lines[2][1] = last
		session := sessionOf(t, &script{t: t, lines: lines}, v.enc, v.mac, v.ssc, v.scalar)
		if err := session.ChipAuthenticate(context.Background(), unhex(t, v.dg14)); !fault.Is(err, NotAuthentic) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := session.Send(context.Background(), applet.ReadBinary(0, 0, 4)); !fault.Is(err, ChannelDead) {
			t.Errorf("%s: the session goes on: %v", name, err)
		}
	}
	// A card that is lost proves nothing either way.
	v := chipAuthAT
	session := sessionOf(t, &script{t: t, lines: chipAuthATDialog[:2]}, v.enc, v.mac, v.ssc, v.scalar)
	if err := session.ChipAuthenticate(context.Background(), unhex(t, v.dg14)); !fault.Is(err, applet.CardMute) || fault.Is(err, NotAuthentic) {
		t.Errorf("lost: %v", err)
	}
}

// The arithmetic keeps the laws of a group, on both curves; P-256 also agrees with the multiples of its
// generator in the NIST routines vectors (k = 2, 3, and n - 1).
func TestCurves(t *testing.T) {
	t.Parallel()
	for _, c := range curves {
		g := c.generator()
		if !c.on(g) || c.on(point{g.x, new(big.Int).Add(g.y, big.NewInt(1))}) || c.on(point{}) {
			t.Errorf("%s: generator", c.name)
		}
		if !c.scale(c.n, g).infinite() || !c.scale(new(big.Int), g).infinite() {
			t.Errorf("%s: the order is not the order", c.name)
		}
		less := new(big.Int).Sub(c.n, big.NewInt(1))
		minus := c.scale(less, g)
		if minus.x.Cmp(g.x) != 0 || new(big.Int).Add(minus.y, g.y).Cmp(c.p) != 0 || !c.add(minus, g).infinite() {
			t.Errorf("%s: (n-1) G is not -G", c.name)
		}
		sum := point{}
		for k := int64(1); k < 20; k++ {
			sum = c.add(sum, g)
			if got := c.scale(big.NewInt(k), g); !got.equal(sum) || !c.on(got) {
				t.Errorf("%s: %d G", c.name, k)
			}
		}
	}
	p256 := curveByParam(12)
	for k, x := range map[int64]string{
		2: "7CF27B188D034F7E8A52380304B51AC3C08969E277F21B35A60B48FC47669978",
		3: "5ECBE4D1A6330A44C8F7EF951D4BF165E6C6B721EFADA985FB41661BC6E7FD6C",
	} {
		if got := fmt.Sprintf("%X", p256.field(p256.scale(big.NewInt(k), p256.generator()))); got != x {
			t.Errorf("%d G: %s", k, got)
		}
	}
}

// NIST SP 800-38B, appendix D.1: AES-128.
func TestCMAC(t *testing.T) {
	t.Parallel()
	key := newAES(unhex(t, "2B7E151628AED2A6ABF7158809CF4F3C"))
	message := "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710"
	for n, want := range map[int]string{
		0: "BB1D6929E95937287FA37D129B756746", 16: "070A16B46B4D4144F79BDD9DD04A287C",
		40: "DFA66747DE9AE63030CA32611497C827", 64: "51F0BEBF7E3B9D92FC49741779363CFE",
	} {
		if got := fmt.Sprintf("%X", cmac(key, unhex(t, message[:2*n]))); got != want {
			t.Errorf("%d bytes: %s, want %s", n, got, want)
		}
	}
}

// No error of a session tells a password, a key or a secret.
func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	a := Access{CAN: "271828", DocumentNumber: "3173041708901234", BirthDate: "900817", Expiry: "991231"}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", a, a, a)} {
		for _, secret := range []string{a.CAN, a.DocumentNumber, a.BirthDate, a.Expiry} {
			if strings.Contains(text, secret) {
				t.Errorf("%q tells %q", text, secret)
			}
		}
	}
	for _, bad := range []Access{
		{},
		{CAN: "12345"},
		{CAN: "12345a"},
		{BirthDate: "900817"},
		{DocumentNumber: "31730417", BirthDate: "9008171", Expiry: "991231"},
		{DocumentNumber: "31730417", BirthDate: "900817", Expiry: "99123x"},
		{DocumentNumber: "3173 417", BirthDate: "900817", Expiry: "991231"},
	} {
		err := bad.Check()
		if !fault.Is(err, AccessMalformed) || bad.CAN != "" && strings.Contains(err.Error(), bad.CAN) || bad.DocumentNumber != "" && strings.Contains(err.Error(), bad.DocumentNumber) {
			t.Errorf("%v", err)
		}
	}
	if err := a.Check(); err != nil {
		t.Error(err)
	}
}
