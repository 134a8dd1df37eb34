/* snug-mail: the child of snug-worker that hands one mail to the mail server. */
#include "work/mail_program.h"

int main(void)
{
	return mail_program();
}
