/** A message in words alone: what an answer quotes of it, and what a screen reader is told when it comes. */

/** What stands where a spoiler hides something, as the server writes it. */
const HIDDEN = '▒▒▒';
const MOST = 160;

/** The text without markup, in one line; what it hides stays hidden. @param {Element} article */
function textOf(article) {
	const text = article.querySelector('.content')?.cloneNode(true);
	if (!(text instanceof Element)) {
		return '';
	}
	text.querySelectorAll('.copy-code').forEach((button) => button.remove());
	text.querySelectorAll('.spoiler').forEach((spoiler) => spoiler.replaceWith(HIDDEN));
	text.querySelectorAll('img').forEach((image) => image.replaceWith(image.alt));
	text.querySelectorAll('br, p, li, pre, blockquote, h3, h4, h5, h6').forEach((part) => part.after(' '));
	return (text.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** The beginning of it. @param {Element} article */
export function lineOf(article) {
	const letters = [...textOf(article)];
	return letters.length > MOST ? `${letters.slice(0, MOST - 1).join('')}…` : letters.join('');
}

/** Author, text, and what comes with it. @param {Element} article */
export function spoken(article) {
	const parts = [textOf(article)];
	for (const part of article.querySelectorAll('.attachments :is(summary, .picture > img, .picture > svg, .file-name, audio), .poll-question')) {
		if (part.matches('summary') || !part.closest('.spoiler-file')) {
			parts.push(part.getAttribute('alt') ?? part.getAttribute('aria-label') ?? part.textContent ?? '');
		}
	}
	return `${article.querySelector('.author')?.textContent ?? ''}: ${parts.filter((part) => part !== '').join(', ')}`;
}
