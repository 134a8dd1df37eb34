/* UTF-8 (RFC 3629): checks and counts. Lengths in the product are code points. */
#ifndef SNUG_BASE_UTF8_H
#define SNUG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(const char *p, size_t n);

/* Code points in valid UTF-8. */
size_t utf8_count(const char *p, size_t n);

/* Decodes one code point of valid UTF-8 at p (n > 0 bytes remain) and returns its length in bytes, 0 when malformed. */
size_t utf8_decode(const char *p, size_t n, uint32_t *code_point);

/* Whether text holds a control character (C0 but tab and newline, DEL, C1) or is malformed. With is_multiline false,
 * which is for names and other single lines, these count too: tab, newline, U+2028, U+2029, and the code points that
 * reorder or hide text (the bidirectional controls, U+FEFF); in longer text people need them. */
bool utf8_has_control(const char *p, size_t n, bool is_multiline);

/* Trims Unicode white space (property White_Space, and U+200B) at both ends; the result points into the text. */
void utf8_trim(const char **p, size_t *n);

#endif
