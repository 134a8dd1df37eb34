// Channels of every kind in a browser: made, joined, left; people added and taken out, who see it at once; direct messages and
// groups. Everything by the pages, with and without JavaScript.
//
// Begins early: it takes long.

import { startSnug } from "../lib/snug.js";
import { invitePerson, setUp, unique } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test, until } from "../lib/test.js";

const snug = await startSnug();
const owner = await setUp(snug);
const member = await invitePerson(owner, { display_name: "Bob" });
const third = await invitePerson(owner, { display_name: "Cleo" });
const home = `/channels/${owner.guild}/${owner.channel}`;

const link = (person, name) => person.page.locator("#sidebar .channel a", { hasText: name });
const joined = (person, name) => person.page.locator("#sidebar .channels:not(.more-channels *) a", { hasText: name });

async function enter(who, options) {
	const person = await newPerson(snug, options);
	await person.logIn(who);
	return person;
}

/** Makes a channel by the page and ends up in it. */
async function makeChannel(person, name, { isPrivate = false, members = [] } = {}) {
	await person.open(`/guilds/${owner.guild}/channels/new`);
	await person.page.fill("#name", name);
	if (isPrivate) await person.page.check("#access-private");
	for (const each of members) await person.page.check(`[name="user-${each.user.id}"]`);
	await person.submit();
	assert.match(person.page.url(), /\/channels\/\d+\/\d+$/);
	return new URL(person.page.url()).pathname;
}

/** Presses a button that sends a form. */
const press = (person, locator) => Promise.all([person.page.waitForNavigation(), locator.click()]);

async function add(person, channel, who) {
	await person.open(`${channel}/members`);
	await person.page.check(`[name="user-${who.user.id}"]`);
	await press(person, person.page.getByRole("button", { name: "Add", exact: true }));
	await person.page.getByText("Added.").waitFor();
}

async function remove(person, channel, who) {
	await person.open(`${channel}/members`);
	const row = person.page.locator(`#m-${who.user.id}`);
	await row.locator("summary").click();
	await press(person, row.getByRole("button", { name: "Remove" }));
	assert.equal(await row.count(), 0);
}

/** Follows the events: a message by another arrives. */
async function follows(person, channel, other) {
	const text = unique("ping ");
	await other.client.send(channel.split("/").at(-1), text);
	await person.seesOne(text);
}

test("who is added to a private channel sees it at once, who is removed sees that honestly", async () => {
	const [ada, bob] = [await enter(owner), await enter(member)];
	await follows(bob, home, owner);
	const { navigations } = bob;
	const name = unique("vault");
	const channel = await makeChannel(ada, name, { isPrivate: true });
	assert.equal(await ada.page.locator("#room-head .mark[aria-label=private]").count(), 1, "it is marked as private");
	await follows(bob, home, owner);
	assert.equal(await link(bob, name).count(), 0, "to others it does not exist");

	await add(ada, channel, member);
	await joined(bob, name).waitFor();
	assert.equal(bob.navigations, navigations, "without a reload");
	await joined(bob, name).click();
	await bob.page.waitForURL(`**${channel}`);
	await bob.say("I am in");
	await bob.seesOne("I am in");
	await until("it is sent", async () => (await bob.page.locator("#list article[data-pending]").count()) === 0);

	bob.isTolerant = true; // The browser reports the 404 of what is gone.
	await remove(ada, channel, member);
	await bob.page.getByText("You can no longer read this conversation").waitFor();
	assert.equal(await bob.articles("I am in").count(), 0, "what was read there is taken from sight");
	await link(bob, name).waitFor({ state: "detached" });
	await bob.page.locator("#composer").waitFor({ state: "hidden" });
	await bob.page.getByRole("link", { name: "Go on" }).click();
	await bob.page.waitForURL(`**${home}`);
	for (const each of [ada, bob]) await each.context.close();
});

