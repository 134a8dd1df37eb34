// Small files of the kinds that people send, made here: their sizes and contents are known to the test that sends them.

import zlib from "node:zlib";

function chunk(type, data) {
	const body = Buffer.concat([Buffer.from(type), data]);
	const out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body), body.length + 4);
	return out;
}

function crc32(bytes) {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}

/** A picture of one colour. */
export function png(width, height, [red, green, blue] = [40, 120, 200]) {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8); // eight bits, RGB
	const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
	const pixels = zlib.deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
	return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** A picture that moves: two frames, each of one colour. */
export function gif(width = 64, height = 48) {
	const word = (n) => [n & 255, n >> 8];
	const head = [...Buffer.from("GIF89a"), ...word(width), ...word(height), 0x81, 0, 0, 200, 30, 30, 30, 160, 60, 0, 0, 0, 255, 255, 255];
	const loop = [0x21, 0xff, 11, ...Buffer.from("NETSCAPE2.0"), 3, 1, 0, 0, 0];
	const frame = (colour) => {
		/* LZW with a clear code before every second pixel, so that codes never grow beyond three bits. */
		const bits = [];
		const put = (code) => bits.push(code & 1, (code >> 1) & 1, (code >> 2) & 1);
		for (let i = 0; i < width * height; i++) {
			if (i % 2 === 0) put(4);
			put(colour);
		}
		put(5);
		const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((all, bit, at) => all | (bit << at), 0));
		const blocks = [];
		for (let i = 0; i < bytes.length; i += 255) blocks.push(Math.min(255, bytes.length - i), ...bytes.slice(i, i + 255));
		return [0x21, 0xf9, 4, 0, ...word(20), 0, 0, 0x2c, 0, 0, 0, 0, ...word(width), ...word(height), 0, 2, ...blocks, 0];
	};
	return Buffer.from([...head, ...loop, ...frame(0), ...frame(1), 0x3b]);
}

/** A document of one empty page. */
export function pdf() {
	return Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n");
}

/** A tone: one channel, eight bits. */
export function wav(seconds = 2, rate = 8000) {
	const data = Buffer.from(Array.from({ length: seconds * rate }, (_, i) => 128 + Math.round(60 * Math.sin(i / 6) * Math.sin(i / 3000))));
	const head = Buffer.alloc(44);
	head.write("RIFF", 0);
	head.writeUInt32LE(36 + data.length, 4);
	head.write("WAVEfmt ", 8);
	head.writeUInt32LE(16, 16);
	head.writeUInt16LE(1, 20);
	head.writeUInt16LE(1, 22);
	head.writeUInt32LE(rate, 24);
	head.writeUInt32LE(rate, 28);
	head.writeUInt16LE(1, 32);
	head.writeUInt16LE(8, 34);
	head.write("data", 36);
	head.writeUInt32LE(data.length, 40);
	return Buffer.concat([head, data]);
}

/**
 * The body of a message with files, as Discord's libraries send it.
 * @param {object} message @param {{name: string, bytes: Buffer, type?: string}[]} files
 */
export function multipart(message, files) {
	const boundary = "snug-test-boundary-7d1f";
	const parts = [`--${boundary}\r\nContent-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(message)}\r\n`];
	for (const [i, { name, bytes, type = "application/octet-stream" }] of files.entries())
		parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="files[${i}]"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`, bytes, "\r\n");
	parts.push(`--${boundary}--\r\n`);
	return { body: Buffer.concat(parts.map((part) => Buffer.from(part))), headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` } };
}
