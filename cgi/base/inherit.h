/* Descriptors handed down by snug run: the environment names each as SNUG_FD_<NAME>=<number>. */
#ifndef SNUG_BASE_INHERIT_H
#define SNUG_BASE_INHERIT_H

/* The open descriptor of that name ("LISTEN", "SECRETS"), which from now on closes on exec; -1 when there is none. */
int inherit_descriptor(const char *name);

#endif
