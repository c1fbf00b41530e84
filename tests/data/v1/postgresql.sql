CREATE TABLE app_user (
	id BIGSERIAL NOT NULL, 
	login TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	phone TEXT DEFAULT '' NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	languages TEXT DEFAULT '' NOT NULL, 
	capacity INTEGER DEFAULT '0' NOT NULL, 
	away_until BIGINT, 
	zone TEXT DEFAULT '' NOT NULL, 
	created_at BIGINT, 
	CONSTRAINT pk_app_user PRIMARY KEY (id), 
	CONSTRAINT uq_app_user_login UNIQUE (login)
);

CREATE TABLE change (
	id BIGSERIAL NOT NULL, 
	operation_id BIGINT NOT NULL, 
	tbl TEXT DEFAULT '' NOT NULL, 
	row_id BIGINT NOT NULL, 
	lead_id BIGINT, 
	client_id BIGINT, 
	cols TEXT DEFAULT '' NOT NULL, 
	before TEXT, 
	after TEXT, 
	CONSTRAINT pk_change PRIMARY KEY (id)
);

CREATE INDEX ix_change_client ON change (client_id, operation_id) WHERE client_id IS NOT NULL;

CREATE INDEX ix_change_lead ON change (lead_id, operation_id) WHERE lead_id IS NOT NULL;

CREATE INDEX ix_change_operation ON change (operation_id, tbl, cols);

CREATE INDEX ix_change_row ON change (tbl, row_id, operation_id);

CREATE TABLE outcome (
	id BIGSERIAL NOT NULL, 
	key TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	digit INTEGER DEFAULT '0' NOT NULL, 
	next_step TEXT DEFAULT '' NOT NULL, 
	answered SMALLINT DEFAULT '0' NOT NULL, 
	human SMALLINT DEFAULT '0' NOT NULL, 
	refusal SMALLINT DEFAULT '0' NOT NULL, 
	suppress SMALLINT DEFAULT '0' NOT NULL, 
	callback SMALLINT DEFAULT '0' NOT NULL, 
	workable SMALLINT DEFAULT '0' NOT NULL, 
	success SMALLINT DEFAULT '0' NOT NULL, 
	temperature TEXT, 
	status TEXT, 
	retired SMALLINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_outcome PRIMARY KEY (id), 
	CONSTRAINT uq_outcome_key UNIQUE (key)
);

CREATE TABLE refusal_reason (
	id BIGSERIAL NOT NULL, 
	key TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	digit INTEGER DEFAULT '0' NOT NULL, 
	needs_words SMALLINT DEFAULT '0' NOT NULL, 
	hint TEXT DEFAULT '' NOT NULL, 
	letter TEXT DEFAULT '' NOT NULL, 
	default_days INTEGER DEFAULT '0' NOT NULL, 
	suppress SMALLINT DEFAULT '0' NOT NULL, 
	retired SMALLINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_refusal_reason PRIMARY KEY (id), 
	CONSTRAINT uq_refusal_reason_key UNIQUE (key)
);

CREATE TABLE search_doc (
	id BIGINT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_search_doc PRIMARY KEY (id)
);

CREATE TABLE setting (
	id BIGSERIAL NOT NULL, 
	key TEXT NOT NULL, 
	value TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (id), 
	CONSTRAINT uq_setting_key UNIQUE (key)
);

CREATE TABLE source (
	id BIGSERIAL NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	cost TEXT, 
	created_at BIGINT, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT uq_source_name UNIQUE (name)
);

