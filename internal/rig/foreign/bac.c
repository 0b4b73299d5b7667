/*
 * Reads files of a card by Basic Access Control with libmrtd, a reader of travel documents from
 * Debian: its key derivation, its handshake data, its secure messaging and its file reading. Here
 * stands only what joins it to PC/SC and lets it take a document number of more than nine
 * characters, which its own program does not.
 *
 * usage: bac READER SEED FID...
 *   SEED: the first 16 bytes of the SHA-1 of the MRZ information, in hex.
 */
#include <nfc/nfc.h>
#include <string.h>
#include <sys/random.h>

#include <mrtd/bac.h>
#include <mrtd/bachelper.h>
#include <mrtd/fileread.h>

#include "reader.h"

/* libmrtd sends through libnfc; this takes libnfc's place. */
int nfc_initiator_transceive_bytes(nfc_device *pnd, const uint8_t *tx, const size_t n, uint8_t *rx, const size_t room, int timeout)
{
	(void)pnd;
	(void)timeout;
	size_t got = transmit(tx, n, rx, room);
	/* libmrtd does not look at status words; a refusal must not pass for a file. */
	expect_9000("under secure messaging", rx, got);
	return (int)got;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		fail("usage: bac READER SEED FID...", 0);
	uint8_t seed[16], kenc[16], kmac[16], answer[300];
	unhex(argv[2], seed, sizeof seed);
	open_card(argv[1]);

	static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
	static const uint8_t get_challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
	size_t n = transmit(select, sizeof select, answer, sizeof answer);
	expect_9000("SELECT", answer, n);
	n = transmit(get_challenge, sizeof get_challenge, answer, sizeof answer);
	expect_9000("GET CHALLENGE", answer, n);
	uint8_t challenge[8];
	memcpy(challenge, answer, sizeof challenge);

	uint8_t rnd_ifd[8], k_ifd[16], command[5 + 40 + 1] = {0x00, 0x82, 0x00, 0x00, 0x28};
	mrtd_bac_kenc_kmac(seed, kenc, kmac);
	if (getrandom(rnd_ifd, sizeof rnd_ifd, 0) < 0 || getrandom(k_ifd, sizeof k_ifd, 0) < 0)
		fail("getrandom", 0);
	mrtd_bac_cmd_data(rnd_ifd, k_ifd, challenge, kenc, kmac, command + 5);
	command[45] = 0x28;
	n = transmit(command, sizeof command, answer, sizeof answer);
	expect_9000("EXTERNAL AUTHENTICATE", answer, n);
	uint8_t rnd_ic[8], k_ic[16], ksenc[16], ksmac[16];
	if (!mrtd_bac_challenge_ok(answer, kenc, rnd_ifd, rnd_ic, k_ic))
		fail("the card's answer to the handshake is wrong", 0);
	for (int i = 0; i < 16; i++)
		k_ic[i] ^= k_ifd[i];
	mrtd_bac_kenc_kmac(k_ic, ksenc, ksmac);
	uint64_t ssc = mrtd_bac_get_ssc(challenge, rnd_ifd);

	static uint8_t content[66000];
	for (int i = 3; i < argc; i++) {
		uint8_t fid[2];
		int size = 0;
		unhex(argv[i], fid, sizeof fid);
		if (mrtd_fileread_read(NULL, fid, content, &size, ksenc, ksmac, &ssc) != 0)
			fail(argv[i], 0);
		print_file(argv[i], content, size);
	}
	close_card();
	return 0;
}
