// cgi/api/README.md maps the older systems to Snug: what it names is there, and what is not there is marked.

import fs from "node:fs";
import path from "node:path";
import { root } from "../lib/snug.js";
import { apiRoutes } from "../lib/routes.js";
import { assert, run, test } from "../lib/test.js";

const text = fs.readFileSync(path.join(root, "cgi/api/README.md"), "utf8");
const rows = [...text.matchAll(/^\| (.+) \| (.+) \|$/gm)].map(([, there, here]) => ({ there, here })).filter((row) => row.there !== "there" && !/^-+$/.test(row.there));
const routes = new Set([...apiRoutes().map(({ method, pattern }) => `${method} ${pattern}`), "GET /api/v1/events"]);

/** All C sources together: events are named in them. */
function sources(folder) {
	return fs.readdirSync(folder, { withFileTypes: true }).map((each) => {
		const place = path.join(folder, each.name);
		if (each.isDirectory()) return sources(place);
		return each.name.endsWith(".c") ? fs.readFileSync(place, "utf8") : "";
	}).join("\n");
}
const code = sources(path.join(root, "cgi/domain")) + sources(path.join(root, "cgi/live"));

test("the map has rows for all five", async () => {
	assert.equal((text.match(/^## C[0-4] /gm) ?? []).length, 5);
	assert.ok(rows.length > 100, `${rows.length} rows`);
});

test("every route that the map leads to is in the table of routes", async () => {
	const missing = [];
	for (const { there, here } of rows)
		for (const [, method, location] of here.matchAll(/`([A-Z]+) (\/[^`]*)`/g)) {
			const pattern = /^\/(api|health|live)\b/.test(location) ? location : `/api/v1${location}`;
			if (!routes.has(`${method} ${pattern}`)) missing.push(`${there}: ${method} ${pattern}`);
		}
	assert.deepEqual(missing, []);
});

test("every event that the map leads to is appended to the log, or a signal", async () => {
	const events = new Set(rows.flatMap(({ here }) => [...here.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name)));
	assert.ok(events.size > 10, [...events].join());
	for (const name of events) assert.ok(code.includes(`"${name}"`), name);
});

test("a row leads somewhere, or says plainly that there is nothing yet", async () => {
	for (const { there, here } of rows) {
		const leads = /`(GET|POST|PUT|PATCH|DELETE) \/|`[A-Z]+_[A-Z_]+`/.test(here);
		assert.ok(leads || /\bnot yet\b|not planned|there is no|as the reply|a comment line|status and the body/.test(here), `${there}: ${here}`);
	}
});

await run();
