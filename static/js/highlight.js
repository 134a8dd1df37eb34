/* The worker of code.js: asks highlight.js, which may not be installed. A classic script, as highlight.js is. */
/* global importScripts, hljs */
'use strict';

importScripts('../vendor/highlight.js');

self.addEventListener('message', ({ data: { id, language, text } }) => {
	let html = null;
	try {
		html = hljs.getLanguage(language) ? hljs.highlight(language, text, true).value : null;
	} catch {
		/* It stays as it is. */
	}
	self.postMessage({ id, html });
});
