-- Names in texts are looked up as they are typed.
CREATE INDEX users_by_display_name ON users (display_name COLLATE NOCASE) WHERE display_name IS NOT NULL;
CREATE INDEX members_by_nickname ON members (guild_id, nickname COLLATE NOCASE) WHERE nickname IS NOT NULL;
CREATE INDEX roles_by_name ON roles (guild_id, name COLLATE NOCASE);
