/* snug-web: pages for people. Started by snug run with the data folder as its working directory. */
#include "front/program.h"
#include "page/routes.h"

int main(int argc, char **argv)
{
	const struct program program = {
	    .name = "snug-web",
	    .kind = APP_WEB,
	    .store_path = "run/op-web.sock",
	    .routes = page_routes,
	    .route_count = page_route_count,
	    .error_page = page_error,
	    .template_folder = "run/templates",
	};

	return program_run(&program, argc, argv);
}
