// Files from the browser: into the composer by every way, refused before they are sent, sent with progress and given up, and
// how they stand in the conversation afterwards. The limit is 1 MB here, so that small files are too large.

import { startSnug } from "../lib/snug.js";
import { history, invitePerson, setUp } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { gif, multipart, pdf, png, wav } from "../lib/sample_files.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_FILE_MAX_MB: "1", SNUG_LIMIT_UPLOAD: "1000/min", SNUG_LIMIT_MESSAGE: "1000/min" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const ada = await newPerson(snug);
await ada.logIn(owner);
const { page } = ada;

const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });
const choose = (...files) => page.setInputFiles("#files", files);
const chips = () => page.locator("#chips .chip");
const latest = async () => (await history(owner.client, owner.channel)).at(-1);
const sent = (text) => until(`"${text}" is settled`, async () => /^m-\d+$/.test((await ada.articles(text).last().getAttribute("id")) ?? ""));

/** Posts as a program does, and waits until pictures have been looked at. */
async function post(content, files, more = {}) {
	const { body, headers } = multipart({ content, ...more }, files);
	const reply = await bob.client.post(`/channels/${owner.channel}/messages`, body, headers);
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
}
const lookedAt = (id) => until("the pictures were looked at", async () =>
	(await owner.client.get(`/channels/${owner.channel}/messages/${id}`)).json.attachments.every((each) => !each.content_type.startsWith("image/") || each.thumbnail_url));

/** Does to the page what a person does with the clipboard or with files over the window. */
const transfer = (type, selector, contents) => page.evaluate(([kind, where, given]) => {
	const data = new DataTransfer();
	if (given.text) data.setData("text/plain", given.text);
	for (const { name, mimeType, text } of given.files) data.items.add(new File([text], name, { type: mimeType }));
	const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }) :
		new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
	document.querySelector(where).dispatchEvent(event);
	return event.defaultPrevented;
}, [type, selector, contents]);