test("the list changes under a reader without moving them: focus, draft and what is open stay", async () => {
	const bob = await enter(member);
	await follows(bob, home, owner);
	await bob.page.fill("#content", "half a thought");
	await bob.page.focus("#sidebar .channel a");
	await bob.page.locator("#switcher > summary").click();
	const name = unique("annex");
	const { json: channel } = await owner.client.post(`/guilds/${owner.guild}/channels`, { name, private: true, members: [member.user.id] });
	await joined(bob, name).waitFor();
	assert.equal(await bob.page.locator("#switcher[open]").count(), 1, "the menu is open still");
	await bob.page.keyboard.press("Escape");
	assert.equal(await bob.page.locator("#switcher[open]").count(), 0);
	assert.equal(await bob.page.evaluate(() => document.activeElement.parentElement.id), "switcher", "focus is where the menu was");

	await bob.page.locator("#sidebar .channel a", { hasText: "general" }).focus();
	await owner.client.patch(`/channels/${channel.id}`, { name: `${name}-renamed` });
	await joined(bob, `${name}-renamed`).waitFor();
	assert.match(await bob.page.evaluate(() => document.activeElement.textContent), /general/);
	await owner.client.delete(`/channels/${channel.id}`);
	await link(bob, name).waitFor({ state: "detached" });
	assert.equal(await bob.page.inputValue("#content"), "half a thought");
	bob.assertQuiet();
	await bob.context.close();
});

