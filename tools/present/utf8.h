/* Strict UTF-8, as RFC 3629 has it. */
#ifndef PRESENT_UTF8_H
#define PRESENT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at the front of `len` > 0 bytes. Returns its length and the code point; or
 * -n where the first n bytes begin no character: n is as large as the bytes are the beginning of
 * one, at least 1, so that one U+FFFD for each such run is what decoders commonly write.
 */
int utf8_decode(const char *s, size_t len, uint32_t *ret);

bool utf8_valid(const char *s, size_t len);

/*
 * Length of the run at the front that is printable ASCII and neither `a` nor `b`: what needs no
 * attention. (Both are ASCII; pass one twice if there is only one.)
 */
size_t utf8_plain_prefix(const char *s, size_t len, char a, char b);

#endif
