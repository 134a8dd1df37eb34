/* The life of snug-web and snug-api around their requests: see program.h. The parent reads what all children share;
 * each child opens connections of its own at its first request, so a pool starts and grows in a millisecond. */
#include "front/program.h"

#include "base/inherit.h"
#include "base/log.h"
#include "base/pass.h"
#include "front/fcgi.h"
#include "front/limit.h"
#include "front/pool.h"
#include "front/reply.h"
#include "front/session_cache.h"
#include "http/cors.h"
#include "http/headers.h"
#include "tmpl/tmpl.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { S3_SECRET_MAX_BYTES = 1024 };

extern char **environ;

/* What the parent hands to its children. */
struct pool_context {
	struct app *app;
	const struct program *program;
	int listen_fd;
};

static enum log_level level_named(const char *name)
{
	static const char *const names[] = {
	    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum log_level)i;
	}
	return LOG_INFO;
}

static bool fail(const char *what, const char *why)
{
	log_event(LOG_ERROR, "cannot_start", log_text("what", what), log_text("why", why));
	return false;
}

/* Without the slash at its end, which every path brings along. */
static char *without_slash(const char *url)
{
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return strndup(url, n);
}

static bool read_configuration(struct app *app)
{
	const char *key = "", *why = "";

	config_init(&app->config);
	if (config_from_environment(&app->config, environ, &key, &why) != ERR_OK)
		return fail(key, why);
	app->public_url = without_slash(config_text(&app->config, CONFIG_PUBLIC_URL));
	if (app->public_url == NULL || origin_parse(str_from(app->public_url), &app->public_origin) != ERR_OK)
		return fail("public_url", "it is no http or https URL");
	app->is_https = app->public_origin.is_https;
	return true;
}

static bool read_secrets(struct app *app)
{
	int fd = inherit_descriptor("SECRETS");

	if (fd < 0)
		return fail("SNUG_FD_SECRETS", "there is no such descriptor");
	if (secrets_read(fd, &app->secrets) != ERR_OK)
		return fail("SNUG_FD_SECRETS", "what it holds is malformed");
	close(fd);
	return true;
}

/* Where pages find style and scripts: the version is of the files' content, so they may be cached for ever. */
static char *static_path_of(const char *version)
{
	char path[64] = "/static";

	if (version != NULL && version[0] != '\0')
		snprintf(path, sizeof(path), "/static/%.32s", version);
	return strdup(path);
}

static bool read_cors(struct app *app)
{
	static struct cors cors; /* of this process, and of the children it forks */
	struct str bad;
	const char *why;

	if (cors_parse(config_text(&app->config, CONFIG_CORS_ORIGINS), &cors, &bad, &why) != ERR_OK)
		return fail("cors_origins", why);
	app->cors = &cors;
	return true;
}

static bool open_limits(struct app *app)
{
	static struct limit_cells cells; /* of this process, and of the children it forks */
	static struct limit_rates rates;
	int fd = inherit_descriptor("LIMITS");

	if (!config_flag(&app->config, CONFIG_RATE_LIMITS))
		return true;
	if (fd < 0 || limit_cells_open(&cells, fd) != ERR_OK)
		return fail("SNUG_FD_LIMITS", "there is no such memory");
	limit_rates_read(&app->config, &rates);
	app->limits = &cells;
	app->rates = &rates;
	return true;
}

/* Where no such memory is handed down, nothing is kept. */
static void open_sessions(struct app *app)
{
	static struct session_cache cache; /* of this process, and of each of the children it forks */

	session_cache_open(&cache, inherit_descriptor("SESSION_CHANGES"));
	app->sessions = &cache;
}

/* snug-api is not handed the key, and sends nobody there. */
static bool read_s3(struct app *app)
{
	static struct arena arena; /* of this process, as the texts are */
	static struct buf key;
	int fd = inherit_descriptor("S3_SECRET_KEY");

	s3_read(&app->config, &app->s3);
	if (fd >= 0) {
		bool is_read = pass_memfd_read(fd, S3_SECRET_MAX_BYTES, &key);

		close(fd);
		if (!is_read)
			return fail("SNUG_FD_S3_SECRET_KEY", "there is no such memory");
		app->s3.secret_key = key.p;
	}
	if (s3_is_on(&app->s3))
		app->files_from = s3_read_origin(&arena, &app->s3);
	return true;
}

