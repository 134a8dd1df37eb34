// Which socket lighttpd sends a request to, read from its configuration as it stands: the routes that hash a password, and no
// others, go to the pools that have one process each.

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

const fill = (pattern) => pattern.replaceAll(/\{code\}/g, "aB3dE5").replaceAll(/\{\w+\}/g, "1234567890123456789");

for (const [socket, routes] of [["api-password.sock", apiRoutes()], ["web-password.sock", pageRoutes()]])
	test(`${socket} gets what hashes a password, and nothing else`, async () => {
		const conditions = conditionsOf(socket);
		assert.ok(conditions.length > 0, "no condition was read");
		const hashing = routes.filter(({ row }) => /ROUTE_PASSWORD/.test(row));
		assert.ok(hashing.length >= 3, `${hashing.length} rows`);
		for (const { method, pattern, row } of routes)
			for (const version of pattern.startsWith("/api/") ? ["v1", "v9", "v10"] : [""]) {
				const location = fill(pattern).replace("/v1/", `/${version}/`);
				const goes = conditions.some((each) => each.methods.test(method) && each.url.test(location));
				assert.equal(goes, /ROUTE_PASSWORD/.test(row), `${method} ${location}`);
			}
	});

test("what may hold a picture may be longer, and nothing else", async () => {
	const [, url] = /\$HTTP\["url"\] =~ "([^"]+)" \{\s*server\.max-request-size/.exec(conf);
	for (const { method, pattern, row } of [...apiRoutes(), ...pageRoutes()])
		if (/ROUTE_PICTURE/.test(row)) assert.match(fill(pattern), new RegExp(url), `${method} ${pattern}`);
	for (const location of ["/login", "/signup", "/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/channels/1234567890123456789/messages"])
		assert.ok(!new RegExp(url).test(location), location);
});

await run();
