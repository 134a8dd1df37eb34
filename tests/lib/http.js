// HTTP as a client that hides nothing: request() for one exchange that must be well-formed, raw() for bytes as they are.
// What every client does of itself request() does too: a request that nobody has taken is sent again, where a kept
// connection was closed under it, and where a pool is full and asks to come again.

import http from "node:http";
import https from "node:https";
import net from "node:net";
import { setTimeout } from "node:timers/promises";

/**
 * @typedef {{ status: number, headers: http.IncomingHttpHeaders, rawHeaders: string[], bytes: Buffer, text: string, json: any }} Reply
 * json is undefined when the body is not JSON.
 */

/**
 * @param {string} url
 * @param {{ method?: string, headers?: object, body?: string | Buffer | object, agent?: http.Agent, timeout?: number }} options
 * An object as body is sent as JSON. Without an agent each request has a connection of its own. timeout is of silence.
 * @returns {Promise<Reply>}
 */
export function request(url, { method = "GET", headers = {}, body, agent = false, timeout = 60_000, ...more } = {}) {
	const isPlain = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
	const payload = isPlain ? body : JSON.stringify(body);
	const all = { ...headers };
	if (!isPlain && !Object.keys(all).some((name) => name.toLowerCase() === "content-type"))
		all["Content-Type"] = "application/json";
	if (payload !== undefined && !Object.keys(all).some((name) => /^(content-length|transfer-encoding)$/i.test(name)))
		all["Content-Length"] = Buffer.byteLength(payload);
	const { request: start } = url.startsWith("https:") ? https : http;
	const again = (change) => request(url, { method, headers, body, agent, timeout, ...more, ...change });
	return new Promise((resolve, reject) => {
		const sent = start(url, { method, headers: all, agent, timeout, ...more }, (incoming) => {
			const parts = [];
			incoming.on("data", (part) => parts.push(part));
			incoming.on("error", reject);
			incoming.on("end", () => {
				const reply = toReply(incoming, Buffer.concat(parts));
				resolve(isShed(reply) ? setTimeout(1000).then(() => again({})) : reply);
			});
		});
		sent.on("timeout", () => sent.destroy(new Error(`${method} ${url}: no answer within ${timeout} ms`)));
		sent.on("error", (error) => {
			// A kept connection may be closed, for its age or a reload, at the moment a request is written to it. Nothing
			// of that request was taken then, and every client sends it again (RFC 9112, section 9.3.1).
			if (sent.reusedSocket && ["ECONNRESET", "EPIPE"].includes(error.code)) resolve(again({ agent: false }));
			else reject(error);
		});
		sent.end(payload);
	});
}

/** Whether the parent of a pool that has been full for a second said so, which has read nothing of the request (front/pool_shed.c). */
const isShed = ({ status, headers }) => status === 503 && headers["retry-after"] === "1" && !("x-request-id" in headers);

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

/** Whether bytes as latin1 begin with a reply that is as long as it says. */
function isWhole(text) {
	const head = /^HTTP\/1\.[01] \d{3}[^]*?\r\n\r\n/.exec(text)?.[0];
	return head !== undefined && text.length >= head.length + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
}

/**
 * Sends bytes as they are and returns all that comes back until the other side closes; or until idle ms pass in silence
 * once there is a whole reply, or patience ms without one.
 * @param {{ port: number, bytes: string | Buffer, idle?: number, patience?: number, end?: boolean }} options
 * @returns {Promise<{ text: string, status: number, isClosed: boolean }>} status is that of the first reply, 0 without one
 */
export function raw({ port, bytes, idle = 1500, patience = 60_000, end = false }) {
	return new Promise((resolve) => {
		const parts = [];
		let isClosed = false;
		const socket = net.connect(port, "127.0.0.1", () => (end ? socket.end(bytes) : socket.write(bytes)));
		const done = () => {
			socket.destroy();
			const text = Buffer.concat(parts).toString("latin1");
			resolve({ text, status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), isClosed });
		};
		socket.setTimeout(patience, done);
		socket.on("data", (part) => {
			parts.push(part);
			if (isWhole(Buffer.concat(parts).toString("latin1"))) socket.setTimeout(idle);
		});
		socket.on("error", () => {});
		socket.on("close", () => {
			isClosed = true;
			done();
		});
	});
}
