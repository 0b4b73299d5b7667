#include "j2k.h"

#include <openjpeg.h>
#include <stdio.h>
#include <string.h>

/* A memory stream: cap bytes at data, len of them used, position pos. */
struct mem { uint8_t *data; size_t len, cap, pos; int overflow; };

static OPJ_SIZE_T mem_read(void *to, OPJ_SIZE_T n, void *user) {
  struct mem *m = user;
  size_t left = m->len - m->pos;
  if (left == 0) return (OPJ_SIZE_T)-1;
  if (n > left) n = left;
  memcpy(to, m->data + m->pos, n);
  m->pos += n;
  return n;
}
static OPJ_SIZE_T mem_write(void *from, OPJ_SIZE_T n, void *user) {
  struct mem *m = user;
  if (n > m->cap - m->pos) { m->overflow = 1; return (OPJ_SIZE_T)-1; }
  memcpy(m->data + m->pos, from, n);
  m->pos += n;
  if (m->pos > m->len) m->len = m->pos;
  return n;
}
static OPJ_BOOL mem_seek_to(struct mem *m, OPJ_OFF_T at, size_t limit) {
  if (at < 0 || (size_t)at > limit) return OPJ_FALSE;
  m->pos = (size_t)at;
  return OPJ_TRUE;
}
static OPJ_BOOL seek_read(OPJ_OFF_T at, void *user) { struct mem *m = user; return mem_seek_to(m, at, m->len); }
static OPJ_BOOL seek_write(OPJ_OFF_T at, void *user) { struct mem *m = user; return mem_seek_to(m, at, m->cap); }
static OPJ_OFF_T skip_read(OPJ_OFF_T n, void *user) {
  struct mem *m = user;
  if (n < 0 || (size_t)n > m->len - m->pos) return -1;
  m->pos += (size_t)n;
  return n;
}
static OPJ_OFF_T skip_write(OPJ_OFF_T n, void *user) {
  struct mem *m = user;
  if (n < 0 || (size_t)n > m->cap - m->pos) { m->overflow = 1; return -1; }
  m->pos += (size_t)n;
  if (m->pos > m->len) m->len = m->pos;
  return n;
}

struct message { char *to; size_t cap; };
static void keep(const char *text, void *user) {
  struct message *m = user;
  if (m->cap > 0) snprintf(m->to, m->cap, "%s", text);
}
static void drop(const char *text, void *user) { (void)text; (void)user; }

static opj_stream_t *mem_stream(struct mem *m, OPJ_BOOL in) {
  opj_stream_t *s = opj_stream_create(64 << 10, in);
  if (!s) return NULL;
  opj_stream_set_user_data(s, m, NULL);
  opj_stream_set_user_data_length(s, m->len);
  if (in) {
    opj_stream_set_read_function(s, mem_read);
    opj_stream_set_skip_function(s, skip_read);
    opj_stream_set_seek_function(s, seek_read);
  } else {
    opj_stream_set_write_function(s, mem_write);
    opj_stream_set_skip_function(s, skip_write);
    opj_stream_set_seek_function(s, seek_write);
  }
  return s;
}

static void handlers(opj_codec_t *c, struct message *m) {
  opj_set_error_handler(c, keep, m);
  opj_set_warning_handler(c, drop, NULL);
  opj_set_info_handler(c, drop, NULL);
}

size_t j2k_encode(const uint8_t *pix, uint32_t w, uint32_t h, uint32_t comps, int resolutions,
                  float ratio, uint8_t *out, size_t cap, char *err, size_t errcap) {
  struct mem m = {out, 0, cap, 0, 0};
  struct message msg = {err, errcap};
  opj_image_cmptparm_t part[3];
  memset(part, 0, sizeof part);
  for (uint32_t c = 0; c < comps; c++) {
    part[c].dx = part[c].dy = 1;
    part[c].w = w;
    part[c].h = h;
    part[c].prec = 8;
  }
  opj_image_t *img = opj_image_create(comps, part, comps == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
  opj_codec_t *codec = opj_create_compress(OPJ_CODEC_J2K);
  opj_stream_t *s = mem_stream(&m, OPJ_FALSE);
  int ok = img && codec && s;
  if (ok) {
    img->x1 = w;
    img->y1 = h;
    for (uint32_t c = 0; c < comps; c++)
      for (size_t i = 0; i < (size_t)w * h; i++) img->comps[c].data[i] = pix[i * comps + c];
    opj_cparameters_t p;
    opj_set_default_encoder_parameters(&p);
    p.cp_comment = "";
    p.numresolution = resolutions;
    p.irreversible = 1;
    p.tcp_numlayers = 1;
    p.tcp_rates[0] = ratio;
    p.cp_disto_alloc = 1;
    p.tcp_mct = comps == 3;
    handlers(codec, &msg);
    ok = opj_setup_encoder(codec, &p, img) && opj_start_compress(codec, img, s) &&
         opj_encode(codec, s) && opj_end_compress(codec, s) && !m.overflow;
  }
  if (s) opj_stream_destroy(s);
  if (codec) opj_destroy_codec(codec);
  if (img) opj_image_destroy(img);
  return ok && !m.overflow ? m.len : 0;
}

int j2k_decode(const uint8_t *in, size_t len, int box, uint32_t w, uint32_t h, uint32_t comps,
               uint8_t *pix, char *err, size_t errcap) {
  struct mem m = {(uint8_t *)in, len, len, 0, 0};
  struct message msg = {err, errcap};
  opj_image_t *img = NULL;
  opj_codec_t *codec = opj_create_decompress(box ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  opj_stream_t *s = mem_stream(&m, OPJ_TRUE);
  int ok = codec && s;
  if (ok) {
    opj_dparameters_t p;
    opj_set_default_decoder_parameters(&p);
    handlers(codec, &msg);
    ok = opj_setup_decoder(codec, &p) && opj_decoder_set_strict_mode(codec, OPJ_TRUE) &&
         opj_read_header(s, codec, &img) && img->numcomps == comps && img->x1 - img->x0 == w &&
         img->y1 - img->y0 == h && opj_decode(codec, s, img) && opj_end_decompress(codec, s) &&
         img->numcomps == comps;
  }
  for (uint32_t c = 0; ok && c < comps; c++) {
    opj_image_comp_t *p = &img->comps[c];
    ok = p->data && p->w == w && p->h == h && p->prec == 8 && !p->sgnd;
    for (size_t i = 0; ok && i < (size_t)w * h; i++) {
      OPJ_INT32 v = p->data[i];
      pix[i * comps + c] = v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
    }
  }
  if (img) opj_image_destroy(img);
  if (s) opj_stream_destroy(s);
  if (codec) opj_destroy_codec(codec);
  return ok;
}
