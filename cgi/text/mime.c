#include "text/mime.h"

#include <string.h>
#include <time.h>

/* RFC 2047: an encoded word has at most 75 characters, 12 of which are "=?UTF-8?B?" and "?="; base64 makes 4 of 3. */
enum { WORD_BYTES_MAX = (75 - 12) / 4 * 3, LOCAL_MAX = 64, SUBJECT_PLAIN_MAX = 60 };

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_made_of(const char *text, size_t n, const char *others)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_letter_or_digit(text[i]) && (text[i] == '\0' || strchr(others, text[i]) == NULL))
			return false;
	}
	return n > 0;
}

/* A dot-atom: words with single dots between them (RFC 5322 section 3.2.3). */
static bool is_dotted(const char *text, size_t n)
{
	return n > 0 && text[0] != '.' && text[n - 1] != '.' && memmem(text, n, "..", 2) == NULL;
}

bool mime_is_address(const char *address)
{
	size_t n = strlen(address);
	const char *at = memchr(address, '@', n);
	if (at == NULL || n > MIME_ADDRESS_MAX)
		return false;
	size_t local_n = (size_t)(at - address), domain_n = n - local_n - 1;
	return local_n <= LOCAL_MAX && is_made_of(address, local_n, ".!#$%&'*+-/=?^_`{|}~") &&
	       is_dotted(address, local_n) && is_made_of(at + 1, domain_n, ".-") && is_dotted(at + 1, domain_n) &&
	       at[1] != '-';
}

static void put_base64(const unsigned char *bytes, size_t n, struct buf *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				 (left > 2 ? bytes[i + 2] : 0);
		buf_putc(out, letters[group >> 18 & 63]);
		buf_putc(out, letters[group >> 12 & 63]);
		buf_putc(out, left > 1 ? letters[group >> 6 & 63] : '=');
		buf_putc(out, left > 2 ? letters[group & 63] : '=');
	}
}

/* What looks like an encoded word would be taken for one. */
static bool is_plain_header(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~')
			return false;
	}
	return strlen(text) <= SUBJECT_PLAIN_MAX && strstr(text, "=?") == NULL;
}

/* As many bytes as fit into one word without cutting a character. */
static size_t word_length(const char *text, size_t n)
{
	size_t length = n < WORD_BYTES_MAX ? n : WORD_BYTES_MAX;
	while (length < n && length > 1 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

void mime_header_text(const char *text, struct buf *out)
{
	if (is_plain_header(text)) {
		buf_puts(out, text);
		return;
	}
	size_t n = strlen(text);
	for (size_t at = 0; at < n;) {
		size_t length = word_length(text + at, n - at);
		buf_puts(out, at == 0 ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		put_base64((const unsigned char *)text + at, length, out);
		buf_puts(out, "?=");
		at += length;
	}
}

/* A dot at the start of a line means something in SMTP, and "From " did in old mailboxes. */
static bool is_literal(unsigned char c, size_t column, bool is_last_of_line)
{
	if (column == 0 && (c == '.' || c == 'F'))
		return false;
	if (c == ' ' || c == '\t')
		return !is_last_of_line;
	return c > ' ' && c <= '~' && c != '=';
}

/* One byte of text, which may need three of a line; a line that has no room for it is broken softly before it. */
static void put_quoted(struct buf *out, size_t *column, unsigned char c, bool is_last_of_line)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t width = is_literal(c, *column, is_last_of_line) ? 1 : 3;
	if (*column + width > MIME_LINE_MAX - 1) {
		buf_puts(out, "=\r\n");
		*column = 0;
	}
	if (is_literal(c, *column, is_last_of_line)) {
		buf_putc(out, (char)c);
		*column += 1;
		return;
	}
	buf_putc(out, '=');
	buf_putc(out, digits[c >> 4]);
	buf_putc(out, digits[c & 15]);
	*column += 3;
}

void mime_quoted_printable(struct str text, struct buf *out)
{
	size_t column = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n') {
			buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		put_quoted(out, &column, (unsigned char)text.p[i], i + 1 == text.n || text.p[i + 1] == '\n');
	}
	if (text.n > 0 && text.p[text.n - 1] != '\n')
		buf_puts(out, "\r\n");
}

/* RFC 5322 section 3.3, in UTC and in English whatever the locale. */
static void put_date(int64_t at_ms, struct buf *out)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t at = (time_t)(at_ms / 1000);
	struct tm t;
	(void)gmtime_r(&at, &t);
	buf_printf(out, "%s, %d %s %d %02d:%02d:%02d +0000", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
		   t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* No line of quoted-printable holds "=_": the boundary stands in no part (RFC 2045 section 6.7). */
static void put_part(const char *id, const char *type, struct str content, struct buf *out)
{
	buf_printf(out,
		   "--=_%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		   id, type);
	mime_quoted_printable(content, out);
	buf_puts(out, "\r\n");
}

enum err mime_write(const struct mime_mail *mail, struct buf *out)
{
	if (!mime_is_address(mail->from) || !mime_is_address(mail->to) || !is_made_of(mail->id, strlen(mail->id), "") ||
	    strlen(mail->id) > 60 || !is_made_of(mail->domain, strlen(mail->domain), ".-"))
		return ERR_BAD_REQUEST;
	buf_puts(out, "Date: ");
	put_date(mail->sent_at_ms, out);
	buf_puts(out, "\r\nFrom: ");
	mime_header_text(mail->from_name, out);
	buf_printf(out, " <%s>\r\nTo: <%s>\r\nSubject: ", mail->from, mail->to);
	mime_header_text(mail->subject, out);
	buf_printf(out,
		   "\r\nMessage-ID: <%s@%s>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
		   "Content-Type: multipart/alternative; boundary=\"=_%s\"\r\n\r\n",
		   mail->id, mail->domain, mail->id);
	put_part(mail->id, "text/plain", mail->text, out);
	put_part(mail->id, "text/html", mail->html, out);
	buf_printf(out, "--=_%s--\r\n", mail->id);
	return ERR_OK;
}
