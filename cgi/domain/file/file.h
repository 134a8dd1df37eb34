/* Files that hang on messages (Discord's attachment object). What somebody uploads is kept once, below files/ of the
 * data folder or in an S3-compatible service, under the hash of its content (struct file); each message that shows it
 * has a row of its own with a name and a description (struct attachment).
 *
 * A file ends with the last attachment that shows it; what hangs on a message that is sent later (scheduled_files)
 * counts as one. Which of them that is, and how many bytes everybody's files take, is counted by triggers
 * (db/migrations/0012_files.sql, 0022), so whatever deletes an attachment, such as the purge of a channel, does all
 * that is needed; the bytes go from the disk in house-keeping (file_keep_house), within seconds. */
#ifndef SNUG_DOMAIN_FILE_FILE_H
#define SNUG_DOMAIN_FILE_FILE_H

#include "domain/apply.h"
#include "domain/file/file_url.h"
#include "json/json.h"

enum {
	FILE_HASH_SIZE = 65,  /* BLAKE2b-256 as 64 hexadecimal digits and the NUL */
	FILE_TOKEN_SIZE = 33, /* of the name of an incoming file */
	FILE_PATH_SIZE = 96,  /* of any path below files/ */
	FILE_TYPE_MAX = 100,
	FILE_NAME_MAX = 255,         /* bytes of a name as it is kept */
	FILE_DESCRIPTION_MAX = 1024, /* code points, as Discord's */
	FILE_WAVEFORM_MAX = 400,     /* characters of base64 of at most 256 bytes, and some more that Discord takes */
	FILES_PER_MESSAGE_MAX = 10,
	FILE_VOICE_MAX_MS = 5 * 60 * 1000,
	FILE_THUMBNAIL_SIDE = 640, /* pixels of its longer side, at most */
	FILE_THUMBNAIL_MAX_BYTES = 256 * 1024,
};

/* A picture is looked at by snug-worker: {"hash":"…"}. The copy to S3, and the end of one there:
 * {"hash":"…","type":"…"} and {"key":"…"}. */
#define JOB_KIND_PICTURE "picture"
#define JOB_KIND_FILE_COPY "file_copy"
#define JOB_KIND_FILE_REMOVE "file_remove"

/* Bits of an attachment's flags: ours, kept in the database, where Discord has no bit for it. */
enum attachment_flag { ATTACHMENT_IS_SPOILER = 1 << 3 /* Discord's IS_SPOILER */ };

/* Where things are, relative to the data folder. */
void file_path(const char *hash, char out[FILE_PATH_SIZE]);           /* files/ab/abcdef… */
void file_thumbnail_path(const char *hash, char out[FILE_PATH_SIZE]); /* files/ab/abcdef….webp */
void file_incoming_path(const char *token, char out[FILE_PATH_SIZE]); /* files/incoming/… */
bool file_hash_is_valid(const char *hash);
bool file_token_is_valid(const char *token);

/* Makes of whatever name came along one that can be shown, kept, and written to any disk: valid UTF-8 of at most
 * FILE_NAME_MAX bytes, of one line, without controls and what reorders text, no path, no name that means a device. Its
 * ending stays where it can. Never empty. In the arena. */
const char *file_name_clean(struct arena *arena, const char *name, size_t n);

/* How a file may be shown. What is not INLINE is only ever downloaded. */
enum file_show { FILE_DOWNLOAD, FILE_PICTURE, FILE_VIDEO, FILE_AUDIO, FILE_PDF, FILE_TEXT };
enum file_show file_show_of(const char *type);

/* How long one file may be, and the whole body of a request that brings as many as a message may have. */
int64_t file_max_bytes(const struct config *config);
int64_t file_body_max_bytes(const struct config *config);

/* Whether an upload of that type is taken, by allowed_types and refused_types. */
bool file_type_is_taken(const struct config *config, const char *type);

