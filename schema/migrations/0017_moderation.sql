-- Remarks are read by a moderator before they are public: what was decided, why, by whom. What is shown is made here from what was sent,
-- by taking words out; so nobody can put words into somebody's mouth.
set local search_path = consultation;

-- Places are counted in characters from 0. The mark is that of the remark's own script.
create function remark_shortened(p_original text, p_removed int4multirange) returns text
    language plpgsql immutable strict set search_path = consultation, pg_temp as $$
declare
    v_mark  text := case when p_original ~ '[\u3400-\u9fff]' then '［…］' else '[…]' end;
    v_text  text := '';
    v_at    integer := 0;
    v_range int4range;
begin
    for v_range in select r from unnest(p_removed) as r order by r loop
        v_text := v_text || substr(p_original, v_at + 1, lower(v_range) - v_at) || v_mark;
        v_at := upper(v_range);
    end loop;
    return v_text || substr(p_original, v_at + 1);
end $$;
comment on function remark_shortened(text, int4multirange) is 'A remark with a mark in place of each span that is taken out';

-- The check of what is published holds whatever writes it: the words of moderation 1 are all that was sent, those of 2 are fewer of them.
alter table remarks
    add column decisions integer not null default 0,
    add column moderated_at timestamptz,
    add column moderated_by integer,
    add column moderation_reason text,
    add column removed int4multirange,
    add constraint remarks_decisions check (decisions >= 0),
    add constraint remarks_moderated check ((moderated_at is null) = (moderated_by is null)),
    add constraint remarks_moderated_fkey foreign key (moderated_by) references officials,
    add constraint remarks_reason check (moderation in (2, 3) or moderation_reason is null),
    add constraint remarks_reason_code check (moderation_reason in ('personal-data', 'abusive', 'unlawful', 'advertising', 'off-topic', 'unreadable')),
    add constraint remarks_reason_given check (moderated_by is null or moderation not in (2, 3) or moderation_reason is not null),
    add constraint remarks_removed check ((moderation = 2) = (removed is not null)
        and (removed is null or (not isempty(removed) and removed <@ int4multirange(int4range(0, char_length(original)))))),
    add constraint remarks_words check (case moderation when 1 then published = original
        when 2 then published is not distinct from remark_shortened(original, removed) else true end);
comment on column remarks.decisions is 'How often it was decided or put back to waiting: who decides says which one they saw';
comment on column remarks.moderated_at is 'When it was last decided or put back';
comment on column remarks.moderated_by is 'By whom; none where a command did it for a rehearsal';
comment on column remarks.moderation_reason is 'Why words were removed or it was refused, a code of server/domain/moderation_reasons.def';
comment on column remarks.removed is 'Which characters of the original, counted from 0, were taken out';
comment on column remarks.release is 'Number of the release with which it first appeared; none before. Kept when it is put back to waiting, and then not shown';
create index remarks_waiting on remarks (consultation_id, submission_id, part, ordinal) where publish and moderation = 0;
create index remarks_decided on remarks (consultation_id, submission_id, part, ordinal) where publish and moderation > 0;
comment on index remarks_waiting is 'What moderators have yet to read';
comment on index remarks_decided is 'What moderation has decided on';

-- Held and displaced submissions as well: if only counted ones were moderated, what a receipt says of moderation would tell its holder
-- which they are. A displaced one is erased at the close.
create view moderated_remarks as
select r.consultation_id, r.submission_id, r.part, r.ordinal, s.number, s.day, s.language, s.kind,
       case when s.consent = 2 then s.organisation end as organisation,
       r.version, r.moderation, r.decisions, r.moderated_at, r.moderated_by, r.moderation_reason, r.original, r.published, r.release
  from remarks r join submissions s using (consultation_id, submission_id)
 where r.publish and s.consent > 0 and s.erased_at is null
   and (s.state in ('counted', 'held') or (s.state = 'superseded' and s.state_reason = 'identity proven'))
   and not (r.part = 0 and (s.withheld >> (r.ordinal - 1)) & 1 = 1);
comment on view moderated_remarks is 'Remarks that may become public, and so are for moderators to read';
comment on column moderated_remarks.consultation_id is 'Whose remark';
comment on column moderated_remarks.submission_id is 'As remarks.submission_id';
comment on column moderated_remarks.part is '0 on a measure, 1 on an invited question';
comment on column moderated_remarks.ordinal is 'Of the measure or question';
comment on column moderated_remarks.number is 'As submissions.number';
comment on column moderated_remarks.day is 'As submissions.day';
comment on column moderated_remarks.language is 'Language of the submission';
comment on column moderated_remarks.kind is '1 individual, 2 organisation';
comment on column moderated_remarks.organisation is 'Name, where an organisation agreed to publication with it';
comment on column moderated_remarks.version is 'Of the wording read';
comment on column moderated_remarks.moderation is 'As remarks.moderation';
comment on column moderated_remarks.decisions is 'As remarks.decisions';
comment on column moderated_remarks.moderated_at is 'As remarks.moderated_at';
comment on column moderated_remarks.moderated_by is 'As remarks.moderated_by';
comment on column moderated_remarks.moderation_reason is 'As remarks.moderation_reason';
comment on column moderated_remarks.original is 'As it was sent';
comment on column moderated_remarks.published is 'The words as moderation passed them';
comment on column moderated_remarks.release is 'As remarks.release';

insert into schema_migrations (version, name) values (17, 'moderation');
