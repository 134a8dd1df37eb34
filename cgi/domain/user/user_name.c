/* What may be a user name or an e-mail address: asked when an account is made and when it is changed. */
#include "base/id.h"
#include "domain/user/user.h"

#include <string.h>

bool user_is_username(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
	/* These address everybody in a message. */
	if (strcmp(name, "everyone") == 0 || strcmp(name, "here") == 0)
		return false;
	return name[strspn(name, allowed)] == '\0' &&
	       strncmp(name, USER_DELETED_PREFIX, sizeof(USER_DELETED_PREFIX) - 1) != 0;
}

/* One '@', something before it, a dotted name after it, no blanks: the mail that is sent there proves the rest. */
bool user_is_email(const char *email)
{
	const char *at = strchr(email, '@');
	if (at == NULL || at == email || at - email > 64 || strchr(at + 1, '@') != NULL)
		return false;
	if (strpbrk(email, " \t\r\n<>\"(),:;\\[]") != NULL)
		return false;
	const char *domain = at + 1;
	const char *dot = strrchr(domain, '.');
	return dot != NULL && dot != domain && dot[1] != '\0' && domain[0] != '.' && strstr(domain, "..") == NULL;
}

void user_deleted_name(int64_t user_id, char out[USER_DELETED_USERNAME_SIZE])
{
	_Static_assert(sizeof(USER_DELETED_PREFIX) - 1 + ID_TEXT_SIZE <= USER_DELETED_USERNAME_SIZE, "room for any id");
	memcpy(out, USER_DELETED_PREFIX, sizeof(USER_DELETED_PREFIX) - 1);
	id_format(user_id, out + sizeof(USER_DELETED_PREFIX) - 1);
}

const char *user_shown_name(const struct user *user)
{
	return user->display_name != NULL ? user->display_name : user->username;
}
