/* snug: what a person types. snug run is what systemd, a container or make run starts. */
#include "run/run_command.h"

int main(int argc, char **argv)
{
	return run_command(argc, argv);
}
