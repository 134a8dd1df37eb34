// The main job by pages alone, as a browser without JavaScript does it: links, forms and a cookie.

import { startSnug } from "../lib/snug.js";
import { goodPassword, history, invitePerson, nonce, setUp, unique } from "../lib/api.js";
import { Page, unescapeHtml } from "../lib/page.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const bob = await invitePerson(owner, { display_name: "Bob" });

async function logIn(who) {
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: who.name, password: who.password });
	assert.match(page.location, /^\/channels\//, page.text);
	return page;
}
const ada = await logIn(owner);
const home = `/channels/${owner.guild}/${owner.channel}`;
const posting = new RegExp(`${home}/messages$`);
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json.id;
const contents = async (channel = owner.channel) => (await history(owner.client, channel)).map((each) => each.content);

test("a login leads to the first channel, with its list, its messages and a composer", async () => {
	assert.equal(ada.location, home);
	assert.match(ada.text, /Works/);
	assert.match(ada.text, /general/);
	assert.ok("content" in ada.form(posting).fields);
	assert.match(ada.reply.text, /<html[^>]* lang="en"/);
	assert.match(ada.reply.text, /<meta name="viewport"/);
});

test("a wrong login shows the form again and says no more than that", async () => {
	const page = new Page(snug);
	const texts = [];
	for (const login of [owner.name, "nobody_here"]) {
		await page.open("/login");
		const reply = await page.submit(/login/, { login, password: "not the password" });
		assert.equal(reply.status, 401);
		assert.ok(page.form(/login/));
		assert.ok(!page.cookie.includes("snug_session"), "no session");
		texts.push(page.text.replaceAll(login, ""));
	}
	assert.equal(texts[0], texts[1]);
});

test("a page that needs a login leads to it and back, and nowhere else", async () => {
	const page = new Page(snug);
	await page.open(home);
	assert.match(page.location, /^\/login/);
	await page.submit(/login/, { login: bob.name, password: bob.password });
	assert.equal(page.location, home);
	for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y", "\\\\evil"]) {
		const other = new Page(snug);
		await other.open(`/login?next=${encodeURIComponent(next)}`);
		const reply = await other.submit(/login/, { login: bob.name, password: bob.password }, { isFollowed: false });
		const target = new URL(reply.headers.location, snug.url);
		assert.equal(target.origin, snug.url, `${next} leads to ${target}`);
		assert.equal(reply.headers.x, undefined);
	}
});

