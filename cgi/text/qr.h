/* QR codes (ISO/IEC 18004) by libqrencode, as the path of an SVG: a page shows one without a picture to fetch, a script
 * or a style. */
#ifndef SNUG_TEXT_QR_H
#define SNUG_TEXT_QR_H

#include "base/buf.h"
#include "base/err.h"

enum { QR_TEXT_MAX = 512 };

/* Appends the d attribute of a path that fills the dark squares, one unit each, and sets *size to the side of the whole
 * with the four light squares around it that readers need. ERR_INTERNAL when text is longer than QR_TEXT_MAX. */
enum err qr_path(const char *text, struct buf *out, int *size) MUST_USE;

#endif
