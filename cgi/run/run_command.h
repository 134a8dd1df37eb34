/* The commands of snug as rows, and the one way into them. */
#ifndef SNUG_RUN_COMMAND_H
#define SNUG_RUN_COMMAND_H

/* Runs the command that argv[1] names. Returns the exit status: 0, 1 when it failed, 2 when it was not understood. */
int run_command(int argc, char **argv);

/* One command each; argv[0] is its name. Return the exit status. */
int run_check(int argc, char **argv);
int run_backup(int argc, char **argv);
int run_user(int argc, char **argv);
int run_token(int argc, char **argv);
int run_secret(int argc, char **argv);
int run_jobs(int argc, char **argv);

#endif
