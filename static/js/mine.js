/** Marks the viewer's own messages: a fragment is the same for everybody and cannot know. */
import { room } from './room.js';

/** @param {HTMLElement} article */
export function mark(article) {
	if (article.dataset.author === room.user) {
		article.dataset.mine = '';
	}
}
