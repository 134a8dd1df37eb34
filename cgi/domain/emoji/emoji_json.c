/* The JSON views of emoji. */
#include "domain/emoji/emoji.h"
#include "domain/user/user.h"

#include <string.h>

enum err emoji_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, const struct emoji *emoji,
		       bool with_user)
{
	struct user user;
	if (with_user)
		TRY(user_find(db, arena, emoji->user_id, &user));
	jw_object(jw, key);
	jw_id(jw, "id", emoji->id);
	jw_text(jw, "name", emoji->name);
	jw_array(jw, "roles");
	jw_array_end(jw);
	if (with_user)
		user_to_json(jw, "user", &user);
	jw_flag(jw, "require_colons", true);
	jw_flag(jw, "managed", false);
	jw_flag(jw, "animated", emoji->is_animated);
	jw_flag(jw, "available", true);
	jw_object_end(jw);
	return ERR_OK;
}

enum err emoji_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			    bool with_user)
{
	struct emoji *list;
	size_t count;
	TRY(emoji_list(db, arena, guild_id, &list, &count));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++)
		TRY(emoji_to_json(db, arena, jw, NULL, &list[i], with_user));
	jw_array_end(jw);
	return ERR_OK;
}

void emoji_view_to_json(struct jw *jw, const char *key, const struct emoji_view *view)
{
	jw_object(jw, key);
	jw_id(jw, "id", view->id);
	jw_text_n(jw, "name", view->name, view->name_n);
	if (view->id != 0)
		jw_flag(jw, "animated", view->is_animated);
	if (view->is_deleted)
		jw_flag(jw, "available", false);
	jw_object_end(jw);
}

enum err emoji_ref_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   const struct emoji_ref *ref)
{
	struct emoji_view view = {.id = ref->id, .name = ref->name, .name_n = strlen(ref->name)};
	struct emoji emoji;
	if (ref->id != 0) {
		enum err err = emoji_find_by_id(db, arena, ref->id, &emoji);
		if (err != ERR_UNKNOWN_EMOJI)
			TRY(err);
		view.is_deleted = err == ERR_UNKNOWN_EMOJI;
		view.is_animated = err == ERR_OK && emoji.is_animated;
	}
	emoji_view_to_json(jw, key, &view);
	return ERR_OK;
}
