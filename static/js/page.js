/** What pages other than the room do with a script: times in the zone of whoever reads. */
import { nameMoments } from './moments.js';
import { localise } from './time.js';

document.querySelectorAll('article.message').forEach((article) => localise(/** @type {HTMLElement} */ (article)));
nameMoments(document);
