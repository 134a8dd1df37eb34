// Previews of links: pages of other sites, which here are servers of this test, are asked by snug-worker what they say of
// themselves, and never anything that is not on the public internet.
//
// Begins early: it waits for what a killed worker had in hand.

import { execFileSync } from "node:child_process";
import http from "node:http";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { startSnug } from "../lib/snug.js";
import { openStream } from "../lib/stream.js";
import { after, assert, run, test, until } from "../lib/test.js";

const page = (title, more = "") => `<!doctype html><html><head><title>${title}</title>${more}</head><body>x</body></html>`;
const html = { "Content-Type": "text/html; charset=utf-8" };

/** A site; answer(request, response) says what it answers. asked are the paths that were asked for. */
async function startSite(answer, host = "127.0.0.1") {
	const site = { asked: [], sockets: new Set() };
	site.server = http.createServer((request, response) => {
		site.asked.push(request.url);
		site.last = request;
		answer(request, response);
	});
	site.server.on("connection", (socket) => {
		site.sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => site.sockets.delete(socket));
	});
	await new Promise((resolve) => site.server.listen(0, host, resolve));
	site.port = site.server.address().port;
	site.url = `http://${host}:${site.port}`;
	after(`${site.url} is closed`, async () => {
		site.sockets.forEach((socket) => socket.destroy());
		site.server.close();
	});
	return site;
}

const bodies = {
	"/plain": page("A plain page", "<meta name=description content='What it is &amp; does'><meta property=og:site_name content=Example>"),
	"/hostile": page("&lt;script&gt;alert(1)&lt;/script&gt;\n\u202e x", "<meta property=og:description content='**not bold** ||no|| <@1> \"><img src=x onerror=alert(1)>'>"),
	"/nothing": "<html><head></head><body>no title</body></html>",
	"/latin": Buffer.from("<html><head><title>caf\xe9 \x93q\x94</title></head>", "latin1"),
	"/sjis": Buffer.concat([Buffer.from("<html><head><meta charset=Shift_JIS><title>"), Buffer.from([0x93, 0xfa, 0x96, 0x7b]), Buffer.from("</title></head>")]),
};
const site = await startSite((request, response) => {
	const { pathname, searchParams } = new URL(request.url, "http://x");
	if (pathname in bodies) return response.writeHead(200, pathname === "/latin" ? { "Content-Type": "text/html; charset=ISO-8859-1" } : pathname === "/sjis" ? { "Content-Type": "text/html" } : html).end(bodies[pathname]);
	if (pathname === "/to") return response.writeHead(302, { Location: searchParams.get("url") }).end();
	if (pathname.startsWith("/hop/")) return response.writeHead(301, { Location: Number(pathname.slice(5)) > 0 ? `/hop/${Number(pathname.slice(5)) - 1}` : "/plain" }).end();
	if (pathname === "/json") return response.writeHead(200, { "Content-Type": "application/json" }).end(page("no"));
	if (pathname === "/missing") return response.writeHead(404, html).end(page("no"));
	if (pathname === "/slow") return; // never
	if (pathname === "/dripping") {
		response.writeHead(200, html);
		const timer = setInterval(() => response.write(" "), 200);
		return response.on("close", () => clearInterval(timer));
	}
	if (pathname === "/endless") {
		response.writeHead(200, html);
		const more = () => {
			while (response.write("<!-- ".padEnd(65536, "a") + " -->"));
		};
		response.on("drain", more);
		return more();
	}
	if (pathname === "/early") {
		response.writeHead(200, html);
		return response.write(page("An early head")); // the rest never comes
	}
	return response.writeHead(200, html).end(page(`Page ${pathname}`));
});
/** Nobody is to ask this one: only 127.0.0.1 is allowed. */
const secret = await startSite((_, response) => response.writeHead(200, html).end(page("Secret")), "127.0.0.2");

const snug = await startSnug({ env: { SNUG_LINK_PREVIEWS_ALLOW: "127.0.0.1/32" } });
const owner = await setUp(snug);
const stream = await openStream(snug, { token: owner.client.token });

