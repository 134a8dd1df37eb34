/* snug-api: JSON for scripts, bots and programs. Started by snug run with the data folder as its working directory. */
#include "api/routes.h"
#include "front/program.h"

int main(int argc, char **argv)
{
	const struct program program = {
	    .name = "snug-api",
	    .kind = APP_API,
	    .store_path = "run/op-api.sock",
	    .routes = api_routes,
	    .route_count = api_route_count,
	};

	return program_run(&program, argc, argv);
}