/* What is served. */
struct file {
	int64_t message_id; /* that shows it */
	const char *hash, *type, *name;
	const char *object; /* its key in S3; NULL: it is on this disk */
	int64_t size;
	bool has_thumbnail;
};

/* Finds an attachment that is there: its message is not deleted, nor its channel. Texts are in the arena. Errors:
 * ERR_NOT_FOUND. */
enum err file_find(struct sql *db, struct arena *arena, int64_t channel_id, int64_t attachment_id,
		   struct file *out) MUST_USE;

/* Writes the member "attachments", an array of Discord's attachment objects, whose addresses are markers
 * (file_url.h). */
enum err file_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id) MUST_USE;

/* How many bytes somebody's files take (0: everybody's), and how many more may come. */
struct file_room {
	int64_t person_bytes, instance_bytes; /* that may still come; INT64_MAX: without end */
};
enum err file_room(struct sql *db, const struct config *config, int64_t user_id, struct file_room *out) MUST_USE;

/* Parts of the operations on messages. `files` is the list that the front wrote (front/file_upload.h), of files that it
 * has received whole: [{"incoming","hash","size","type","name",…}]. */

/* Puts new files on the message, behind those that it has. message_part_set is the caller's, when *count is not 0.
 * Errors: ERR_TOO_MANY_FILES, ERR_FILE_QUOTA, ERR_FILES_FULL, ERR_UPLOAD_LOST, ERR_STORAGE_FULL. */
enum err file_attach(struct apply *apply, int64_t channel_id, int64_t message_id, const json_t *files,
		     int *count) MUST_USE;

/* Whether files make a voice message: one of sound, with its duration and waveform. */
bool file_is_voice(const json_t *files);

/* Takes from the message the attachments that `keep` does not name: an array of ids or of objects with an id, as
 * Discord's PATCH has it; NULL keeps all. A description there is set. *count is how many are left. ERR_INVALID_FORM
 * when it is no array. */
enum err file_keep(struct apply *apply, int64_t message_id, const json_t *keep, int *count, bool *is_changed) MUST_USE;

/* A forward: the files of one message also hang on the other. */
enum err file_copy(struct apply *apply, int64_t from_message_id, int64_t to_channel_id, int64_t to_message_id,
		   int *count) MUST_USE;

/* Files of a message that is sent later: new ones, how many it has, and their view, the member "attachments" without
 * addresses. They go with its row. Errors as of file_attach. */
enum err file_schedule(struct apply *apply, int64_t scheduled_id, const json_t *files) MUST_USE;
enum err file_scheduled_count(struct sql *db, int64_t scheduled_id, int64_t *count) MUST_USE;
enum err file_of_scheduled_to_json(struct sql *db, struct jw *jw, int64_t scheduled_id) MUST_USE;

/* Its time has come: they also hang on the message that it becomes. Their room was taken when they were sent. */
enum err file_send_scheduled(struct apply *apply, int64_t scheduled_id, int64_t to_channel_id, int64_t to_message_id,
			     int *count) MUST_USE;

/* The message is deleted: its files go. */
enum err file_message_gone(struct apply *apply, int64_t message_id) MUST_USE;

/* Takes from the disk what no message shows any more, and now and then what was left there without a row. */
enum err file_keep_house(struct apply *apply, bool *is_done) MUST_USE;

/* What no row knows and nobody has touched for an hour: incoming files, and those in one of the 256 folders. */
enum err file_collect(struct apply *apply, int folder) MUST_USE;

/* What snug-worker found out about a picture. The same again changes nothing. */
struct file_picture_input {
	struct field_set set;
	const char *hash;
	int64_t width, height;
	const char *incoming; /* of the thumbnail; NULL: there is none to be had */
	bool is_animated;
};
extern const struct field file_picture_fields[];
apply_function file_picture_apply; /* {} */

/* snug-worker has copied a file to S3: the copy here goes. */
struct file_stored_input {
	struct field_set set;
	const char *hash, *object;
};
extern const struct field file_stored_fields[];
apply_function file_stored_apply; /* {} */

#endif