const get = async (id, channel = owner.channel) => (await owner.client.get(`/channels/${channel}/messages/${id}`)).json;
const query = (text) => execFileSync("sqlite3", ["-readonly", "-cmd", ".timeout 2000", `${snug.data}/snug.db`, text], { encoding: "utf8" }).trim();
const jobsLeft = () => Number(query("SELECT count(*) FROM jobs WHERE kind = 'preview'"));

/** Posts, and gives the embeds once nothing more will come. */
async function previewsOf(content, more = {}) {
	const { id } = await owner.client.send(owner.channel, content, more);
	await until("the job is done", () => jobsLeft() === 0);
	return (await get(id)).embeds;
}

test("a page's title, description and name stand below the message, and who has it open hears of it", async () => {
	const { id, embeds } = await owner.client.send(owner.channel, `see ${site.url}/plain`);
	assert.deepEqual(embeds, []);
	await until("it has a preview", async () => (await get(id)).embeds.length === 1);
	assert.deepEqual((await get(id)).embeds, [{ type: "link", url: `${site.url}/plain`, title: "A plain page", description: "What it is & does", provider: { name: "Example" } }]);
	assert.equal((await get(id)).edited_timestamp, null, "that is no edit");
	const event = await stream.find("the update", (each) => each.event === "MESSAGE_UPDATE" && JSON.parse(each.data).id === id);
	assert.equal(JSON.parse(event.data).embeds[0].title, "A plain page");
	assert.match(site.last.headers["user-agent"], /Snug/);
	for (const name of ["cookie", "authorization", "referer", "x-forwarded-for"]) assert.equal(site.last.headers[name], undefined, name);
});

test("each page once, five at most, and none from code, spoilers or angle brackets", async () => {
	const titles = (await previewsOf(`${[1, 2, 1, 3, 4, 5, 6].map((n) => `${site.url}/${n}`).join(" ")}`)).map((each) => each.title);
	assert.deepEqual(titles, [1, 2, 3, 4, 5].map((n) => `Page /${n}`));
	const before = site.asked.length;
	assert.deepEqual(await previewsOf(`<${site.url}/a> \`${site.url}/b\` ||${site.url}/c|| ||see ${site.url}/d||`), []);
	assert.equal(site.asked.length, before, "nobody was asked");
});

test("what a page says is text, whatever it says", async () => {
	const [embed] = await previewsOf(`${site.url}/hostile`);
	assert.equal(embed.title, "<script>alert(1)</script> x");
	assert.equal(embed.description, "**not bold** ||no|| <@1> \"><img src=x onerror=alert(1)>");
});

test("pages in other encodings are read in theirs", async () => {
	assert.equal((await previewsOf(`${site.url}/latin`))[0].title, "café “q”");
	assert.equal((await previewsOf(`${site.url}/sjis`))[0].title, "日本");
});

test("no preview: nothing said, no HTML, not found, too large, too slow", async () => {
	for (const path of ["/nothing", "/json", "/missing", "/endless", "/slow", "/dripping"])
		assert.deepEqual(await previewsOf(site.url + path), [], path);
	assert.equal((await previewsOf(`${site.url}/early`))[0].title, "An early head", "its head is enough");
});

test("redirects are followed three times, and each is a new address", async () => {
	const [embed] = await previewsOf(`${site.url}/hop/2`);
	assert.deepEqual([embed.title, embed.url], ["A plain page", `${site.url}/plain`]);
	assert.deepEqual(await previewsOf(`${site.url}/hop/3`), []);
	const refused = [`${secret.url}/`, `http://localhost:${secret.port}/`, "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:127.0.0.2]/",
		"file:///etc/passwd", "gopher://127.0.0.1/", `//127.0.0.2:${secret.port}/`, "http://user:password@127.0.0.1/", "javascript:alert(1)"];
	for (const url of refused) assert.deepEqual(await previewsOf(`${site.url}/to?url=${encodeURIComponent(url)}`), [], url);
	assert.deepEqual(secret.asked, []);
});

