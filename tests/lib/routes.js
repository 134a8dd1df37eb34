// The tables of routes and ops as the sources have them, so that what is added there is asked about without a word here.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");

/**
 * The rows of a table of routes, with its macros written out.
 * @returns {{ method: string, pattern: string, row: string }[]} row is the text behind the pattern
 */
export function routesOf(file) {
	const source = read(file);
	const macros = Object.fromEntries([...source.matchAll(/^#define (\w+) ((?:\w+ )*"[^"]*")$/gm)].map(([, name, text]) => [name, text]));
	const flags = Object.fromEntries([...source.matchAll(/^#define (\w+)(?:\(\w+\))? ((?:\w+, )?\.(?:credential|loads|flags).*)$/gm)].map(([, name, text]) => [name, text]));
	const expand = (text) => text.replaceAll(/\b[A-Z]{3,}\b/g, (name) => (name in macros ? expand(macros[name]) : name)).replaceAll(/"\s*"|(?<=")\s+(?=")/g, "");
	const expandRow = (text) => text.replaceAll(/\b[A-Z_]{5,}\b/g, (name) => (name in flags ? expandRow(flags[name]) : name));
	return [...source.matchAll(/^\t\{"([A-Z]+)", ([^,]+),([\s\S]*?)\},?\n(?=\t\{"|\n|\};)/gm)].map(([, method, pattern, row]) => ({
		method,
		pattern: expand(pattern).replaceAll(/["\s]/g, ""),
		row: expandRow(row),
	}));
}

export const apiRoutes = () => routesOf("cgi/api/routes.c");
export const pageRoutes = () => routesOf("cgi/page/routes.c");

/** @returns {{ name: string, roles: string[], actor: string }[]} the rows of store/ops.def */
export const ops = () =>
	[...read("cgi/store/ops.def").matchAll(/^OP\((\w+), ([\w |]+), (\w+)\)/gm)].map(([, name, roles, actor]) => ({
		name,
		roles: roles.split("|").map((each) => each.trim().replace("OP_ROLE_", "").toLowerCase()),
		actor,
	}));
