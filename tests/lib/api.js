// The JSON interface as a script uses it, and the few steps that most tests begin with.

import http from "node:http";
import https from "node:https";
import { randomUUID } from "node:crypto";
import { assert } from "./test.js";

let serial = 0;

/** A name that no other test of this file uses. */
export const unique = (prefix = "n") => `${prefix}${process.pid % 1000}_${++serial}`;
export const nonce = () => randomUUID().replaceAll("-", "").slice(0, 25);
export const goodPassword = "correct horse battery";

export class Client {
	/** @param {import("./snug.js").Snug} snug */
	constructor(snug, token) {
		this.snug = snug;
		this.token = token;
		const { Agent } = snug.url.startsWith("https:") ? https : http;
		this.agent = new Agent({ keepAlive: true, maxSockets: 32 });
	}

	/** path is below /api/v1; body may be an object (JSON), text or bytes. */
	request(method, path, body, headers = {}) {
		const all = { ...headers };
		if (this.token && !("Authorization" in all)) all.Authorization = `Bearer ${this.token}`;
		return this.snug.request(`/api/v1${path}`, { method, body, headers: all, agent: this.agent });
	}

	get = (path, headers) => this.request("GET", path, undefined, headers);
	post = (path, body, headers) => this.request("POST", path, body, headers);
	patch = (path, body, headers) => this.request("PATCH", path, body, headers);
	put = (path, body, headers) => this.request("PUT", path, body, headers);
	delete = (path, headers) => this.request("DELETE", path, undefined, headers);

	/** Posts and insists: the message object. */
	async send(channel, content, more = {}) {
		const reply = await this.post(`/channels/${channel}/messages`, { content, ...more });
		assert.equal(reply.status, 200, `POST message: ${reply.status} ${reply.text}`);
		return reply.json;
	}

	close() {
		this.agent.destroy();
	}
}

/** Checks the reply of register, login or refresh and returns its body. */
export function assertTokens(reply, status = 200) {
	assert.equal(reply.status, status, `${reply.status} ${reply.text}`);
	for (const key of ["access_token", "refresh_token"]) assert.equal(typeof reply.json[key], "string", key);
	assert.equal(reply.json.token_type, "Bearer");
	assert.equal(reply.json.expires_in, 900);
	return reply.json;
}

/** An account by the API: { client, user, name, password, access_token, refresh_token }. */
export async function register(snug, { username = unique("user"), invite, workspace, ...more } = {}) {
	const client = new Client(snug);
	const body = { username, email: `${username}@example.org`, password: goodPassword, ...more };
	if (invite) body.invite = invite;
	if (workspace) body.workspace = workspace;
	const reply = await client.post("/auth/register", body);
	const tokens = assertTokens(reply, 201);
	client.token = tokens.access_token;
	return { client, user: tokens.user, name: username, password: body.password, ...tokens };
}

/** The first account with its workspace, on an empty instance: register()'s result with guild and channel ids. */
export async function setUp(snug, more = {}) {
	const code = /[?&]code=([\w-]+)/.exec(snug.output)?.[1];
	const owner = await register(snug, { username: "ada", display_name: "Ada", workspace: "Works", ...(code && { setup_code: code }), ...more });
	const guilds = await owner.client.get("/users/@me/guilds");
	assert.equal(guilds.status, 200, guilds.text);
	const guild = guilds.json[0].id;
	const channels = await owner.client.get(`/guilds/${guild}/channels`);
	assert.equal(channels.status, 200, channels.text);
	const general = channels.json.find((each) => each.name === "general");
	return { ...owner, guild, channel: general.id };
}

/** Lets somebody in by a fresh invite: register()'s result. */
export async function invitePerson(owner, more = {}) {
	const invite = await owner.client.post(`/guilds/${owner.guild}/invites`, {});
	assert.ok([200, 201].includes(invite.status), `${invite.status} ${invite.text}`);
	return register(owner.client.snug, { invite: invite.json.code, ...more });
}

/** All messages of a channel, oldest first, by pages of the newest. */
export async function history(client, channel, { limit = 100 } = {}) {
	const all = [];
	for (let before = ""; ; ) {
		const reply = await client.get(`/channels/${channel}/messages?limit=${limit}${before && `&before=${before}`}`);
		assert.equal(reply.status, 200, `${reply.status} ${reply.text}`);
		all.push(...reply.json);
		if (reply.json.length < limit) return all.reverse();
		before = reply.json.at(-1).id;
	}
}