static bool app_open(struct app *app, const struct program *program)
{
	app->kind = program->kind;
	app->routes = program->routes;
	app->route_count = program->route_count;
	app->error_page = program->error_page;
	app->static_path = static_path_of(getenv("SNUG_STATIC_VERSION"));
	if (!read_configuration(app) || !read_secrets(app) || !read_cors(app) || !open_limits(app))
		return false;
	if (!read_s3(app))
		return false;
	open_sessions(app);
	app->signals_fd = inherit_descriptor("SIGNALS");
	app->urls.public_url = app->public_url;
	app->urls.ttl_s = config_int(&app->config, CONFIG_FILE_URL_TTL_S);
	file_url_key(&app->secrets.csrf, &app->urls.key);
	if (program->template_folder != NULL && tmpl_set_open(program->template_folder, &app->templates) != ERR_OK)
		return fail(program->template_folder, "there is no such folder");
	return true;
}

/* What a pool that is full says to those who wait too long, before any child has looked at them. */
static void overload_write(struct buf *out, const struct app *app)
{
	const struct err_info *info = err_info(ERR_OVERLOADED);
	struct buf body;
	struct response response = {.body = &body, .header_scopes = HEADER_PRIVATE};
	struct jw jw;

	buf_init(&body);
	if (app->kind == APP_API) {
		reply_json(&response, info->status, &jw);
		jw_object(&jw, NULL);
		jw_text(&jw, "message", info->text);
		jw_int(&jw, "code", info->code);
		jw_object_end(&jw);
	} else {
		reply_text(&response, info->status, info->text);
	}
	response.header_scopes |= app->kind == APP_API ? HEADER_DATA : HEADER_PAGE;
	response.header_scopes |= app->is_https ? (unsigned)HEADER_HTTPS : 0;
	reply_header(&response, "Retry-After", "1");
	fcgi_write_reply(out, &response, false);
	buf_free(&body);
}

static int child_main(void *context, struct pool_slot *slot)
{
	struct pool_context *pool = context;
	struct app *app = pool->app;
	struct secret random;

	secret_random(&random);
	memcpy(&app->instance, random.bytes, sizeof(app->instance));
	store_client_init(&app->store, pool->program->store_path);
	fcgi_serve(app, pool->listen_fd, slot);
	store_client_close(&app->store);
	sql_close(app->db);
	tmpl_set_close(app->templates);
	return EXIT_SUCCESS;
}

/* --pool main|password; false for anything else. */
static bool arguments_read(int argc, char **argv, bool *is_password_pool)
{
	if (argc != 3 || strcmp(argv[1], "--pool") != 0)
		return false;
	*is_password_pool = strcmp(argv[2], "password") == 0;
	return *is_password_pool || strcmp(argv[2], "main") == 0;
}

enum { PASSWORD_WAIT_MAX_MS = 10000 };

static int pool_start(struct app *app, const struct program *program)
{
	struct pool_context context = {app, program, inherit_descriptor("LISTEN")};
	struct pool_options options = {.name = program->name, .listen_fd = context.listen_fd, .min = 1, .max = 1};
	struct buf overload;
	int status;

	if (context.listen_fd < 0) {
		fail("SNUG_FD_LISTEN", "there is no such descriptor");
		return EXIT_FAILURE;
	}
	/* One child a password pool, and two programs: no more than two passwords are hashed at a time. A team that
	 * logs in at once, as after a restart, waits rather than being refused. */
	if (app->is_password_pool) {
		options.wait_max_ms = PASSWORD_WAIT_MAX_MS;
	} else {
		options.min = (int)config_int(&app->config, CONFIG_POOL_MIN);
		options.max = (int)config_int(&app->config, CONFIG_POOL_MAX);
	}
	if (options.max < options.min)
		options.max = options.min;
	buf_init(&overload);
	overload_write(&overload, app);
	options.overload = overload.p;
	status = pool_run(&options, child_main, &context);
	buf_free(&overload);
	return status;
}

int program_run(const struct program *program, int argc, char **argv)
{
	static struct app app; /* the one of this process */
	int status;

	log_open(program->name, LOG_INFO);
	if (!arguments_read(argc, argv, &app.is_password_pool)) {
		fprintf(stderr, "%s is started by snug run, as: %s --pool main|password\n", program->name,
			program->name);
		return EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	umask(0027);
	secret_open();
	if (!app_open(&app, program))
		return EXIT_FAILURE;
	log_open(program->name, level_named(config_text(&app.config, CONFIG_LOG_LEVEL)));
	status = pool_start(&app, program);
	secret_wipe(&app.secrets, sizeof(app.secrets));
	return status;
}