test("a channel that is renamed or archived while it is open says so; the draft waits for its return", async () => {
	const bob = await enter(member);
	const name = unique("plans");
	const { json: channel } = await owner.client.post(`/guilds/${owner.guild}/channels`, { name });
	await bob.open(`/channels/${owner.guild}/${channel.id}`);
	await follows(bob, `/${channel.id}`, owner);
	await bob.page.fill("#content", "a draft");
	await owner.client.patch(`/channels/${channel.id}`, { name: `${name}-2`, topic: "Another topic" });
	await until("the head follows", async () => (await bob.page.locator("#room-head h1").innerText()).includes(`${name}-2`));
	await until("and the title", async () => (await bob.page.title()).includes(`#${name}-2`));
	await bob.page.locator("#room-head .topic", { hasText: "Another topic" }).waitFor();

	await owner.client.patch(`/channels/${channel.id}`, { archived: true });
	await bob.page.getByText("This channel is archived.").waitFor();
	await bob.page.locator("#composer").waitFor({ state: "hidden" });
	await bob.page.reload();
	assert.equal(await bob.page.locator("#composer").count(), 0, "nor is there one after a reload");
	await owner.client.patch(`/channels/${channel.id}`, { archived: false });
	await bob.page.locator("#composer").waitFor();
	await bob.say("it works again");
	await bob.seesOne("it works again");
	bob.assertQuiet();
	await bob.context.close();
});

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";
	const settle = (person) => (javaScriptEnabled ? null : person.page.reload());

	test(`${how}: a public channel is found, joined by its bar or by writing, and left`, async () => {
		const [ada, bob] = [await enter(owner, { javaScriptEnabled }), await enter(member, { javaScriptEnabled })];
		const name = unique("bikes");
		const channel = await makeChannel(ada, name);
		await bob.open(`/guilds/${owner.guild}/channels?q=${name.toUpperCase()}`);
		await press(bob, bob.page.getByRole("button", { name: `Join ${name}` }));
		await bob.page.getByText("You joined.").waitFor();
		await bob.open(channel);
		assert.equal(await joined(bob, name).count(), 1);
		assert.equal(await bob.page.locator(".join-bar").count(), 0);

		await bob.open(`${channel}/settings`);
		await press(bob, bob.page.getByRole("button", { name: "Leave the channel" }));
		await bob.page.getByText("You left.").waitFor();
		await bob.open(channel);
		assert.equal(await joined(bob, name).count(), 0);
		assert.equal(await bob.page.locator("#more-channels[open] a", { hasText: name }).count(), 1, "the open one is shown among the others");
		await press(bob, bob.page.locator(".join-bar button"));
		assert.equal(await bob.page.locator(".join-bar").count(), 0);
		assert.equal(await joined(bob, name).count(), 1);

		await bob.open(`${channel}/settings`);
		await press(bob, bob.page.getByRole("button", { name: "Leave the channel" }));
		await bob.open(channel);
		await bob.say("hello, I write here");
		await bob.seesOne("hello, I write here");
		await settle(bob);
		await bob.page.locator(".join-bar").waitFor({ state: "detached" });
		await joined(bob, name).waitFor();
		for (const each of [ada, bob]) each.assertQuiet(), await each.context.close();
	});

	test(`${how}: a private channel with its people, ranks, ban and end`, async () => {
		const [ada, bob] = [await enter(owner, { javaScriptEnabled }), await enter(member, { javaScriptEnabled })];
		const name = unique("board");
		const channel = await makeChannel(ada, name, { isPrivate: true, members: [member, third] });
		await settle(bob);
		await joined(bob, name).waitFor();
		await ada.open(`${channel}/members`);
		const row = ada.page.locator(`#m-${member.user.id}`);
		await row.locator("summary").click();
		await row.locator("select").selectOption("moderator");
		await press(ada, row.getByRole("button", { name: "Save" }));
		assert.equal(await row.locator(".pill", { hasText: "Moderator" }).count(), 1);

		await bob.open(`${channel}/members`);
		const cleo = bob.page.locator(`#m-${third.user.id}`);
		assert.equal(await bob.page.locator(`#m-${owner.user.id} summary`).count(), 0, "nobody manages who stands above them");
		await cleo.locator("summary").click();
		await cleo.locator("[name=reason]").fill("no rejoining");
		await press(bob, cleo.getByRole("button", { name: "Ban from here" }));
		await bob.page.getByText("no rejoining").waitFor();
		assert.equal((await third.client.get(`/channels/${channel.split("/").at(-1)}`)).status, 404);
		await press(bob, bob.page.getByRole("button", { name: /Lift the ban/ }));
		await bob.page.getByText("The ban is lifted.").waitFor();

		await bob.open(`${channel}/settings`);
		assert.equal(await bob.page.getByText("Delete the channel").count(), 0, "a moderator does not delete it");
		await ada.open(`${channel}/settings`);
		await ada.page.fill("#name", `${name}-new`);
		await ada.page.fill("#topic", "What the board says");
		await ada.page.selectOption("#rate_limit_per_user", "30");
		await press(ada, ada.page.locator('form[action$="/settings"] button'));
		await ada.page.getByText("Saved.").waitFor();
		assert.equal(await ada.page.inputValue("#name"), `${name}-new`);
		assert.equal(await ada.page.inputValue("#rate_limit_per_user"), "30");
		await bob.open(channel);
		assert.match(await bob.page.locator("#room-head").innerText(), /What the board says/);

		await ada.page.check("#access-public");
		await press(ada, ada.page.locator('form[action$="/access"] button'));
		await until("it is public now", async () => (await third.client.get(`/channels/${channel.split("/").at(-1)}`)).status === 200);
		await ada.page.check("#access-private");
		await press(ada, ada.page.locator('form[action$="/access"] button'));
		assert.equal((await third.client.get(`/channels/${channel.split("/").at(-1)}`)).status, 404);
		assert.equal((await member.client.get(`/channels/${channel.split("/").at(-1)}`)).status, 200, "who is in it stays");

		await press(ada, ada.page.getByRole("link", { name: "Delete …" }));
		await press(ada, ada.page.getByRole("button", { name: "Delete", exact: true }));
		await ada.page.getByText("Deleted.").waitFor();
		bob.isTolerant = true;
		await bob.page.reload();
		await bob.page.getByText("There is nothing at this address").waitFor();
		for (const each of [ada, bob]) await each.context.close();
	});

	test(`${how}: categories are made, filled, moved and taken away`, async () => {
		const ada = await enter(owner, { javaScriptEnabled });
		const names = [unique("North"), unique("South")];
		for (const name of names) {
			await ada.open(`/guilds/${owner.guild}/channels`);
			await ada.page.fill("#name", name);
			await press(ada, ada.page.getByRole("button", { name: "Make the category" }));
		}
		const order = async () => (await ada.page.locator(".category-head h2").allInnerTexts()).filter((each) => names.includes(each));
		assert.deepEqual(await order(), names);
		await press(ada, ada.page.getByRole("button", { name: `Move ${names[1]} up` }));
		assert.deepEqual(await order(), [names[1], names[0]]);

		const channel = await makeChannel(ada, unique("inside"));
		await ada.open(`${channel}/settings`);
		await ada.page.selectOption("#parent_id", { label: names[0] });
		await press(ada, ada.page.locator('form[action$="/settings"] button'));
		await ada.open(channel);
		assert.ok((await ada.page.locator("#sidebar h2").allInnerTexts()).includes(names[0]), "its heading stands in the sidebar");

		await ada.open(`/guilds/${owner.guild}/channels`);
		await press(ada, ada.page.getByRole("link", { name: `Settings of ${names[0]}` }));
		const category = new URL(ada.page.url()).pathname.replace("/settings", "");
		await ada.open(category);
		assert.notEqual(new URL(ada.page.url()).pathname, category, "a category is no room: there is nothing to write in");
		await ada.open(`${category}/delete`);
		await press(ada, ada.page.getByRole("button", { name: "Delete", exact: true }));
		assert.deepEqual(await order(), [names[1]]);
		await ada.open(channel);
		assert.equal(await ada.page.locator("#composer").count(), 1, "its channels stay");
		ada.assertQuiet();
		await ada.context.close();
	});

	test(`${how}: a direct message, begun by one and heard by the other`, async () => {
		const first = await invitePerson(owner, { display_name: unique("Dan ") });
		const [dan, bob] = [await enter(first, { javaScriptEnabled }), await enter(member, { javaScriptEnabled })];
		await dan.open(`/guilds/${owner.guild}/people`);
		dan.isTolerant = true; // The browser reports a 400.
		await press(dan, dan.page.getByRole("button", { name: "Begin" }));
		await dan.page.getByText("Choose at least one person.").waitFor();
		dan.isTolerant = false;
		await dan.page.check(`[name="user-${member.user.id}"]`);
		await press(dan, dan.page.getByRole("button", { name: "Begin" }));
		assert.match(dan.page.url(), /\/channels\/@me\/\d+$/);
		assert.equal(await dan.page.locator("#room-head h1").innerText(), "Bob");
		assert.equal(await link(bob, first.user.global_name).count(), 0, "nothing was said yet");
		await dan.say("Between us");
		await dan.seesOne("Between us");
		await settle(bob);
		await link(bob, first.user.global_name).waitFor();
		await link(bob, first.user.global_name).click();
		await bob.page.waitForURL("**/channels/@me/*");
		await bob.seesOne("Between us");
		assert.ok((await link(bob, "general").count()) > 0, "the workspace is still beside it");
		await bob.say("I hear you");
		await bob.seesOne("I hear you");
		await settle(dan);
		await dan.seesOne("I hear you");
		await bob.edit(bob.articles("I hear you"), "I read you");
		assert.match(bob.page.url(), /\/channels\/@me\/\d+(\?around=\d+#m-\d+)?$/);
		await settle(dan);
		await dan.seesOne("I read you");

		await member.client.put(`/users/@me/blocks/${first.user.id}`);
		await dan.page.reload();
		await dan.page.getByText("You cannot write to Bob at the moment.").waitFor();
		assert.equal(await dan.page.locator("#composer").count(), 0);
		await member.client.delete(`/users/@me/blocks/${first.user.id}`);

		await dan.open(`${new URL(dan.page.url()).pathname}/settings`);
		await press(dan, dan.page.getByRole("button", { name: "Close this conversation" }));
		await dan.open(home);
		assert.equal(await link(dan, "Bob").count(), 0);
		for (const each of [dan, bob]) each.assertQuiet(), await each.context.close();
	});

	test(`${how}: a group of three, named, grown and left`, async () => {
		const fourth = await invitePerson(owner, { display_name: "Fay" });
		const [ada, bob] = [await enter(owner, { javaScriptEnabled }), await enter(member, { javaScriptEnabled })];
		const name = unique("crew ");
		await ada.open(`/guilds/${owner.guild}/people`);
		for (const each of [member, third]) await ada.page.check(`[name="user-${each.user.id}"]`);
		await ada.page.fill("#name", name);
		await press(ada, ada.page.getByRole("button", { name: "Begin" }));
		const group = new URL(ada.page.url()).pathname;
		assert.match(group, /^\/channels\/@me\/\d+$/);
		await settle(bob);
		await link(bob, name).click();
		await bob.page.waitForURL(`**${group}`);
		await bob.say("all of us");
		await bob.seesOne("all of us");
		await settle(ada);
		await ada.seesOne("all of us");

		await add(bob, group, fourth);
		assert.equal((await fourth.client.get(`/channels/${group.split("/").at(-1)}`)).status, 200);
		await ada.open(`${group}/settings`);
		await ada.page.fill("#name", `${name}2`);
		await press(ada, ada.page.locator('form[action$="/settings"] button'));
		await bob.open(group);
		assert.equal(await bob.page.locator("#room-head h1").innerText(), `${name}2`);
		await bob.open(`${group}/settings`);
		await press(bob, bob.page.getByRole("button", { name: "Leave the group" }));
		await bob.open(home);
		assert.equal(await link(bob, name).count(), 0);
		for (const each of [ada, bob]) each.assertQuiet(), await each.context.close();
	});
}

test("on a phone the list is a drawer that a press beside it, or Esc, closes", async () => {
	const ada = await enter(owner, { viewport: { width: 390, height: 844 }, hasTouch: true });
	const sidebar = ada.page.locator("#sidebar");
	assert.equal(await sidebar.isVisible(), false);
	await ada.page.locator(".drawer-open").click();
	await sidebar.waitFor();
	await ada.page.mouse.click(380, 400);
	await sidebar.waitFor({ state: "hidden" });
	const focused = (selector) => ada.page.evaluate((which) => document.activeElement?.closest(which) !== null, selector);
	await until("the focus is back", () => focused(".drawer-open"));
	await ada.page.keyboard.press("Enter");
	await sidebar.waitFor();
	await until("the focus is in it", () => focused("#sidebar"));
	for (let i = 0; i < 40; i++) {
		await ada.page.keyboard.press("Tab");
		assert.equal(await focused("#room"), false, "what it covers is not come to by Tab");
	}
	await ada.page.locator("#sidebar summary").focus();
	await ada.page.keyboard.press("Escape");
	await sidebar.waitFor({ state: "hidden" });
	await until("the focus is back", () => focused(".drawer-open"));
	await ada.page.locator("#content").fill("the room can be used again");
	await ada.context.close();
});

test("muted is dimmed and says so; all of one's tabs follow", async () => {
	const [ada, tab] = [await enter(owner), await enter(owner)];
	await follows(tab, home, member);
	await ada.open(`${home}/settings`);
	await ada.page.selectOption("#mute", "3600");
	await press(ada, ada.page.locator('form[action$="/own"] button'));
	await ada.page.getByText("Saved.").waitFor();
	assert.match(await ada.page.locator("#mute option:checked").innerText(), /Muted until/);
	await tab.page.locator("#sidebar .channel[data-muted] a", { hasText: "general" }).waitFor();
	await tab.page.locator("#room-head .pill", { hasText: "Muted" }).waitFor();
	await ada.page.selectOption("#mute", "off");
	await press(ada, ada.page.locator('form[action$="/own"] button'));
	await tab.page.locator("#sidebar .channel[data-muted]").waitFor({ state: "detached" });
	for (const each of [ada, tab]) each.assertQuiet(), await each.context.close();
});

test("who is in several workspaces switches between them; direct messages stay beside the one they came from", async () => {
	const second = await owner.client.post("/guilds", { name: "Second home" });
	assert.ok([200, 201].includes(second.status), second.text);
	const ada = await enter(owner);
	await ada.open(home);
	await ada.page.locator("#switcher > summary").click();
	await ada.page.locator(".menu a", { hasText: "Second home" }).click();
	await ada.page.waitForURL(`**/channels/${second.json.id}/*`);
	assert.equal(await ada.page.locator("#sidebar .guild-name").first().innerText(), "Second home");
	const { json: direct } = await owner.client.post("/users/@me/channels", { recipient_id: member.user.id });
	await ada.open(`/channels/@me/${direct.id}`);
	assert.equal(await ada.page.locator("#sidebar .guild-name").first().innerText(), "Second home");
	await ada.open(home);
	await ada.open(`/channels/@me/${direct.id}`);
	assert.equal(await ada.page.locator("#sidebar .guild-name").first().innerText(), "Works");
	ada.assertQuiet();
	await ada.context.close();
});

await run();
