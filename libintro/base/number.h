/*
 * Checked numbers out of text that need not be terminated. Each takes digits at *p, moves *p past
 * them and returns true; where there is no digit, or the number does not fit, it returns false
 * and leaves *p alone. No white space is skipped.
 */
#ifndef INTRO_BASE_NUMBER_H
#define INTRO_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

bool intro_take_u64(const char **p, const char *end, uint64_t *ret);
bool intro_take_i64(const char **p, const char *end, int64_t *ret);  /* with an optional '-' */
bool intro_take_hex(const char **p, const char *end, uint64_t *ret); /* no 0x */
bool intro_take_octal(const char **p, const char *end, uint64_t *ret);

#endif