test("without a script: files are chosen in the form, posted with the text, and downloaded by their links", async () => {
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(owner);
	await plain.page.click(".files-box > summary");
	await plain.page.setInputFiles("#files-plain", [file("notes.txt", "text/plain", Buffer.from("some notes")), file("picture.png", "image/png", png(20, 10))]);
	await plain.page.fill("#files-description", "Notes and a drawing");
	await plain.say("with two files");
	await plain.seesOne("with two files");
	const article = plain.articles("with two files");
	assert.equal(await article.locator(".file-name", { hasText: "notes.txt" }).count(), 1);
	const { attachments } = await latest();
	assert.deepEqual(attachments.map((each) => each.filename), ["notes.txt", "picture.png"]);
	assert.deepEqual(attachments.map((each) => each.description), Array(2).fill("Notes and a drawing"));
	const [download] = await Promise.all([plain.page.waitForEvent("download"), article.locator(".file-name", { hasText: "notes.txt" }).click()]);
	assert.equal(download.suggestedFilename(), "notes.txt");
	await lookedAt((await latest()).id);
	await plain.page.reload();
	assert.match(await plain.articles("with two files").locator("a.picture").getAttribute("href"), /^\/attachments\//, "a picture is a plain link");
	plain.assertQuiet();
	await plain.context.close();
});

test("chosen files are chips with name, size and picture before anything is sent; one can be taken away", async () => {
	await ada.open(home);
	await choose(file("red.png", "image/png", png(30, 30)), file("list.csv", "text/csv", Buffer.alloc(2345, "a")));
	await chips().nth(1).waitFor();
	assert.match(await chips().nth(1).innerText(), /list\.csv\s+2\.3 kB/);
	assert.equal(await chips().nth(0).locator("img").count(), 1);
	await page.getByRole("button", { name: "Remove red.png" }).click();
	assert.equal(await chips().count(), 1);
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Remove list.csv", "the focus goes to the next");
	await page.getByRole("button", { name: "Remove list.csv" }).click();
	assert.equal(await page.locator("#chips").isVisible(), false);
});

test("a file that is too large, an eleventh one, and an empty one are refused before anything is sent", async () => {
	const posts = [];
	const seen = (request) => request.method() === "POST" && posts.push(request.url());
	page.on("request", seen);
	const says = (text) => page.locator("#file-problems", { hasText: text }).waitFor();
	await choose(file("big.bin", "application/octet-stream", Buffer.alloc(1024 * 1024 + 1)));
	await says(/big\.bin is larger than 1 MB/);
	await choose(file("nothing.txt", "text/plain", Buffer.alloc(0)));
	await says(/nothing\.txt is empty/);
	assert.equal(await chips().count(), 0);
	await choose(...Array.from({ length: 11 }, (_, i) => file(`${i}.txt`, "text/plain", Buffer.from("x"))));
	await says(/at most 10 files/);
	await until("ten are taken", async () => (await chips().count()) === 10);
	for (let i = 0; i < 10; i++) await chips().first().locator(".chip-remove").click();
	page.off("request", seen);
	assert.deepEqual(posts.filter((url) => url.endsWith("/messages")), []);
});

test("a pasted picture becomes a chip; where text comes with it the text is what is pasted", async () => {
	const picture = [{ name: "image.png", mimeType: "image/png", text: "not looked at here" }];
	assert.equal(await transfer("paste", "#content", { files: picture }), true);
	await chips().first().waitFor();
	await chips().first().locator(".chip-remove").click();
	assert.equal(await transfer("paste", "#content", { files: picture, text: "a\tb" }), false, "left to the browser, which puts in the text");
	assert.equal(await chips().count(), 0);
});

test("files are dropped anywhere on the room, which shows that it takes them", async () => {
	const dropped = { files: [{ name: "dropped.txt", mimeType: "text/plain", text: "x" }] };
	await transfer("dragenter", "#messages", dropped);
	assert.notEqual(await page.getAttribute("#room", "data-dragging"), null);
	await transfer("drop", "#messages", dropped);
	assert.equal(await page.getAttribute("#room", "data-dragging"), null);
	await page.locator(".chip", { hasText: "dropped.txt" }).waitFor();
	await chips().first().locator(".chip-remove").click();
});

test("description and spoiler go with each file; the message is there at once and its echo takes its place", async () => {
	await ada.open(home);
	await choose(file("cat.png", "image/png", png(300, 200)), file("end.txt", "text/plain", Buffer.from("they win")));
	await chips().nth(0).getByLabel("Description").fill("A cat on a desk");
	await chips().nth(1).getByLabel("Spoiler").check();
	await ada.say("described");
	await sent("described");
	await ada.seesOne("described");
	const { attachments } = await latest();
	assert.equal(attachments[0].description, "A cat on a desk");
	assert.equal(attachments[1].flags, 8);
	const hidden = ada.articles("described").locator(".spoiler-file");
	assert.equal(await hidden.locator(".file-card").isVisible(), false);
	await hidden.locator("summary").click();
	assert.ok(await hidden.locator(".file-card").isVisible());
	await ada.articles("described").locator("img[alt='A cat on a desk']").waitFor();
});

test("messages stand in the order in which they were written, with files or without", async () => {
	await ada.open(home);
	await choose(file("first.txt", "text/plain", Buffer.from("first")));
	await chips().first().waitFor();
	await page.evaluate(() => {
		const field = document.getElementById("content");
		for (const text of ["order one", "order two"]) {
			field.value = text;
			field.form.requestSubmit();
		}
	});
	await sent("order two");
	const texts = (await history(owner.client, owner.channel)).map((each) => each.content).filter((each) => each.startsWith("order"));
	assert.deepEqual(texts, ["order one", "order two"]);
});

test("an upload shows its progress and is given up by Cancel; Retry keeps the nonce and the files, Discard takes it away", async () => {
	ada.isTolerant = true;
	const bodies = [];
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route("**/messages", async (route) => {
		bodies.push(route.request().postData() ?? "");
		await held;
		await route.continue().catch(() => {});
	});
	await choose(file("slow.txt", "text/plain", Buffer.alloc(50_000, "s")));
	await ada.say("slowly");
	const article = ada.articles("slowly");
	await article.locator("progress").waitFor();
	assert.match(await article.innerText(), /slow\.txt/);
	await article.getByRole("button", { name: "Cancel" }).click();
	await article.getByRole("button", { name: "Retry" }).waitFor();
	release();
	await page.unroute("**/messages");
	page.on("request", (request) => request.method() === "POST" && /\/messages$/.test(request.url()) && bodies.push(request.postData() ?? ""));
	await article.getByRole("button", { name: "Retry" }).click();
	await sent("slowly");
	assert.equal((await latest()).attachments[0].filename, "slow.txt");
	const nonces = bodies.map((body) => /name="nonce"\r\n\r\n(\w+)/.exec(body)?.[1]).filter(Boolean);
	assert.equal(new Set(nonces).size, 1, "one nonce");

	await page.route("**/messages", (route) => route.abort());
	await choose(file("never.txt", "text/plain", Buffer.from("never")));
	await ada.say("unwanted");
	await ada.articles("unwanted").getByRole("button", { name: "Discard" }).click();
	assert.equal(await ada.articles("unwanted").count(), 0);
	await page.unroute("**/messages");
	await ada.say("and on");
	await sent("and on");
	ada.isTolerant = false;
});

test("text beyond the limit is counted near it, is not sent, and is offered as a file", async () => {
	await ada.open(home);
	await page.fill("#content", "x".repeat(3900));
	assert.equal(await page.locator("#content-count .count-left").innerText(), "100");
	await page.fill("#content", "é".repeat(4001));
	assert.equal(await page.locator("#content-count .count-left").innerText(), "-1");
	await page.keyboard.press("Enter");
	assert.equal((await page.inputValue("#content")).length, 4001, "it is still there");
	await page.getByRole("button", { name: "Send as a file" }).click();
	await page.locator(".chip", { hasText: "message.txt" }).waitFor();
	assert.equal(await page.inputValue("#content"), "");
	await page.click("#composer button[type=submit]");
	await until("it is a file", async () => (await latest()).attachments[0]?.filename === "message.txt");
	const [{ size }] = (await latest()).attachments;
	assert.equal(size, 8002);
});

test("text that is to be a file stays where it is when no file can be taken: too large, or what takes it cannot be loaded", async () => {
	ada.isTolerant = true; // The browser reports what the server does not keep as a draft, and what is not loaded.
	await ada.open(home);
	await page.fill("#content", "漢".repeat(350_000));
	await page.getByRole("button", { name: "Send as a file" }).click();
	await page.locator("#file-problems", { hasText: /is larger than 1 MB/ }).waitFor();
	assert.equal((await page.inputValue("#content")).length, 350_000);
	await page.route("**/js/{files,record}.js", (route) => route.abort());
	await ada.open(home);
	await page.fill("#content", "x".repeat(4001));
	await page.getByRole("button", { name: "Send as a file" }).click();
	await page.locator("#file-problems", { hasText: /could not be loaded/ }).waitFor();
	assert.equal((await page.inputValue("#content")).length, 4001);
	await page.unroute("**/js/{files,record}.js");
	await ada.open(home);
	await page.fill("#content", "");
	ada.isTolerant = false;
	ada.assertQuiet();
});

test("what is typed while text is made a file stays in the composer", async () => {
	let release;
	const held = new Promise((resolve) => (release = resolve));
	ada.isTolerant = true; // The browser may report that the server keeps no draft of this length.
	await page.route("**/js/files.js", async (route) => {
		await held;
		await route.continue();
	});
	await ada.open(home);
	await page.fill("#content", "x".repeat(4001));
	await page.getByRole("button", { name: "Send as a file" }).click();
	await page.locator("#content").focus();
	await page.keyboard.press("Control+End");
	await page.keyboard.type(" and more");
	release();
	await page.locator(".chip", { hasText: "message.txt" }).waitFor();
	await until("the rest is there", async () => (await page.inputValue("#content")) === " and more");
	await page.unroute("**/js/files.js");
	await page.fill("#content", "");
	await ada.open(home);
	ada.isTolerant = false;
	ada.assertQuiet();
});

test("pictures have their boxes before they load, exactly", async () => {
	const { id } = await post("boxes", [{ name: "wide.png", bytes: png(1200, 300), type: "image/png" }]);
	const several = await post("tiles", [1, 2, 3].map((n) => ({ name: `${n}.png`, bytes: png(100 * n, 400), type: "image/png" })));
	await lookedAt(id);
	await lookedAt(several.id);
	const boxes = () => page.evaluate((ids) => ids.flatMap((each) => [...document.querySelectorAll(`#m-${each} .picture`)].map((link) => {
		const { x, y, width, height } = link.getBoundingClientRect();
		return [x, y, width, height];
	})), [id, several.id]);
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route("**/attachments/**", async (route) => {
		await held;
		await route.continue();
	});
	await page.goto(snug.url + home, { waitUntil: "domcontentloaded" });
	await page.locator(`#m-${several.id} .picture`).nth(2).waitFor();
	const before = await boxes();
	assert.deepEqual(before[0].slice(2), [480, 120]);
	release();
	await until("all have loaded", () => page.evaluate(() => [...document.querySelectorAll(".picture img")].every((image) => image.complete && image.naturalWidth > 0)));
	assert.deepEqual(await boxes(), before);
	await page.unroute("**/attachments/**");
});

test("on a phone too a picture that is far longer than wide, or wider than long, has its box before it loads, and no larger one", async () => {
	const ids = [];
	for (const [width, height] of [[300, 6000], [5000, 100], [900, 300]]) ids.push((await post(`${width} by ${height}`, [{ name: "p.png", bytes: png(width, height), type: "image/png" }])).id);
	for (const id of ids) await lookedAt(id);
	const phone = await newPerson(snug, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
	await phone.logIn(owner);
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await phone.page.route("**/attachments/**", async (route) => {
		await held;
		await route.continue();
	});
	await phone.page.goto(snug.url + home, { waitUntil: "domcontentloaded" });
	const boxes = () => phone.page.evaluate((all) => all.map((id) => {
		const { width, height } = document.querySelector(`#m-${id} .picture`).getBoundingClientRect();
		return [Math.round(width), Math.round(height)];
	}), ids);
	await phone.page.locator(`#m-${ids.at(-1)} .picture`).waitFor();
	const before = await boxes();
	assert.deepEqual(before, [[48, 320], [318, 48], [318, 106]]);
	release();
	await until("all have loaded", () => phone.page.evaluate((all) => all.every((id) => {
		const image = document.querySelector(`#m-${id} .picture img`);
		return image.complete && image.naturalWidth > 0;
	}), ids));
	assert.deepEqual(await boxes(), before);
	await phone.context.close();
});

test("a picture opens as large as the window: arrows go through all, + zooms, Esc closes, the focus returns", async () => {
	await ada.open(home);
	const last = page.locator("a.picture").last();
	await last.click();
	const box = page.locator(".lightbox[open]");
	await box.waitFor();
	const shown = () => box.locator("img").getAttribute("src");
	const loaded = () => until("it has loaded", () => box.locator("img").evaluate((image) => image.complete && image.naturalWidth > 0));
	const first = await shown();
	assert.equal(first?.endsWith(await last.getAttribute("href")), true);
	await page.keyboard.press("ArrowLeft");
	assert.notEqual(await shown(), first);
	assert.equal(await box.locator(".lightbox-download").getAttribute("href"), await shown());
	await page.keyboard.press("ArrowRight");
	assert.equal(await shown(), first);
	await loaded();
	const width = async () => (await box.locator("img").boundingBox()).width;
	const whole = await width();
	await page.keyboard.press("+");
	assert.ok((await width()) > 1.5 * whole, "larger");
	await page.keyboard.press("0");
	assert.equal(await width(), whole);
	await page.keyboard.press("Escape");
	assert.equal(await box.count(), 0);
	await until("the focus is back", () => page.evaluate(() => document.activeElement === [...document.querySelectorAll("a.picture")].at(-1)));
});

test("a picture that is deleted, or whose conversation goes, is not left open", async () => {
	const other = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "pictures" })).json.id;
	const { body, headers } = multipart({ content: "in a channel that goes" }, [{ name: "c.png", bytes: png(60, 40), type: "image/png" }]);
	const { id } = await post("to be deleted", [{ name: "d.png", bytes: png(60, 40), type: "image/png" }]);
	await ada.open(home);
	const box = page.locator("dialog.lightbox[open]");
	await page.locator(`#m-${id} a.picture`).click();
	await box.locator("img[src]").waitFor();
	await bob.client.patch(`/channels/${owner.channel}/messages/${id}`, { content: "edited first" });
	await page.locator(`#m-${id}`, { hasText: "edited first" }).waitFor();
	assert.equal(await box.count(), 1, "an edit of the words closes nothing");
	await bob.client.delete(`/channels/${owner.channel}/messages/${id}`);
	await box.waitFor({ state: "detached" });
	assert.equal(await page.locator("dialog.lightbox img[src]").count(), 0);
	await until("it is said", async () => /picture/.test(await page.locator("#announcer").textContent()));

	/* The list changes again before the dialog has told that it is closed. */
	const { id: second } = await post("to be deleted too", [{ name: "e.png", bytes: png(60, 40), type: "image/png" }]);
	await page.locator(`#m-${second} a.picture`).click();
	await box.locator("img[src]").waitFor();
	await page.evaluate(async (name) => {
		document.getElementById("announcer").replaceChildren();
		document.getElementById(name).remove();
		for (let i = 0; i < 5; i++) {
			await null;
			document.getElementById("list").append(new Comment());
		}
	}, `m-${second}`);
	await page.locator("#announcer > p", { hasText: "picture is gone" }).first().waitFor();
	assert.equal(await page.locator("#announcer > p", { hasText: "picture is gone" }).count(), 1, "it is said once");

	assert.equal((await bob.client.post(`/channels/${other}/messages`, body, headers)).status, 200);
	await ada.open(`/channels/${owner.guild}/${other}`);
	await page.locator("a.picture").click();
	await box.locator("img[src]").waitFor();
	ada.isTolerant = true; // The page asks what became of the channel, and the browser reports the 404.
	await owner.client.delete(`/channels/${other}`);
	await page.locator(".gone").waitFor();
	ada.isTolerant = false;
	await box.waitFor({ state: "detached" });
	assert.equal(await page.locator("dialog.lightbox img[src]").count(), 0);
});

