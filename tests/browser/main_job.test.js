// The main job in a real browser, with and without JavaScript: set up, invite, sign up, talk, edit, delete.

import { startSnug } from "../lib/snug.js";
import { goodPassword } from "../lib/api.js";
import { newPerson } from "../lib/browser.js";
import { assert, run, test } from "../lib/test.js";

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

	test(`${how}: from an empty server to two people who talk`, async () => {
		const snug = await startSnug();
		const ada = await newPerson(snug, { javaScriptEnabled });
		await ada.open("/");
		await ada.fill({ workspace: "Works", username: "ada", email: "ada@example.org", password: goodPassword, display_name: "Ada" });
		await ada.submit();
		assert.match(ada.page.url(), /\/channels\/\d+\/\d+$/);
		await ada.page.getByText("This is where the channel begins.").waitFor();

		await ada.page.locator('a[href$="/invites"]').first().click();
		await ada.submit();
		const link = await ada.page.locator(".invite input").first().inputValue();
		assert.match(link, new RegExp(`^${snug.url}/invite/\\w+$`));

		const bob = await newPerson(snug, { javaScriptEnabled });
		await bob.page.goto(link);
		await bob.page.getByText("Make an account").click();
		await bob.fill({ username: "bob", email: "bob@example.org", password: goodPassword, display_name: "Bob" });
		await bob.submit();
		assert.match(bob.page.url(), /\/channels\/\d+\/\d+$/);

		await ada.open("/");
		await ada.say("Shall we begin?");
		await ada.seesOne("Shall we begin?");
		if (!javaScriptEnabled) await bob.page.reload();
		await bob.seesOne("Shall we begin?");
		await bob.say("Yes, at once.\nWith a second line & <b>no markup</b>.");
		await bob.seesOne("Yes, at once.");
		if (!javaScriptEnabled) await ada.page.reload();
		await ada.seesOne("Yes, at once.");
		assert.match(await ada.articles("Yes, at once.").locator(".content").innerText(), /Yes, at once\.\nWith a second line & <b>no markup<\/b>\./);
		assert.equal(await ada.articles("Yes, at once.").locator(".author").textContent(), "Bob");

		const mine = ada.articles("Shall we begin?");
		await ada.edit(mine, "Shall we start?");
		await ada.seesOne("Shall we start?");
		await ada.articles("Shall we start?").locator(".edited").waitFor();
		if (!javaScriptEnabled) await bob.page.reload();
		await bob.seesOne("Shall we start?");
		assert.equal(await bob.articles("Shall we begin?").count(), 0);
		assert.equal(await bob.articles("Shall we start?").locator("a.edit").isVisible(), false, "no edit link on somebody else's message");

		await ada.articles("Shall we start?").hover();
		await ada.articles("Shall we start?").locator("a.more").click();
		await ada.page.getByRole("link", { name: "Delete", exact: true }).click();
		await ada.submit();
		if (!javaScriptEnabled) await bob.page.reload();
		await bob.articles("Shall we start?").waitFor({ state: "detached" });
		assert.equal(await ada.articles("Shall we start?").count(), 0);

		await bob.page.locator('form[action="/logout"] button').click();
		await bob.page.waitForURL(/\/login/);
		await bob.page.goBack();
		await bob.page.waitForURL(/\/login/, { timeout: 10_000 }).catch(() => {});
		assert.equal(await bob.articles("Yes, at once.").count(), 0, "after logging out, Back shows nothing");
		ada.assertQuiet();
		bob.assertQuiet();
		await ada.context.close();
		await bob.context.close();
		await snug.stop();
	});
}

await run();
