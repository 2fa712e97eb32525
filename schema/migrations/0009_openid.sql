-- Proof of an identity by OpenID Connect: a challenge begins before anybody knows whose it is.
set local search_path = consultation;

alter table submissions
    drop constraint submissions_identity_kind,
    add constraint submissions_identity_kind check (identity_kind between 0 and 4);
comment on column submissions.identity_kind is '0 none, 1 e-mail, 2 mobile, 3 Hong Kong identity card, 4 OpenID Connect';

alter table challenges
    alter column identity_hash drop not null,
    alter column code_hash drop not null,
    add column returned_at timestamptz,
    add constraint challenges_signed_in check ((identity_hash is null) = (code_hash is null)),
    add constraint challenges_awaited check (identity_hash is not null or (proof = 3 and proven_at is null)),
    add constraint challenges_returned_at check (returned_at is null or proof = 3);
comment on table challenges is 'Codes that were sent or shown and may still be typed, and sign-ins that are awaited: keyed hashes only, deleted when they expire';
comment on column challenges.returned_at is 'OpenID Connect: when the provider sent somebody back for it, which it may do once';
comment on column challenges.identity_hash is 'Keyed hash of the identity that is proven, as submissions.identity_hash; null until somebody signed in';
comment on column challenges.code_hash is 'Keyed hash of challenge_id and code; the key lies outside the database; null until somebody signed in';

insert into schema_migrations (version, name) values (9, 'openid');
