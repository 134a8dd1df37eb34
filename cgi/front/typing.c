#include "front/typing.h"

#include "base/log.h"
#include "domain/channel/channel.h"
#include "front/reply.h"
#include "front/signal.h"

enum err typing_start(struct request *request, struct response *response)
{
	struct channel channel;
	const struct signal signal = {.kind = SIGNAL_TYPING,
				      .channel_id = request->path.channel_id,
				      .user_id = request->caller.user_id,
				      .at_ms = request->now_ms};

	TRY(channel_find(request->db, request->arena, signal.channel_id, &channel));
	TRY(channel_require_open(request->db, request->arena, &channel, signal.user_id));
	if (!signal_send(request->app->signals_fd, &signal))
		log_event(LOG_DEBUG, "signal_dropped", log_text("request", request->id));
	reply_nothing(response);
	return ERR_OK;
}
