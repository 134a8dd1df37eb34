// Messages with files, as the libraries and browsers send them.

import http from "node:http";

/** A part: { name, content, filename?, type?, extra? }. */
function head({ name, filename, type, extra = [] }) {
	const lines = [`Content-Disposition: form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"`}`];
	if (type) lines.push(`Content-Type: ${type}`);
	return [...lines, ...extra].join("\r\n");
}

/** The bytes of a multipart body. isOdd: as eris writes it, with a line end before the first boundary and none behind the last. */
export function multipart(parts, { boundary = "----------------snug", isOdd = false } = {}) {
	const pieces = [Buffer.from(isOdd ? "\r\n" : "")];
	for (const part of parts) pieces.push(Buffer.from(`--${boundary}\r\n${head(part)}\r\n\r\n`), Buffer.from(part.content ?? ""), Buffer.from("\r\n"));
	pieces.push(Buffer.from(`--${boundary}--${isOdd ? "" : "\r\n"}`));
	return { bytes: Buffer.concat(pieces), type: `multipart/form-data; boundary=${boundary}` };
}

/** Posts parts to a path of the API. */
export async function postParts(client, path, parts, { method = "POST", ...options } = {}) {
	const { bytes, type } = multipart(parts, options);
	return client.request(method, path, bytes, { "Content-Type": type });
}

/** Posts a message with files ({ name, content }) to a channel of the API, and insists. */
export async function sendFiles(client, channel, files, message = {}) {
	const parts = [
		{ name: "payload_json", content: JSON.stringify(message) },
		...files.map((file, i) => ({ name: `files[${i}]`, filename: file.name, content: file.content, type: file.type })),
	];
	const reply = await postParts(client, `/channels/${channel}/messages`, parts);
	if (reply.status !== 200) throw new Error(`POST files: ${reply.status} ${reply.text}`);
	return reply.json;
}

/** The same body in chunks of that many bytes, without a length. */
export function postChunked(snug, token, path, { bytes, type }, size = 1000) {
	return new Promise((resolve, reject) => {
		const sent = http.request(snug.url + path, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": type, "Transfer-Encoding": "chunked" }, agent: false }, (incoming) => {
			const parts = [];
			incoming.on("data", (part) => parts.push(part));
			incoming.on("end", () => {
				const text = Buffer.concat(parts).toString();
				resolve({ status: incoming.statusCode, text, json: text ? JSON.parse(text) : undefined });
			});
		});
		sent.on("error", reject);
		for (let at = 0; at < bytes.length; at += size) sent.write(bytes.subarray(at, at + size));
		sent.end();
	});
}

/** The path of an address that the API gave out, with its query. */
export const pathOf = (url) => new URL(url).pathname + new URL(url).search;
