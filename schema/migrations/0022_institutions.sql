-- Institutions: universities and other bodies, and their members, who sign in as officials do and on the same tables.
set local search_path = consultation;

create table institutions (
    institution_id integer generated always as identity,
    slug           text not null,
    kind           smallint not null,
    name_zh_hant   text not null,
    name_en        text not null,
    name_zh_hans   text not null,
    fictitious     boolean not null default false,
    verified_at    timestamptz,
    verified_by    smallint,
    closed_at      timestamptz,
    registered_at  timestamptz not null default now(),
    constraint institutions_pkey primary key (institution_id),
    constraint institutions_slug_key unique (slug),
    constraint institutions_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 2 and 60),
    constraint institutions_kind check (kind between 0 and 7),
    constraint institutions_names check (length(name_zh_hant) between 1 and 200 and length(name_en) between 1 and 200
        and length(name_zh_hans) between 1 and 200),
    constraint institutions_verified check (verified_by in (0, 1) and (verified_at is null) = (verified_by is null))
);
comment on table institutions is 'Universities and other bodies that may file a response';
comment on column institutions.institution_id is 'Internal; never leaves the service';
comment on column institutions.slug is 'Its name in addresses; never reused';
comment on column institutions.kind is '0 university, 1 research institute, 2 professional body, 3 chamber of commerce or trade body, 4 enterprise, 5 non-profit body, 6 public body, 7 another';
comment on column institutions.name_zh_hant is 'Its name in traditional Chinese';
comment on column institutions.name_en is 'Its name in English';
comment on column institutions.name_zh_hans is 'Its name in simplified Chinese';
comment on column institutions.fictitious is 'Made up for a rehearsal; it takes part in nothing else';
comment on column institutions.verified_at is 'When it was shown that its members speak for it; without it nothing is filed';
comment on column institutions.verified_by is '0 by a code mailed to one of its domains, 1 by an official';
comment on column institutions.closed_at is 'Since when its members cannot sign in and nothing of it is filed';
comment on column institutions.registered_at is 'When an official registered it';

create table institution_domains (
    institution_id integer not null,
    domain         text not null,
    constraint institution_domains_pkey primary key (institution_id, domain),
    constraint institution_domains_institution_fkey foreign key (institution_id) references institutions,
    constraint institution_domains_domain check (domain ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(domain) <= 253)
);
comment on table institution_domains is 'Domains whose addresses are an institution''s own';
comment on column institution_domains.institution_id is 'Whose';
comment on column institution_domains.domain is 'In ASCII (IDNA) and lower case; an address of it or of one below it will do';

create table institution_challenges (
    institution_id integer not null,
    official_id    integer not null,
    code_hash      bytea not null,
    tries          smallint not null default 0,
    expires_at     timestamptz not null,
    constraint institution_challenges_pkey primary key (institution_id),
    constraint institution_challenges_institution_fkey foreign key (institution_id) references institutions,
    constraint institution_challenges_official_fkey foreign key (official_id) references officials,
    constraint institution_challenges_code_hash check (octet_length(code_hash) = 32),
    constraint institution_challenges_tries check (tries between 0 and 5)
);
comment on table institution_challenges is 'Codes mailed to an address of an institution''s domain; the address is not kept';
comment on column institution_challenges.institution_id is 'Which institution is to be verified';
comment on column institution_challenges.official_id is 'The member who asked';
comment on column institution_challenges.code_hash is 'Keyed digest of the code with institution and member';
comment on column institution_challenges.tries is 'Wrong codes; after five it is over';
comment on column institution_challenges.expires_at is 'Ten minutes after it was asked for';

-- Members are accounts of their own kind: nothing that is an official's can be theirs.
alter table officials
    add column institution_id integer,
    add column member_roles smallint,
    add constraint officials_institution_fkey foreign key (institution_id) references institutions,
    add constraint officials_member check ((institution_id is null) = (member_roles is null) and member_roles between 1 and 7
        and not (administrator and institution_id is not null));
create index officials_institution on officials (institution_id) where institution_id is not null;
comment on column officials.institution_id is 'Whose member this account is; none: an official''s';
comment on column officials.member_roles is 'Of a member: 1 coordinator + 2 drafter + 4 approver';
comment on index officials_institution is 'Finds the members of an institution';
comment on table officials is 'Accounts of the administration''s staff, and of the members of institutions';

create function official_grants_are_officials() returns trigger
    language plpgsql set search_path = consultation, pg_temp as $$
begin
    if (select institution_id from officials where official_id = new.official_id) is not null then
        raise exception 'a member of an institution has no role of an official' using errcode = '23514', constraint = 'official_grants_official';
    end if;
    return new;
end $$;
comment on function official_grants_are_officials() is 'Refuses a role of an official for a member of an institution';
create trigger official_grants_official before insert or update on official_grants for each row execute function official_grants_are_officials();
create trigger official_tokens_official before insert or update of official_id on official_tokens for each row execute function official_grants_are_officials();

create table institution_keys (
    key_id         uuid not null default gen_random_uuid(),
    institution_id integer not null,
    label          text not null,
    public_key     bytea,
    token_hash     bytea,
    made_by        integer not null,
    made_at        timestamptz not null default clock_timestamp(),
    confirmed_by   integer,
    confirmed_at   timestamptz,
    expires_at     timestamptz not null,
    used_at        timestamptz,
    revoked_at     timestamptz,
    constraint institution_keys_pkey primary key (key_id),
    constraint institution_keys_institution_fkey foreign key (institution_id) references institutions,
    constraint institution_keys_made_fkey foreign key (made_by) references officials,
    constraint institution_keys_confirmed_fkey foreign key (confirmed_by) references officials,
    constraint institution_keys_token_key unique (token_hash),
    constraint institution_keys_one check ((public_key is null) <> (token_hash is null)),
    constraint institution_keys_public_key check (octet_length(public_key) = 32),
    constraint institution_keys_token_hash check (octet_length(token_hash) = 32),
    constraint institution_keys_label check (length(label) between 1 and 60),
    constraint institution_keys_two check (confirmed_by <> made_by and (confirmed_by is null) = (confirmed_at is null)),
    constraint institution_keys_expires check (expires_at <= made_at + interval '366 days')
);
create index institution_keys_institution on institution_keys (institution_id);
comment on table institution_keys is 'What an institution''s machines file with: public keys of signatures, or tokens; a coordinator makes one, an approver who is another person confirms it';
comment on column institution_keys.key_id is 'Random; the keyid of signatures (RFC 9421), and its name in lists';
comment on column institution_keys.institution_id is 'Whose';
comment on column institution_keys.label is 'What they called it';
comment on column institution_keys.public_key is 'Ed25519, 32 bytes; none: a token';
comment on column institution_keys.token_hash is 'Digest of the random token; none: a key';
comment on column institution_keys.made_by is 'The coordinator';
comment on column institution_keys.made_at is 'When it was made';
comment on column institution_keys.confirmed_by is 'The approver; without one it opens nothing';
comment on column institution_keys.confirmed_at is 'When it was confirmed';
comment on column institution_keys.expires_at is 'From then on it opens nothing; a year at most';
comment on column institution_keys.used_at is 'Last use, to the minute';
comment on column institution_keys.revoked_at is 'When it was revoked';
comment on index institution_keys_institution is 'Finds the keys of an institution';

insert into schema_migrations (version, name) values (22, 'institutions');
