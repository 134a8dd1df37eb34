/** Fills in the code that the link of a mail brings behind its #, which no server, log or Referer ever sees; and takes it out
 * of the address. Without this module the code is copied by hand. */

const field = document.querySelector('#code');
const code = location.hash.slice(1);
if (field instanceof HTMLInputElement && /^[a-z0-9]+$/.test(code)) {
	field.value = code;
	history.replaceState(history.state, '', location.pathname + location.search);
	document.querySelector('#new_password')?.focus();
}
