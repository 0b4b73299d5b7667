#ifndef BLANKO_J2K_H
#define BLANKO_J2K_H

#include <stddef.h>
#include <stdint.h>

/* Pixels are interleaved bytes, comps of them a pixel. On failure the result is 0 and err holds
   OpenJPEG's last message. Nothing is kept between calls. */

/* Encodes to at most cap bytes and returns how many, aiming at raw size / ratio. */
size_t j2k_encode(const uint8_t *pix, uint32_t w, uint32_t h, uint32_t comps, int resolutions,
                  float ratio, uint8_t *out, size_t cap, char *err, size_t errcap);

/* Decodes a picture that must have exactly these sizes; box is 1 for a JP2 file. */
int j2k_decode(const uint8_t *in, size_t len, int box, uint32_t w, uint32_t h, uint32_t comps,
               uint8_t *pix, char *err, size_t errcap);

#endif
