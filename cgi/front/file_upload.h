/* Messages with files: multipart bodies of the routes with ROUTE_FILES, read in pieces. Texts become request->form,
 * each file is written to files/incoming as it comes (front/incoming.h), so none is ever in memory.
 *
 * Accepted are the forms of our pages, and in the API every variant of Discord's libraries: the parts payload_json and
 * files[n] in any order, or plain fields and a part `file`; `attachments` says more about the file n, and `description`
 * of our form about all of them.
 *
 * Nothing of a file is kept before its sender may send one: when the first one begins, the form's token is checked (so
 * it has to stand before the files), the permission, the limit of uploads, and the room that there is. */
#ifndef SNUG_FRONT_FILE_UPLOAD_H
#define SNUG_FRONT_FILE_UPLOAD_H

#include "front/front.h"
#include "front/incoming.h"

struct view;

struct file_upload {
	struct incoming incoming;
	int64_t number; /* n of files[n] */
	const char *name, *description, *waveform, *type;
	int64_t width, height, duration_ms;
	bool is_spoiler;
};

/* Whether the request is of a kind that is read in pieces, and with which boundary. */
bool file_upload_is_streamed(const struct request *request, struct str *boundary);

/* Reads the body. Errors: ERR_BAD_REQUEST, ERR_CSRF, ERR_MISSING_PERMISSIONS, ERR_RATE_LIMITED, ERR_TOO_LARGE,
 * ERR_TOO_MANY_FILES, ERR_FILE_TYPE, ERR_FILE_QUOTA, ERR_FILES_FULL, ERR_STORAGE_FULL, ERR_OVERLOADED. */
enum err file_upload_read(struct request *request) MUST_USE;

/* Sets the member "files" of an op's input to what was received, whatever the client wrote there, and adds to the files
 * what `attachments` in it says of them. ERR_INVALID_FORM. */
enum err file_upload_put(struct request *request, struct view *object, bool is_form) MUST_USE;

/* Removes what has become part of no message. */
void file_upload_release(struct request *request);

#endif
