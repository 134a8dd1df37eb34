/* snug-s3: one file to or from an S3-compatible service. A child of snug-worker. */
#include "work/s3_program.h"

int main(void)
{
	return s3_program();
}