test("a picture that moves stands still until it is asked, and again when it leaves the window", async () => {
	const { id } = await post("it moves", [{ name: "moves.gif", bytes: gif(), type: "image/gif" }]);
	await lookedAt(id);
	await ada.open(home);
	const link = page.locator(`#m-${id} a.picture`);
	const address = () => link.locator("img").getAttribute("src");
	assert.match(await link.innerText(), /GIF/);
	const still = await address();
	assert.notEqual(still, await link.getAttribute("href"), "a still of it");
	await link.click();
	await until("it plays", async () => (await address())?.endsWith(await link.getAttribute("href")));
	for (let i = 0; i < 40; i++) await bob.client.send(owner.channel, `further down ${i}`);
	await until("it is out of the window", () => page.evaluate((name) => {
		document.getElementById("messages").scrollTop = 0;
		return document.getElementById(name).getBoundingClientRect().bottom < 0;
	}, `m-${id}`));
	await until("it stands still", async () => (await address()) === still);
});

test("a document opens below its name and closes again; without a script its link opens it", async () => {
	const { id } = await post("read this", [{ name: "report.pdf", bytes: pdf(), type: "application/pdf" }]);
	await ada.open(home);
	const card = page.locator(`#m-${id} .file-card`);
	assert.match(await card.innerText(), /PDF[\s\S]*report\.pdf[\s\S]*bytes/);
	await card.getByRole("link", { name: "Open" }).click();
	const frame = card.locator("iframe");
	await frame.waitFor();
	assert.equal(await frame.getAttribute("title"), "report.pdf");
	const reply = await page.evaluate(async (url) => {
		const { status, headers } = await fetch(url);
		return [status, headers.get("x-frame-options"), headers.get("content-type")];
	}, await frame.getAttribute("src"));
	assert.deepEqual(reply, [200, "SAMEORIGIN", "application/pdf"]);
	await card.getByRole("link", { name: "Close" }).click();
	await frame.waitFor({ state: "detached" });
});