test("a message is posted, shown to the other, edited and deleted, by forms", async () => {
	await ada.open(home);
	await ada.submit(posting, { content: "Shall we begin?" });
	assert.equal(ada.location.split(/[?#]/)[0], home);
	assert.match(ada.text, /Shall we begin\?/);
	const page = await logIn(bob);
	assert.match(page.text, /Shall we begin\?/);
	const id = /id="m-(\d+)"/.exec(ada.reply.text.slice(ada.reply.text.indexOf("Shall we begin") - 3000))?.[1];
	const made = (await history(owner.client, owner.channel)).at(-1);
	assert.ok(id, "an article has the id m-ID");
	await ada.open(`${home}/messages/${made.id}/edit`);
	assert.equal(ada.form(/edit$/).fields.content, "Shall we begin?");
	await ada.submit(/edit$/, { content: "Shall we start?" });
	assert.match(ada.text, /Shall we start\?/);
	await page.open(home);
	assert.match(page.text, /edited/i);
	await ada.open(`${home}/messages/${made.id}/delete`);
	await ada.submit(/delete$/);
	assert.ok(!ada.text.includes("Shall we start?"));
	assert.equal((await owner.client.get(`/channels/${owner.channel}/messages/${made.id}`)).status, 404);
});

test("a form that is sent twice posts once", async () => {
	await ada.open(home);
	const form = ada.form(posting);
	assert.ok(form.fields.nonce, "the composer carries a nonce");
	await ada.submit(form, { content: "only once" });
	await ada.submit(form, { content: "only once" });
	assert.equal((await contents()).filter((each) => each === "only once").length, 1);
	await ada.open(home);
	assert.notEqual(ada.form(posting).fields.nonce, form.fields.nonce, "the next page has a fresh one");
});

test("what is wrong with a message is said beside what was typed", async () => {
	await ada.open(home);
	const long = "x".repeat(4001);
	const reply = await ada.submit(posting, { content: long });
	assert.equal(reply.status, 400);
	assert.equal(ada.form(posting).fields.content, long, "the text is not lost");
	await ada.open(home);
	const empty = await ada.submit(posting, { content: "  " });
	assert.equal(empty.status, 400);
});

test("the page shows the last 50, older ones by a link, without gap or overlap", async () => {
	const channel = await room();
	const sent = [];
	for (let i = 0; i < 120; i++) sent.push((await owner.client.send(channel, `number ${i};`)).id);
	const seen = [];
	let location = `/channels/${owner.guild}/${channel}`;
	for (let pages = 0; location && pages < 10; pages++) {
		await ada.open(location);
		const ids = [...ada.reply.text.matchAll(/<article[^>]*\bid="m-(\d+)"/g)].map((match) => match[1]);
		assert.ok(ids.length <= 50, `${ids.length} on one page`);
		if (pages === 0) assert.deepEqual(ids, sent.slice(-50), "oldest first, the last 50");
		seen.unshift(...ids);
		const older = [...ada.reply.text.matchAll(/href="([^"]*\bbefore=(\d+)[^"]*)"/g)].map((match) => unescapeHtml(match[1]))[0];
		location = older && new URL(older, snug.url + location).pathname + new URL(older, snug.url + location).search;
	}
	assert.deepEqual(seen, sent);
	await ada.open(`/channels/${owner.guild}/${channel}?around=${sent[60]}`);
	assert.ok(ada.reply.text.includes(`id="m-${sent[60]}"`));
});

const hostile = [
	"<script>window.hacked=1</script>", '"><img src=x onerror="window.hacked=1">', "</textarea><script>hacked()</script>", "{{{content}}} {{> layout}} {{/x}}",
	"<!-- <b>", "&lt;b&gt; &amp;", "javascript:alert(1)", "'\"`=/>", "</title></style><svg onload=hacked()>", "x\u2028<a href=\"javascript:hacked()\">x</a>", "]]><x>",
];

test("HTML and script in every text field is inert on every page that shows it, and shown as typed", async () => {
	for (const [i, text] of hostile.entries()) {
		const line = text.replaceAll("\u2028", "");
		const name = line.slice(0, 32);
		const carl = await invitePerson(owner, { display_name: name });
		const channel = await owner.client.post(`/guilds/${owner.guild}/channels`, { name: `${i} ${line}`.slice(0, 100), topic: line });
		assert.ok(channel.status < 300, channel.text);
		const made = await carl.client.send(channel.json.id, text);
		const page = await logIn(carl);
		const base = `/channels/${owner.guild}/${channel.json.id}`;
		for (const location of [base, `${base}/messages/${made.id}/edit`, `${base}/messages/${made.id}/delete`]) {
			const { text: html } = await page.open(location);
			const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map((match) => match[0]);
			assert.ok(scripts.every((tag) => /\bsrc="\/static\//.test(tag)), `${text} at ${location}: ${scripts}`);
			assert.ok(!/<(img|svg)\b[^>]*\son(error|load)=/i.test(html), `${text} at ${location}`);
			assert.ok(!/href="javascript:/i.test(html), `${text} at ${location}`);
			assert.ok(!html.includes(text) || !/[<"]/.test(text) , `${text} stands as it is at ${location}`);
			assert.ok(unescapeHtml(html).includes(text), `${text} is shown as typed at ${location}`);
		}
		const search = encodeURIComponent(text);
		for (const location of [`/login?next=${search}`, `/signup?invite=${search}`, `/invite/${search}`, `/nothing/${search}`, `/channels/${search}/x`]) {
			const { text: html } = await page.fetch(location);
			if (/[<>"]/.test(text)) assert.ok(!html.includes(text), `${location} mirrors ${text}`);
		}
	}
});

test("HTML in the fields of a refused form is inert", async () => {
	for (const text of hostile) {
		const page = new Page(snug);
		await page.open("/login");
		const { text: html } = await page.submit(/login/, { login: text, password: text });
		if (/[<>"]/.test(text)) assert.ok(!html.includes(text), text);
		assert.equal(page.form(/login/).fields.login ?? "", text);
	}
});

test("a form from another site is refused, whatever proof it lacks", async () => {
	const page = await logIn(bob);
	const before = (await contents()).length;
	const form = page.form(posting);
	const other = (await logIn(owner)).form(posting).fields.csrf;
	const tries = {
		"a foreign origin": [{}, { Origin: "https://evil.example" }],
		"the origin null": [{}, { Origin: "null" }],
		"cross-site": [{}, { "Sec-Fetch-Site": "cross-site" }],
		"same-site, another host": [{}, { "Sec-Fetch-Site": "same-site", Origin: "https://other.example" }],
		"no token": [{ csrf: "" }, {}],
		"nonsense for a token": [{ csrf: "x".repeat(87) }, {}],
		"another person's token": [{ csrf: other }, {}],
		"another port": [{}, { Origin: "http://127.0.0.1:1" }],
	};
	for (const [what, [fields, headers]] of Object.entries(tries)) {
		const reply = await page.submit(form, { content: "forged", nonce: nonce(), ...fields }, { headers, isFollowed: false });
		assert.equal(reply.status, 403, `${what}: ${reply.status}`);
	}
	const bare = new URLSearchParams({ content: "forged" }).toString();
	for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=b"]) {
		const reply = await page.fetch(form.action, { method: "POST", body: bare, headers: { "Content-Type": type, Origin: snug.url }, isFollowed: false });
		assert.ok([400, 403, 415].includes(reply.status), `${type}: ${reply.status}`);
	}
	assert.equal((await contents()).length, before);
	const old = await page.submit(form, { content: "from an old browser" }, { headers: { Origin: undefined }, isFollowed: false }).catch(() => null);
	if (old) assert.equal(old.status, 303, "a browser that says nothing of the origin is believed by its token");
});

test("another site can neither log somebody in nor out", async () => {
	const page = await logIn(bob);
	const logout = page.form(/logout/);
	const out = await page.submit(logout, {}, { headers: { Origin: "https://evil.example" }, isFollowed: false });
	assert.equal(out.status, 403);
	await page.open(home);
	const stranger = new Page(snug);
	const body = new URLSearchParams({ login: bob.name, password: bob.password }).toString();
	const reply = await stranger.fetch("/login", { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" }, isFollowed: false });
	assert.equal(reply.status, 403, "a login form needs its token too");
});

test("a cookie proves nothing to the JSON interface", async () => {
	const reply = await snug.request(`/api/v1/channels/${owner.channel}/messages`, { method: "POST", body: { content: "by cookie" }, headers: { Cookie: ada.cookie } });
	assert.equal(reply.status, 401);
});

test("logging out ends the session, also for who kept the cookie, and its live stream", async () => {
	const page = await logIn(bob);
	const kept = page.cookie;
	const stream = await openStream(snug, { cookie: kept, path: "/live", query: `channel=${owner.channel}` });
	assert.equal(stream.status, 200);
	await page.submit(/logout/);
	assert.ok(!page.cookie.includes("snug_session"));
	await stream.closed;
	const reply = await snug.request(home, { headers: { Cookie: kept } });
	assert.ok([302, 303].includes(reply.status), String(reply.status));
	assert.match(reply.headers.location, /^\/login/);
});

test("the session changes at login: a cookie that was planted before is not the session after", async () => {
	const page = new Page(snug);
	page.cookies.snug_session = "A".repeat(43);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	assert.ok(page.cookies.snug_session && page.cookies.snug_session !== "A".repeat(43));
});

test("bad cookies are nobody's, and no error", async () => {
	for (const cookie of ["snug_session=x", "snug_session=", "snug_session", "=;=;=", "snug_session=x; snug_session=y", `snug_session=${"A".repeat(43)}`, "\x80\xff", "a=b".repeat(500)]) {
		const reply = await snug.request("/login", { headers: { Cookie: cookie } });
		assert.ok([200, 400].includes(reply.status), `${cookie.slice(0, 30)}: ${reply.status}`);
	}
});

test("to a member a private channel's page does not exist; to a stranger no workspace's does", async () => {
	const secret = await room({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	const page = await logIn(bob);
	for (const location of [`/channels/${owner.guild}/${secret}`, `/channels/${owner.guild}/1`, `/channels/1/${owner.channel}`, "/channels/x/y", `/channels/${owner.guild}/${owner.channel}/messages/1/edit`]) {
		const reply = await page.fetch(location);
		assert.equal(reply.status, 404, location);
	}
	const list = await page.open(home);
	assert.ok(!list.text.includes(secret));
	const stream = await openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${secret}` });
	assert.equal(stream.status, 404);
	stream.close();
});

test("somebody else's message has no edit page", async () => {
	const made = await owner.client.send(owner.channel, "mine");
	const page = await logIn(bob);
	for (const what of ["edit", "delete"]) {
		const reply = await page.fetch(`${home}/messages/${made.id}/${what}`);
		assert.ok([403, 404].includes(reply.status), `${what}: ${reply.status}`);
		const forged = await page.submit(page.forms.find((form) => form.fields.csrf) ?? (await logIn(bob)).form(posting), { content: "theirs" }, { action: `${home}/messages/${made.id}/${what}`, isFollowed: false });
		assert.ok([403, 404].includes(forged.status), `POST ${what}: ${forged.status}`);
	}
	assert.equal((await owner.client.get(`/channels/${owner.channel}/messages/${made.id}`)).json.content, "mine");
});

test("a channel is made by a form, by who may", async () => {
	const name = unique("by form");
	await ada.open(`/guilds/${owner.guild}/channels/new`);
	await ada.submit(/channels/, { name, topic: "a topic" });
	assert.match(ada.text, new RegExp(name));
	assert.match(ada.text, /a topic/);
	await ada.open(`/guilds/${owner.guild}/channels/new`);
	const again = await ada.submit(/channels/, { name, topic: "kept" });
	assert.equal(again.status, 409);
	assert.equal(ada.forms.find((form) => "topic" in form.fields).fields.topic, "kept");
	const page = await logIn(bob);
	const reply = await page.fetch(`/guilds/${owner.guild}/channels/new`);
	assert.equal(reply.status, 403);
});

test("GET /live sends the article that the page shows", async () => {
	const page = await logIn(bob);
	const stream = await openStream(snug, { cookie: page.cookie, path: "/live", query: `channel=${owner.channel}` });
	assert.equal(stream.status, 200);
	assert.match(stream.headers["content-type"], /^text\/event-stream/);
	const made = await owner.client.send(owner.channel, "live <b>&</b> {{x}}");
	const event = await stream.find("the fragment arrives", (each) => each.event === "MESSAGE_CREATE");
	await page.open(home);
	// What the page alone can know, by whom it is seen and what it follows, the client adds itself.
	const normal = (html) => html.replaceAll(/ data-(continued|mine)=""/g, "").replaceAll(/\s+/g, " ").replaceAll("> <", "><").trim();
	const article = /<article[^>]*\bid="m-ID"[\s\S]*?<\/article>/;
	const shown = new RegExp(article.source.replace("ID", made.id)).exec(page.reply.text)?.[0];
	assert.ok(shown, "the page has the article");
	assert.equal(normal(new RegExp(article.source.replace("ID", made.id)).exec(event.data)[0]), normal(shown));
	assert.ok(!/csrf/i.test(event.data), "a fragment holds no token");
	await owner.client.patch(`/channels/${owner.channel}/messages/${made.id}`, { content: "edited live" });
	const update = await stream.find("the edit arrives", (each) => each.event === "MESSAGE_UPDATE");
	assert.ok(update.data.includes(`id="m-${made.id}"`) && update.data.includes("edited live"));
	await owner.client.delete(`/channels/${owner.channel}/messages/${made.id}`);
	const gone = await stream.find("the end arrives", (each) => each.event === "MESSAGE_DELETE");
	assert.ok(gone.data.includes(`m-${made.id}`));
	stream.close();
	assert.equal((await openStream(snug, { path: "/live", query: `channel=${owner.channel}` })).status, 401);
});

test("sign-up by an invite link leads somebody without an account into the channel", async () => {
	const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, { max_uses: 1 })).json;
	const page = new Page(snug);
	await page.open(`/invite/${invite.code}`);
	assert.match(page.text, /Works/);
	const link = /href="(\/signup[^"]*)"/.exec(page.reply.text);
	assert.ok(link, "the invite leads to sign-up");
	await page.open(unescapeHtml(link[1]));
	const username = unique("link");
	const wrong = await page.submit(/signup/, { username, email: "x", password: goodPassword, display_name: "Link" });
	assert.equal(wrong.status, 400);
	await page.submit(/signup/, { username, email: `${username}@example.org`, password: goodPassword, display_name: "Link" });
	assert.match(page.location, new RegExp(`^/channels/${owner.guild}/`), page.text);
	const used = await new Page(snug).fetch(`/invite/${invite.code}`);
	assert.ok(used.status >= 400 || /expired|used/i.test(used.text), String(used.status));
});

test("who has an account joins another workspace by the invite's page", async () => {
	const invite = (await owner.client.post(`/guilds/${owner.guild}/invites`, {})).json;
	const page = await logIn(bob);
	await page.open(`/invite/${invite.code}`);
	assert.match(page.text, /You are a member already/);
	assert.equal((await bob.client.delete(`/users/@me/guilds/${owner.guild}`)).status, 204);
	await page.open(`/invite/${invite.code}`);
	await page.submit(/invite/);
	assert.match(page.location, /^\/channels\//);
});

await run();
