/* Health, for load balancers and systemd: alive says that a program answers, ready that messages can be read and
 * written. */
#include "api/api.h"
#include "front/reply.h"
#include "sql/sql.h"

static void reply_status(struct response *response, int status, const char *word)
{
	struct jw jw;

	reply_json(response, status, &jw);
	jw_object(&jw, NULL);
	jw_text(&jw, "status", word);
	jw_object_end(&jw);
}

enum err api_health_live(struct request *request, struct response *response)
{
	(void)request;
	reply_status(response, 200, "alive");
	return ERR_OK;
}

enum err api_health_ready(struct request *request, struct response *response)
{
	int64_t epoch;

	TRY(sql_find_int(request->db, QUERY_HEALTH_PROBE, SQL_NO_ARGS, &epoch));
	request_read_end(request);
	if (!store_is_alive(&request->app->store))
		return ERR_STORE_UNAVAILABLE;
	reply_status(response, 200, "ready");
	return ERR_OK;
}
