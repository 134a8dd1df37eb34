/* The arithmetic of permissions, against Discord's published rules and against a restatement of them bit by bit. */
#include "domain/perm.h"

#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VIEW PERM_VIEW_CHANNEL
#define SEND PERM_SEND_MESSAGES
#define EMBED PERM_EMBED_LINKS

enum {
	GUILD = 1,
	ME = 100,
	OTHER = 101,
	ROLE_A = 10,
	ROLE_B = 11,
	ROLE_OF_OTHERS = 12,
	OVERWRITES_MAX = 6,
	EXAMPLE_ROLES = 3
};

struct example {
	const char *name;
	bool is_owner;
	uint64_t everyone, role_a, role_b;
	struct perm_overwrite overwrites[OVERWRITES_MAX];
	size_t count;
	uint64_t expected; /* in the channel */
};

/* clang-format off */
#define ROLE(id, allows, denies) {.target_id = (id), .target = PERM_TARGET_ROLE, .allow = (allows), .deny = (denies)}
#define MEMBER(id, allows, denies) {.target_id = (id), .target = PERM_TARGET_MEMBER, .allow = (allows), .deny = (denies)}

/* name; owner; bits of @everyone, of role A, of role B; overwrites and how many; what is left in the channel */
static const struct example examples[] = {
	{"roles add up", false, VIEW, SEND, EMBED, {{0}}, 0, VIEW | SEND | EMBED},
	{"the owner has all whatever a channel says", true, 0, 0, 0,
	 {ROLE(GUILD, 0, VIEW), MEMBER(ME, 0, VIEW | SEND)}, 2, PERM_ALL},
	{"an administrator too", false, VIEW, PERM_ADMINISTRATOR, 0, {ROLE(GUILD, 0, VIEW), MEMBER(ME, 0, VIEW)}, 2, PERM_ALL},
	{"ADMINISTRATOR may come with @everyone", false, PERM_ADMINISTRATOR, 0, 0, {ROLE(GUILD, 0, VIEW)}, 1, PERM_ALL},
	{"an overwrite of @everyone takes away", false, VIEW | SEND, 0, 0, {ROLE(GUILD, 0, SEND)}, 1, VIEW},
	{"and gives", false, VIEW, 0, 0, {ROLE(GUILD, SEND, 0)}, 1, VIEW | SEND},
	{"a role's overwrite wins over @everyone's", false, VIEW | SEND, 0, 0,
	 {ROLE(ROLE_A, SEND, 0), ROLE(GUILD, 0, SEND)}, 2, VIEW | SEND},
	{"one role's allow wins over another's deny", false, VIEW, 0, 0,
	 {ROLE(ROLE_A, SEND, 0), ROLE(ROLE_B, 0, SEND)}, 2, VIEW | SEND},
	{"in any order", false, VIEW, 0, 0, {ROLE(ROLE_B, 0, SEND), ROLE(ROLE_A, SEND, 0)}, 2, VIEW | SEND},
	{"the member's overwrite wins over roles", false, VIEW, 0, 0, {MEMBER(ME, 0, SEND), ROLE(ROLE_A, SEND, 0)}, 2, VIEW},
	{"a role that one hasn't counts for nothing", false, VIEW, 0, 0, {ROLE(ROLE_OF_OTHERS, SEND, VIEW)}, 1, VIEW},
	{"nor does another member's overwrite", false, VIEW, 0, 0, {MEMBER(OTHER, SEND, VIEW)}, 1, VIEW},
	{"a member's overwrite is none of a role of that id", false, VIEW, 0, 0, {MEMBER(ROLE_A, SEND, VIEW)}, 1, VIEW},
	{"a role's overwrite is none of a member of that id", false, VIEW, 0, 0, {ROLE(ME, SEND, VIEW)}, 1, VIEW},
	{"who may not view may do nothing", false, VIEW | SEND | PERM_MANAGE_CHANNELS, 0, 0, {ROLE(GUILD, 0, VIEW)}, 1, 0},
	{"who never could view may do nothing either", false, SEND | EMBED, 0, 0, {{0}}, 0, 0},
	{"a private channel is open to whom it names", false, VIEW | SEND, 0, 0,
	 {ROLE(GUILD, 0, VIEW), MEMBER(ME, VIEW, 0)}, 2, VIEW | SEND},
	{"ADMINISTRATOR from an overwrite is one bit of many", false, VIEW, 0, 0,
	 {MEMBER(ME, PERM_ADMINISTRATOR, 0)}, 1, VIEW | PERM_ADMINISTRATOR},
	{"bits above 32 are bits", false, VIEW | PERM(40) | PERM(52), PERM(33), 0,
	 {ROLE(GUILD, PERM(51), PERM(40))}, 1, VIEW | PERM(33) | PERM(51) | PERM(52)},
};
/* clang-format on */

