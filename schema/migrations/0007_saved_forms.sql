-- Save and come back: forms that somebody asked to keep, sealed under a key made of their return code alone.
set local search_path = consultation;

create table saved_forms (
    consultation_id integer not null,
    find_hash       bytea not null,
    expires_at      timestamptz not null,
    sealed          bytea not null,
    constraint saved_forms_pkey primary key (consultation_id, find_hash),
    constraint saved_forms_find_hash_key unique (find_hash),
    constraint saved_forms_consultation_fkey foreign key (consultation_id) references consultations,
    constraint saved_forms_find_hash check (octet_length(find_hash) = 32),
    constraint saved_forms_sealed check (octet_length(sealed) between 1064 and 262184)
);
alter table saved_forms alter column sealed set storage external;
create index saved_forms_expires_at on saved_forms (expires_at);
comment on table saved_forms is 'Unfinished forms kept on request: opaque without the return code, which is nowhere here; deleted when sent, on request, or when they expire';
comment on column saved_forms.consultation_id is 'Whose form it is';
comment on column saved_forms.find_hash is 'Made of the return code, by another derivation than the key: it finds the row and opens nothing';
comment on column saved_forms.expires_at is 'Fourteen days after it was last saved; then it is not given any more, and deleted';
comment on column saved_forms.sealed is 'Nonce and padded state under XChaCha20-Poly1305; never an identity';
comment on index saved_forms_expires_at is 'Finds what is to be deleted';

insert into schema_migrations (version, name) values (7, 'saved_forms');
