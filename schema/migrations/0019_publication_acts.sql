-- What publishers do with the window, said to the public.
set local search_path = consultation;

create table extensions (
    consultation_id integer not null,
    number          smallint not null,
    extended_at     timestamptz not null default clock_timestamp(),
    previous_at     timestamptz not null,
    closes_at       timestamptz not null,
    reasons         text[] not null,
    constraint extensions_pkey primary key (consultation_id, number),
    constraint extensions_consultation_fkey foreign key (consultation_id) references consultations,
    constraint extensions_number check (number >= 1),
    constraint extensions_later check (extended_at < previous_at and previous_at < closes_at),
    constraint extensions_reasons check (
        array_ndims(reasons) = 1 and array_lower(reasons, 1) = 1 and cardinality(reasons) = 3
        and array_position(reasons, null) is null and array_position(reasons, '') is null)
);
comment on table extensions is 'Each time the close was put off while a consultation was open, with the reason that the public is told';
comment on column extensions.consultation_id is 'Whose window';
comment on column extensions.number is 'Counted from 1 within the consultation';
comment on column extensions.extended_at is 'When it was done, which is before the close that it put off';
comment on column extensions.previous_at is 'When it would have closed';
comment on column extensions.closes_at is 'When it closes instead';
comment on column extensions.reasons is 'Why, in each language, at its code plus one: zh-Hant, en, zh-Hans';
create trigger extensions_kept before update or delete on extensions
    for each row execute function kept_guard();
create trigger extensions_kept_all before truncate on extensions
    for each statement execute function kept_guard();

create index audit_log_publication on audit_log (consultation_id, audit_id)
    where action in ('consultation-imported', 'consultation-replaced', 'window-set', 'window-extended', 'wording-corrected',
                     'glossary-extended', 'proofs-changed', 'final-release');
comment on index audit_log_publication is 'Finds what was done with a consultation''s window, wording and publication';

insert into schema_migrations (version, name) values (19, 'publication_acts');
