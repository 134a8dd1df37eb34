/* snug-fetch: the child of snug-worker that asks one page on the internet what it says of itself. */
#include "work/fetch_program.h"

int main(void)
{
	return fetch_program();
}
