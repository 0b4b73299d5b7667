/*
 * Reads files of a card by PACE with OpenPACE (libeac) from Debian: EF.CardAccess, nonce, mapping,
 * key agreement, tokens, and the encryption and authentication under secure messaging are its.
 * Here stand the APDUs around them.
 *
 * usage: pace READER can|mrz SECRET FID...
 *   SECRET: the six digits of the CAN; or the SHA-1 of the MRZ information in hex, since OpenPACE does
 *   not know document numbers of more than nine characters.
 */
#include <string.h>

#include <eac/eac.h>
#include <eac/pace.h>

#include "reader.h"

static EAC_CTX *eac;

static BUF_MEM *buffer(const uint8_t *data, size_t n)
{
	BUF_MEM *b = BUF_MEM_new();
	if (!b || !BUF_MEM_grow(b, n))
		fail("memory", 0);
	memcpy(b->data, data, n);
	return b;
}

/* general_authenticate sends one dynamic authentication data object and gives the one that comes. */
static BUF_MEM *general_authenticate(uint8_t cla, uint8_t tag, const BUF_MEM *out, uint8_t want)
{
	uint8_t command[300], answer[300], *p = command + 5;
	size_t inner = out ? out->length + 2 : 0;
	*p++ = 0x7C;
	*p++ = (uint8_t)inner;
	if (out) {
		*p++ = tag;
		*p++ = (uint8_t)out->length;
		memcpy(p, out->data, out->length);
		p += out->length;
	}
	*p++ = 0x00;
	command[0] = cla;
	command[1] = 0x86;
	command[2] = command[3] = 0;
	command[4] = (uint8_t)(inner + 2);
	size_t n = transmit(command, p - command, answer, sizeof answer);
	expect_9000("GENERAL AUTHENTICATE", answer, n);
	if (n < 6 || answer[0] != 0x7C || answer[2] != want || answer[3] > n - 6)
		fail("dynamic authentication data", want);
	return buffer(answer + 4, answer[3]);
}

static BUF_MEM *must(BUF_MEM *b, const char *what)
{
	if (!b)
		fail(what, 0);
	return b;
}

static void must_be(int ok, const char *what)
{
	if (ok != 1)
		fail(what, ok);
}

static void pace(int kind, const char *secret)
{
	static const uint8_t select_mf[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};
	static const uint8_t select_access[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C};
	static const uint8_t read_access[] = {0x00, 0xB0, 0x00, 0x00, 0x00};
	uint8_t answer[300];
	size_t n = transmit(select_mf, sizeof select_mf, answer, sizeof answer);
	expect_9000("SELECT MF", answer, n);
	n = transmit(select_access, sizeof select_access, answer, sizeof answer);
	expect_9000("SELECT EF.CardAccess", answer, n);
	n = transmit(read_access, sizeof read_access, answer, sizeof answer);
	if (n < 4)
		fail("EF.CardAccess", 0);
	must_be(EAC_CTX_init_ef_cardaccess(answer, n - 2, eac), "EF.CardAccess");

	uint8_t set_at[] = {0x00, 0x22, 0xC1, 0xA4, 0x0F, 0x80, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02, 0x83, 0x01, (uint8_t)kind};
	n = transmit(set_at, sizeof set_at, answer, sizeof answer);
	expect_9000("MSE:Set AT", answer, n);

	PACE_SEC *sec;
	if (kind == PACE_MRZ) {
		uint8_t digest[20];
		unhex(secret, digest, sizeof digest);
		sec = PACE_SEC_new((const char *)digest, sizeof digest, PACE_RAW);
	} else {
		sec = PACE_SEC_new(secret, strlen(secret), kind);
	}
	if (!sec)
		fail("secret", 0);
	BUF_MEM *nonce = general_authenticate(0x10, 0, NULL, 0x80);
	must_be(PACE_STEP2_dec_nonce(eac, sec, nonce), "nonce");
	BUF_MEM *mapping = general_authenticate(0x10, 0x81, must(PACE_STEP3A_generate_mapping_data(eac), "mapping data"), 0x82);
	must_be(PACE_STEP3A_map_generator(eac, mapping), "mapping");
	BUF_MEM *theirs = general_authenticate(0x10, 0x83, must(PACE_STEP3B_generate_ephemeral_key(eac), "ephemeral key"), 0x84);
	must_be(PACE_STEP3B_compute_shared_secret(eac, theirs), "shared secret");
	must_be(PACE_STEP3C_derive_keys(eac), "session keys");
	BUF_MEM *token = general_authenticate(0x00, 0x85, must(PACE_STEP3D_compute_authentication_token(eac, theirs), "token"), 0x86);
	must_be(PACE_STEP3D_verify_authentication_token(eac, token), "the card's token");
	must_be(EAC_CTX_set_encryption_ctx(eac, EAC_ID_PACE), "session");
	must_be(EAC_reset_ssc(eac), "SSC");
	PACE_SEC_clear_free(sec);
}

