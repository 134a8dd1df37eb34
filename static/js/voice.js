/**
 * Plays voice messages: a button, and the waveform as the place to seek in. The element that was there without this module,
 * <audio controls>, goes on doing the playing. One plays at a time.
 */
import { blank } from './room.js';

const BARS = 60;
const HEIGHT = 32;

/** @type {HTMLAudioElement | null} */
let playing = null;

/** One byte a sample, in base64. @param {string} text @returns {number[]} BARS heights from 0 to 1 */
function heights(text) {
	let bytes = '';
	try {
		bytes = atob(text);
	} catch {
		/* What somebody's program wrote there is no waveform: a flat line. */
	}
	return Array.from({ length: BARS }, (_, bar) => {
		const from = Math.floor(bar * bytes.length / BARS);
		const to = Math.max(from + 1, Math.floor((bar + 1) * bytes.length / BARS));
		return Math.max(0, ...[...bytes.slice(from, to)].map((byte) => byte.charCodeAt(0))) / 255;
	});
}

/** @param {number} seconds */
function clock(seconds) {
	const whole = Math.max(0, Math.floor(seconds));
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** @param {HTMLElement} voice */
export function enhance(voice) {
	const audio = voice.querySelector('audio');
	if (!audio || voice.querySelector('.voice-play')) {
		return;
	}
	const player = blank('voice-blank');
	const button = /** @type {HTMLButtonElement} */ (player.querySelector('.voice-play'));
	const seek = /** @type {HTMLInputElement} */ (player.querySelector('.voice-seek'));
	const time = /** @type {HTMLElement} */ (player.querySelector('.voice-time'));
	/* A recording by a browser does not say how long it is; the message does. */
	const length = Number(voice.dataset.duration) || 0;
	const path = heights(voice.dataset.waveform ?? '').map((height, bar) => {
		const tall = Math.max(2, height * HEIGHT);
		return `M${bar * 4 + 2} ${(HEIGHT - tall) / 2}v${tall}`;
	}).join('');
	player.querySelectorAll('path.voice-wave').forEach((wave) => wave.setAttribute('d', path));
	seek.max = String(length);

	const show = () => {
		const at = Math.min(audio.currentTime, length);
		seek.value = String(at);
		seek.setAttribute('aria-valuetext', `${clock(at)} / ${clock(length)}`);
		player.style.setProperty('--played', `${length > 0 ? at / length * 100 : 0}%`);
		time.textContent = clock(audio.paused && at === 0 ? length : at);
		button.setAttribute('aria-pressed', String(!audio.paused));
	};
	button.addEventListener('click', () => (audio.paused ? audio.play().catch(show) : audio.pause()));
	seek.addEventListener('input', () => {
		audio.currentTime = Number(seek.value);
		show();
	});
	audio.addEventListener('play', () => {
		if (playing && playing !== audio) {
			playing.pause();
		}
		playing = audio;
	});
	audio.addEventListener('ended', () => (audio.currentTime = 0));
	for (const type of ['play', 'pause', 'timeupdate', 'seeked', 'ended']) {
		audio.addEventListener(type, show);
	}
	audio.controls = false;
	audio.hidden = true;
	voice.append(player);
	show();
}
