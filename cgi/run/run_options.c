#include "run/run_options.h"

#include "run/run_refuse.h"

#include <getopt.h>
#include <stddef.h>

enum err run_options_read(int argc, char **argv, struct run_options *out)
{
	static const struct option table[] = {
	    {"data", required_argument, NULL, 'd'},
	    {"listen", required_argument, NULL, 'l'},
	    {"share", required_argument, NULL, 's'},
	    {"config", required_argument, NULL, 'c'},
	    {NULL, 0, NULL, 0},
	};
	*out = (struct run_options){.data = "data", .listen = "127.0.0.1:8080"};
	optind = 0;
	opterr = 0;
	for (int letter; (letter = getopt_long(argc, argv, "", table, NULL)) != -1;) {
		switch (letter) {
		case 'd':
			out->data = optarg;
			break;
		case 'l':
			out->listen = optarg;
			break;
		case 's':
			out->share = optarg;
			break;
		case 'c':
			out->config = optarg;
			break;
		default:
			return run_refuse("%s: %s is no option, or lacks its value; snug help lists them", argv[0],
					  argv[optind - 1]);
		}
	}
	out->rest = argv + optind;
	out->rest_count = argc - optind;
	return ERR_OK;
}