test("nothing but public addresses is asked, in whatever form they are written", async () => {
	const port = secret.port;
	const forms = [`127.0.0.2:${port}`, `2130706434:${port}`, `0x7f000002:${port}`, `0177.0.0.2:${port}`, `127.2:${port}`, `[::ffff:127.0.0.2]:${port}`,
		`[::ffff:7f00:2]:${port}`, `[::127.0.0.2]:${port}`, `[64:ff9b::7f00:2]:${port}`, `[2002:7f00:2::]:${port}`, `0.0.0.0:${port}`, `0:${port}`, `[::]:${port}`,
		`[::1]:${port}`, `[fe80::1%25lo]:${port}`, `10.0.0.1:${port}`, `user@127.0.0.2:${port}`];
	assert.deepEqual(await previewsOf(forms.slice(0, 5).map((each) => `http://${each}/`).join(" ")), []);
	for (let i = 5; i < forms.length; i += 5) assert.deepEqual(await previewsOf(forms.slice(i, i + 5).map((each) => `http://${each}/`).join(" ")), []);
	assert.deepEqual(secret.asked, []);
});

test("an edit takes other previews, and a text without links none", async () => {
	const { id } = await owner.client.send(owner.channel, `${site.url}/first`);
	await until("it has a preview", async () => (await get(id)).embeds[0]?.title === "Page /first");
	await owner.client.patch(`/channels/${owner.channel}/messages/${id}`, { content: `${site.url}/second` });
	await until("it has the other", async () => (await get(id)).embeds[0]?.title === "Page /second");
	await owner.client.patch(`/channels/${owner.channel}/messages/${id}`, { content: "none" });
	assert.deepEqual((await get(id)).embeds, []);
});

test("previews can be taken away, and then none comes again", async () => {
	const { id } = await owner.client.send(owner.channel, `${site.url}/shown`);
	await until("it has a preview", async () => (await get(id)).embeds.length === 1);
	const SUPPRESS_EMBEDS = 4;
	const reply = await owner.client.patch(`/channels/${owner.channel}/messages/${id}`, { flags: SUPPRESS_EMBEDS });
	assert.equal(reply.status, 200, reply.text);
	assert.deepEqual((await get(id)).embeds, []);
	assert.deepEqual(await previewsOf(`${site.url}/other`, { flags: SUPPRESS_EMBEDS }), []);
	assert.ok(!site.asked.includes("/other"));
});

test("a deleted message leaves neither its link nor its preview behind", async () => {
	const word = unique("gone");
	const { id } = await owner.client.send(owner.channel, `${site.url}/${word}`);
	await until("it has a preview", async () => (await get(id)).embeds.length === 1);
	assert.equal((await owner.client.delete(`/channels/${owner.channel}/messages/${id}`)).status, 204);
	for (const table of ["messages", "message_embeds", "events", "jobs"]) {
		const columns = query(`SELECT group_concat('coalesce(' || name || ','''')', '||') FROM pragma_table_info('${table}')`);
		assert.equal(query(`SELECT count(*) FROM ${table} WHERE ${columns} LIKE '%${word}%'`), "0", table);
	}
});

test("who may not embed links gets no previews", async () => {
	const bob = await invitePerson(owner);
	const EMBED_LINKS = String(1 << 14);
	const channel = (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("plain"), permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: EMBED_LINKS }] })).json.id;
	const { id } = await bob.client.send(channel, `${site.url}/bob`);
	assert.equal(jobsLeft(), 0);
	assert.deepEqual((await get(id, channel)).embeds, []);
	assert.ok(!site.asked.includes("/bob"));
});

test("a worker that is killed does it again, once", async () => {
	const { id } = await owner.client.send(owner.channel, `${site.url}/slow ${site.url}/after`);
	await until("it is under way", () => site.asked.includes("/slow"));
	const worker = snug.processes().find((each) => each.program === "snug-worker");
	process.kill(worker.pid, "SIGKILL");
	await until("it has its preview", async () => (await get(id)).embeds.length === 1, { timeout: 120_000 });
	assert.equal((await get(id)).embeds[0].title, "Page /after");
});

test("with link_previews off nobody is asked", async () => {
	const quiet = await startSnug({ env: { SNUG_LINK_PREVIEWS: "off", SNUG_LINK_PREVIEWS_ALLOW: "127.0.0.1/32" } });
	const other = await setUp(quiet);
	await other.client.send(other.channel, `${site.url}/quiet`);
	const count = execFileSync("sqlite3", ["-readonly", "-cmd", ".timeout 2000", `${quiet.data}/snug.db`, "SELECT count(*) FROM jobs"], { encoding: "utf8" }).trim();
	assert.equal(count, "0");
	await quiet.stop();
});

await run();
