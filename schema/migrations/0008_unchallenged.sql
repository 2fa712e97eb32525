-- What "unchallenged" means since there is proof-of-work: functions and server set it so, only its description was behind.
set local search_path = consultation;

comment on column submissions.unchallenged is 'It came without a solved proof-of-work and without a proven identity';

insert into schema_migrations (version, name) values (8, 'unchallenged');
