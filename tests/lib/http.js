// HTTP as a client that hides nothing: request() for one exchange that must be well-formed, raw() for bytes as they are.

import http from "node:http";
import https from "node:https";
import net from "node:net";

/**
 * @typedef {{ status: number, headers: http.IncomingHttpHeaders, rawHeaders: string[], bytes: Buffer, text: string, json: any }} Reply
 * json is undefined when the body is not JSON.
 */

/**
 * @param {string} url
 * @param {{ method?: string, headers?: object, body?: string | Buffer | object, agent?: http.Agent, timeout?: number }} options
 * An object as body is sent as JSON. Without an agent each request has a connection of its own.
 * @returns {Promise<Reply>}
 */
export function request(url, { method = "GET", headers = {}, body, agent = false, timeout = 30_000, ...more } = {}) {
	const isPlain = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
	const payload = isPlain ? body : JSON.stringify(body);
	const all = { ...headers };
	if (!isPlain && !Object.keys(all).some((name) => name.toLowerCase() === "content-type"))
		all["Content-Type"] = "application/json";
	if (payload !== undefined && !Object.keys(all).some((name) => /^(content-length|transfer-encoding)$/i.test(name)))
		all["Content-Length"] = Buffer.byteLength(payload);
	const { request: start } = url.startsWith("https:") ? https : http;
	return new Promise((resolve, reject) => {
		const sent = start(url, { method, headers: all, agent, timeout, ...more }, (incoming) => {
			const parts = [];
			incoming.on("data", (part) => parts.push(part));
			incoming.on("error", reject);
			incoming.on("end", () => resolve(toReply(incoming, Buffer.concat(parts))));
		});
		sent.on("timeout", () => sent.destroy(new Error(`${method} ${url}: no answer within ${timeout} ms`)));
		sent.on("error", (error) => {
			// A kept connection may be closed, for its age or a reload, at the moment a request is written to it. Nothing
			// of that request was taken then, and every client sends it again (RFC 9112, section 9.3.1).
			if (sent.reusedSocket && error.code === "ECONNRESET") resolve(request(url, { method, headers, body, agent: false, timeout, ...more }));
			else reject(error);
		});
		sent.end(payload);
	});
}

function toReply(incoming, bytes) {
	const text = bytes.toString("utf8");
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: incoming.statusCode, headers: incoming.headers, rawHeaders: incoming.rawHeaders, bytes, text, json };
}

/**
 * Sends bytes as they are and returns all that comes back until the other side closes, or until idle ms pass in silence.
 * @param {{ port: number, bytes: string | Buffer, idle?: number, end?: boolean }} options
 * @returns {Promise<{ text: string, status: number, isClosed: boolean }>} status is that of the first reply, 0 without one
 */
export function raw({ port, bytes, idle = 1500, end = false }) {
	return new Promise((resolve) => {
		const parts = [];
		let isClosed = false;
		const socket = net.connect(port, "127.0.0.1", () => (end ? socket.end(bytes) : socket.write(bytes)));
		const done = () => {
			socket.destroy();
			const text = Buffer.concat(parts).toString("latin1");
			resolve({ text, status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), isClosed });
		};
		socket.setTimeout(idle, done);
		socket.on("data", (part) => parts.push(part));
		socket.on("error", () => {});
		socket.on("close", () => {
			isClosed = true;
			done();
		});
	});
}
