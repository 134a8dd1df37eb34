/** A picture that moves stands still until it is asked to play, and stops when it leaves the window. */

/** @type {IntersectionObserver | null} */
let observer = null;

/** @param {Element} link */
function stop(link) {
	const image = link.querySelector('img');
	if (image instanceof HTMLImageElement && image.dataset.still) {
		image.src = image.dataset.still;
	}
	link.removeAttribute('data-playing');
	observer?.unobserve(link);
}

/** @param {HTMLAnchorElement} link */
export function play(link) {
	const image = link.querySelector('img');
	if (!(image instanceof HTMLImageElement)) {
		return;
	}
	observer ??= new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting || stop(entry.target)));
	image.dataset.still = image.getAttribute('src') ?? '';
	image.src = link.href;
	link.dataset.playing = '';
	observer.observe(link);
}
