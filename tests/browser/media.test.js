// Video, sound and documents in place, really played and shown by the browser; and what becomes of them when the message
// that they are in is edited.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { multipart, pdf, wav } from "../lib/sample_files.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const ada = await newPerson(snug, { hasViewers: true });
await ada.logIn(owner);
const { page } = ada;

async function post(content, files) {
	const { body, headers } = multipart({ content }, files);
	const reply = await bob.client.post(`/channels/${owner.channel}/messages`, body, headers);
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}

/** A film of a second, as this browser records it: real frames in a real container. */
const film = async () => Buffer.from(await page.evaluate(async () => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
	const context = canvas.getContext("2d");
	let hue = 0;
	const timer = setInterval(() => {
		context.fillStyle = `hsl(${(hue += 20)} 70% 50%)`;
		context.fillRect(0, 0, 160, 90);
	}, 40);
	const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
	const pieces = [];
	recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
	const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
	recorder.start();
	await new Promise((resolve) => setTimeout(resolve, 1000));
	recorder.stop();
	await stopped;
	clearInterval(timer);
	return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}));

test("a video plays where it stands, and is had in pieces", async () => {
	const bytes = await film();
	const made = await post("a film", [{ name: "film.webm", bytes, type: "video/webm" }]);
	assert.equal(made.attachments[0].content_type, "video/webm");
	const ranges = [];
	page.on("response", (reply) => reply.url().includes("film.webm") && ranges.push([reply.status(), reply.headers()["content-range"]]));
	await ada.open(home);
	const video = page.locator(`#m-${made.id} video`);
	const box = await video.boundingBox();
	await until("its first frame is known", () => video.evaluate((each) => each.readyState >= 2));
	assert.deepEqual(await video.boundingBox(), box, "it has its place from the beginning");
	assert.deepEqual(await video.evaluate((each) => [each.videoWidth, each.videoHeight, each.error]), [160, 90, null]);
	await video.evaluate((each) => each.play());
	await until("it plays to its end", () => video.evaluate((each) => each.ended));
	assert.ok(ranges.length > 0 && ranges.every(([status, range]) => status === 206 && range?.endsWith(`/${bytes.length}`)), JSON.stringify(ranges));
	await ada.screen("video-1280-light");
});

test("a document is shown in its frame by the browser's own viewer", async () => {
	const made = await post("a document", [{ name: "report.pdf", bytes: pdf(), type: "application/pdf" }]);
	await ada.open(home);
	await page.locator(`#m-${made.id} .file-open`).click();
	assert.equal(await page.locator(`#m-${made.id} iframe`).count(), 1);
	await until("the viewer is there", async () => page.frames().some((each) => each.url().startsWith("chrome-extension://")));
	await ada.screen("document-1280-light");
});

test("an edit of the text stops nothing that plays in the message, and closes no document", async () => {
	const made = await post("a tune and a paper", [{ name: "tune.wav", bytes: wav(60), type: "audio/wav" }, { name: "paper.pdf", bytes: pdf(), type: "application/pdf" }]);
	const article = page.locator(`#m-${made.id}`);
	await article.waitFor();
	await article.locator("audio").evaluate((each) => each.play());
	await article.locator(".file-open").click();
	await article.locator("iframe").evaluate((each) => (each.dataset.same = ""));
	await article.locator("audio").evaluate((each) => (each.dataset.same = ""));
	await bob.client.patch(`/channels/${owner.channel}/messages/${made.id}`, { content: "a tune, a paper and an edit" });
	await article.locator(".content", { hasText: "and an edit" }).waitFor();
	assert.equal(await article.locator(".edited").count(), 1);
	assert.equal(await article.locator("audio[data-same]").evaluate((each) => each.paused), false, "it plays on");
	assert.equal(await article.locator("iframe[data-same]").count(), 1, "it is open");
	assert.equal(await article.locator(".attachments").count(), 1);
	assert.equal(await page.locator(`#m-${made.id}`).count(), 1);
	await article.locator("audio").evaluate((each) => each.pause());
});

test("what plays in a forwarded copy, or beside one, plays on when the message is shown anew", async () => {
	const first = await post("to be forwarded", [{ name: "copied.wav", bytes: wav(60), type: "audio/wav" }]);
	const made = (await bob.client.post(`/channels/${owner.channel}/messages`, { message_reference: { type: 1, channel_id: owner.channel, message_id: first.id } })).json;
	const article = page.locator(`#m-${made.id}`);
	await article.locator(".forwarded audio").waitFor();
	await article.locator("audio").evaluate((each) => {
		each.dataset.same = "";
		return each.play();
	});
	await owner.client.put(`/channels/${owner.channel}/pins/${made.id}`);
	await article.locator(".pinned-mark").waitFor();
	assert.equal(await article.locator("audio[data-same]").evaluate((each) => each.paused), false, "it plays on");
	assert.equal(await article.locator(".forwarded, .forwarded-head, .message-actions").count(), 3, "each part stands once");
	await article.locator("audio").evaluate((each) => each.pause());
});

test("a file that an edit takes away is taken away from the page", async () => {
	const made = await post("two files", [{ name: "one.wav", bytes: wav(1), type: "audio/wav" }, { name: "two.wav", bytes: wav(1), type: "audio/wav" }]);
	const article = page.locator(`#m-${made.id}`);
	await article.waitFor();
	await bob.client.patch(`/channels/${owner.channel}/messages/${made.id}`, { attachments: [{ id: made.attachments[1].id }] });
	await until("one is left", async () => (await article.locator("audio").count()) === 1);
	assert.match(await article.locator("audio").getAttribute("src"), /two\.wav/);
});

test("nothing was complained of", async () => ada.assertQuiet());

await run();
