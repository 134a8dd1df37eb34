// A browser without JavaScript, as far as tests need one: a cookie jar, links, and forms that are read from the page and sent.

import { assert } from "./test.js";

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

export function unescapeHtml(text) {
	return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
		if (hex) return String.fromCodePoint(parseInt(hex, 16));
		return decimal ? String.fromCodePoint(Number(decimal)) : (entities[name] ?? whole);
	});
}

function attributesOf(text) {
	const found = {};
	for (const [, name, , value] of text.matchAll(/([\w:-]+)(="([^"]*)")?/g)) found[name] = unescapeHtml(value ?? "");
	return found;
}

/** Forms of a page with the fields that would be sent: [{ action, method, id, fields, buttons }]. */
export function formsOf(html) {
	const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, inside]) => ({
		method: "get",
		...attributesOf(head),
		fields: {},
		buttons: [],
		inside,
	}));
	const controls = /<(input|textarea|button|select)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g;
	const add = (form, kind, attributes, inside) => {
		if (kind === "select") {
			const options = [...inside.matchAll(/<option\b([^>]*)>/g)].map((match) => attributesOf(match[1]));
			form.fields[attributes.name] = (options.find((each) => "selected" in each) ?? options[0])?.value ?? "";
		} else if (kind === "button") form.buttons.push({ ...attributes, label: inside });
		else if (kind === "textarea") form.fields[attributes.name] = unescapeHtml(inside ?? "").replace(/^\n/, "");
		else if (attributes.name && !["submit", "checkbox", "radio"].includes(attributes.type))
			form.fields[attributes.name] = attributes.value ?? "";
	};
	for (const form of forms)
		for (const [, kind, head, inside] of form.inside.matchAll(controls)) add(form, kind, attributesOf(head), inside);
	for (const [, kind, head, inside] of html.matchAll(controls)) {
		const attributes = attributesOf(head);
		const owner = attributes.form && forms.find((form) => form.id === attributes.form);
		if (owner) add(owner, kind, attributes, inside);
	}
	return forms;
}

export class Page {
	/** @param {import("./snug.js").Snug} snug */
	constructor(snug, options = {}) {
		this.snug = snug;
		this.cookies = {};
		this.options = options;
	}

	get cookie() {
		return Object.entries(this.cookies).map(([name, value]) => `${name}=${value}`).join("; ");
	}

	/** One exchange; redirects are followed as a browser does, at most ten. */
	async fetch(location, { method = "GET", body, headers = {}, isFollowed = true } = {}) {
		for (let hop = 0; hop < 10; hop++) {
			const all = { Accept: "text/html", ...headers };
			if (this.cookie) all.Cookie = this.cookie;
			this.reply = await this.snug.request(location, { method, body, headers: all, ...this.options });
			this.location = location;
			for (const line of this.reply.headers["set-cookie"] ?? []) this.keep(line);
			const to = this.reply.headers.location;
			if (!to || !isFollowed || this.reply.status < 300 || this.reply.status > 399) return this.reply;
			const target = new URL(to, this.snug.url + location);
			location = target.pathname + target.search;
			if (this.reply.status !== 307 && this.reply.status !== 308) {
				[method, body] = ["GET", undefined];
				delete headers["Content-Type"];
			}
		}
		throw new Error(`too many redirects at ${location}`);
	}

	keep(line) {
		const [pair, ...attributes] = line.split(/; */);
		const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
		this.setCookies = { ...this.setCookies, [name]: attributes };
		const isEnded = attributes.some((each) => /^max-age=0$/i.test(each) || /^expires=.*1970/i.test(each));
		if (isEnded || value === "") delete this.cookies[name];
		else this.cookies[name] = value;
	}

	async open(location) {
		const reply = await this.fetch(location);
		assert.equal(reply.status, 200, `GET ${location}: ${reply.status} ${reply.text.slice(0, 400)}`);
		return reply;
	}

	get forms() {
		return formsOf(this.reply.text);
	}

	/** The form whose action fits, on the page that is open. */
	form(action) {
		const found = this.forms.find((form) => (action instanceof RegExp ? action.test(form.action) : form.action === action));
		assert.ok(found, `no form ${action} at ${this.location}: ${this.forms.map((form) => form.action)}`);
		return found;
	}

	/** Sends a form of the open page with some fields filled in. */
	submit(form, fields = {}, { headers = {}, isFollowed = true, action } = {}) {
		if (form instanceof RegExp || typeof form === "string") form = this.form(form);
		const body = new URLSearchParams({ ...form.fields, ...fields }).toString();
		const all = { "Content-Type": "application/x-www-form-urlencoded", Origin: this.snug.url, ...headers };
		const type = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
		return this.fetch(action ?? form.action, { method: form.method.toUpperCase(), body, headers: type, isFollowed });
	}

	/** Sends a form as a browser does that has a file to send: as multipart/form-data. */
	upload(form, { field, name = "a.png", type = "image/png", bytes }, fields = {}) {
		if (form instanceof RegExp || typeof form === "string") form = this.form(form);
		const boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
		const parts = Object.entries({ ...form.fields, ...fields }).filter(([key]) => key !== field)
			.map(([key, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`));
		const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`);
		const body = Buffer.concat([...parts, head, bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
		return this.fetch(form.action, { method: "POST", body, headers: { "Content-Type": `multipart/form-data; boundary=${boundary}`, Origin: this.snug.url } });
	}

	get text() {
		return unescapeHtml(this.reply.text.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ");
	}
}
