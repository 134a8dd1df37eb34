/* snug-s3: one request to an S3-compatible service, by libcurl. The question on stdin is a JSON object with method (PUT
 * or DELETE), url, region, access_key, secret_key, and for PUT type, disposition and encryption; the file is descriptor
 * CHILD_FILE_FD. PUT is followed by a look at what arrived. The answer on stdout is a line that says what happened, for
 * people. Its exit status is a child_verdict.
 *
 * A program of its own for the reasons of work/mail_program.h. */
#ifndef SNUG_WORK_S3_PROGRAM_H
#define SNUG_WORK_S3_PROGRAM_H

enum { S3_QUESTION_MAX_BYTES = 64 * 1024, S3_ANSWER_MAX_BYTES = 4096, S3_WALL_MS = 35000 };

int s3_program(void);

#endif
