// https by snug itself, and behind an nginx that speaks it.

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { freePort, openFiles, root, startSnug, temporaryFolder } from "../lib/snug.js";
import { invitePerson, setUp } from "../lib/api.js";
import { Page } from "../lib/page.js";
import { request } from "../lib/http.js";
import { openStream } from "../lib/stream.js";
import { after, assert, run, test, until } from "../lib/test.js";

const folder = temporaryFolder();
const certificate = path.join(folder, "certificate.pem");
const key = path.join(folder, "key.pem");
const openssl = (name) =>
	execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", `/CN=${name}`,
		"-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate], { stdio: "pipe" });
openssl("one");
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
process.removeAllListeners("warning");

test("with a certificate everything is https: the cookie is Secure and bound to the host, and HSTS is sent", async () => {
	const port = await freePort();
	const snug = await startSnug({ port, url: `https://127.0.0.1:${port}`, env: { SNUG_TLS_CERTIFICATE: certificate, SNUG_TLS_KEY: key, SNUG_PUBLIC_URL: `https://127.0.0.1:${port}` } });
	const owner = await setUp(snug);
	const page = new Page(snug);
	await page.open("/login");
	assert.match(page.reply.headers["strict-transport-security"], /max-age=\d{7,}/);
	await page.submit(/login/, { login: owner.name, password: owner.password });
	assert.match(page.location, /^\/channels\//, page.text);
	const attributes = page.setCookies["__Host-snug_session"].map((each) => each.toLowerCase());
	for (const each of ["secure", "httponly", "path=/", "samesite=lax"]) assert.ok(attributes.includes(each), each);
	const api = await owner.client.get("/users/@me");
	assert.match(api.headers["strict-transport-security"], /max-age=/);
	const [file] = /\/static\/[^"]+\.css/.exec(page.reply.text) ?? /\/static\/[^"]+\.css/.exec((await snug.request("/login")).text);
	for (const [location, options] of [[file], ["/static/none.css"], ["/nothing"], ["/api/v1/nothing"], ["/api/v1/events"], ["/login", { headers: { "X-Long": "x".repeat(9000) } }], ["/api/v1/users/@me", { method: "TRACE" }]])
		assert.match((await snug.request(location, options)).headers["strict-transport-security"] ?? "none", /max-age=\d{7,}/, location);
	const plain = await request(`http://127.0.0.1:${port}/login`).catch(() => ({ status: 0 }));
	assert.ok(plain.status === 0 || plain.status === 400, `plain http gets ${plain.status}`);
	for (const protocol of ["-tls1_1", "-tls1"]) {
		let text;
		try {
			text = execFileSync("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, protocol, "-brief"], { input: "", stdio: "pipe", encoding: "utf8" });
		} catch (error) {
			text = String(error.stderr);
		}
		assert.ok(!/CONNECTION ESTABLISHED/.test(text), protocol);
	}
});

test("a renewed certificate is taken up by SIGHUP, without a break", async () => {
	const port = await freePort();
	const snug = await startSnug({ port, url: `https://127.0.0.1:${port}`, env: { SNUG_TLS_CERTIFICATE: certificate, SNUG_TLS_KEY: key } });
	const subject = () => {
		try {
			return execFileSync("sh", ["-c", `openssl s_client -connect 127.0.0.1:${port} </dev/null 2>/dev/null | openssl x509 -noout -subject`], { encoding: "utf8" });
		} catch {
			return "";
		}
	};
	assert.match(subject(), /one/);
	openssl("two");
	process.kill(snug.pid, "SIGHUP");
	await until("the new certificate is served", () => /two/.test(subject()), { pause: 100 });
	assert.equal((await snug.request("/health/ready")).status, 200);
	openssl("one");
});

/** Starts nginx with the site that conf/nginx.conf.example describes, before a Snug on some port. */
async function startNginx(upstream) {
	const port = await freePort();
	const site = fs.readFileSync(path.join(root, "conf/nginx.conf.example"), "utf8")
		.replace("server 127.0.0.1:8080;", `server 127.0.0.1:${upstream};`)
		.replace(/listen 443 [^;]*;/, `listen 127.0.0.1:${port} ssl;`)
		.replace(/^\s*listen \[::\]:443 .*$/m, "")
		.replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
		.replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`);
	const conf = path.join(folder, `nginx-${upstream}.conf`);
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${folder}/nginx-${each};`).join(" ");
	fs.writeFileSync(conf, `daemon off; pid ${folder}/nginx-${upstream}.pid; error_log stderr; worker_processes 1; events { worker_connections 512; }
http { access_log off; ${temporary}
${site}
}`);
	const nginx = spawn("nginx", ["-p", folder, "-c", conf], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
	let errors = "";
	nginx.stderr.on("data", (part) => (errors += part));
	after("nginx ends", async () => {
		nginx.kill("SIGTERM");
		await new Promise((resolve) => (nginx.exitCode !== null ? resolve() : nginx.once("exit", resolve)));
	});
	const url = `https://127.0.0.1:${port}`;
	await until("nginx listens", async () => {
		assert.equal(nginx.exitCode, null, errors);
		return (await request(url).catch(() => null))?.status;
	});
	return url;
}

test("behind an nginx as conf/nginx.conf.example has it: https cookies, no buffered streams", { skip: !fs.existsSync("/usr/sbin/nginx") && "no nginx" }, async () => {
	const port = await freePort();
	const url = await startNginx(port);
	const snug = await startSnug({ port, env: { SNUG_TRUSTED_PROXIES: "127.0.0.1", SNUG_PUBLIC_URL: url } });
	const owner = await setUp(snug);
	const bob = await invitePerson(owner);
	const front = { url, request: (location, options) => request(url + location, options) };
	const page = new Page(front);
	await page.open("/login");
	assert.match(page.reply.headers["strict-transport-security"], /max-age=/);
	await page.submit(/login/, { login: owner.name, password: owner.password });
	assert.match(page.location, /^\/channels\//, page.text);
	assert.ok(page.cookies["__Host-snug_session"], "the cookie knows that people come by https");
	for (const options of [{ token: bob.access_token }, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` }]) {
		const stream = await openStream(front, options);
		assert.equal(stream.status, 200);
		const started = performance.now();
		const made = await owner.client.send(owner.channel, "through nginx");
		const event = await stream.find("the event comes", (each) => each.data.includes(made.id));
		assert.ok(event.at - started < 12_000, "unbuffered: not only with what comes later");
		stream.close();
	}
	const { next } = (await bob.client.get("/events?timeout=0")).json;
	const waiting = request(`${url}/api/v1/events?after=${next}&timeout=20`, { headers: { Authorization: `Bearer ${bob.access_token}` } });
	await new Promise((resolve) => setTimeout(resolve, 200));
	await owner.client.send(owner.channel, "polled through nginx");
	assert.equal((await waiting).json.events[0].d.content, "polled through nginx");
	const live = snug.parentOf("snug-live").pid;
	const before = openFiles(live);
	const stream = await openStream(front, { token: bob.access_token });
	const connection = [...openFiles(live)].find((each) => !before.has(each));
	assert.ok(connection, "it is connected");
	stream.close();
	await until("a client that goes away behind nginx is noticed", () => !openFiles(live).has(connection));
});

test("X-Forwarded-For is believed from a configured proxy and from nobody else", async () => {
	const limited = async (env) => {
		const snug = await startSnug({ env: { SNUG_RATE_LIMITS: "on", ...env } });
		await setUp(snug);
		const statuses = [];
		for (let i = 0; i < 16; i++)
			statuses.push((await snug.request("/api/v1/auth/login", { method: "POST", body: { login: `nobody${i}`, password: "not the password" }, headers: { "X-Forwarded-For": `10.9.8.${i}` } })).status);
		return statuses;
	};
	const untrusted = await limited({});
	assert.ok(untrusted.includes(429), `an address of one's own choice does not escape the limit: ${untrusted}`);
	const trusted = await limited({ SNUG_TRUSTED_PROXIES: "127.0.0.1" });
	assert.ok(!trusted.includes(429), `behind a proxy each address counts for itself: ${trusted}`);
});

await run();