static const int64_t role_ids[] = {ROLE_A, ROLE_B, ROLE_A + 20};

static void published_cases_come_out_as_published(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const struct example *example = &examples[i];
		const uint64_t bits[] = {example->role_a, example->role_b};
		const struct perm_member member = {
		    .user_id = ME,
		    .guild_id = GUILD,
		    .is_owner = example->is_owner,
		    .everyone_bits = example->everyone,
		    .role_ids = role_ids,
		    .role_bits = bits,
		    .role_count = 2,
		};
		uint64_t got = perm_in_channel(&member, example->overwrites, example->count);

		if (got != example->expected)
			fail_msg("%s: %llx, not %llx", example->name, (unsigned long long)got,
				 (unsigned long long)example->expected);
	}
}

/* The rules once more, for one bit and in other words: the last of these levels that speaks of a bit decides. */
static bool has_bit(const struct perm_member *member, const struct perm_overwrite *overwrites, size_t count,
		    unsigned bit)
{
	bool has = (member->everyone_bits >> bit & 1) != 0;
	bool is_allowed = false, is_denied = false;

	for (size_t r = 0; r < member->role_count; r++)
		has = has || (member->role_bits[r] >> bit & 1) != 0;
	for (size_t i = 0; i < count; i++) {
		if (overwrites[i].target == PERM_TARGET_ROLE && overwrites[i].target_id == GUILD) {
			has = has && (overwrites[i].deny >> bit & 1) == 0;
			has = has || (overwrites[i].allow >> bit & 1) != 0;
		}
	}
	for (size_t r = 0; r < member->role_count; r++) {
		for (size_t i = 0; i < count; i++) {
			if (overwrites[i].target != PERM_TARGET_ROLE || overwrites[i].target_id != member->role_ids[r])
				continue;
			is_denied = is_denied || (overwrites[i].deny >> bit & 1) != 0;
			is_allowed = is_allowed || (overwrites[i].allow >> bit & 1) != 0;
		}
	}
	if (is_allowed || is_denied)
		has = is_allowed;
	for (size_t i = 0; i < count; i++) {
		if (overwrites[i].target != PERM_TARGET_MEMBER || overwrites[i].target_id != ME)
			continue;
		if ((overwrites[i].deny >> bit & 1) != 0)
			has = false;
		if ((overwrites[i].allow >> bit & 1) != 0)
			has = true;
	}
	return has;
}

static bool is_above_channels(const struct perm_member *member)
{
	bool is_administrator = (member->everyone_bits >> 3 & 1) != 0;

	for (size_t r = 0; r < member->role_count; r++)
		is_administrator = is_administrator || (member->role_bits[r] >> 3 & 1) != 0;
	return member->is_owner || is_administrator;
}

static uint64_t restated(const struct perm_member *member, const struct perm_overwrite *overwrites, size_t count)
{
	uint64_t bits = 0;

	if (is_above_channels(member))
		return PERM_ALL;
	if (!has_bit(member, overwrites, count, 10))
		return 0;
	for (unsigned bit = 0; bit < 64; bit++) {
		bool is_left_in_a_time_out = bit == 10 || bit == 16; /* VIEW_CHANNEL, READ_MESSAGE_HISTORY */
		if (has_bit(member, overwrites, count, bit) && (!member->is_timed_out || is_left_in_a_time_out))
			bits |= UINT64_C(1) << bit;
	}
	return bits;
}

/* Few bits are interesting, and all must have their turn: VIEW often, ADMINISTRATOR seldom, the rest at random. */
static uint64_t random_bits(struct ops_random *random)
{
	uint64_t bits = (uint64_t)ops_below(random, UINT32_MAX) << 32 | ops_below(random, UINT32_MAX);

	bits &= (uint64_t)ops_below(random, UINT32_MAX) << 32 | ops_below(random, UINT32_MAX);
	bits &= ~(VIEW | PERM_ADMINISTRATOR);
	bits |= ops_below(random, 3) == 0 ? VIEW : 0;
	bits |= ops_below(random, 20) == 0 ? PERM_ADMINISTRATOR : 0;
	return bits;
}

