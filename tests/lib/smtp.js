// A real mail server (aiosmtpd, tests/tools/smtp.py) for tests of mail.
//
//	const smtp = await startSmtp();
//	const snug = await startSnug({ env: smtp.env });
//	const mail = await smtp.next();       // { from, to, subject, id, text, html, headers, isEncrypted, user }
//	await smtp.order({ rcpt: "451 4.3.2 later", times: 1 });

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { root, temporaryFolder } from "./snug.js";
import { after, until } from "./test.js";

/** A certificate for 127.0.0.1 and its key, which nobody else trusts. */
export function makeCertificate() {
	const folder = temporaryFolder();
	const certificate = path.join(folder, "mail-certificate.pem");
	const key = path.join(folder, "mail-key.pem");
	execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
		"-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate], { stdio: "pipe" });
	// Snug's programs have users of their own, who may not search a folder of root's.
	fs.chmodSync(folder, 0o755);
	fs.chmodSync(certificate, 0o644);
	return { certificate, key };
}

function decodeQuoted(text) {
	const bytes = text.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}

function decodeHeader(text) {
	return text.replaceAll(/\?=\s+=\?/g, "?==?").replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, "base64").toString("latin1"));
}

function splitHead(text) {
	const at = text.indexOf("\r\n\r\n");
	const headers = {};
	for (const line of text.slice(0, at).replaceAll(/\r\n[ \t]+/g, " ").split("\r\n")) {
		const colon = line.indexOf(":");
		headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
	}
	return { headers, body: text.slice(at + 4) };
}

/** The parts of a mail as Snug writes it: one text and one HTML version. */
export function parseMail(content) {
	const { headers, body } = splitHead(content);
	const boundary = /boundary="([^"]+)"/.exec(headers["content-type"])[1];
	const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => splitHead(part.replace(/^\r\n/, "")));
	const part = (type) => decodeQuoted(parts.find((each) => each.headers["content-type"].startsWith(type)).body.replace(/\r\n$/, ""));
	return {
		headers,
		id: headers["message-id"],
		subject: Buffer.from(decodeHeader(headers.subject), "latin1").toString("utf8"),
		text: part("text/plain"),
		html: part("text/html"),
		content,
	};
}

class Smtp {
	constructor(options) {
		this.options = options;
		this.mails = [];
		this.taken = 0; // by next()
		this.connections = 0;
		this.orders = 0;
	}

	/** Starts it, again on the same port after stop(). */
	async start() {
		const { process: child } = this;
		if (child) throw new Error("it runs already");
		this.process = spawn("/usr/bin/python3", [path.join(root, "tests/tools/smtp.py"), JSON.stringify({ ...this.options, port: this.port ?? 0 })], { stdio: ["pipe", "pipe", "pipe"] });
		this.complaints = "";
		this.process.stderr.on("data", (part) => (this.complaints += part));
		this.isListening = false;
		readline.createInterface({ input: this.process.stdout }).on("line", (line) => this.hear(JSON.parse(line)));
		await until("the mail server listens", () => {
			if (this.process.exitCode !== null) throw new Error(`the mail server ended: ${this.complaints}`);
			return this.isListening;
		});
		return this;
	}

	hear({ listening, mail, connected, ordered }) {
		if (listening) [this.port, this.isListening] = [listening, true];
		if (mail) this.mails.push({ ...mail, ...parseMail(mail.content) });
		if (connected) this.connections++;
		if (ordered) this.orders++;
	}

	async stop() {
		const child = this.process;
		this.process = null;
		if (!child || child.exitCode !== null) return;
		const ended = new Promise((resolve) => child.once("exit", resolve));
		child.kill("SIGKILL");
		await ended;
	}

	/** What it answers from now on: see tests/tools/smtp.py. */
	async order(orders) {
		const before = this.orders;
		this.process.stdin.write(`${JSON.stringify(orders)}\n`);
		await until("the mail server has its orders", () => this.orders > before);
	}

	/** The next mail that nobody has looked at yet. */
	async next({ timeout } = {}) {
		await until("a mail comes", () => this.mails.length > this.taken, { timeout });
		return this.mails[this.taken++];
	}

	/** The settings of a Snug that sends its mail here. */
	get env() {
		const { tls = "none", certificate, user = "", password = "" } = this.options;
		return {
			SNUG_SMTP_URL: `${tls === "implicit" ? "smtps" : "smtp"}://127.0.0.1:${this.port}`,
			SNUG_SMTP_TLS: tls === "starttls" ? "required" : "off",
			SNUG_SMTP_CA: certificate ?? "",
			SNUG_SMTP_USER: user,
			SNUG_SMTP_PASSWORD: password,
			SNUG_MAIL_FROM: "snug@example.org",
		};
	}
}

/** @param {{ tls?: "none" | "starttls" | "implicit", user?: string, password?: string }} options */
export async function startSmtp({ tls = "none", user, password } = {}) {
	const smtp = new Smtp({ tls, user, password, ...(tls === "none" ? {} : makeCertificate()) });
	after("the mail server is stopped", () => smtp.stop());
	return smtp.start();
}
