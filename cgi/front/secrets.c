/* The secrets handed down by snug run: see secrets.h. Read once by main of snug-web, snug-api and snug-live. */
#include "front/secrets.h"

#include "base/str.h"

#include <string.h>
#include <unistd.h>

/* What was found until now, so that nothing is missing or stands there too often. */
struct tally {
	size_t jwt_keys, csrf_keys, setup_codes;
};

static bool key_decode(struct str text, struct secret *out)
{
	unsigned char bytes[3 * SECRET_TEXT_SIZE / 4 + 1];
	size_t n = 0;
	bool is_key =
	    text.n == SECRET_TEXT_SIZE - 1 && base64url_decode(text.p, text.n, bytes, &n) && n == SECRET_BYTES;

	if (is_key)
		memcpy(out->bytes, bytes, SECRET_BYTES);
	secret_wipe(bytes, sizeof(bytes));
	return is_key;
}

static bool jwt_key_decode(struct str value, struct jwt_key *out)
{
	struct str kid, text;

	if (!str_cut(value, ':', &kid, &text) || kid.n != JWT_KID_SIZE - 1)
		return false;
	memcpy(out->kid, kid.p, kid.n);
	out->kid[kid.n] = '\0';
	return key_decode(text, &out->secret);
}

static bool line_read(struct str line, struct secrets *out, struct tally *tally)
{
	struct str name, value;

	if (!str_cut(line, '=', &name, &value))
		return false;
	if (str_eq(name, STR("jwt_key")))
		return tally->jwt_keys < JWT_KEYS_MAX && jwt_key_decode(value, &out->jwt.keys[tally->jwt_keys++]);
	if (str_eq(name, STR("csrf_key")))
		return tally->csrf_keys++ == 0 && key_decode(value, &out->csrf);
	if (!str_eq(name, STR("setup_code")) || tally->setup_codes++ > 0 || value.n > SECRETS_SETUP_CODE_MAX)
		return false;
	memcpy(out->setup_code, value.p, value.n);
	out->setup_code[value.n] = '\0';
	return true;
}

enum err secrets_parse(const char *text, size_t n, struct secrets *out)
{
	struct str rest = {text, n};
	struct tally tally = {0};

	memset(out, 0, sizeof(*out));
	while (rest.n > 0) {
		struct str line, after;

		str_cut(rest, '\n', &line, &after);
		rest = after;
		if (!line_read(line, out, &tally) || memchr(line.p, '\0', line.n) != NULL)
			return ERR_BAD_REQUEST;
	}
	return tally.jwt_keys > 0 && tally.csrf_keys == 1 && tally.setup_codes == 1 ? ERR_OK : ERR_BAD_REQUEST;
}

enum err secrets_read(int fd, struct secrets *out)
{
	char text[SECRETS_BYTES_MAX];
	size_t n = 0;
	enum err e;

	for (;;) {
		ssize_t got = pread(fd, text + n, sizeof(text) - n, (off_t)n);

		if (got < 0)
			return ERR_INTERNAL;
		if (got == 0)
			break;
		n += (size_t)got;
		if (n == sizeof(text))
			return ERR_TOO_LARGE;
	}
	e = secrets_parse(text, n, out);
	secret_wipe(text, sizeof(text));
	return e;
}