static size_t random_overwrites(struct ops_random *random, struct perm_overwrite *out)
{
	static const struct perm_overwrite targets[] = {
	    ROLE(GUILD, 0, 0),          ROLE(ROLE_A, 0, 0), ROLE(ROLE_B, 0, 0),
	    ROLE(ROLE_OF_OTHERS, 0, 0), MEMBER(ME, 0, 0),   MEMBER(OTHER, 0, 0),
	};
	size_t count = 0, first = ops_below(random, OVERWRITES_MAX);

	for (size_t i = 0; i < OVERWRITES_MAX; i++) {
		if (ops_below(random, 2) == 0)
			continue;
		out[count] = targets[(first + i) % OVERWRITES_MAX];
		out[count].allow = random_bits(random);
		out[count].deny = random_bits(random) & ~out[count].allow;
		count++;
	}
	return count;
}

static void a_restatement_bit_by_bit_agrees_on_random_cases(void **state)
{
	struct ops_random random = {.state = 20};
	int all = 0, none = 0, timed_out = 0;
	enum { CASES = 120000 };

	(void)state;
	for (int i = 0; i < CASES; i++) {
		struct perm_overwrite overwrites[OVERWRITES_MAX];
		size_t count = random_overwrites(&random, overwrites);
		uint64_t role_bits[EXAMPLE_ROLES];
		for (size_t r = 0; r < EXAMPLE_ROLES; r++)
			role_bits[r] = random_bits(&random);
		const struct perm_member member = {
		    .user_id = ME,
		    .guild_id = GUILD,
		    .is_owner = ops_below(&random, 30) == 0,
		    .is_timed_out = ops_below(&random, 4) == 0,
		    .everyone_bits = random_bits(&random),
		    .role_ids = role_ids,
		    .role_bits = role_bits,
		    .role_count = ops_below(&random, EXAMPLE_ROLES + 1),
		};
		uint64_t got = perm_in_channel(&member, overwrites, count);
		uint64_t expected = restated(&member, overwrites, count);

		if (got != expected)
			fail_msg("case %d: %llx, not %llx", i, (unsigned long long)got, (unsigned long long)expected);
		assert_true(got == 0 || perm_has(got, VIEW));
		timed_out += member.is_timed_out && got != 0 && got != PERM_ALL;
		all += got == PERM_ALL;
		none += got == 0;
	}
	/* Else the cases were too plain to tell anything. */
	assert_in_range(all, CASES / 50, CASES / 2);
	assert_in_range(none, CASES / 50, CASES * 4 / 5);
	assert_in_range(timed_out, CASES / 50, CASES / 2);
}

/* What the whole workspace allows: the same without a channel's overwrites, and without the question of seeing it. */
static void in_the_whole_workspace_roles_add_up_and_a_time_out_takes(void **state)
{
	struct ops_random random = {.state = 21};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t role_bits[EXAMPLE_ROLES], expected = 0;
		for (size_t r = 0; r < EXAMPLE_ROLES; r++)
			role_bits[r] = random_bits(&random);
		const struct perm_member member = {
		    .user_id = ME,
		    .guild_id = GUILD,
		    .is_owner = ops_below(&random, 30) == 0,
		    .is_timed_out = ops_below(&random, 3) == 0,
		    .everyone_bits = random_bits(&random),
		    .role_ids = role_ids,
		    .role_bits = role_bits,
		    .role_count = ops_below(&random, EXAMPLE_ROLES + 1),
		};
		for (unsigned bit = 0; bit < 64; bit++) {
			bool is_left = !member.is_timed_out || bit == 10 || bit == 16;
			if (is_left && has_bit(&member, NULL, 0, bit))
				expected |= UINT64_C(1) << bit;
		}
		assert_int_equal(perm_base(&member), is_above_channels(&member) ? PERM_ALL : expected);
	}
}

/* How high somebody stands, as one number: the owner beyond all, then the position, then age. */
static int64_t height(const struct perm_rank *rank)
{
	return rank->is_owner ? INT64_MAX : rank->position * 1000 - rank->role_id;
}

