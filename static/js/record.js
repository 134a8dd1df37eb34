/** Records a voice message: the composer becomes a recorder until it is sent or discarded. Loaded when its button is pressed. */
import { send } from './compose.js';
import { blank, element } from './room.js';

/** The server takes five minutes; a recorder stops a little late. */
const MOST_MS = 299000;
const SAMPLES = 128;
const TYPES = [['audio/webm;codecs=opus', 'webm'], ['audio/ogg;codecs=opus', 'ogg'], ['audio/mp4', 'm4a']];

let isOpen = false;

/** Loudness of a recording, at most 256 bytes of it in base64, and how long it is. @param {Blob} blob */
async function measure(blob) {
	const context = new AudioContext();
	try {
		const sound = await context.decodeAudioData(await blob.arrayBuffer());
		const data = sound.getChannelData(0);
		const count = Math.max(1, Math.min(SAMPLES, Math.floor(sound.duration * 10)));
		const size = Math.max(1, Math.floor(data.length / count));
		const levels = Array.from({ length: count }, (_, i) => {
			let sum = 0;
			for (let at = i * size; at < (i + 1) * size; at++) {
				sum += data[at] * data[at];
			}
			return Math.sqrt(sum / size);
		});
		const loudest = Math.max(0.01, ...levels);
		const bytes = levels.map((level) => Math.round(level / loudest * 255));
		return { seconds: Math.round(sound.duration * 100) / 100, waveform: btoa(String.fromCharCode(...bytes)) };
	} finally {
		void context.close();
	}
}

/** Shows how loud it is while it is recorded. @param {MediaStream} stream @param {HTMLMeterElement} meter */
function listen(stream, meter) {
	const context = new AudioContext();
	const analyser = context.createAnalyser();
	analyser.fftSize = 512;
	context.createMediaStreamSource(stream).connect(analyser);
	const samples = new Uint8Array(analyser.fftSize);
	const timer = setInterval(() => {
		analyser.getByteTimeDomainData(samples);
		meter.value = Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 128;
	}, 100);
	return () => {
		clearInterval(timer);
		void context.close();
	};
}

/** @param {string} why */
function complain(why) {
	element('file-problems').replaceChildren(blank(`problem-${why}`));
}

/** @param {HTMLFormElement} form */
export async function record(form) {
	if (isOpen) {
		return;
	}
	isOpen = true;
	element('file-problems').replaceChildren();
	/** @type {MediaStream} */
	let stream;
	try {
		stream = await navigator.mediaDevices.getUserMedia({ audio: true });
	} catch {
		complain('microphone');
		isOpen = false;
		return;
	}
	const [type, ending] = TYPES.find(([name]) => MediaRecorder.isTypeSupported(name)) ?? ['', 'webm'];
	const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 48000 } : {});
	/** @type {Blob[]} */
	const pieces = [];
	const bar = blank('recorder-blank');
	const row = /** @type {HTMLElement} */ (form.querySelector('.composer-row'));
	const time = /** @type {HTMLElement} */ (bar.querySelector('.recorder-time'));
	const deafen = listen(stream, /** @type {HTMLMeterElement} */ (bar.querySelector('meter')));
	const began = Date.now();
	const ticker = setInterval(() => {
		const seconds = Math.floor((Date.now() - began) / 1000);
		time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
		if (Date.now() - began > MOST_MS && recorder.state === 'recording') {
			recorder.stop();
		}
	}, 200);
	/** Ends the recording, once; resolves when all of it is there. */
	const finish = () => new Promise((resolve) => {
		bar.inert = true;
		if (recorder.state === 'inactive') {
			resolve(undefined);
		} else {
			recorder.addEventListener('stop', resolve, { once: true });
			recorder.stop();
		}
	});
	const end = () => {
		clearInterval(ticker);
		deafen();
		stream.getTracks().forEach((track) => track.stop());
		bar.remove();
		row.hidden = false;
		isOpen = false;
		element('content').focus();
	};
	recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
	/* The time stands where the recorder has stopped by itself. */
	recorder.addEventListener('stop', () => clearInterval(ticker));
	bar.querySelector('.recorder-discard')?.addEventListener('click', async () => {
		await finish();
		end();
	});
	bar.querySelector('.recorder-send')?.addEventListener('click', async () => {
		await finish();
		end();
		const blob = new Blob(pieces, { type: type.split(';')[0] });
		try {
			const voice = await measure(blob);
			const file = new File([blob], `voice-message.${ending}`, { type: blob.type });
			await send('', [{ file, description: '', isSpoiler: false, voice }]);
		} catch {
			complain('microphone');
		}
	});
	bar.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') {
			/** @type {HTMLElement} */ (bar.querySelector('.recorder-discard')).click();
		}
	});
	row.hidden = true;
	row.after(bar);
	recorder.start();
	/** @type {HTMLElement} */ (bar.querySelector('.recorder-send')).focus();
}
