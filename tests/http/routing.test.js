// What lighttpd does with an address before a program sees it, and which socket it sends it to, read from its configuration as it
// stands: the routes that hash a password, and no others, go to the pools that have one process each. Each of the API's addresses is
// looked at in every version that it has, and without one, which is how Discord writes the addresses of webhooks.

import fs from "node:fs";
import path from "node:path";
import { root } from "../lib/snug.js";
import { apiRoutes, pageRoutes } from "../lib/routes.js";
import { assert, run, test } from "../lib/test.js";

const conf = fs.readFileSync(path.join(root, "conf/lighttpd.conf.mustache"), "utf8");

/** [{ methods, url }] of the conditions around a socket. */
const conditionsOf = (socket) =>
	[...conf.matchAll(/\$HTTP\["request-method"\] (==|=~) "([^"]+)" \{\s*\$HTTP\["url"\] =~ "([^"]+)" \{\s*fastcgi\.server = \( "\/" => \(\( "socket" => "([^"]+)"/g)]
		.filter(([, , , , name]) => name === socket)
		.map(([, kind, methods, url]) => ({ methods: new RegExp(kind === "==" ? `^${methods}$` : methods), url: new RegExp(url) }));

/** The addresses of a pattern: those of the API have three versions, and stand below /api itself too. */
const addressesOf = (pattern) => (pattern.startsWith("/api/") ? ["/v1", "/v9", "/v10", ""] : ["/v1"]).map((version) => fill(pattern).replace("/v1", version));

const fill = (pattern) => pattern.replaceAll(/\{code\}/g, "aB3dE5").replaceAll(/\{\w+\}/g, "1234567890123456789");

for (const [socket, routes] of [["api-password.sock", apiRoutes()], ["web-password.sock", pageRoutes()]])
	test(`${socket} gets what hashes a password, and nothing else`, async () => {
		const conditions = conditionsOf(socket);
		assert.ok(conditions.length > 0, "no condition was read");
		const hashing = routes.filter(({ row }) => /ROUTE_PASSWORD/.test(row));
		assert.ok(hashing.length >= 3, `${hashing.length} rows`);
		for (const { method, pattern, row } of routes)
			for (const location of addressesOf(pattern)) {
				const goes = conditions.some((each) => each.methods.test(method) && each.url.test(location));
				assert.equal(goes, /ROUTE_PASSWORD/.test(row), `${method} ${location}`);
			}
	});

test("what may hold a picture or files may be longer, and nothing else", async () => {
	const [picture, files] = [...conf.matchAll(/\$HTTP\["url"\] =~ "([^"]+)" \{\s*server\.max-request-size/g)].map(([, url]) => new RegExp(url));
	const isLonger = (flag, url) => {
		const routes = [...apiRoutes(), ...pageRoutes()];
		const longer = new Set(routes.filter(({ row }) => row.includes(flag)).map(({ pattern }) => pattern));
		assert.ok(longer.size >= 2, flag);
		for (const { pattern } of routes)
			for (const location of addressesOf(pattern)) if (longer.has(pattern)) assert.match(location, url, flag);
		for (const location of ["/login", "/signup", "/api/v1/auth/login", "/api/auth/login", "/api/v1/auth/register", "/api/channels/1234567890123456789"])
			assert.doesNotMatch(location, url, flag);
	};
	isLonger("ROUTE_PICTURE", picture);
	isLonger("ROUTE_FILES", files);
	assert.doesNotMatch("/api/v1/channels/1234567890123456789/messages", picture);
	assert.doesNotMatch("/api/guilds/1234567890123456789", files);
});

await run();
