/** Gives a message another rendering around what of it plays or is open. */

/**
 * Gives an element all that another has, but for the parts that are the same, which stay the elements that they are.
 * @param {Element} old @param {Element} fresh @param {[Element, Element][]} same
 */
export function graft(old, fresh, same) {
	old.getAttributeNames().filter((name) => !fresh.hasAttribute(name)).forEach((name) => old.removeAttribute(name));
	fresh.getAttributeNames().forEach((name) => old.setAttribute(name, fresh.getAttribute(name) ?? ''));
	/* A child that has such a part within it is the other's counterpart, and is given what that has in turn. */
	/** @type {Map<Node, Element>} */
	const stays = new Map();
	for (const [part, other] of same) {
		const mine = [...old.children].find((child) => child.contains(part));
		const theirs = [...fresh.children].find((child) => child.contains(other));
		if (mine && theirs) {
			stays.set(theirs, mine);
		}
	}
	const kept = new Set(stays.values());
	[...old.childNodes].filter((node) => !kept.has(/** @type {Element} */ (node))).forEach((node) => node.remove());
	/** @type {ChildNode | null} */
	let last = null;
	for (const node of [...fresh.childNodes]) {
		const mine = stays.get(node);
		if (!mine && last) {
			last.after(node);
		} else if (!mine) {
			old.prepend(node);
		} else if (!same.some(([part]) => part === mine)) {
			graft(mine, /** @type {Element} */ (node), same);
		}
		last = mine ?? node;
	}
}
