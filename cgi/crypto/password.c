#include "crypto/password.h"

#include "base/ensure.h"
#include "base/str.h"
#include "base/utf8.h"
#include "crypto/secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* RFC 9106 section 4 has 64 MiB with three passes as its second choice; two passes are 41 ms on a small VPS, and the
 * hash keeps its parameters, so that they can grow. */
enum { PASSES = 2, MEMORY_BYTES = 64 * 1024 * 1024, USERNAME_MIN_BYTES = 3 };

_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH_SIZE, "a hash fits");

/* Of random bytes that nobody has kept, with the parameters above: what is verified when there is no such user. */
static const char dummy_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$TZKqsuCpUVPLPUeCklK0Uw$bfMOIDesP1zVsgUKt2u09Q+MsiXnPHBDwSjEHEpc+JM";

static const char *const common_passwords[] = {
#include "crypto/common_passwords.inc"
};
enum { COMMON_MAX_BYTES = 31 }; /* the longest of the list is shorter */

static int compare_with_row(const void *password, const void *row)
{
	return strcmp(password, *(const char *const *)row);
}

static bool is_common(const char *password)
{
	char lowered[COMMON_MAX_BYTES + 1];
	size_t n = strlen(password);
	bool is_found;

	if (n > COMMON_MAX_BYTES)
		return false;
	for (size_t i = 0; i <= n; i++)
		lowered[i] = str_lower(password[i]);
	is_found = bsearch(lowered, common_passwords, sizeof common_passwords / sizeof *common_passwords,
			   sizeof *common_passwords, compare_with_row) != NULL;
	secret_wipe(lowered, sizeof lowered);
	return is_found;
}

/* Names of one or two letters occur in most passwords by chance and say nothing about them. */
static bool contains_username(const char *password, const char *username)
{
	size_t password_n = strlen(password);
	struct str name = str_from(username);

	if (name.n < USERNAME_MIN_BYTES)
		return false;
	for (size_t at = 0; at + name.n <= password_n; at++) {
		if (str_eq_nocase((struct str){password + at, name.n}, name))
			return true;
	}
	return false;
}

static const char *fault_of(const char *password, const char *username)
{
	size_t n = strnlen(password, PASSWORD_MAX_BYTES + 1);
	size_t length;

	if (n > PASSWORD_MAX_BYTES)
		return "Must be 128 or fewer in length.";
	if (!utf8_is_valid(password, n))
		return "Must be valid UTF-8.";
	length = utf8_count(password, n);
	if (length < PASSWORD_MIN_CHARS)
		return "Must be at least 8 in length.";
	if (length > PASSWORD_MAX_CHARS)
		return "Must be 128 or fewer in length.";
	if (is_common(password))
		return "Is one of the most used passwords.";
	if (contains_username(password, username))
		return "Must not contain the user name.";
	return NULL;
}

_Static_assert(PASSWORD_MIN_CHARS == 8 && PASSWORD_MAX_CHARS == 128, "the messages above name the limits");

bool password_is_acceptable(const char *password, const char *username, const char **why)
{
	*why = fault_of(password, username);
	return !*why;
}

enum err password_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
	size_t n = strnlen(password, PASSWORD_MAX_BYTES + 1);

	memset(out, 0, PASSWORD_HASH_SIZE);
	if (n > PASSWORD_MAX_BYTES)
		return ERR_INVALID_FORM;
	/* It fails only when the memory cannot be had. */
	if (crypto_pwhash_str_alg(out, password, n, PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ERR_OVERLOADED;
	return ERR_OK;
}

bool password_matches(const char *stored, const char *password)
{
	size_t n = strnlen(password, PASSWORD_MAX_BYTES + 1);
	bool is_match;

	if (n > PASSWORD_MAX_BYTES) /* before hashing, and whether there is such a user or not */
		return false;
	is_match = crypto_pwhash_str_verify(stored ? stored : dummy_hash, password, n) == 0;
	return stored && is_match;
}
