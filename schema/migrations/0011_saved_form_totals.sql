-- How much is kept for people who come back, so that bytes are bounded as well as forms, without counting all rows at each save.
set local search_path = consultation;

create table saved_form_totals (
    consultation_id integer not null,
    forms           bigint not null default 0,
    bytes           bigint not null default 0,
    constraint saved_form_totals_pkey primary key (consultation_id),
    constraint saved_form_totals_consultation_fkey foreign key (consultation_id) references consultations,
    constraint saved_form_totals_forms check (forms >= 0),
    constraint saved_form_totals_bytes check (bytes >= 0)
);
comment on table saved_form_totals is 'What the saved forms of a consultation come to; moved by the same statement that moves them';
comment on column saved_form_totals.consultation_id is 'Whose forms they are';
comment on column saved_form_totals.forms is 'How many are kept, those that expired and were not deleted yet among them';
comment on column saved_form_totals.bytes is 'Of their sealed bytes';

insert into saved_form_totals (consultation_id, forms, bytes)
select consultation_id, count(*), sum(octet_length(sealed)) from saved_forms group by consultation_id;

create function saved_form_total() returns trigger language plpgsql set search_path = consultation, pg_temp as $$
declare
    v_id    integer := coalesce(new.consultation_id, old.consultation_id);
    v_forms integer := case tg_op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end;
    v_bytes bigint := coalesce(octet_length(new.sealed), 0) - coalesce(octet_length(old.sealed), 0);
begin
    -- Updated first: what is proposed to an insert is held to the checks even where a row is there already.
    update saved_form_totals set forms = forms + v_forms, bytes = bytes + v_bytes where consultation_id = v_id;
    if not found then
        insert into saved_form_totals as t (consultation_id, forms, bytes) values (v_id, v_forms, v_bytes)
            on conflict on constraint saved_form_totals_pkey
            do update set forms = t.forms + excluded.forms, bytes = t.bytes + excluded.bytes;
    end if;
    return null;
end $$;
comment on function saved_form_total() is 'Keeps saved_form_totals; a form never moves to another consultation';
create trigger saved_forms_total after insert or update or delete on saved_forms
    for each row execute function saved_form_total();
comment on trigger saved_forms_total on saved_forms is 'Keeps saved_form_totals';

-- Its successor takes a bound of bytes as well, which an older server leaves out.
drop function if exists saved_form_put(integer, bytea, bytea, integer);

insert into schema_migrations (version, name) values (11, 'saved_form_totals');
