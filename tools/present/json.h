/*
 * JSON, written as it comes: always valid, always UTF-8, whatever the bytes.
 *
 * Text that is not UTF-8 has U+FFFD where it is not, and its exact bytes stand in base64 under a
 * second key, "<key>_b64"; a list of texts gets an array there, null for those that need none. A
 * set is an array of names with the whole word as "<key>_raw".
 */
#ifndef PRESENT_JSON_H
#define PRESENT_JSON_H

#include "present/output.h"
#include "present/value.h"

/* A string with its quotes. False if bytes had to be replaced. */
bool json_text(struct output *output, const char *s, size_t len);
void json_base64(struct output *output, const char *s, size_t len);

/* A value alone, without the second keys. */
void json_value(struct output *output, const struct value *value);

/* "key":value and what second keys it needs, for a value that may be null and is else a set or
 * not. */
void json_member(struct output *output, const char *key, size_t key_len, const struct value *value,
		 bool is_set);

#endif