CREATE TABLE client (
	id BIGSERIAL NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	legal_name TEXT DEFAULT '' NOT NULL, 
	company TEXT DEFAULT '' NOT NULL, 
	tax_number TEXT DEFAULT '' NOT NULL, 
	tax_key TEXT DEFAULT '' NOT NULL, 
	registration_number TEXT DEFAULT '' NOT NULL, 
	country TEXT DEFAULT '' NOT NULL, 
	city TEXT DEFAULT '' NOT NULL, 
	legal_address TEXT DEFAULT '' NOT NULL, 
	postal_address TEXT DEFAULT '' NOT NULL, 
	contract TEXT DEFAULT '' NOT NULL, 
	invoice TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	website TEXT DEFAULT '' NOT NULL, 
	industry TEXT DEFAULT '' NOT NULL, 
	owner_id BIGINT, 
	created_at BIGINT, 
	changed_at BIGINT, 
	version BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_client PRIMARY KEY (id), 
	CONSTRAINT fk_client_owner_id FOREIGN KEY(owner_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_client_tax ON client (tax_key) WHERE tax_key <> '';

CREATE TABLE draft (
	user_id BIGINT NOT NULL, 
	place TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_draft PRIMARY KEY (user_id, place), 
	CONSTRAINT fk_draft_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) ON DELETE CASCADE
);

CREATE TABLE import_batch (
	id BIGSERIAL NOT NULL, 
	file TEXT DEFAULT '' NOT NULL, 
	user_id BIGINT, 
	at BIGINT NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	operation_id BIGINT DEFAULT '0' NOT NULL, 
	counts TEXT DEFAULT '' NOT NULL, 
	columns TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_import_batch PRIMARY KEY (id), 
	CONSTRAINT fk_import_batch_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE operation (
	id BIGSERIAL NOT NULL, 
	at BIGINT NOT NULL, 
	user_id BIGINT, 
	command TEXT DEFAULT '' NOT NULL, 
	words TEXT DEFAULT '' NOT NULL, 
	args TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT 'do' NOT NULL, 
	target_id BIGINT, 
	undone SMALLINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_operation PRIMARY KEY (id), 
	CONSTRAINT fk_operation_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_operation_user ON operation (user_id, id);

CREATE TABLE suppression (
	id BIGSERIAL NOT NULL, 
	channel TEXT DEFAULT '' NOT NULL, 
	key TEXT DEFAULT '' NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, 
	user_id BIGINT, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_suppression PRIMARY KEY (id), 
	CONSTRAINT uq_suppression_key_channel UNIQUE (key, channel), 
	CONSTRAINT fk_suppression_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE client_person (
	id BIGSERIAL NOT NULL, 
	client_id BIGINT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	phone TEXT DEFAULT '' NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	decides SMALLINT, 
	CONSTRAINT pk_client_person PRIMARY KEY (id), 
	CONSTRAINT fk_client_person_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_client_person_client ON client_person (client_id);

CREATE TABLE lead (
	id BIGSERIAL NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	first_name TEXT DEFAULT '' NOT NULL, 
	last_name TEXT DEFAULT '' NOT NULL, 
	company TEXT DEFAULT '' NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	decides SMALLINT, 
	interest TEXT DEFAULT '' NOT NULL, 
	industry TEXT DEFAULT '' NOT NULL, 
	website TEXT DEFAULT '' NOT NULL, 
	budget TEXT DEFAULT '' NOT NULL, 
	country TEXT DEFAULT '' NOT NULL, 
	region TEXT DEFAULT '' NOT NULL, 
	city TEXT DEFAULT '' NOT NULL, 
	address TEXT DEFAULT '' NOT NULL, 
	postal_code TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	zone TEXT DEFAULT '' NOT NULL, 
	zone_key TEXT DEFAULT '' NOT NULL, 
	status TEXT DEFAULT '' NOT NULL, 
	temperature TEXT DEFAULT '' NOT NULL, 
	score INTEGER DEFAULT '0' NOT NULL, 
	source_id BIGINT, 
	owner_id BIGINT, 
	first_assigned_at BIGINT, 
	assigned_at BIGINT, 
	preferred_channel TEXT, 
	preferred_part TEXT, 
	reach TEXT DEFAULT '' NOT NULL, 
	no_call SMALLINT DEFAULT '0' NOT NULL, 
	no_mail SMALLINT DEFAULT '0' NOT NULL, 
	suspicion TEXT DEFAULT '' NOT NULL, 
	suspicion_ok SMALLINT DEFAULT '0' NOT NULL, 
	tags TEXT DEFAULT '' NOT NULL, 
	external_system TEXT DEFAULT '' NOT NULL, 
	external_id TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	touches INTEGER DEFAULT '0' NOT NULL, 
	last_call_at BIGINT, 
	retry_at BIGINT, 
	came_back_at BIGINT, 
	came_back_why TEXT DEFAULT '' NOT NULL, 
	return_at BIGINT, 
	parked_why TEXT DEFAULT '' NOT NULL, 
	idle_ok SMALLINT DEFAULT '0' NOT NULL, 
	client_id BIGINT, 
	batch_id BIGINT, 
	batch_row INTEGER, 
	created_at BIGINT, 
	changed_at BIGINT, 
	version BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_lead PRIMARY KEY (id), 
	CONSTRAINT fk_lead_source_id FOREIGN KEY(source_id) REFERENCES source (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_lead_owner_id FOREIGN KEY(owner_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_lead_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_lead_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_lead_batch ON lead (batch_id);

CREATE INDEX ix_lead_came_back ON lead (came_back_at, id) WHERE came_back_at IS NOT NULL;

CREATE INDEX ix_lead_changed ON lead (changed_at, id);

CREATE INDEX ix_lead_client ON lead (client_id);

CREATE INDEX ix_lead_company ON lead (company, id);

CREATE INDEX ix_lead_created ON lead (created_at, id);

CREATE INDEX ix_lead_external ON lead (external_id) WHERE external_id <> '';

CREATE INDEX ix_lead_fresh ON lead (temperature, score DESC, created_at, id, zone_key, owner_id) WHERE status = 'new' AND last_call_at IS NULL AND reach = 'phone' AND (suspicion = '' OR suspicion_ok = 1);

CREATE INDEX ix_lead_fresh_own ON lead (owner_id, temperature, score DESC, created_at, id, zone_key) WHERE status = 'new' AND last_call_at IS NULL AND reach = 'phone' AND (suspicion = '' OR suspicion_ok = 1);

CREATE INDEX ix_lead_name ON lead (name, id);

CREATE INDEX ix_lead_owner ON lead (owner_id, status, id);

CREATE INDEX ix_lead_retry ON lead (retry_at, zone_key, owner_id) WHERE retry_at IS NOT NULL AND reach = 'phone' AND (suspicion = '' OR suspicion_ok = 1);

CREATE INDEX ix_lead_return ON lead (return_at, id) WHERE return_at IS NOT NULL;

CREATE INDEX ix_lead_source ON lead (source_id);

CREATE INDEX ix_lead_status ON lead (status, id);

CREATE INDEX ix_lead_zone ON lead (zone_key);

CREATE TABLE call (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT, 
	client_id BIGINT, 
	contact_id BIGINT, 
	phone TEXT DEFAULT '' NOT NULL, 
	user_id BIGINT, 
	started_at BIGINT NOT NULL, 
	duration_s INTEGER DEFAULT '0' NOT NULL, 
	outcome TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	part TEXT, 
	CONSTRAINT pk_call PRIMARY KEY (id), 
	CONSTRAINT fk_call_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_call_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_call_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_call_client ON call (client_id, started_at) WHERE client_id IS NOT NULL;

CREATE INDEX ix_call_lead ON call (lead_id, started_at);

CREATE INDEX ix_call_user ON call (user_id, started_at, outcome);

CREATE TABLE contact_point (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT, 
	client_id BIGINT, 
	channel TEXT DEFAULT '' NOT NULL, 
	value TEXT DEFAULT '' NOT NULL, 
	key TEXT DEFAULT '' NOT NULL, 
	raw TEXT DEFAULT '' NOT NULL, 
	label TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	preferred SMALLINT DEFAULT '0' NOT NULL, 
	position INTEGER DEFAULT '0' NOT NULL, 
	line_type TEXT DEFAULT '' NOT NULL, 
	zones TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	answered INTEGER DEFAULT '0' NOT NULL, 
	last_tried_at BIGINT, 
	created_at BIGINT, 
	CONSTRAINT pk_contact_point PRIMARY KEY (id), 
	CONSTRAINT fk_contact_point_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_contact_point_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_contact_point_client ON contact_point (client_id) WHERE client_id IS NOT NULL;

CREATE INDEX ix_contact_point_key ON contact_point (key, channel);

CREATE INDEX ix_contact_point_lead ON contact_point (lead_id, position);

CREATE TABLE lead_extra (
	id BIGINT NOT NULL, 
	fields TEXT DEFAULT '' NOT NULL, 
	original TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_lead_extra PRIMARY KEY (id), 
	CONSTRAINT fk_lead_extra_id FOREIGN KEY(id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE lease (
	lead_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	taken_at BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	CONSTRAINT pk_lease PRIMARY KEY (lead_id), 
	CONSTRAINT fk_lease_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE, 
	CONSTRAINT fk_lease_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_lease_user ON lease (user_id, until);

CREATE TABLE note (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT, 
	client_id BIGINT, 
	user_id BIGINT, 
	at BIGINT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_note PRIMARY KEY (id), 
	CONSTRAINT fk_note_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_note_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_note_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_note_client ON note (client_id, at) WHERE client_id IS NOT NULL;

CREATE INDEX ix_note_lead ON note (lead_id, at);

CREATE TABLE refusal (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT NOT NULL, 
	user_id BIGINT, 
	at BIGINT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	words TEXT DEFAULT '' NOT NULL, 
	competitor TEXT DEFAULT '' NOT NULL, 
	change_mind TEXT DEFAULT '' NOT NULL, 
	return_at BIGINT, 
	suppressed SMALLINT DEFAULT '0' NOT NULL, 
	returned_at BIGINT, 
	CONSTRAINT pk_refusal PRIMARY KEY (id), 
	CONSTRAINT fk_refusal_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_refusal_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_refusal_at ON refusal (at, reason);

CREATE INDEX ix_refusal_lead ON refusal (lead_id, at);

CREATE TABLE task (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT, 
	client_id BIGINT, 
	owner_id BIGINT, 
	kind TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	due_at BIGINT NOT NULL, 
	exact SMALLINT DEFAULT '0' NOT NULL, 
	promised SMALLINT DEFAULT '0' NOT NULL, 
	done_at BIGINT, 
	dropped SMALLINT DEFAULT '0' NOT NULL, 
	result TEXT DEFAULT '' NOT NULL, 
	created_by BIGINT, 
	created_at BIGINT, 
	version BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_task PRIMARY KEY (id), 
	CONSTRAINT fk_task_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_task_client_id FOREIGN KEY(client_id) REFERENCES client (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_task_owner_id FOREIGN KEY(owner_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_task_created_by FOREIGN KEY(created_by) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_task_client ON task (client_id, due_at) WHERE client_id IS NOT NULL;

CREATE INDEX ix_task_due ON task (promised, due_at, lead_id) WHERE done_at IS NULL AND dropped = 0;

CREATE INDEX ix_task_lead ON task (lead_id, due_at);

CREATE TABLE letter (
	id BIGSERIAL NOT NULL, 
	lead_id BIGINT NOT NULL, 
	refusal_id BIGINT, 
	user_id BIGINT, 
	template TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	to_address TEXT DEFAULT '' NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	body TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	created_at BIGINT, 
	CONSTRAINT pk_letter PRIMARY KEY (id), 
	CONSTRAINT fk_letter_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_letter_refusal_id FOREIGN KEY(refusal_id) REFERENCES refusal (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_letter_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_letter_lead ON letter (lead_id, created_at);

CREATE INDEX ix_letter_refusal ON letter (refusal_id) WHERE refusal_id IS NOT NULL;