/* sealed sends a command under secure messaging and gives its data, the card's MAC checked. */
static size_t sealed(const uint8_t header[4], const uint8_t *data, size_t n, int le, uint8_t *out)
{
	uint8_t objects[300], *p = objects;
	must_be(EAC_increment_ssc(eac), "SSC");
	if (n > 0) {
		BUF_MEM *padded = must(EAC_add_iso_pad(eac, buffer(data, n)), "padding");
		BUF_MEM *cipher = must(EAC_encrypt(eac, padded), "encryption");
		*p++ = 0x87;
		*p++ = (uint8_t)(cipher->length + 1);
		*p++ = 0x01;
		memcpy(p, cipher->data, cipher->length);
		p += cipher->length;
	}
	if (le >= 0) {
		*p++ = 0x97;
		*p++ = 0x01;
		*p++ = (uint8_t)le;
	}
	uint8_t signed_part[400], *s = signed_part;
	BUF_MEM *head = must(EAC_add_iso_pad(eac, buffer((const uint8_t[]){0x0C, header[1], header[2], header[3]}, 4)), "padding");
	memcpy(s, head->data, head->length);
	s += head->length;
	memcpy(s, objects, p - objects);
	s += p - objects;
	BUF_MEM *to_sign = buffer(signed_part, s - signed_part);
	if (p > objects)
		to_sign = must(EAC_add_iso_pad(eac, to_sign), "padding");
	BUF_MEM *mac = must(EAC_authenticate(eac, to_sign), "MAC");
	*p++ = 0x8E;
	*p++ = 0x08;
	memcpy(p, mac->data, 8);
	p += 8;

	uint8_t command[400] = {0x0C, header[1], header[2], header[3], (uint8_t)(p - objects)}, answer[400];
	memcpy(command + 5, objects, p - objects);
	command[5 + (p - objects)] = 0x00;
	size_t got = transmit(command, 6 + (p - objects), answer, sizeof answer);
	expect_9000("under secure messaging", answer, got);
	got -= 2;

	must_be(EAC_increment_ssc(eac), "SSC");
	const uint8_t *a = answer, *cipher = NULL;
	size_t cipher_n = 0;
	while (a < answer + got && *a != 0x8E) {
		size_t l = a[1], h = 2;
		if (a[1] == 0x81) {
			l = a[2];
			h = 3;
		}
		if (a + h + l > answer + got)
			fail("secure messaging objects", 0);
		if (*a == 0x87) {
			cipher = a + h + 1;
			cipher_n = l - 1;
		}
		a += h + l;
	}
	if (a + 10 != answer + got)
		fail("secure messaging objects", 0);
	BUF_MEM *theirs = must(EAC_add_iso_pad(eac, buffer(answer, a - answer)), "padding");
	must_be(EAC_verify_authentication(eac, theirs, buffer(a + 2, 8)), "the card's MAC");
	if (!cipher)
		return 0;
	BUF_MEM *plain = must(EAC_remove_iso_pad(must(EAC_decrypt(eac, buffer(cipher, cipher_n)), "decryption")), "padding");
	memcpy(out, plain->data, plain->length);
	return plain->length;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		fail("usage: pace READER can|mrz SECRET FID...", 0);
	open_card(argv[1]);
	EAC_init();
	eac = EAC_CTX_new();
	if (!eac)
		fail("EAC_CTX_new", 0);
	pace(strcmp(argv[2], "can") == 0 ? PACE_CAN : PACE_MRZ, argv[3]);

	static const uint8_t application[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
	uint8_t part[300];
	sealed((const uint8_t[]){0, 0xA4, 0x04, 0x0C}, application, sizeof application, -1, part);
	static uint8_t content[66000];
	for (int i = 4; i < argc; i++) {
		unsigned fid;
		if (sscanf(argv[i], "%4x", &fid) != 1)
			fail("not hex", 0);
		sealed((const uint8_t[]){0, 0xA4, 0x02, 0x0C}, (const uint8_t[]){(uint8_t)(fid >> 8), (uint8_t)fid}, 2, -1, part);
		size_t have = sealed((const uint8_t[]){0, 0xB0, 0, 0}, NULL, 0, 6, content);
		if (have < 4)
			fail(argv[i], 0);
		size_t whole = 2 + content[1];
		if (content[1] == 0x81)
			whole = 3 + content[2];
		else if (content[1] == 0x82)
			whole = 4 + (content[2] << 8 | content[3]);
		while (have < whole) {
			size_t want = whole - have < 0xC0 ? whole - have : 0xC0;
			size_t n = sealed((const uint8_t[]){0, 0xB0, (uint8_t)(have >> 8), (uint8_t)have}, NULL, 0, (int)want, content + have);
			if (n == 0)
				fail(argv[i], 0);
			have += n;
		}
		print_file(argv[i], content, whole);
	}
	EAC_CTX_clear_free(eac);
	EAC_cleanup();
	close_card();
	return 0;
}
