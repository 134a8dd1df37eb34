/* snug-picture: the confined child of snug-worker that decodes what people upload. */
#include "work/picture_program.h"

int main(int argc, char **argv)
{
	return picture_program(argc, argv);
}
