/* Avatars and icons: GET /avatars/{user}/HASH.webp and /icons/{guild}/HASH.webp, where Discord's libraries look for
 * them when their cdn is this server. Whoever knows the hash, 128 bits, may see the picture; it is told to those who
 * may see the person or the workspace. Only the picture of now is served, as WebP whatever extension was asked for,
 * since that is all there is. */
#include "domain/guild/guild.h"
#include "domain/picture/picture.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "http/headers.h"
#include "page/handlers.h"

#include <string.h>

/* "HASH.png" names this hash. */
static bool names_hash(const char *file, const char *hash)
{
	size_t n = hash != NULL ? strlen(hash) : 0;

	return n > 0 && strncmp(file, hash, n) == 0 && file[n] == '.' && file[n + 1] != '\0' &&
	       strspn(file + n + 1, "abcdefghijklmnopqrstuvwxyz") == strlen(file + n + 1);
}

static enum err show(struct request *request, struct response *response, const char *hash)
{
	struct str content;

	if (!names_hash(request->path.code, hash))
		return ERR_NOT_FOUND;
	TRY(picture_find(request->db, request->arena, hash, &content));
	response->content_type = "image/webp";
	/* What stands at such an address never changes, and looks the same to everybody. */
	response->header_scopes = (response->header_scopes & HEADER_HTTPS) | HEADER_FILE | HEADER_PICTURE;
	reply_header(response, "Cache-Control", "public, max-age=31536000, immutable");
	buf_put(response->body, content.p, content.n);
	return ERR_OK;
}

enum err page_avatar(struct request *request, struct response *response)
{
	struct user user;
	enum err e = user_find(request->db, request->arena, request->path.user_id, &user);

	if (e == ERR_UNKNOWN_USER)
		return ERR_NOT_FOUND;
	TRY(e);
	return show(request, response, user.avatar);
}

enum err page_icon(struct request *request, struct response *response)
{
	struct guild guild;
	enum err e = guild_find(request->db, request->arena, request->path.guild_id, &guild);

	if (e == ERR_UNKNOWN_GUILD)
		return ERR_NOT_FOUND;
	TRY(e);
	return show(request, response, guild.icon);
}
