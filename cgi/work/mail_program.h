/* snug-mail: one mail to one server, by libcurl. The question on stdin is a JSON object with url, user, password, tls,
 * authorities, from, to and content; the answer on stdout a line that says what happened, for people. Its exit status
 * is a child_verdict.
 *
 * It is a program of its own because libcurl with its thirty libraries would take 5 MB of a worker that is idle as a
 * rule, resolves names with threads, and speaks to strangers. */
#ifndef SNUG_WORK_MAIL_PROGRAM_H
#define SNUG_WORK_MAIL_PROGRAM_H

enum { MAIL_QUESTION_MAX_BYTES = 512 * 1024, MAIL_ANSWER_MAX_BYTES = 4096, MAIL_WALL_MS = 25000 };

int mail_program(void);

#endif
