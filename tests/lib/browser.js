// A real Chromium. Everything that a page complains of, in the console or against its content security policy, is a failure.

import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { root } from "./snug.js";
import { after, assert } from "./test.js";

const screens = path.join(root, "build/screens");
const whole = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Without windows it shows the same pages for a third of the work, but documents not at all. */
const withoutWindows = "/usr/bin/chromium-headless-shell";
const quick = process.env.CHROMIUM ?? (fs.existsSync(withoutWindows) ? withoutWindows : whole);
const browsers = new Map(); // by program, what is or will be one

function launch(program) {
	if (!browsers.has(program)) {
		const browser = chromium.launch({
			executablePath: program,
			args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"],
		});
		browsers.set(program, browser);
		after("the browser ends", async () => (await browser).close());
	}
	return browsers.get(program);
}

export class Person {
	/** @param {import("./snug.js").Snug} snug */
	constructor(snug, context, page) {
		Object.assign(this, { snug, context, page, complaints: [], navigations: 0 });
		page.on("console", (message) => {
			if (message.type() === "error" && !this.isTolerant) this.complaints.push(`${message.text()} at ${page.url()}`);
		});
		page.on("pageerror", (error) => this.complaints.push(`${error} at ${page.url()}`));
		page.on("framenavigated", (frame) => frame === page.mainFrame() && this.navigations++);
		page.setDefaultTimeout(60_000);
	}

	open(location) {
		return this.page.goto(this.snug.url + location);
	}

	async fill(fields) {
		for (const [name, value] of Object.entries(fields)) await this.page.fill(`[name="${name}"]`, value);
	}

	async submit() {
		await Promise.all([this.page.waitForNavigation(), this.page.click("main form:not([hidden]) button[type=submit]")]);
	}

	async logIn({ name, password }) {
		await this.open("/login");
		await this.fill({ login: name, password });
		await this.submit();
		assert.match(this.page.url(), /\/channels\//);
	}

	/** Types into the composer and sends, by the button, as works with and without scripts. */
	async say(text) {
		await this.page.fill("#content", text);
		await this.page.click("#composer button[type=submit]");
	}

	/** Edits a message: on its page, or with a script where it stands. */
	async edit(article, text) {
		await article.hover();
		await article.locator("a.edit").click();
		const form = this.page.locator("form.message-edit, .card form");
		await form.locator("textarea").fill(text);
		await form.locator("[type=submit]").click();
		await form.waitFor({ state: "detached" });
	}

	/** The articles whose text holds the words. */
	articles(text) {
		return this.page.locator("#list article", { hasText: text });
	}

	async seesOne(text) {
		await this.articles(text).first().waitFor();
		assert.equal(await this.articles(text).count(), 1, `"${text}" stands once`);
	}

	async screen(name) {
		fs.mkdirSync(screens, { recursive: true });
		await this.page.screenshot({ path: path.join(screens, `${name}.png`) });
	}

	assertQuiet() {
		assert.deepEqual(this.complaints, []);
	}
}

/** @param {object} options of playwright's newContext: javaScriptEnabled, viewport, colorScheme …; hasViewers: documents are shown too */
export async function newPerson(snug, { hasViewers = false, ...options } = {}) {
	const context = await (await launch(hasViewers ? whole : quick)).newContext({ viewport: { width: 1280, height: 800 }, ...options });
	return new Person(snug, context, await context.newPage());
}
