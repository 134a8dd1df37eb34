// What people write: Markdown to safe HTML, the same on pages and in what open pages hear; names typed and shown, ids kept.

import fs from "node:fs";
import path from "node:path";
import { history, invitePerson, setUp, unique } from "../lib/api.js";
import { Page, unescapeHtml } from "../lib/page.js";
import { root, startSnug } from "../lib/snug.js";
import { openStream } from "../lib/stream.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug({ env: { SNUG_LINK_PREVIEWS: "off" } });
const owner = await setUp(snug);
const bob = await invitePerson(owner, { username: unique("bob"), display_name: "Bob Stone" });
const home = `/channels/${owner.guild}/${owner.channel}`;
const posting = new RegExp(`${home}/messages$`);
const ada = new Page(snug);
await ada.open("/login");
await ada.submit(/login/, { login: owner.name, password: owner.password });

const contentOf = (html, id) => {
	const article = html.slice(html.indexOf(`id="m-${id}"`));
	return /<div class="content" dir="auto">([\s\S]*?)<\/div>/.exec(article)?.[1];
};
const last = async (channel = owner.channel) => (await history(owner.client, channel)).at(-1);
const room = async (more = {}) => (await owner.client.post(`/guilds/${owner.guild}/channels`, { name: unique("room"), ...more })).json;

/** Types it into the composer of the page and gives the message that it became. */
async function type(content, location = home) {
	await ada.open(location);
	const reply = await ada.submit(/\/messages$/, { content });
	assert.ok(reply.status < 400, `${reply.status} ${reply.text}`);
	return last(location.split("/").at(-1));
}

test("a page and an open page show the same HTML of a text", async () => {
	const live = await openStream(snug, { cookie: ada.cookie, path: "/live", query: `channel=${owner.channel}` });
	const text = "**bold** _em_ ~~gone~~ `code`\nnext line ||secret||\n\n- one\n- two\n\n> quoted\n\n```js\nlet a = \"<b>\";\n```\n<script>alert(1)</script> https://example.org/?a=1&b=2 [x](javascript:alert(1))";
	const { id } = await owner.client.send(owner.channel, text);
	const wanted = "<p><strong>bold</strong> <em>em</em> <del>gone</del> <code>code</code><br>next line <label class=\"spoiler\"><input type=\"checkbox\" aria-labelledby=\"word-spoiler\"><span>secret</span></label></p>" +
		"<ul><li>one</li><li>two</li></ul><blockquote><p>quoted</p></blockquote><pre><code class=\"language-js\">let a = &quot;&lt;b&gt;&quot;;\n</code></pre>" +
		"<p>&lt;script&gt;alert(1)&lt;/script&gt; <a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://example.org/?a=1&amp;b=2</a> x (javascript:alert(1))</p>";
	await ada.open(home);
	assert.equal(contentOf(ada.reply.text, id), wanted);
	assert.match(ada.reply.text, /id="word-spoiler"/);
	const event = await live.find("its fragment", (each) => each.event === "MESSAGE_CREATE" && each.data.includes(`id="m-${id}"`));
	assert.equal(contentOf(event.data, id), wanted);
	assert.equal((await last()).content, text, "the API has the text itself");
	live.close();
});