static void heights_are_strict_and_the_owner_stands_above_all(void **state)
{
	struct ops_random random = {.state = 22};
	enum { RANKS = 60 };
	struct perm_rank ranks[RANKS];

	(void)state;
	for (int i = 0; i < RANKS; i++)
		ranks[i] = (struct perm_rank){.is_owner = ops_below(&random, 20) == 0,
					      .position = ops_below(&random, 6),
					      .role_id = 1 + ops_below(&random, 12)};
	for (int a = 0; a < RANKS; a++) {
		for (int b = 0; b < RANKS; b++) {
			bool is_above = perm_is_above(&ranks[a], &ranks[b]);
			assert_int_equal(is_above, height(&ranks[a]) > height(&ranks[b]));
			assert_false(is_above && perm_is_above(&ranks[b], &ranks[a]));
		}
	}
}

/* The numbers of one round, apart from the database. */
struct small_world {
	int64_t role_ids[EXAMPLE_ROLES + 1]; /* the last is @everyone */
	int64_t positions[EXAMPLE_ROLES + 1];
	uint64_t bits[EXAMPLE_ROLES + 1];
	bool is_given[EXAMPLE_ROLES + 1];
};

static void shuffle(struct ops *ops, struct ops_random *random, const struct person *who, struct small_world *world)
{
	ops_sql(ops, "DELETE FROM member_roles WHERE user_id = %lld", (long long)who->id);
	for (size_t r = 0; r <= EXAMPLE_ROLES; r++) {
		world->bits[r] = random_bits(random) & PERM_ALL & ~PERM_ADMINISTRATOR;
		world->bits[r] |= ops_below(random, 2) == 0 ? PERM_MANAGE_ROLES : 0;
		world->bits[r] |= ops_below(random, 16) == 0 ? PERM_ADMINISTRATOR : 0;
		world->positions[r] = r < EXAMPLE_ROLES ? 1 + ops_below(random, 3) : 0;
		world->is_given[r] = r == EXAMPLE_ROLES || ops_below(random, 2) == 0;
		ops_sql(ops, "UPDATE roles SET permissions = %lld, position = %lld WHERE id = %lld",
			(long long)world->bits[r], (long long)world->positions[r], (long long)world->role_ids[r]);
		if (world->is_given[r] && r < EXAMPLE_ROLES)
			ops_sql(ops, "INSERT INTO member_roles VALUES (%lld, %lld, %lld)", (long long)ops->guild_id,
				(long long)who->id, (long long)world->role_ids[r]);
	}
}

/* The rule in other words: whoever manages roles and has one that stands higher may change a role, by bits that are
 * their own. */
static bool may_change(const struct small_world *world, size_t role, uint64_t difference)
{
	uint64_t own = 0;
	bool stands_above = false;

	for (size_t r = 0; r <= EXAMPLE_ROLES; r++) {
		if (!world->is_given[r])
			continue;
		own |= world->bits[r];
		bool is_older = world->role_ids[r] < world->role_ids[role];
		stands_above = stands_above || world->positions[r] > world->positions[role] ||
			       (world->positions[r] == world->positions[role] && r != role && is_older);
	}
	bool is_administrator = (own >> 3 & 1) != 0;
	if (!stands_above || (!is_administrator && (own >> 28 & 1) == 0))
		return false;
	return is_administrator || (difference & ~own) == 0;
}

static void random_grants_go_through_just_when_the_rule_allows_them(void **state)
{
	struct ops ops;
	struct ops_random random = {.state = 23};
	struct small_world world;
	int allowed = 0;
	enum { ROUNDS = 1500 };

	(void)state;
	ops_setup(&ops);
	ops.is_quick = true;
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");
	ops_sql(&ops, "DELETE FROM roles WHERE id <> %lld", (long long)ops.guild_id);
	for (size_t r = 0; r < EXAMPLE_ROLES; r++) {
		world.role_ids[r] = ops.guild_id + 1 + (int64_t)r;
		ops_sql(&ops,
			"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%lld, %lld, 'r', 0, 1)",
			(long long)world.role_ids[r], (long long)ops.guild_id);
	}
	world.role_ids[EXAMPLE_ROLES] = ops.guild_id;
	for (int i = 0; i < ROUNDS; i++) {
		shuffle(&ops, &random, &bob, &world);
		size_t r = ops_below(&random, EXAMPLE_ROLES + 1);
		uint64_t wanted = (world.bits[r] ^ (UINT64_C(1) << ops_below(&random, 53))) & PERM_ALL;
		bool expected = may_change(&world, r, wanted ^ world.bits[r]);
		enum err err = ops_run(&ops, &bob, "role_update",
				       ops_json("{'guild_id': '%lld', 'role_id': '%lld', 'permissions': '%llu'}",
						(long long)ops.guild_id, (long long)world.role_ids[r],
						(unsigned long long)wanted));
		assert_int_equal(err, expected ? ERR_OK : ERR_MISSING_PERMISSIONS);
		allowed += expected;
		if (r == EXAMPLE_ROLES || expected)
			continue;
		/* Giving somebody a role gives all of its bits. */
		expected = may_change(&world, r, world.bits[r]);
		err = ops_run(&ops, &bob, "member_role_add",
			      ops_json("{'guild_id': '%lld', 'user_id': '%lld', 'role_id': '%lld'}",
				       (long long)ops.guild_id, (long long)eve.id, (long long)world.role_ids[r]));
		assert_int_equal(err, expected ? ERR_OK : ERR_MISSING_PERMISSIONS);
		ops_sql(&ops, "DELETE FROM member_roles WHERE user_id = %lld", (long long)eve.id);
	}
	assert_in_range(allowed, ROUNDS / 20, ROUNDS * 9 / 10);
	ops_close(&ops);
}