test("sound is played in place; without a script a voice message is an <audio> with controls", async () => {
	await post("a tune", [{ name: "tune.wav", bytes: wav(), type: "audio/wav" }]);
	await post("", [{ name: "voice.wav", bytes: wav(), type: "audio/wav" }], { flags: 8192, attachments: [{ id: 0, duration_secs: 2, waveform: "AP8A/w==" }] });
	const plain = await newPerson(snug, { javaScriptEnabled: false });
	await plain.logIn(owner);
	assert.equal(await plain.articles("a tune").locator("audio[controls]").count(), 1);
	assert.equal(await plain.page.locator(".voice audio[controls]").count(), 1);
	await plain.context.close();
});

test("a voice message: its waveform is where to seek, keys too, and what plays can be stopped", async () => {
	await ada.open(home);
	const voice = page.locator(".voice").last();
	const seek = voice.getByLabel("Position");
	await seek.waitFor();
	assert.equal(await voice.locator(".voice-time").innerText(), "0:02");
	const height = (await voice.boundingBox()).height;
	await seek.focus();
	await page.keyboard.press("End");
	const at = () => voice.locator("audio").evaluate((audio) => audio.currentTime);
	await until("it stands at the end", async () => (await at()) > 1.5);
	await page.keyboard.press("Home");
	await until("it stands at the beginning", async () => (await at()) === 0);
	const play = voice.getByRole("button", { name: "Play" });
	await play.click();
	await until("it plays", async () => (await play.getAttribute("aria-pressed")) === "true");
	await play.click();
	await until("it is stopped", async () => (await play.getAttribute("aria-pressed")) === "false");
	assert.equal((await voice.boundingBox()).height, height);
});