test("every hostile text of the corpus makes a page that is whole", async () => {
	const folder = path.join(root, "tests/fuzz/corpus/markdown");
	const channel = (await room()).id;
	const names = fs.readdirSync(folder).filter((name) => /^(html|link|links|mention|emoji|spoiler|block)_/.test(name));
	assert.ok(names.length >= 150, `${names.length}`);
	let posted = 0;
	for (const name of names) {
		const text = fs.readFileSync(path.join(folder, name), "utf8").replace(/^\{.*\n/, "");
		const reply = await owner.client.post(`/channels/${channel}/messages`, { content: text });
		if (reply.status === 200) posted++;
		else assert.equal(reply.status, 400, `${name}: ${reply.status} ${reply.text}`);
	}
	assert.ok(posted > 150, `${posted}`);
	for (let before = ""; ; ) {
		await ada.open(`/channels/${owner.guild}/${channel}${before && `?before=${before}`}`);
		const html = ada.reply.text.replaceAll(/<script type="module" src="\/static\/[^"]*"><\/script>/g, "");
		assert.equal(ada.reply.status, 200);
		assert.ok(!/<script|<svg\/onload|<iframe|<object|<embed|<style|<base|<textarea><script|\son[a-z]+\s*=\s*"?[^">]*alert/i.test(html.replaceAll(/<textarea[\s\S]*?<\/textarea>/g, "").replaceAll(/&lt;[\s\S]*?&gt;/g, "")), before);
		for (const [, url] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) assert.match(unescapeHtml(url), /^(https?:\/\/|mailto:|\/(?!\/)|#)/i);
		before = /id="older" href="[^"]*before=(\d+)"/.exec(ada.reply.text)?.[1];
		if (!before) break;
	}
});

test("people are typed by username or by a name that is theirs alone", async () => {
	const made = await type(`@${bob.name}: hello @Bob Stone, and \`@Bob Stone\``);
	assert.equal(made.content, `<@${bob.user.id}>: hello <@${bob.user.id}>, and \`@Bob Stone\``);
	assert.deepEqual(made.mentions.map((each) => each.id), [bob.user.id]);
	await ada.open(home);
	assert.equal(contentOf(ada.reply.text, made.id), `<p><span class="mention" data-user="${bob.user.id}">@Bob Stone</span>: hello <span class="mention" data-user="${bob.user.id}">@Bob Stone</span>, and <code>@Bob Stone</code></p>`);
	const other = await invitePerson(owner, { username: unique("bobby"), display_name: "bob stone" });
	assert.equal((await type("@Bob Stone")).content, "@Bob Stone", "two have the name");
	assert.equal((await type(`@${other.name}.`)).content, `<@${other.user.id}>.`);
	assert.equal((await type("@nobody_at_all a@b.example @everyone_else")).content, "@nobody_at_all a@b.example @everyone_else");
});

test("nobody is found by name who does not see the channel", async () => {
	const hidden = await room({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	assert.equal((await type(`@${bob.name}`, `/channels/${owner.guild}/${hidden.id}`)).content, `@${bob.name}`);
});

test("roles and channels are typed by name, and channels are named to who sees them", async () => {
	const role = (await owner.client.post(`/guilds/${owner.guild}/roles`, { name: "Night Crew", mentionable: true })).json;
	const channel = await room({ name: unique("plans for may ") });
	const made = await type(`@Night Crew see #${channel.name}, #general`);
	assert.equal(made.content, `<@&${role.id}> see <#${channel.id}>, <#${owner.channel}>`);
	assert.deepEqual(made.mention_roles, [role.id]);
	await ada.open(home);
	assert.equal(contentOf(ada.reply.text, made.id), `<p><span class="mention" data-role="${role.id}">@Night Crew</span> see ` +
		`<a class="mention" data-channel="${channel.id}" href="/channels/${owner.guild}/${channel.id}">#${channel.name}</a>, ` +
		`<a class="mention" data-channel="${owner.channel}" href="/channels/${owner.guild}/${owner.channel}">#general</a></p>`);
	const hidden = await room({ permission_overwrites: [{ id: owner.guild, type: 0, allow: "0", deny: "1024" }] });
	const { id } = await owner.client.send(owner.channel, `<#${hidden.id}>`);
	const page = new Page(snug);
	await page.open("/login");
	await page.submit(/login/, { login: bob.name, password: bob.password });
	await page.open(home);
	assert.equal(contentOf(page.reply.text, id), `<p><a class="mention" data-channel="${hidden.id}" href="/channels/${owner.guild}/${hidden.id}">#…</a></p>`);
	await page.submit(posting, { content: `#${hidden.name}` });
	assert.equal((await last()).content, `#${hidden.name}`, "who does not see it cannot name it");
});

test("emoji are typed by name", async () => {
	assert.equal((await type(":thumbsup: :flag_germany: :no_such_thing: 10:30:45 `:tada:`")).content, "👍 🇩🇪 :no_such_thing: 10:30:45 `:tada:`");
	const made = await type(":tada:");
	await ada.open(home);
	assert.equal(contentOf(ada.reply.text, made.id), "<p class=\"large-emoji\">🎉</p>");
});

test("who edits a text finds it as it was typed, and saving it changes nothing", async () => {
	const typed = `@${bob.name} see #general \`@${bob.name}\` <b>`;
	const made = await type(typed);
	const edit = `${home}/messages/${made.id}/edit`;
	await ada.open(edit);
	assert.equal(ada.form(/edit$/).fields.content, typed);
	await ada.submit(/edit$/);
	const after = await last();
	assert.equal(after.content, made.content);
	assert.equal(after.edited_timestamp, null);
	await ada.open(edit);
	await ada.submit(/edit$/, { content: `${typed} :tada:` });
	assert.equal((await last()).content, `${made.content} 🎉`);
});

test("programs send ids, and names where they ask for it", async () => {
	assert.equal((await owner.client.send(owner.channel, `@${bob.name} :tada:`)).content, `@${bob.name} :tada:`);
	const made = await owner.client.send(owner.channel, `@${bob.name} :tada:`, { resolve_names: true });
	assert.equal(made.content, `<@${bob.user.id}> 🎉`);
	const reply = await owner.client.patch(`/channels/${owner.channel}/messages/${made.id}`, { content: "#general", resolve_names: true });
	assert.equal(reply.json.content, `<#${owner.channel}>`);
});

test("embeds of programs: Markdown where Discord has it, addresses of the web alone", async () => {
	const { id } = await owner.client.send(owner.channel, "", { embeds: [{
		title: "<b>Title</b>", url: "https://example.org/?a=1", description: "**bold** <i>", color: 0x00ff7f, footer: { text: "The end" },
		author: { name: "Somebody" }, fields: [{ name: "Field", value: "`value`", inline: true }], timestamp: "2026-01-02T03:04:05.000Z",
	}] });
	await ada.open(home);
	const article = ada.reply.text.slice(ada.reply.text.indexOf(`id="m-${id}"`)).split("</article>")[0];
	for (const part of ["<strong>bold</strong> &lt;i&gt;", "&lt;b&gt;Title&lt;/b&gt;", "href=\"https://example.org/?a=1\" target=\"_blank\" rel=\"noopener noreferrer nofollow\"",
		"fill=\"#00ff7f\"", "The end", "Somebody", "<dt dir=\"auto\">Field</dt>", "<code>value</code>", "datetime=\"2026-01-02T03:04:05"])
		assert.ok(article.includes(part), `${part} is missing from ${article}`);
});

test("highlight.js and the list of emoji are served as files, the worker's with a policy of its own", async () => {
	await ada.open(home);
	const base = /\/static\/[0-9a-f]{8}/.exec(ada.reply.text)[0];
	const vendor = await snug.request(`${base}/vendor/highlight.js`);
	assert.equal(vendor.status, 200);
	assert.match(vendor.headers["content-type"], /javascript/);
	assert.match(vendor.text.slice(0, 200), /hljs/);
	const worker = await snug.request(`${base}/js/highlight.js`);
	assert.match(worker.headers["content-security-policy"], /default-src 'none'; script-src 'self'/);
	assert.match((await snug.request(`${base}/js/main.js`)).headers["content-security-policy"], /sandbox/);
	const emoji = JSON.parse((await snug.request(`${base}/vendor/emoji.json`)).text);
	assert.ok(emoji.length >= 8 && emoji.flatMap(([, list]) => list).some(([character, name]) => character === "🎉" && name === "party_popper"));
	assert.ok(!ada.reply.text.includes("vendor/highlight.js"), "it is loaded when a page has code");
});

await run();
