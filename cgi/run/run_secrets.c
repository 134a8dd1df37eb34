#include "run/run_secrets.h"

#include "base/buf.h"
#include "base/str.h"
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

static void put_line(struct buf *out, const char *key, const struct secret *secret)
{
	char text[SECRET_TEXT_SIZE];
	base64url_encode(secret->bytes, sizeof secret->bytes, text);
	buf_puts(out, key);
	buf_puts(out, text);
	buf_putc(out, '\n');
	secret_wipe(text, sizeof text);
}

static void make(struct buf *out)
{
	struct secret secret;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	char kid[JWT_KID_SIZE];
	secret_code(kid, sizeof kid - 1, "abcdefghijklmnopqrstuvwxyz0123456789");
	buf_puts(out, "jwt_key=");
	buf_puts(out, kid);
	secret_random(&secret);
	put_line(out, ":", &secret);
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
