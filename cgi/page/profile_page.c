/* The account's own page: what others see of it, and the e-mail address. */
#include "domain/read/read.h"
#include "domain/user/user.h"
#include "front/profile.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field fields[] = {{"username", false}, {"display_name", false},    {"about", false},
					   {"pronouns", false}, {"time_zone", false},       {"avatar", true},
					   {"email", false},    {"current_password", true}, {NULL, false}};
static const struct page_blame blames[] = {
    {ERR_NAME_TAKEN, "username"}, {ERR_EMAIL_TAKEN, "email"}, {ERR_WRONG_PASSWORD, "current_password"},
    {ERR_BAD_PICTURE, "avatar"},  {ERR_TOO_LARGE, "avatar"},  {ERR_OK, NULL}};
static const struct page_form profile_form = {fields, blames};

/* The form begins with what is. */
static struct form *initial_of(struct request *request, const struct user *user)
{
	struct form *form = arena_alloc(request->arena, sizeof(*form));

	form->count = 0;
	page_form_put(form, "username", user->username);
	page_form_put(form, "display_name", user->display_name);
	page_form_put(form, "about", user->about);
	page_form_put(form, "pronouns", user->pronouns);
	page_form_put(form, "time_zone", user->time_zone);
	page_form_put(form, "email", user->email);
	return form;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct user user;
	struct page page;
	struct view *data;
	bool shares_reading;

	TRY(page_read_again(request));
	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_PROFILE));
	user_profile_to_json(&page.jw, "profile", &user);
	TRY(read_receipts_find(request->db, user.id, &shares_reading));
	jw_flag(&page.jw, "shares_reading", shares_reading);
	TRY(page_form_of(&page, &profile_form, initial_of(request, &user), why));
	TRY(page_data(&page, &data));
	fragment_user(request->arena, view_find(data, "profile"));
	return page_finish(&page, "page/account");
}

enum err page_profile_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

enum err page_profile(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(profile_update(request, request->input, &reply));
	page_done(request, response, "/account", PAGE_DONE_SAVED);
	return ERR_OK;
}

enum err page_email(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(profile_email(request, request->input, &reply));
	page_done(request, response, "/account", PAGE_DONE_SAVED);
	return ERR_OK;
}

void page_profile_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}
