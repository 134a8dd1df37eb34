#include "run/run_secrets.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "run/run_data.h"
#include "run/run_refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SETUP_CODE_CHARS = 16 /* of 32: 80 bits, and each guess costs a request to a limited route */ };

static const char file_name[] = "secrets";
static const char code_key[] = "setup_code=";
static const char signing_key[] = "jwt_key=";

static void put_line(struct buf *out, const char *key, const struct secret *secret)
{
	char text[SECRET_TEXT_SIZE];
	base64url_encode(secret->bytes, sizeof secret->bytes, text);
	buf_puts(out, key);
	buf_puts(out, text);
	buf_putc(out, '\n');
	secret_wipe(text, sizeof text);
}

static void put_signing_key(struct buf *out, const struct secret *secret, char kid[JWT_KID_SIZE])
{
	secret_code(kid, JWT_KID_SIZE - 1, "abcdefghijklmnopqrstuvwxyz0123456789");
	buf_puts(out, signing_key);
	buf_puts(out, kid);
	put_line(out, ":", secret);
}

static void make(struct buf *out)
{
	struct secret secret;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	char kid[JWT_KID_SIZE];
	secret_random(&secret);
	put_signing_key(out, &secret, kid);
	secret_random(&secret);
	put_line(out, "csrf_key=", &secret);
	secret_code(code, SETUP_CODE_CHARS, "abcdefghijkmnpqrstuvwxyz23456789");
	buf_puts(out, code_key);
	buf_puts(out, code);
	buf_putc(out, '\n');
	secret_wipe(&secret, sizeof secret);
	secret_wipe(code, sizeof code);
}

/* The text as programs get it: without the set-up code where none is needed. */
static void put_handed_down(struct buf *out, struct str text, bool needs_code)
{
	while (text.n > 0) {
		struct str line, rest;
		str_cut(text, '\n', &line, &rest);
		bool is_code = line.n >= sizeof code_key - 1 && memcmp(line.p, code_key, sizeof code_key - 1) == 0;
		buf_put(out, line.p, is_code && !needs_code ? sizeof code_key - 1 : line.n);
		buf_putc(out, '\n');
		text = rest;
	}
}

static enum err seal(const struct buf *text, int *out)
{
	int fd = memfd_create("snug-secrets", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || write(fd, text->p, text->n) != (ssize_t)text->n ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		return run_refuse("memory for the secrets cannot be made: %s", strerror(error));
	}
	*out = fd;
	return ERR_OK;
}

static void wipe(struct buf *text)
{
	if (text->p)
		secret_wipe(text->p, text->cap);
	buf_free(text);
}

enum err run_secrets_prepare(bool needs_code, int *fd, char setup_code[SECRETS_SETUP_CODE_MAX + 1])
{
	struct buf text, handed_down;
	struct secrets secrets;
	buf_init(&text);
	buf_init(&handed_down);
	buf_reserve(&text, SECRETS_BYTES_MAX); /* at once, so that growing leaves no copies behind */
	buf_reserve(&handed_down, SECRETS_BYTES_MAX);
	enum err err = run_data_read(file_name, SECRETS_BYTES_MAX, &text);
	if (err == ERR_NOT_FOUND) {
		make(&text);
		err = run_data_replace(file_name, text.p, text.n);
	}
	if (err == ERR_OK && secrets_parse(text.p, text.n, &secrets) != ERR_OK)
		err = run_refuse("the file secrets in the data folder is malformed: restore it, or remove it, which "
				 "logs everybody out");
	if (err == ERR_OK) {
		memcpy(setup_code, secrets.setup_code, sizeof secrets.setup_code);
		if (!needs_code)
			setup_code[0] = '\0';
		put_handed_down(&handed_down, (struct str){text.p, text.n}, needs_code);
		err = seal(&handed_down, fd);
	}
	secret_wipe(&secrets, sizeof secrets);
	wipe(&text);
	wipe(&handed_down);
	return err;
}

static bool begins_with(struct str line, const char *key)
{
	return line.n >= strlen(key) && memcmp(line.p, key, strlen(key)) == 0;
}

/* All lines as they are, but of the signing keys only the first, the one that signs now. */
static void put_rest(struct buf *out, struct str text)
{
	size_t keys = 0;
	while (text.n > 0) {
		struct str line, rest;
		str_cut(text, '\n', &line, &rest);
		text = rest;
		if (begins_with(line, signing_key) && keys++ >= JWT_KEYS_MAX - 1)
			continue;
		buf_put(out, line.p, line.n);
		buf_putc(out, '\n');
	}
}

static enum err new_key(const char *supplied, struct secret *out)
{
	_Static_assert((int)DIGEST_BYTES == (int)SECRET_BYTES, "a digest is as long as a key");
	if (supplied == NULL) {
		secret_random(out);
		return ERR_OK;
	}
	if (!utf8_is_valid(supplied, strlen(supplied)) || utf8_count(supplied, strlen(supplied)) < RUN_SECRET_MIN_CHARS)
		return run_refuse("a secret has at least %d characters", RUN_SECRET_MIN_CHARS);
	secret_digest(supplied, strlen(supplied), out->bytes);
	return ERR_OK;
}

enum err run_secrets_rotate(const char *supplied, char kid[JWT_KID_SIZE])
{
	struct buf text, rotated;
	struct secrets secrets;
	struct secret secret;
	TRY(new_key(supplied, &secret));
	buf_init(&text);
	buf_init(&rotated);
	buf_reserve(&text, SECRETS_BYTES_MAX); /* at once, so that growing leaves no copies behind */
	buf_reserve(&rotated, SECRETS_BYTES_MAX);
	enum err err = run_data_read(file_name, SECRETS_BYTES_MAX, &text);
	if (err == ERR_NOT_FOUND)
		err = run_refuse("there are no secrets here yet: snug run makes them when it starts");
	else if (err == ERR_OK && secrets_parse(text.p, text.n, &secrets) != ERR_OK)
		err = run_refuse("the file secrets in the data folder is malformed");
	if (err == ERR_OK) {
		put_signing_key(&rotated, &secret, kid);
		put_rest(&rotated, (struct str){text.p, text.n});
		err = run_data_replace(file_name, rotated.p, rotated.n);
	}
	secret_wipe(&secrets, sizeof secrets);
	secret_wipe(&secret, sizeof secret);
	wipe(&text);
	wipe(&rotated);
	return err;
}

bool run_secrets_equal(int a, int b)
{
	char first[SECRETS_BYTES_MAX], second[SECRETS_BYTES_MAX];
	ssize_t n = pread(a, first, sizeof first, 0), m = pread(b, second, sizeof second, 0);
	bool is_equal = n > 0 && n == m && secret_equal(first, second, (size_t)n);
	secret_wipe(first, sizeof first);
	secret_wipe(second, sizeof second);
	return is_equal;
}