test("a voice message is recorded, shown with its length while it is, and sent with a waveform; or discarded", async () => {
	await ada.context.grantPermissions(["microphone"]);
	await ada.open(home);
	await page.click("#voice-start");
	await page.locator(".recorder").waitFor();
	assert.equal(await page.locator(".composer-row").isVisible(), false);
	await page.keyboard.press("Escape");
	await page.locator(".recorder").waitFor({ state: "detached" });
	await page.click("#voice-start");
	await until("a second is recorded", async () => (await page.locator(".recorder-time").innerText()) !== "0:00");
	await page.locator(".recorder-send").click();
	await until("it is there", async () => ((await latest()).flags & 8192) !== 0 && (await latest()).author.id === owner.user.id);
	const [attachment] = (await latest()).attachments;
	assert.ok(attachment.duration_secs >= 0.5 && attachment.duration_secs < 60, `${attachment.duration_secs} s`);
	assert.ok(Buffer.from(attachment.waveform, "base64").length > 0);
	assert.match(attachment.content_type, /^audio\//);
	await page.locator(`#m-${(await latest()).id} .voice-play`).waitFor();
});

test("who may not attach files has no button for it", async () => {
	const made = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: "words-only" })).json;
	await owner.client.put(`/channels/${made.id}/permissions/${owner.guild}`, { type: 0, deny: String(1 << 15), allow: "0" });
	const guest = await newPerson(snug);
	await guest.logIn(bob);
	await guest.open(`/channels/${owner.guild}/${made.id}`);
	await guest.page.locator("#content").waitFor();
	assert.equal(await guest.page.locator(".attach, .voice-start, #files-plain").count(), 0);
	await guest.say("only words");
	await guest.seesOne("only words");
	guest.assertQuiet();
	await guest.context.close();
});

test("nothing was complained of", async () => ada.assertQuiet());

await run();
