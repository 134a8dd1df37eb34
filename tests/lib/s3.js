// An S3-compatible service in this process: s3rver (npm), behind a server of ours that checks signatures (which s3rver does
// not, of version 4), can be made to fail, and remembers what it was asked.

import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import os from "node:os";
import fs from "node:fs";
import path from "node:path";
import S3rver from "s3rver";
import { after } from "./test.js";
import { freePort } from "./snug.js";

const encode = (text) => encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

/** Whether a request is signed as AWS Signature Version 4 has it, by its header or its query. */
function isSigned({ method, url, headers }, secret) {
	const [location, query = ""] = url.split("?");
	const parameters = new URLSearchParams(query);
	const header = /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)/.exec(headers.authorization ?? "");
	const [, credential, signedHeaders, signature] = header ?? [null, parameters.get("X-Amz-Credential"), parameters.get("X-Amz-SignedHeaders"), parameters.get("X-Amz-Signature")];
	if (!credential || !signature) return false;
	const [, date, region, service] = credential.split("/");
	const time = header ? headers["x-amz-date"] : parameters.get("X-Amz-Date");
	const pairs = [...parameters].filter(([name]) => name !== "X-Amz-Signature").map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
	const lines = signedHeaders.split(";").map((name) => `${name}:${headers[name]?.trim()}\n`).join("");
	const canonical = [method, location, pairs.join("&"), lines, signedHeaders, header ? headers["x-amz-content-sha256"] : "UNSIGNED-PAYLOAD"].join("\n");
	const scope = `${date}/${region}/${service}/aws4_request`;
	const toSign = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
	const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, date));
	return hmac(key, toSign).toString("hex") === signature;
}

export async function startS3({ bucket = "snug" } = {}) {
	const directory = fs.mkdtempSync(path.join(os.tmpdir(), "snug-s3-"));
	const server = new S3rver({ address: "127.0.0.1", port: await freePort(), silent: true, directory, configureBuckets: [{ name: bucket }] });
	await server.run();
	const service = { asked: [], mode: "fine", directory, bucket, env: {} };
	// Signatures hold the name that was asked, so the front hands on the Host header as it came.
	const front = http.createServer((incoming, reply) => {
		service.asked.push({ method: incoming.method, url: incoming.url, headers: incoming.headers });
		if (!isSigned(incoming, "S3RVER")) return void reply.writeHead(403).end();
		if (service.mode === "broken") return void reply.writeHead(503).end();
		if (service.mode === "silent") return void incoming.resume();
		const { address, port } = server.httpServer.address();
		const further = http.request({ host: address, port, method: incoming.method, path: incoming.url, headers: incoming.headers, setHost: false }, (answer) => {
			reply.writeHead(answer.statusCode, answer.headers);
			answer.pipe(reply);
		});
		further.on("error", () => reply.destroy());
		incoming.pipe(further);
	});
	const port = await freePort();
	await new Promise((resolve) => front.listen(port, "127.0.0.1", resolve));
	service.url = `http://127.0.0.1:${port}`;
	service.env = { SNUG_S3_ENDPOINT: service.url, SNUG_S3_BUCKET: bucket, SNUG_S3_ACCESS_KEY: "S3RVER", SNUG_S3_SECRET_KEY: "S3RVER" };
	/** Keys of the objects in the bucket. */
	service.keys = () => {
		const root = path.join(directory, bucket);
		return fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith("._S3rver_object")).map((name) => name.replace(/\._S3rver_object$/, "")).sort();
	};
	after("the S3 service ends", async () => {
		front.closeAllConnections();
		await new Promise((resolve) => front.close(resolve));
		await server.close();
		fs.rmSync(directory, { recursive: true, force: true });
	});
	return service;
}
