/* The JSON views of polls, and who voted. */
#include "domain/poll/poll.h"
#include "domain/row_json.h"

struct counted {
	int64_t answer_id, count;
	bool is_own;
};

static void answer_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	struct emoji_view emoji = {
	    .id = sql_column_int(stmt, 3),
	    .is_animated = sql_column_int(stmt, 5) != 0,
	    .is_deleted = sql_column_int(stmt, 6) != 0,
	};
	size_t n;
	const char *text = sql_column_borrow(stmt, 1, &n);
	jw_object(jw, NULL);
	jw_int(jw, "answer_id", sql_column_int(stmt, 0));
	jw_object(jw, "poll_media");
	jw_text_n(jw, "text", text, n);
	emoji.name = sql_column_borrow(stmt, 4, &emoji.name_n);
	if (emoji.name != NULL)
		emoji_view_to_json(jw, "emoji", &emoji);
	jw_object_end(jw);
	jw_object_end(jw);
}

static enum err answers_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id,
				struct counted counts[POLL_ANSWERS_MAX], int *n)
{
	struct sql_stmt *stmt;
	*n = 0;
	TRY(sql_start(db, QUERY_POLL_LIST_ANSWERS, SQL_ARGS(sql_id(message_id), sql_int(viewer_id)), &stmt));
	jw_array(jw, "answers");
	while (*n < POLL_ANSWERS_MAX && sql_step(stmt)) {
		counts[(*n)++] = (struct counted){
		    .answer_id = sql_column_int(stmt, 0),
		    .count = sql_column_int(stmt, 2),
		    .is_own = sql_column_int(stmt, 7) != 0,
		};
		answer_to_json(jw, stmt);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

static void results_to_json(struct jw *jw, const struct counted *counts, int n, bool is_final)
{
	jw_object(jw, "results");
	jw_flag(jw, "is_finalized", is_final);
	jw_array(jw, "answer_counts");
	for (int i = 0; i < n; i++) {
		jw_object(jw, NULL);
		jw_int(jw, "id", counts[i].answer_id);
		jw_int(jw, "count", counts[i].count);
		jw_flag(jw, "me_voted", counts[i].is_own);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	jw_object_end(jw);
}

enum err poll_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id)
{
	struct counted counts[POLL_ANSWERS_MAX];
	struct sql_stmt *stmt;
	bool is_final = false;
	int n;
	TRY(sql_start(db, QUERY_POLL_FIND, SQL_ARGS(sql_id(message_id)), &stmt));
	bool is_found = sql_step(stmt);
	if (is_found) {
		size_t question_n;
		const char *question = sql_column_borrow(stmt, 0, &question_n);
		jw_object(jw, "poll");
		jw_object(jw, "question");
		jw_text_n(jw, "text", question, question_n);
		jw_object_end(jw);
		jw_time(jw, "expiry", sql_column_int(stmt, 1));
		jw_flag(jw, "allow_multiselect", sql_column_int(stmt, 2) != 0);
		jw_int(jw, "layout_type", 1);
		is_final = !sql_column_is_null(stmt, 3);
	}
	TRY(sql_finish(stmt));
	if (!is_found)
		return ERR_OK;
	TRY(answers_to_json(db, jw, message_id, viewer_id, counts, &n));
	results_to_json(jw, counts, n, is_final);
	jw_object_end(jw);
	return ERR_OK;
}

enum err poll_voters_to_json(struct sql *db, struct jw *jw, const char *key, int64_t message_id,
			     const struct poll_page *page)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_POLL_FIND, SQL_ARGS(sql_id(message_id)), &stmt));
	bool is_found = sql_step(stmt);
	TRY(sql_finish(stmt));
	if (!is_found)
		return ERR_NO_POLL;
	return row_users_to_json(
	    db, jw, key, QUERY_POLL_LIST_VOTERS,
	    SQL_ARGS(sql_id(message_id), sql_int(page->answer_id), sql_int(page->after), sql_int(page->limit)));
}
