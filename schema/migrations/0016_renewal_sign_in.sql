-- A lost code is renewed by a sign-in as well: challenge_begin and challenge_sign_in say what for.
set local search_path = consultation;

comment on column challenges.renews is 'Number of the receipt whose lost code is to be renewed, by a mailed code or a sign-in; null: the challenge is for a submission';

insert into schema_migrations (version, name) values (16, 'renewal_sign_in');
