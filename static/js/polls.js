/** Polls: a click votes without a reload, and events set the numbers, from which the bars are drawn. */
import { send } from './act.js';
import { room } from './room.js';

/** @param {HTMLElement} poll @returns {HTMLElement[]} */
function answersOf(poll) {
	return [...poll.querySelectorAll('.poll-answer')].map((answer) => /** @type {HTMLElement} */ (answer));
}

/** @param {Element} of @param {string} selector @param {string} text */
function write(of, selector, text) {
	const part = of.querySelector(selector);
	if (part) {
		part.textContent = text;
	}
}

/** Draws what the answers' counts say. @param {HTMLElement} poll */
function draw(poll) {
	const answers = answersOf(poll);
	const total = answers.reduce((sum, answer) => sum + Number(answer.dataset.count), 0);
	for (const answer of answers) {
		const count = Number(answer.dataset.count);
		const percent = total > 0 ? Math.floor((count * 100 + Math.floor(total / 2)) / total) : 0;
		write(answer, '.poll-number', String(count));
		write(answer, '.poll-percent', String(percent));
		answer.querySelector('.poll-bar rect')?.setAttribute('width', String(percent));
	}
	write(poll, '.poll-total', String(total));
}

/** @param {HTMLElement} answer @param {boolean} isChosen */
function setChosen(answer, isChosen) {
	const button = answer.querySelector('button.poll-choice');
	const action = (button?.getAttribute('formaction') ?? '').replace(/\/remove$/, '');
	answer.toggleAttribute('data-chosen', isChosen);
	button?.setAttribute('aria-pressed', String(isChosen));
	button?.setAttribute('formaction', isChosen ? `${action}/remove` : action);
}

/** An event of one vote. @param {HTMLElement} told */
export function apply(told) {
	const message = document.getElementById(`m-${told.dataset.message}`);
	const poll = /** @type {HTMLElement | null | undefined} */ (message?.querySelector('.poll'));
	const answer = poll && answersOf(poll).find((each) => each.dataset.answer === told.dataset.answer);
	if (!poll || !answer) {
		return;
	}
	answer.dataset.count = told.dataset.count;
	if (told.dataset.user === room.user) {
		setChosen(answer, 'added' in told.dataset);
	}
	draw(poll);
}

/** A message that is rendered anew by an event keeps which votes are the reader's own. @param {HTMLElement} old @param {HTMLElement} article */
export function keep(old, article) {
	const poll = /** @type {HTMLElement | null} */ (article.querySelector('.poll'));
	for (const answer of /** @type {NodeListOf<HTMLElement>} */ (old.querySelectorAll('.poll-answer[data-chosen]'))) {
		const same = poll && answersOf(poll).find((each) => each.dataset.answer === answer.dataset.answer);
		if (same) {
			setChosen(same, true);
		}
	}
}

/** Pressed, and not answered yet. They are not disabled, which would take the focus from who votes by the keyboard. @type {Set<HTMLButtonElement>} */
const busy = new Set();

/** @param {HTMLButtonElement} button */
export async function vote(button) {
	if (!busy.has(button)) {
		busy.add(button);
		await send(button.formAction, { answer_id: button.value });
		busy.delete(button);
	}
}