static void a_check_needs_all_the_bits_it_asks_for(void **state)
{
	(void)state;
	assert_true(perm_has(VIEW | SEND, VIEW | SEND));
	assert_false(perm_has(VIEW, VIEW | SEND));
	assert_false(perm_has(0, PERM(52)));
	assert_true(perm_has(0, 0));
	assert_true(perm_has(PERM_ALL, PERM(52) | PERM(0)));
}

static uint64_t loaded(struct ops *ops, int64_t channel_id, int64_t user_id)
{
	uint64_t bits = 0;
	enum err err = perm_of_channel(ops->engine.db, &ops->arena, channel_id, user_id, &bits);

	assert_true(err == ERR_OK || (err == ERR_UNKNOWN_CHANNEL && bits == 0));
	return bits;
}

/* perm_load.c: what the database holds reaches the arithmetic. */
static void what_the_database_holds_is_what_counts(void **state)
{
	struct ops ops;
	uint64_t bits;

	(void)state;
	ops_setup(&ops);
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");
	ops_sql(&ops, "INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (77, %lld, 'x', %lld, 9)",
		(long long)ops.guild_id, (long long)PERM(52));
	ops_sql(&ops, "INSERT INTO member_roles VALUES (%lld, %lld, 77)", (long long)ops.guild_id, (long long)bob.id);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, 77, 0, %lld, %lld)", (long long)ops.general_id,
		(long long)PERM(45), (long long)PERM_SEND_MESSAGES);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 1, 0, %lld)", (long long)ops.general_id,
		(long long)eve.id, (long long)PERM_VIEW_CHANNEL);

	assert_int_equal(loaded(&ops, ops.general_id, ops.ada.id), PERM_ALL);
	assert_int_equal(loaded(&ops, ops.general_id, bob.id),
			 (PERM_EVERYONE_INITIAL & ~PERM_SEND_MESSAGES) | PERM(45) | PERM(52));
	assert_int_equal(loaded(&ops, ops.general_id, eve.id), 0);
	assert_int_equal(loaded(&ops, ops.general_id, 12345), 0);
	assert_int_equal(loaded(&ops, 12345, ops.ada.id), 0);
	assert_int_equal(perm_of_guild(ops.engine.db, &ops.arena, ops.guild_id, eve.id, &bits), ERR_OK);
	assert_int_equal(bits, PERM_EVERYONE_INITIAL);
	assert_int_equal(perm_of_guild(ops.engine.db, &ops.arena, ops.guild_id, 12345, &bits), ERR_UNKNOWN_GUILD);
	assert_int_equal(perm_require_guild(ops.engine.db, &ops.arena, ops.guild_id, bob.id, PERM_MANAGE_CHANNELS),
			 ERR_MISSING_PERMISSIONS);
	ops_close(&ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_cases_come_out_as_published),
	    cmocka_unit_test(a_restatement_bit_by_bit_agrees_on_random_cases),
	    cmocka_unit_test(in_the_whole_workspace_roles_add_up_and_a_time_out_takes),
	    cmocka_unit_test(heights_are_strict_and_the_owner_stands_above_all),
	    cmocka_unit_test(random_grants_go_through_just_when_the_rule_allows_them),
	    cmocka_unit_test(a_check_needs_all_the_bits_it_asks_for),
	    cmocka_unit_test(what_the_database_holds_is_what_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
